package ad_test

import (
	"testing"

	"github.com/go-ldap/ldap/v3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ad-user-sync/internal/ad"
)

func TestFilters(t *testing.T) {
	name := dn(t, `CN=A (b)\, c,DC=x`)
	for want, filter := range map[string]ad.Filter{
		`(cn=a\2ab\28c\29)`: ad.Equal("cn", "a*b(c)"),
		`(mail=*)`:          ad.Present("mail"),
		`(memberOf:1.2.840.113556.1.4.1941:=CN=A \28b\29\5c, c,DC=x)`: ad.InChain("memberOf", name),
		`(&(a=1)(|(b=2)(c=3))(!(d=4)))`:                               ad.And(ad.Equal("a", "1"), ad.Or(ad.Equal("b", "2"), ad.Equal("c", "3")), ad.Not(ad.Equal("d", "4"))),
		`(a=1)`:                                                       ad.And(ad.Equal("a", "1")),
		`(&(objectCategory=person)(objectClass=user))`:                ad.People,
		`(objectGUID=\00\ff\28)`:                                      ad.Equal("objectGUID", "\x00\xff("),
	} {
		assert.Equal(t, want, string(filter))
		_, err := ad.ParseFilter(string(filter))
		assert.NoError(t, err)
	}
	for _, wrong := range []string{"", "cn=x", "(cn=x", "(cn=x))", "(&(a=1)"} {
		_, err := ad.ParseFilter(wrong)
		assert.Error(t, err, wrong)
	}
}

func TestAFilterTellsWhatItLooksAt(t *testing.T) {
	f, err := ad.ParseFilter(`(&(|(department=a)(Department=b*c)(l>=1))(!(|(mail=*)(!(title~=x))(memberOf:1.2.840.113556.1.4.1941:=CN=a)))(cn;lang-de=x)(1.2.840.113556.1.4.8:1.2.840.113556.1.4.803:=2)(:dn:2.5.13.5:=x))`)
	require.NoError(t, err)
	assert.Equal(t, []ad.Named{{Attribute: "department", Negated: false}, {Attribute: "l", Negated: false}, {Attribute: "mail", Negated: true}, {Attribute: "title", Negated: false}, {Attribute: "memberOf", Negated: true}, {Attribute: "cn", Negated: false}, {Attribute: "1.2.840.113556.1.4.8", Negated: false}}, f.Named())
	assert.Empty(t, ad.Filter("").Named())
	f, err = ad.ParseFilter(`(&(memberOf=CN=a\2c b,DC=x)(!(|(MEMBEROF:1.2.840.113556.1.4.1941:=CN=c)(memberOf=*)))(cn=d))`)
	require.NoError(t, err)
	assert.Equal(t, []string{"CN=a, b,DC=x", "CN=c"}, f.Asserted("memberOf"))
}

func TestNoValueBreaksOutOfAFilter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := string(rapid.SliceOfN(rapid.Byte(), 1, 30).Draw(t, "value"))
		packet, err := ldap.CompileFilter(string(ad.Equal("cn", value)))
		require.NoError(t, err)
		require.Equal(t, ldap.FilterEqualityMatch, int(packet.Tag))
		require.Equal(t, value, packet.Children[1].Data.String())
	})
}
