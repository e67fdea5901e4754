package resolutions

import (
	"fmt"
	"time"

	"ad-user-sync/schema"
	"ad-user-sync/schema/format"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Encode writes a resolutions file. The password of an entry that
// was carried out is blanked; that of any other is written as it was read.
func Encode(list []schema.Resolution) ([]byte, error) {
	document := struct {
		Resolutions []jsontext.Value `json:"resolutions"`
	}{}
	for i, r := range list {
		entry, err := encodeEntry(r)
		if err != nil {
			return nil, fmt.Errorf("writing entry %d of the resolutions file: %w", i+1, err)
		}
		document.Resolutions = append(document.Resolutions, entry)
	}
	text, err := json.Marshal(document, asWritten, jsontext.WithIndent("    "))
	return append(text, '\n'), err
}

func encodeEntry(r schema.Resolution) (jsontext.Value, error) {
	if r.Unknown != nil {
		return json.Marshal(jsontext.Value(r.Unknown), asWritten)
	}
	if r.Password != nil && r.Done {
		r.Password = new(schema.Secret)
	}
	return json.Marshal(r, asWritten)
}

var asWritten = json.JoinOptions(json.Deterministic(true), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true),
	json.WithMarshalers(json.JoinMarshalers(
		json.MarshalToFunc(func(out *jsontext.Encoder, t time.Time) error {
			return out.WriteToken(jsontext.String(format.Timestamp(t)))
		}),
		json.MarshalToFunc(func(out *jsontext.Encoder, s schema.Secret) error {
			return out.WriteToken(jsontext.String(s.Reveal()))
		}))))
