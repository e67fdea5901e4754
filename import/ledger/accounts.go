package ledger

import (
	"slices"

	streamed "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"ad-user-sync/internal/adrules"
)

// Accounts are those of one container, by objectGUID.
type Accounts map[adrules.GUID]Account

// MarshalJSONTo writes them as encoding/json would, one after the other: that, and the
// writer of streams, copy a map first to sort it.
func (a Accounts) MarshalJSONTo(out *jsontext.Encoder) error {
	if a == nil {
		return out.WriteToken(jsontext.Null)
	}
	if err := out.WriteToken(jsontext.BeginObject); err != nil {
		return err
	}
	guids := make([]adrules.GUID, 0, len(a))
	for guid := range a {
		guids = append(guids, guid)
	}
	slices.SortFunc(guids, adrules.GUID.Compare)
	for _, guid := range guids {
		if err := out.WriteToken(jsontext.String(guid.String())); err != nil {
			return err
		}
		account := a[guid]
		if err := streamed.MarshalEncode(out, &account); err != nil {
			return err
		}
	}
	return out.WriteToken(jsontext.EndObject)
}
