package schema_test

import (
	"maps"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ad-user-sync/schema"
)

// Attributes are what a map would be, whoever they share names with.
func TestAttributesAreAMap(t *testing.T) {
	var packer schema.Packer
	rapid.Check(t, func(t *rapid.T) {
		want, packed := map[string]schema.Value{}, map[string]schema.Value{}
		var have schema.Attributes
		var copies []schema.Attributes
		for range rapid.IntRange(0, 12).Draw(t, "steps") {
			name := rapid.SampledFrom([]string{"cn", "mail", "Mail", "title", "l"}).Draw(t, "name")
			if rapid.IntRange(0, 4).Draw(t, "delete") == 0 {
				delete(want, name)
				have.Delete(name)
				continue
			}
			v := schema.NewValue(rapid.SliceOfN(rapid.String(), 0, 3).Draw(t, "values"), rapid.Bool().Draw(t, "multi"))
			want[name], packed[name] = v, v
			have.Set(name, v)
			packer.Set(name, v)
			copies = append(copies, have)
		}
		require.Equal(t, want, maps.Collect(have.All()))
		require.Equal(t, len(want), have.Len())
		require.Equal(t, packed, maps.Collect(packer.Take().All()))
		for name, v := range want {
			got, ok := have.Get(name)
			require.True(t, ok)
			require.Equal(t, v, got)
		}
		for _, earlier := range copies { // a copy stays what it was
			earlier.Set("other", schema.Value{})
		}
		require.Equal(t, want, maps.Collect(have.All()))
	})
}
