package ad_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adtest"
)

// The Windows logon without certificates, against a real controller: large answers,
// many requests and a password. Only the calls into Windows are stood in for.
func TestTheWindowsLogonSeals(t *testing.T) {
	lab := adtest.Lab(t)
	admin := lab.Target.Admin(t)
	ou := admin.OU()
	admin.User("CN=Sealed,"+ou, "t.sspi", "Some-Passw0rd", nil)
	for i := range 50 {
		admin.Add(fmt.Sprintf("CN=Many %03d,%s", i, ou), map[string][]string{"objectClass": {"contact"}, "description": {strings.Repeat("x", 900)}})
	}
	t.Setenv("KRB5CCNAME", "")
	ad.ThroughSSPI(t, "")
	o := options(t, lab, lab.Target, "Administrator")
	o.Auth, o.KRB5Conf, o.Security, o.Servers = ad.AuthIntegrated, lab.Krb5, ad.SecuritySeal, []string{lab.Target.Address}
	client := connect(t, o)
	assert.Equal(t, ad.SecuritySeal, client.Domain().Security)
	assert.Contains(t, strings.ToLower(client.Domain().Identity), "administrator")
	for range 20 {
		assert.Len(t, all(t, client, ad.Search{Base: dn(t, ou), Filter: ad.Equal("objectClass", "contact"), Attributes: []string{"description"}}), 50)
	}
	require.NoError(t, client.Modify(t.Context(), dn(t, "CN=Sealed,"+ou), []ad.Change{{Attribute: "unicodePwd", Values: [][]byte{ad.PasswordValue("Other-Passw0rd")}}}))
	assert.NoError(t, lab.Target.LogOn("t.sspi", "Other-Passw0rd"))
}

// A controller whose name Kerberos does not know is passed over: the logon risks no
// password.
func TestTheWindowsLogonTriesTheNextController(t *testing.T) {
	lab := adtest.Lab(t)
	t.Setenv("KRB5CCNAME", "")
	ad.ThroughSSPI(t, "/plant.example")
	o := options(t, lab, lab.Target, "svc-import")
	o.Auth, o.KRB5Conf, o.Security, o.Servers = ad.AuthIntegrated, lab.Krb5, ad.SecuritySeal, []string{lab.Target.Address, "127.0.0.1:1"}
	_, err := ad.Connect(t.Context(), o)
	require.ErrorIs(t, err, ad.ErrUnreachable)
	assert.ErrorContains(t, err, "knows no domain controller of that name (0x80090303)")
	assert.ErrorContains(t, err, "127.0.0.1:1: nothing listens", "the next one was tried")
}
