package plan

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Question IDs are in resolutions files and open pages, plan digests in runbooks: they
// are what encoding/json made of the same.
func TestDigestsAreThoseOfEncodingJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[ -~]*`), rapid.SampledFrom([]string{"", "\x7f", "\xff", "a\u2028b", "<&>", "Jörg", "\x00", `\"`}))
		texts := rapid.OneOf(rapid.Just([]string(nil)), rapid.SliceOfN(text, 0, 3))
		d := digested{rapid.IntRange(1, 12).Draw(t, "version"), Kind(text.Draw(t, "kind")), text.Draw(t, "container"), text.Draw(t, "target"), nil}
		for range rapid.IntRange(0, 3).Draw(t, "fields") {
			d.Fields = append(d.Fields, fieldValue{text.Draw(t, "name"), texts.Draw(t, "before"), texts.Draw(t, "after")})
		}
		if d.Fields == nil && rapid.Bool().Draw(t, "empty") {
			d.Fields = []fieldValue{}
		}
		want, err := json.Marshal(d)
		require.NoError(t, err)
		require.Equal(t, string(want), string(d.appendJSON(nil)))
	})
}

// Each byte at each place of a text, beside the eight that are looked at together.
func TestEveryByteOfADigest(t *testing.T) {
	for n := range 18 {
		for at := range n {
			for c := range 256 {
				text := []byte("ABCDEFGHIJKLMNOPQR"[:n])
				text[at] = byte(c)
				want, err := json.Marshal(string(text))
				require.NoError(t, err)
				if got := appendText(nil, string(text)); string(got) != string(want) {
					t.Fatalf("%q: %s, encoding/json has %s", text, got, want)
				}
			}
		}
	}
}
