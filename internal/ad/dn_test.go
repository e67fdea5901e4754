package ad_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ad-user-sync/internal/ad"
)

var hostileNames = []string{
	"Doe, Jane", "a=b", "a+b", `say "hi"`, `back\slash`, `ends\`, "<x>", "a;b", "#first", "in#side", " leading", "trailing ", "  two  ",
	"李伟", "🙂", "Müller ß", "(a)*b/c&|!", "tab\there", "line\nend\r", "nul\x00", "%2C", `\2C`, "CN=x,DC=y", "é", "ﬁ", "a,OU=Managed,DC=plant,DC=example",
}

func TestChildRoundTrip(t *testing.T) {
	base := dn(t, "OU=Managed,DC=plant,DC=example")
	for _, name := range hostileNames {
		t.Run(name, func(t *testing.T) { checkChild(t, base, name) })
	}
	rapid.Check(t, func(t *rapid.T) { checkChild(t, base, rapid.StringN(1, 40, -1).Draw(t, "name")) })
}

func checkChild(t require.TestingT, base ad.DN, name string) {
	child := base.Child("CN", name)
	parsed, err := ad.ParseDN(child.String())
	require.NoError(t, err)
	attribute, value := parsed.Name()
	assert.Equal(t, "CN", attribute)
	assert.Equal(t, name, value)
	assert.Equal(t, base.String(), child.Parent().String())
	assert.True(t, child.Within(base))
	assert.False(t, base.Within(child))
	assert.Equal(t, child.Key(), parsed.Key())
	grandchild := child.Child("CN", name)
	assert.True(t, grandchild.Parent().Equal(child))
}

func TestWithin(t *testing.T) {
	container := "OU=Managed,DC=plant,DC=example"
	for text, want := range map[string]bool{
		container:                               true,
		"ou=managed, dc=PLANT,DC=example":       true,
		"CN=x," + container:                     true,
		"CN=x,OU=y," + container:                true,
		`CN=x\,OU=Managed,DC=plant,DC=example`:  false, // "x,OU=Managed" directly below the domain
		`CN=x\2COU=Managed,DC=plant,DC=example`: false,
		"OU=NotManaged,DC=plant,DC=example":     false,
		"CN=x,OU=Managed,DC=plant,DC=other":     false,
		"DC=plant,DC=example":                   false,
		"":                                      false,
	} {
		assert.Equal(t, want, dn(t, text).Within(dn(t, container)), text)
	}
	assert.False(t, dn(t, container).Within(ad.DN{}), "nothing is within the empty name")
	assert.False(t, ad.ByGUID([16]byte{1}).Within(dn(t, container)))
}

func TestKeyIgnoresSpelling(t *testing.T) {
	for _, same := range [][2]string{
		{`CN=Doe\, Jane,DC=x`, `cn=doe\2C jane,dc=X`},
		{"CN=MÜLLER,DC=x", `CN=m\C3\BCller,DC=x`},
		{"CN=a , DC=x", "CN=a,DC=x"},
		{`CN=a\=b,DC=x`, `CN=a=b,DC=x`},
		{"CN=ИВАН,DC=x", "CN=иван,DC=x"},
	} {
		assert.True(t, dn(t, same[0]).Equal(dn(t, same[1])), "%s and %s", same[0], same[1])
	}
	assert.False(t, dn(t, `CN=a\,DC\=x,DC=y`).Equal(dn(t, "CN=a,DC=x,DC=y")))
}

func TestParseDN(t *testing.T) {
	for _, text := range []string{"users", `CN="Doe, John",DC=x`, "<GUID=6f9619ff-8b86-d011-b42d-00cf4fc964ff>", "B:8:DEADBEEF:CN=x,DC=y", "CN=x,,DC=y", "=x", "CN=a,DC"} {
		_, err := ad.ParseDN(text)
		assert.Error(t, err, text)
	}
	empty, err := ad.ParseDN("  ")
	require.NoError(t, err)
	assert.True(t, empty.IsZero())
	deleted := dn(t, `CN=Del Me\0ADEL:6f9619ff-8b86-d011-b42d-00cf4fc964ff,CN=Deleted Objects,DC=x`)
	_, value := deleted.Name()
	assert.True(t, strings.HasPrefix(value, "Del Me\nDEL:"))
}

func TestJoin(t *testing.T) {
	groups := dn(t, "OU=Groups,DC=plant,DC=example")
	name, err := groups.Join("CN=p-Viewers,OU=Sub")
	require.NoError(t, err)
	assert.Equal(t, "CN=p-Viewers,OU=Sub,OU=Groups,DC=plant,DC=example", name.String())
	for _, wrong := range []string{"", " ", "p-Viewers", "CN=x,"} {
		_, err := groups.Join(wrong)
		assert.Error(t, err, wrong)
	}
	alone, err := ad.DN{}.Join("DC=x")
	require.NoError(t, err)
	assert.Equal(t, "DC=x", alone.String())
}

func TestDomainName(t *testing.T) {
	assert.Equal(t, "plant.example", dn(t, "OU=Managed,DC=Plant,dc=example").DomainName())
	assert.Equal(t, "", dn(t, "O=Company").DomainName())
	assert.Equal(t, "", ad.DN{}.DomainName())
}

func TestParentOfTheTop(t *testing.T) {
	assert.True(t, dn(t, "DC=example").Parent().IsZero())
	assert.True(t, ad.DN{}.Parent().IsZero())
	assert.True(t, ad.ByGUID([16]byte{1}).Parent().IsZero())
}

// The shortcut for names that are spelled as their parts are reads nothing otherwise.
func TestShortcutReadsTheSame(t *testing.T) {
	assert.True(t, ad.TakesShortcut("CN=Jürgen Müller (IT),OU=People,DC=corp,DC=example"))
	same := func(t require.TestingT, text string) {
		if !ad.TakesShortcut(text) {
			return
		}
		parsed, err := ad.ParseDN(text)
		require.NoError(t, err, text)
		want, err := ad.WithoutShortcut(text)
		require.NoError(t, err, text)
		for ; !want.IsZero(); parsed, want = parsed.Parent(), want.Parent() {
			assert.Equal(t, want.Key(), parsed.Key())
			attribute, value := parsed.Name()
			wantAttribute, wantValue := want.Name()
			assert.Equal(t, wantAttribute+"="+wantValue, attribute+"="+value)
			assert.True(t, want.Within(parsed) && parsed.Within(want))
		}
		assert.True(t, parsed.IsZero())
	}
	for _, name := range append(hostileNames, "a\xffb", "a\xf0", "\u2003em\u2003") {
		same(t, "CN="+name+",DC=x")
	}
	part := rapid.OneOf(rapid.SampledFrom([]string{"cn", "=", ",", " ", "DC=x", "CN=a", "+", "-", ";", "#", `\`, `"`, "2C", "\x00", "\n", "\x7f", "İ", "ẞ", "K", "é", "\xff", "1.2=b"}), rapid.StringN(1, 3, -1))
	rapid.Check(t, func(t *rapid.T) {
		same(t, strings.Join(rapid.SliceOfN(part, 1, 8).Draw(t, "parts"), ""))
	})
}
