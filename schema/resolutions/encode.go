package resolutions

import (
	"bytes"
	"fmt"
	"maps"
	"slices"

	"ad-user-sync/schema"
	"ad-user-sync/schema/format"
)

// Encode writes a resolutions file. The password of an entry that
// was carried out is blanked; that of any other is written as it was read.
func Encode(list []schema.Resolution) ([]byte, error) {
	var text bytes.Buffer
	out := format.NewIndented(&text, false)
	out.BeginObject()
	out.Key("resolutions")
	out.BeginList()
	for i := range list {
		encodeResolution(out, &list[i])
		if err := out.Err(); err != nil {
			return nil, fmt.Errorf("writing entry %d of the resolutions file: %w", i+1, err)
		}
	}
	out.EndList()
	out.EndObject()
	text.WriteByte('\n')
	return text.Bytes(), out.Err()
}

func encodeResolution(out *format.Indented, r *schema.Resolution) {
	if r.Unknown != nil {
		out.Raw(r.Unknown)
		return
	}
	out.BeginObject()
	out.TextMember("type", r.Type)
	out.TextMember("user", r.User)
	out.Optional("group", r.Group)
	out.Optional("group_sid", r.GroupSID)
	out.Optional("name", r.Name)
	out.Key("accept")
	out.Literal(r.Accept)
	out.Time("timestamp", r.Timestamp)
	out.Optional("anchor", r.Anchor)
	out.Optional("account", r.Account)
	out.Optional("former_anchor", r.FormerAnchor)
	out.Optional("container", r.Container)
	out.Optional("by", r.By)
	out.Optional("reason", r.Reason)
	if r.Until != nil {
		out.Time("until", *r.Until)
	}
	out.Optional("new_name", r.NewName)
	out.Flag("take_over_account", r.TakeOver)
	if r.Password != nil && r.Done {
		out.TextMember("password", "")
	} else if r.Password != nil {
		out.TextMember("password", r.Password.Reveal())
	}
	out.Flag("done", r.Done)
	for _, key := range slices.Sorted(maps.Keys(r.Extra)) {
		out.Key(key)
		out.Raw(r.Extra[key])
	}
	out.EndObject()
}
