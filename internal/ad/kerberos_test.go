package ad_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
	"github.com/jcmturner/gokrb5/v8/iana/etypeID"
	"github.com/jcmturner/gokrb5/v8/keytab"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adtest"
)

func TestKerberos(t *testing.T) {
	lab := adtest.Lab(t)
	admin := lab.Target.Admin(t)
	ou := admin.OU()
	const account, password = "t.kerberos", "Some-Passw0rd"
	admin.User("CN=Kerberos,"+ou, account, password, nil)
	admin.Join("CN=Domain Admins,CN=Users,"+lab.Target.Base, "CN=Kerberos,"+ou)
	admin.User("CN=Anna,"+ou, "t.anna", password, nil)
	sets := 0
	t.Setenv("KRB5CCNAME", "")
	ways := map[string]func(*ad.Options){
		"password": func(*ad.Options) {},
		"password, name with realm, no krb5.conf": func(o *ad.Options) {
			o.Username, o.KRB5Conf = account+"@plant.example", ""
		},
		"keytab":       func(o *ad.Options) { o.Password, o.Keytab = "", makeKeytab(t, lab, account, password, 1) },
		"ticket cache": func(o *ad.Options) { o.Password, o.Username, o.CCache = "", "", makeCache(t, lab, account, password) },
		"integrated": func(o *ad.Options) {
			o.Password, o.Username, o.Auth = "", "", ad.AuthIntegrated
			t.Setenv("KRB5CCNAME", "FILE:"+makeCache(t, lab, account, password))
		},
	}
	for name, way := range ways {
		for _, security := range []ad.Security{ad.SecurityDefault, ad.SecurityStartTLS, ad.SecuritySeal} {
			t.Run(fmt.Sprintf("%s %s", name, security), func(t *testing.T) {
				o := options(t, lab, lab.Target, "svc-import")
				o.Username, o.Password = lab.Target.Account(account), password
				o.Auth, o.KRB5Conf, o.Security, o.Servers = ad.AuthKerberos, lab.Krb5, security, []string{lab.Target.Address}
				way(&o)
				client := connect(t, o)
				assert.True(t, client.Domain().Encrypted)
				assert.Contains(t, strings.ToLower(client.Domain().Identity), account)
				assert.Greater(t, client.Domain().SID.RID(), uint32(1000))
				sets++
				other := fmt.Sprintf("Other-Passw0rd-%d", sets)
				require.NoError(t, client.Modify(t.Context(), dn(t, "CN=Anna,"+ou), []ad.Change{{Attribute: "unicodePwd", Values: [][]byte{ad.PasswordValue(other)}}}))
				assert.NoError(t, lab.Target.LogOn("t.anna", other))
			})
		}
	}
}

// A userPrincipalName may have a suffix that is not a realm. Kerberos knows it all
// the same, in the domain's own realm.
func TestKerberosTakesAnyUserPrincipalName(t *testing.T) {
	lab := adtest.Lab(t)
	admin := lab.Target.Admin(t)
	admin.User("CN=Enterprise,"+admin.OU(), "t.enterprise", "Some-Passw0rd", map[string][]string{"userPrincipalName": {"service.account@company.example"}})
	t.Setenv("KRB5CCNAME", "")
	for _, security := range []ad.Security{ad.SecurityDefault, ad.SecuritySeal} {
		for _, krb5 := range []string{"", lab.Krb5} {
			o := options(t, lab, lab.Target, "svc-import")
			o.Auth, o.KRB5Conf, o.Security, o.Servers = ad.AuthKerberos, krb5, security, []string{lab.Target.Address}
			o.Username, o.Password = "service.account@company.example", "Some-Passw0rd"
			client := connect(t, o)
			assert.Greater(t, client.Domain().SID.RID(), uint32(1000))
			o.Password = "wrong"
			_, err := ad.Connect(t.Context(), o)
			require.ErrorIs(t, err, ad.ErrCredentials)
			assert.ErrorContains(t, err, "the password is wrong")
			o.Username = "nobody@company.example"
			_, err = ad.Connect(t.Context(), o)
			require.ErrorContains(t, err, "Kerberos knows no such user")
			o.Username, o.Password, o.Keytab = "service.account@company.example", "", makeKeytab(t, lab, "t.enterprise", "Some-Passw0rd", 1)
			_, err = ad.Connect(t.Context(), o)
			require.ErrorContains(t, err, "no Kerberos service was found for the realm of service.account@company.example")
			assert.Contains(t, ad.Hint(err), "name@PLANT.EXAMPLE")
		}
	}
}

// Kerberos services are asked one after the other within the time there is.
func TestASilentKerberosServiceIsPassedOver(t *testing.T) {
	lab := adtest.Lab(t)
	t.Setenv("KRB5CCNAME", "")
	silent, err := os.ReadFile(kerberosService(t, -1))
	require.NoError(t, err)
	address := regexp.MustCompile(`kdc = (\S+)`).FindSubmatch(silent)[1]
	file := filepath.Join(t.TempDir(), "krb5.conf")
	text := fmt.Sprintf("[libdefaults]\n default_realm = PLANT.EXAMPLE\n udp_preference_limit = 1\n[realms]\n PLANT.EXAMPLE = {\n  kdc = %s\n  kdc = %s:88\n }\n[domain_realm]\n plant.example = PLANT.EXAMPLE\n .plant.example = PLANT.EXAMPLE\n", address, lab.Target.Address)
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	o := options(t, lab, lab.Target, "svc-import")
	o.Auth, o.KRB5Conf, o.Security, o.Servers, o.Timeout = ad.AuthKerberos, file, ad.SecuritySeal, []string{lab.Target.Address}, 6*time.Second
	began := time.Now()
	assert.NotEmpty(t, connect(t, o).Domain().SID)
	assert.Less(t, time.Since(began), 6*time.Second)
}

// Large answers, many requests and a password over a connection that only
// Kerberos protects.
func TestSealedConnection(t *testing.T) {
	lab := adtest.Lab(t)
	admin := lab.Target.Admin(t)
	ou := admin.OU()
	admin.User("CN=Sealed,"+ou, "t.sealed", "Some-Passw0rd", nil)
	for i := range 200 {
		admin.Add(fmt.Sprintf("CN=Many %03d,%s", i, ou), map[string][]string{"objectClass": {"contact"}, "description": {strings.Repeat("x", 900)}})
	}
	o := options(t, lab, lab.Target, "Administrator")
	o.Auth, o.KRB5Conf, o.Security, o.Servers = ad.AuthKerberos, lab.Krb5, ad.SecuritySeal, []string{lab.Target.Address}
	client := connect(t, o)
	found := all(t, client, ad.Search{Base: dn(t, ou), Filter: ad.Equal("objectClass", "contact"), Attributes: []string{"description"}})
	assert.Len(t, found, 200)
	large := strings.Repeat("ü", 100_000)
	require.ErrorIs(t, client.Modify(context.Background(), found[0].DN, []ad.Change{{Attribute: "description", Values: ad.Values(large)}}), ad.ErrBadValue)
	err := client.Modify(context.Background(), dn(t, "CN=Sealed,"+ou), []ad.Change{{Attribute: "unicodePwd", Values: [][]byte{ad.PasswordValue("Other-Passw0rd")}}})
	require.NoError(t, err)
	assert.NoError(t, lab.Target.LogOn("t.sealed", "Other-Passw0rd"))
}

// Where LDAPS cannot be had, a Kerberos logon is sealed; a simple one fails. A
// certificate that is not accepted is a reason to stop, not to do without.
func TestSealIsTheFallback(t *testing.T) {
	lab := adtest.Lab(t)
	o := options(t, lab, lab.Target, "svc-import")
	o.Servers, o.CAFile = []string{lab.Target.Address}, ""
	t.Run("not where the certificate is not accepted", func(t *testing.T) {
		_, err := ad.Connect(context.Background(), o)
		require.ErrorIs(t, err, ad.ErrCertificate)
		o := o
		o.Auth, o.KRB5Conf = ad.AuthKerberos, lab.Krb5
		_, err = ad.Connect(context.Background(), o)
		require.ErrorIs(t, err, ad.ErrCertificate)
		assert.NotContains(t, err.Error()+ad.Hint(err), "seal")
		var steps []string
		assert.Nil(t, ad.Diagnose(context.Background(), o, func(s ad.Step) { steps = append(steps, s.Name) }))
		assert.NotContains(t, steps, "logon")
	})
	t.Run("where nothing listens for LDAPS", func(t *testing.T) {
		host := fmt.Sprintf("127.9.%d.%d", os.Getpid()/256%256, os.Getpid()%256)
		newProxyAt(t, host+":389", lab.Target.Address+":389")
		o := o
		o.Servers = []string{host}
		_, err := ad.Connect(context.Background(), o)
		require.ErrorIs(t, err, ad.ErrUnreachable)
		o.Auth, o.KRB5Conf = ad.AuthKerberos, lab.Krb5
		client := connect(t, o)
		assert.True(t, client.Domain().Encrypted)
		assert.Equal(t, ad.SecuritySeal, client.Domain().Security)
	})
}

// Every computer of a domain has a service principal name ldap/<its name>, whose
// key it knows. It must not pass for a controller: not a byte of the logon is
// sent to it.
func TestSealIsWithControllersOnly(t *testing.T) {
	lab := adtest.Lab(t)
	admin := lab.Target.Admin(t)
	member, name := "CN=Member,"+admin.OU(), strings.ToLower(fmt.Sprintf("ws%d.plant.example", time.Now().UnixNano()))
	admin.User(member, "t.member", "Some-Passw0rd", map[string][]string{"servicePrincipalName": {"ldap/" + name}})
	f := newFake(t)
	f.root["dnsHostName"], f.root["defaultNamingContext"] = []string{name}, []string{lab.Target.Base}
	o := options(t, lab, lab.Target, "svc-import")
	o.Auth, o.KRB5Conf, o.Security = ad.AuthKerberos, lab.Krb5, ad.SecuritySeal
	for _, server := range []string{f.listener.Addr().String(), "localhost:" + relay(t, f.listener.Addr().String())} {
		o.Servers = []string{server}
		_, err := ad.Connect(context.Background(), o)
		require.ErrorIs(t, err, ad.ErrCredentials)
		assert.ErrorContains(t, err, "no domain controller of that name")
	}
	for _, request := range f.requests {
		assert.NotEqual(t, ber.Tag(ldap.ApplicationBindRequest), request.Children[1].Tag)
	}
}

// What was read in the clear is compared once no one can change it any more.
func TestSealedControllerIsTheOneThatWasRead(t *testing.T) {
	lab := adtest.Lab(t)
	p := newProxyOn(t, "127.0.0.1", lab.Target.Address+":389")
	rewrite := func(b []byte) []byte {
		return bytes.ReplaceAll(b, []byte("CN=Schema,CN=Configuration"), []byte("CN=Schemb,CN=Configuration"))
	}
	o := options(t, lab, lab.Target, "svc-import")
	o.Auth, o.KRB5Conf, o.Security, o.Servers = ad.AuthKerberos, lab.Krb5, ad.SecuritySeal, []string{p.address()}
	assert.NotNil(t, connect(t, o))
	p.rewrite.Store(&rewrite)
	_, err := ad.Connect(context.Background(), o)
	require.ErrorIs(t, err, ad.ErrRefused)
	assert.ErrorContains(t, err, "schemaNamingContext")
}

func makeKeytab(t *testing.T, lab *adtest.TwoDomains, account, password string, version uint8) string {
	t.Helper()
	keys := keytab.New()
	require.NoError(t, keys.AddEntry(account, lab.Target.Realm(), password, time.Now(), version, etypeID.AES256_CTS_HMAC_SHA1_96))
	text, err := keys.Marshal()
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "svc.keytab")
	require.NoError(t, os.WriteFile(file, text, 0o600))
	return file
}

func makeCache(t *testing.T, lab *adtest.TwoDomains, account, password string, options ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "cache")
	kinit := exec.Command("kinit", append(options, "-c", "FILE:"+file, account+"@"+lab.Target.Realm())...)
	kinit.Env = append(os.Environ(), "KRB5_CONFIG="+lab.Krb5)
	kinit.Stdin = strings.NewReader(password + "\n")
	out, err := kinit.CombinedOutput()
	require.NoError(t, err, string(out))
	return file
}
