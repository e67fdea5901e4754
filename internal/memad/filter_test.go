package memad

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
)

// simple matching: text without case, numbers by value; "alien" is unknown.
type simple struct{}

func (simple) known(attribute string) bool { return attribute != "alien" }

func (simple) equal(_ string, asserted []byte) func([]byte) bool {
	return func(value []byte) bool { return strings.EqualFold(string(value), string(asserted)) }
}

func (simple) compare(_ string, asserted []byte) func([]byte) (int, bool) {
	limit, err := strconv.Atoi(string(asserted))
	return func(value []byte) (int, bool) {
		n, bad := strconv.Atoi(string(value))
		return n - limit, err == nil && bad == nil
	}
}

func (simple) inChain(attribute string, end ad.DN) func(ad.Entry) bool {
	return func(e ad.Entry) bool { return e.Text(attribute) == "via "+end.String() }
}

func TestFilterMatches(t *testing.T) {
	entry := ad.NewEntry(ad.DN{}, map[string][][]byte{
		"objectClass": ad.Values("user"), "cn": ad.Values("Doe, Jane (x)"), "mail": ad.Values("a@x.example", "b@y.example"), "n": ad.Values("514"), "memberOf": ad.Values("via CN=g"),
	})
	for filter, want := range map[string]bool{
		"": true, "(cn=*)": true, "(CN=*)": true, "(title=*)": false,
		`(cn=doe, jane \28x\29)`: true, "(cn=doe)": false, "(cn=doe*)": true, "(cn=*jane*)": true, "(cn=*doe*jane*)": true, "(cn=*jane*doe*)": false,
		`(cn=*\28x\29)`: true, "(cn=d*e*j*e*)": true, "(cn=*doe)": false, "(cn=doe*doe*)": false, "(mail=B@Y.example)": true, "(mail~=b@y.example)": true,
		"(n>=514)": true, "(n>=515)": false, "(n<=514)": true, "(n<=513)": false, "(n>=x)": false, "(cn<=5)": false,
		"(n:1.2.840.113556.1.4.803:=2)": true, "(n:1.2.840.113556.1.4.803:=514)": true, "(n:1.2.840.113556.1.4.803:=32)": false, "(n:1.2.840.113556.1.4.803:=x)": false,
		"(memberOf:1.2.840.113556.1.4.1941:=CN=g)": true, "(memberOf:1.2.840.113556.1.4.1941:=CN=h)": false,
		"(&(cn=doe*)(n=514))": true, "(&(cn=doe*)(n=1))": false, "(|(cn=x)(n=514))": true, "(|(cn=x)(n=1))": false, "(!(n=1))": true, "(!(n=514))": false,
		"(!(title=x))": true, "(alien=x)": false, "(!(alien=x))": false, "(|(alien=x)(n=514))": true, "(&(alien=x)(n=514))": false, "(!(&(alien=x)(n=1)))": true,
	} {
		m, err := compile(simple{}, ad.Filter(filter))
		require.NoError(t, err, filter)
		assert.Equal(t, want, m.matches(entry), filter)
	}
}

func TestFilterMatcherNamesItsAttributes(t *testing.T) {
	m, err := compile(simple{}, ad.Filter("(&(objectCategory=person)(|(CN=a)(cn=b))(alien=x))"))
	require.NoError(t, err)
	assert.Equal(t, []string{"objectcategory", "cn"}, m.attributes)
}

func TestFilterMatcherRefuses(t *testing.T) {
	for _, filter := range []ad.Filter{"cn=x", "(cn=x", "(&(cn=x)", "(cn:2.5.13.2:=x)"} {
		_, err := compile(simple{}, filter)
		assert.Error(t, err, filter)
	}
}
