package ad_test

import (
	"context"
	"encoding/binary"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/acl"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adtest"
)

func TestPasswordValue(t *testing.T) {
	assert.Equal(t, "\"\x00a\x00\xfc\x00\x3d\xd8\x00\xde\"\x00", string(ad.PasswordValue("aü😀")))
}

// A user of a real controller can change the own password, then not, then can.
func TestDescriptorOnAController(t *testing.T) {
	lab := adtest.Lab(t)
	admin := lab.Target.Admin(t)
	ou := admin.OU()
	user := dn(t, "CN=Fixed,"+ou)
	admin.User(user.String(), "t.fixed", "First-Passw0rd", nil)
	client := connect(t, options(t, lab, lab.Target, "Administrator"))
	ctx := context.Background()
	read := func() []byte {
		found := all(t, client, ad.Search{Base: user, Scope: ad.ScopeBase, Attributes: []string{"nTSecurityDescriptor"}})
		return found[0].Values("nTSecurityDescriptor")[0]
	}
	write := func(sd []byte) {
		require.NoError(t, client.Modify(ctx, user, []ad.Change{{Attribute: "nTSecurityDescriptor", Values: [][]byte{sd}}}))
	}
	own := func(from, to string) error {
		o := options(t, lab, lab.Target, "Administrator")
		o.Username, o.Password = lab.Target.Account("t.fixed"), ad.Password(from)
		return connect(t, o).Modify(ctx, user, []ad.Change{
			{Kind: ad.DeleteValues, Attribute: "unicodePwd", Values: [][]byte{ad.PasswordValue(from)}},
			{Kind: ad.AddValues, Attribute: "unicodePwd", Values: [][]byte{ad.PasswordValue(to)}},
		})
	}
	require.NoError(t, own("First-Passw0rd", "Second-Passw0rd"))
	original := read()
	list, err := acl.Parse(original)
	require.NoError(t, err)
	assert.EqualValues(t, "512", list.Owner[strings.LastIndex(string(list.Owner), "-")+1:], "read with its owner, Domain Admins")
	entries := func(sd []byte) []byte {
		at := binary.LittleEndian.Uint32(sd[16:])
		return sd[at+8 : at+uint32(binary.LittleEndian.Uint16(sd[at+2:]))]
	}

	denied, changed, err := acl.DenyChangePassword(original)
	require.NoError(t, err)
	require.True(t, changed)
	write(denied)
	assert.Equal(t, entries(denied), entries(read()), "as it was written, every entry")
	require.Error(t, own("Second-Passw0rd", "Third-Passw0rd"))
	require.NoError(t, client.Modify(ctx, user, []ad.Change{{Attribute: "unicodePwd", Values: [][]byte{ad.PasswordValue("Reset-Passw0rd")}}}))

	allowed, changed, err := acl.AllowChangePassword(read())
	require.NoError(t, err)
	require.True(t, changed)
	assert.Equal(t, entries(original), entries(allowed))
	write(allowed)
	require.NoError(t, own("Reset-Passw0rd", "Fourth-Passw0rd"))

	svc := connect(t, options(t, lab, lab.Target, "svc-import"))
	require.ErrorIs(t, svc.Modify(ctx, user, []ad.Change{{Attribute: "nTSecurityDescriptor", Values: [][]byte{denied}}}), ad.ErrDenied)
}
