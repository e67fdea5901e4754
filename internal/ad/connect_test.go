package ad_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adtest"
)

func TestConnectLearnsTheDomain(t *testing.T) {
	lab := adtest.Lab(t)
	for _, security := range []ad.Security{ad.SecurityDefault, ad.SecurityLDAPS, ad.SecurityStartTLS} {
		t.Run("security "+string(security), func(t *testing.T) {
			o := options(t, lab, lab.Target, "svc-import")
			o.Security, o.Domain, o.NeedWritable = security, "plant.example", true
			o.Servers = []string{lab.Target.Address}
			client := connect(t, o)
			domain := client.Domain()
			assert.Equal(t, "plant.example", domain.Name)
			assert.Equal(t, lab.Target.Host, domain.Controller)
			assert.Equal(t, lab.Target.Base, domain.Base.String())
			assert.Equal(t, "CN=Configuration,"+lab.Target.Base, domain.Configuration.String())
			assert.True(t, domain.Encrypted)
			assert.Equal(t, `PLANT\svc-import`, domain.Identity)
			assert.Greater(t, domain.SID.RID(), uint32(1000))
			assert.Contains(t, domain.Groups, domain.SID.Domain()+"-513")
			assert.NotContains(t, domain.Groups, domain.SID)
			now, err := client.Now(context.Background())
			require.NoError(t, err)
			assert.WithinDuration(t, time.Now(), now, 5*time.Second)
		})
	}
}

func TestConnectRefusals(t *testing.T) {
	lab := adtest.Lab(t)
	admin := lab.Target.Admin(t)
	ou := admin.OU()
	const password = "Some-Passw0rd"
	admin.User("CN=off,"+ou, "t.disabled", password, map[string][]string{"userAccountControl": {"514"}})
	admin.User("CN=old,"+ou, "t.expired", password, map[string][]string{"accountExpires": {"133170048000000000"}})
	admin.User("CN=must,"+ou, "t.mustchange", password, map[string][]string{"pwdLastSet": {"0"}})

	as := func(account, password string) func(*ad.Options) {
		return func(o *ad.Options) {
			o.Username, o.Password = lab.Target.Account(account), ad.Password(password)
		}
	}
	kerberos := func(account, password string) func(*ad.Options) {
		return func(o *ad.Options) {
			as(account, password)(o)
			o.Auth, o.KRB5Conf = ad.AuthKerberos, lab.Krb5
		}
	}
	closed := closedPort(t)
	for name, tc := range map[string]struct {
		change func(*ad.Options)
		kind   error
		text   string
	}{
		"wrong password":          {as("svc-import", "wrong"), ad.ErrCredentials, "user name or the password is wrong"},
		"unknown user":            {as("nobody", "wrong"), ad.ErrCredentials, "user name or the password is wrong"},
		"disabled":                {as("t.disabled", password), ad.ErrCredentials, "the account is disabled"},
		"expired":                 {as("t.expired", password), ad.ErrCredentials, "the account has expired"},
		"must change":             {as("t.mustchange", password), ad.ErrCredentials, "must be changed first"},
		"no password":             {as("svc-import", ""), ad.ErrCredentials, "no password is given"},
		"Kerberos wrong password": {kerberos("svc-import", "wrong"), ad.ErrCredentials, "the password is wrong"},
		"Kerberos unknown user":   {kerberos("nobody", "wrong"), ad.ErrCredentials, "knows no such user"},
		"Kerberos disabled":       {kerberos("t.disabled", password), ad.ErrCredentials, "disabled, locked or expired"},
		"Kerberos must change":    {kerberos("t.mustchange", password), ad.ErrCredentials, "must be changed"},
		"untrusted authority":     {func(o *ad.Options) { o.CAFile = "" }, ad.ErrCertificate, "unknown authority (issuer"},
		"wrong name": {func(o *ad.Options) { o.Servers = []string{"ldaps://localhost:" + relay(t, lab.Target.Address+":636")} },
			ad.ErrCertificate, "it is not for localhost but for dc1.plant.example, plant.example, " + lab.Target.Address},
		"StartTLS untrusted": {func(o *ad.Options) {
			o.Security, o.CAFile, o.Servers = ad.SecurityStartTLS, "", []string{lab.Target.Address}
		}, ad.ErrCertificate, "unknown authority"},
		"plaintext is refused by the controller": {func(o *ad.Options) {
			o.Security, o.Servers = ad.SecurityPlaintext, []string{lab.Target.Address}
		}, ad.ErrRefused, ""},
		"TLS on a plain port": {func(o *ad.Options) { o.Servers = []string{"ldaps://" + lab.Target.Address + ":389"} }, ad.ErrUnreachable, "it closed the connection"},
		"plain on a TLS port": {func(o *ad.Options) {
			o.Security, o.Servers = ad.SecurityStartTLS, []string{"ldap://" + lab.Target.Address + ":636"}
		}, ad.ErrUnreachable, ""},
		"nothing listens": {func(o *ad.Options) { o.Servers = []string{"ldaps://" + closed} }, ad.ErrUnreachable, "nothing listens on port"},
		"another domain":  {func(o *ad.Options) { o.Domain = "corp.example" }, ad.ErrRefused, "the controller is of the domain plant.example, and corp.example is configured"},
		"plain scheme":    {func(o *ad.Options) { o.Servers = []string{"ldap://127.0.0.30"} }, ad.ErrUnreachable, "must be ldaps"},
		"no server":       {func(o *ad.Options) { o.Servers = nil }, ad.ErrUnreachable, ""},
		"missing ca file": {func(o *ad.Options) { o.CAFile = "missing.pem" }, ad.ErrCertificate, "missing.pem"},
		"first of two": {func(o *ad.Options) {
			o.Servers = []string{"ldaps://" + closed, lab.Source.Address}
			o.Domain = "plant.example"
		}, ad.ErrUnreachable, closed},
	} {
		t.Run(name, func(t *testing.T) {
			o := options(t, lab, lab.Target, "svc-import")
			tc.change(&o)
			_, err := ad.Connect(context.Background(), o)
			require.ErrorIs(t, err, tc.kind)
			assert.Contains(t, err.Error(), tc.text)
			assert.NotEmpty(t, strings.TrimSpace(ad.Hint(err)+tc.text), err.Error())
			assert.NotContains(t, err.Error(), password)
			t.Log(err, "|", ad.Hint(err))
		})
	}
}

func TestConnectTakesTheFirstServerThatWorks(t *testing.T) {
	lab := adtest.Lab(t)
	o := options(t, lab, lab.Target, "svc-import")
	o.Servers = []string{"ldaps://" + closedPort(t), lab.Target.URL()}
	assert.Equal(t, lab.Target.Host, connect(t, o).Domain().Controller)
}

func TestConnectEndsInTime(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0") // takes connections and is silent
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	for _, security := range []ad.Security{ad.SecurityLDAPS, ad.SecurityStartTLS, ad.SecurityPlaintext} {
		t.Run(string(security), func(t *testing.T) {
			t.Parallel()
			_, err := ad.Connect(context.Background(), ad.Options{
				Servers: []string{listener.Addr().String()}, Security: security, Timeout: 300 * time.Millisecond, Username: "u", Password: "p",
			})
			require.ErrorIs(t, err, ad.ErrUnreachable)
			assert.Contains(t, err.Error(), "did not answer in time")
		})
		t.Run(string(security)+" given up", func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(context.Background())
			time.AfterFunc(50*time.Millisecond, cancel)
			_, err := ad.Connect(ctx, ad.Options{Servers: []string{listener.Addr().String()}, Security: security, Username: "u", Password: "p"})
			require.ErrorIs(t, err, context.Canceled)
		})
	}
}

func TestPasswordPrintsAsStars(t *testing.T) {
	o := ad.Options{Password: "secret-word"}
	for _, text := range []string{sprint("%v", o), sprint("%+v", o), sprint("%#v", o), sprint("%s", o.Password), sprint("%q", o.Password), sprint("%x", o.Password)} {
		assert.NotContains(t, text, "secret")
		assert.NotContains(t, text, "736563726574")
	}
}

// Nothing is connected to: the port says it.
func TestAGlobalCatalogIsNoController(t *testing.T) {
	for _, server := range []string{"ldaps://127.0.0.1:3269", "127.0.0.1:3268", "ldaps://127.0.0.1:03269"} {
		_, err := ad.Connect(t.Context(), ad.Options{Servers: []string{server}, Username: "u", Password: "p"})
		require.ErrorContains(t, err, "is a global catalog, which holds only a part of the attributes")
	}
}

// On port 389, a sealed connection that ends has nothing to do with port 636.
func TestHintOfAConnectionThatEnds(t *testing.T) {
	listener, err := net.Listen("tcp", fmt.Sprintf("127.9.%d.%d:389", os.Getpid()/256%256, os.Getpid()%256))
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Read(make([]byte, 1))
			_ = conn.Close()
		}
	}()
	host, _, _ := net.SplitHostPort(listener.Addr().String())
	for _, security := range []ad.Security{ad.SecuritySeal, ad.SecurityStartTLS, ad.SecurityPlaintext} {
		_, err = ad.Connect(t.Context(), ad.Options{Servers: []string{host}, Security: security, Auth: ad.AuthKerberos, Username: "u", Password: "p", Timeout: 5 * time.Second})
		require.ErrorIs(t, err, ad.ErrUnreachable)
		assert.NotContains(t, ad.Hint(err), "636")
		assert.Contains(t, ad.Hint(err), "firewall")
	}
}
