package ad_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/internal/ad"
)

func TestEntry(t *testing.T) {
	sid := []byte{1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 0x50, 4, 0, 0}
	e := ad.NewEntry(dn(t, "CN=x"), map[string][][]byte{
		"sAMAccountName": ad.Values("jdoe"), "memberOf": ad.Values("CN=a", "CN=b"), "accountExpires": ad.Values("9223372036854775807"),
		"objectGUID": {[]byte("0123456789abcdef")}, "objectSid": {sid}, "empty": {},
	})
	assert.Equal(t, "jdoe", e.Text("SAMACCOUNTNAME"))
	assert.Equal(t, []string{"CN=a", "CN=b"}, e.Texts("memberof"))
	assert.True(t, e.Has("MemberOf"))
	assert.False(t, e.Has("empty"))
	assert.False(t, e.Has("none"))
	assert.Equal(t, "", e.Text("none"))
	assert.Nil(t, e.Texts("none"))
	n, ok := e.Int("accountExpires")
	assert.True(t, ok)
	assert.Equal(t, int64(9223372036854775807), n)
	_, ok = e.Int("sAMAccountName")
	assert.False(t, ok)
	assert.Equal(t, "33323130-3534-3736-3839-616263646566", e.GUID().String())
	assert.Equal(t, "S-1-5-21-1-2-3-1104", string(e.SID()))
	broken := ad.NewEntry(ad.DN{}, map[string][][]byte{"objectGUID": ad.Values("short"), "objectSid": ad.Values("short")})
	assert.True(t, broken.GUID().IsZero())
	assert.Empty(t, broken.SID())
	assert.Contains(t, e.Names(), "samaccountname")
}
