package observe

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
)

// The values of an attribute have no order (RFC 4511, 4.1.7).
func TestClassesMayComeInAnyOrder(t *testing.T) {
	for want, classes := range map[string][]string{
		"user":                 {"top", "person", "organizationalPerson", "user"},
		"computer":             {"top", "person", "organizationalPerson", "user", "computer"},
		"organizationalUnit":   {"top", "organizationalUnit"},
		"container":            {"top", "container"},
		"groupPolicyContainer": {"top", "container", "groupPolicyContainer"},
	} {
		for range 2 {
			assert.Equal(t, want, class(ad.NewEntry(ad.DN{}, map[string][][]byte{"objectClass": ad.Values(classes...)})), classes)
			slices.Reverse(classes)
		}
	}
}

func TestNamesOfGroupsThatAreNone(t *testing.T) {
	path, err := ad.ParseDN("OU=Groups,DC=plant,DC=example")
	require.NoError(t, err)
	for name, says := range map[string]string{
		"Ops, Night":                           `"Ops, Night" is not a name relative to group_path`,
		"CN=Ops+Night":                         `"CN=Ops+Night" is not a name relative to group_path`,
		"CN=p-X,OU=Groups,DC=plant,DC=example": `is a full name; write it relative to group_path (OU=Groups,DC=plant,DC=example), as "CN=p-X"`,
	} {
		_, err := groupDN(path, name)
		require.ErrorIs(t, err, ErrConfiguration, name)
		assert.ErrorContains(t, err, says)
	}
	for name, want := range map[string]string{"p-X": "CN=p-X", `CN=Ops\, Night,OU=Sub`: `CN=Ops\, Night,OU=Sub`, `Ops\, Night`: `CN=Ops\, Night`} {
		dn, err := groupDN(path, name)
		require.NoError(t, err)
		assert.Equal(t, want+","+path.String(), dn.String())
	}
}
