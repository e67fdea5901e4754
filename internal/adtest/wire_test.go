package adtest_test

import (
	"crypto/tls"
	"crypto/x509"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/go-ldap/ldap/v3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
)

func TestListenerKeepsTheContractOfTheWire(t *testing.T) {
	d, options := listener(t)
	wireContract(t, d.AddOU("OU=Contract").String(), options)
}

func TestSambaKeepsTheContractOfTheWire(t *testing.T) {
	lab, options := samba(t)
	wireContract(t, lab.Target.Admin(t).OU(), options)
}

// wireContract is what faults are made of and no client shows: cookies, parts of
// values, who may ask.
func wireContract(t *testing.T, ou string, options ad.Options) {
	conn := dial(t, options)
	_, err := conn.Search(all(ou, 2, nil))
	assert.True(t, ldap.IsErrorWithCode(err, ldap.LDAPResultOperationsError), "nobody is logged on: %v", err)
	root, err := conn.Search(ldap.NewSearchRequest("", ldap.ScopeBaseObject, ldap.NeverDerefAliases, 0, 0, false, "(objectClass=*)",
		[]string{"supportedCapabilities"}, nil))
	require.NoError(t, err)
	assert.Contains(t, root.Entries[0].GetAttributeValues("supportedCapabilities"), "1.2.840.113556.1.4.800")
	assert.True(t, ldap.IsErrorWithCode(conn.Bind(options.Username, "wrong"), ldap.LDAPResultInvalidCredentials))
	require.NoError(t, conn.Bind(options.Username, string(options.Password)))

	var names []string
	for _, name := range strings.Split("abcde", "") {
		add := ldap.NewAddRequest("CN="+name+","+ou, nil)
		add.Attribute("objectClass", []string{"contact"})
		require.NoError(t, conn.Add(add))
		names = append(names, name)
	}
	t.Run("pages", func(t *testing.T) {
		first, cookie := page(t, conn, ou, 2, nil)
		second, cookie := page(t, conn, ou, 2, cookie)
		third, end := page(t, conn, ou, 2, cookie)
		assert.Empty(t, end)
		assert.Len(t, first, 2)
		assert.Len(t, second, 2)
		assert.Equal(t, names, slices.Sorted(slices.Values(slices.Concat(first, second, third))))
	})
	t.Run("the place is the controller's to remember", func(t *testing.T) {
		_, cookie := page(t, conn, ou, 2, nil)
		second, _ := page(t, conn, ou, 2, cookie)
		again, _ := page(t, conn, ou, 2, cookie)
		assert.NotEqual(t, second, again)
	})
	t.Run("the size of a page may change", func(t *testing.T) {
		_, cookie := page(t, conn, ou, 1, nil)
		rest, end := page(t, conn, ou, 10, cookie)
		assert.Len(t, rest, 4)
		assert.Empty(t, end)
	})
	t.Run("a cookie is of its connection", func(t *testing.T) {
		_, cookie := page(t, conn, ou, 2, nil)
		other := dial(t, options)
		require.NoError(t, other.Bind(options.Username, string(options.Password)))
		_, err := other.Search(all(ou, 2, cookie))
		assert.True(t, ldap.IsErrorWithCode(err, ldap.LDAPResultUnwillingToPerform), "%v", err)
	})
	t.Run("a part of the values", func(t *testing.T) {
		add := ldap.NewAddRequest("CN=g,"+ou, nil)
		add.Attribute("objectClass", []string{"group"})
		var members []string
		for _, name := range names {
			members = append(members, "CN="+name+","+ou)
		}
		add.Attribute("member", members)
		require.NoError(t, conn.Add(add))
		for asked, want := range map[string]int{"member;range=1-2": 2, "member;range=3-*": 2} {
			e := ranged(t, conn, "CN=g,"+ou, asked)
			assert.Equal(t, asked, e.Name)
			assert.Len(t, e.Values, want, asked)
		}
	})
}

func ranged(t *testing.T, conn *ldap.Conn, dn, asked string) *ldap.EntryAttribute {
	found, err := conn.Search(ldap.NewSearchRequest(dn, ldap.ScopeBaseObject, ldap.NeverDerefAliases, 0, 0, false, "(objectClass=*)", []string{asked}, nil))
	require.NoError(t, err)
	require.Len(t, found.Entries, 1)
	require.Len(t, found.Entries[0].Attributes, 1)
	return found.Entries[0].Attributes[0]
}

func all(ou string, size uint32, cookie []byte) *ldap.SearchRequest {
	return ldap.NewSearchRequest(ou, ldap.ScopeSingleLevel, ldap.NeverDerefAliases, 0, 0, false, "(objectClass=contact)",
		[]string{"cn"}, []ldap.Control{&ldap.ControlPaging{PagingSize: size, Cookie: cookie}})
}

func page(t *testing.T, conn *ldap.Conn, ou string, size uint32, cookie []byte) (names []string, next []byte) {
	result, err := conn.Search(all(ou, size, cookie))
	require.NoError(t, err)
	for _, e := range result.Entries {
		names = append(names, e.GetAttributeValue("cn"))
	}
	return names, ldap.FindControl(result.Controls, ldap.ControlTypePaging).(*ldap.ControlPaging).Cookie
}

func dial(t *testing.T, options ad.Options) *ldap.Conn {
	pem, err := os.ReadFile(options.CAFile)
	require.NoError(t, err)
	roots := x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM(pem))
	conn, err := ldap.DialURL(options.Servers[0], ldap.DialWithTLSConfig(&tls.Config{RootCAs: roots}))
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}
