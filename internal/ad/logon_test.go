package ad_test

import (
	"context"
	"testing"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adtest"
)

// Every code of a refused bind becomes a sentence that says what to do; the form
// is Windows'.
func TestRefusedLogonsInWords(t *testing.T) {
	for data, text := range map[string]string{
		"525": "there is no such user", "52e": "the user name or the password is wrong", "530": "may not log on at this hour",
		"531": "may not log on from this computer", "532": "the password has expired", "533": "the account is disabled",
		"701": "the account has expired", "773": "the password must be changed first", "775": "the account is locked",
		"51f": "in no form the domain controller knows", "57": "did not accept the form of the logon", "80090346": "demands channel binding",
	} {
		t.Run(data, func(t *testing.T) {
			f := newFake(t)
			f.bind = func() (int, string) {
				return 49, "80090308: LdapErr: DSID-0C090439, comment: AcceptSecurityContext error, data " + data + ", v4563"
			}
			_, err := ad.Connect(t.Context(), f.options())
			require.ErrorIs(t, err, ad.ErrCredentials)
			assert.ErrorContains(t, err, text)
			assert.NotEmpty(t, ad.Hint(err))
			assert.NotContains(t, err.Error(), "DSID")
		})
	}
	for name, tc := range map[string]struct {
		code       int
		diagnostic string
		kind       error
		hint       string
	}{
		"strong auth required (Windows)": {8, "00002028: LdapErr: DSID-0C090202, comment: The server requires binds to turn on integrity checking if SSL\\TLS are not already active on the connection, data 0, v4563", ad.ErrRefused, `set "security" to "ldaps"`},
		"strong auth required (Samba)":   {8, "BindSimple: Transport encryption required.", ad.ErrRefused, `set "security" to "ldaps"`},
		"confidentiality required":       {13, "", ad.ErrRefused, `set "security" to "ldaps"`},
		"channel binding, as a head":     {49, "80090346: LdapErr: DSID-0C0907C5, comment: AcceptSecurityContext error, data 80090346, v4563", ad.ErrCredentials, "by Kerberos"},
		"a code nobody knows":            {49, "80090308: LdapErr: DSID-0C090439, comment: AcceptSecurityContext error, data 9999, v4563", ad.ErrCredentials, "check the user name"},
		"busy":                           {51, "", ad.ErrUnreachable, "overloaded"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.bind = func() (int, string) { return tc.code, tc.diagnostic }
			_, err := ad.Connect(t.Context(), f.options())
			require.ErrorIs(t, err, tc.kind)
			assert.Contains(t, ad.Hint(err), tc.hint)
		})
	}
}

// A refused logon names the account, the controller and the settings that hold
// both the name and the secret, on the first connection and on a later one, and
// never the secret.
func TestARefusedLogonSaysWhoseAndWhichSetting(t *testing.T) {
	refused := func(data string) func() (int, string) {
		return func() (int, string) {
			return 49, "80090308: LdapErr: DSID-0C090439, comment: AcceptSecurityContext error, data " + data + ", v4563"
		}
	}
	options := func(f *fake) ad.Options {
		o := f.options()
		o.Username, o.Password, o.Settings = `FAKE\svc-import`, "S3cret-of-the-file", `see "directory.password_file" (/etc/x.password)`
		return o
	}
	says := func(t *testing.T, f *fake, err error, doing string) {
		t.Helper()
		require.ErrorIs(t, err, ad.ErrCredentials)
		assert.ErrorContains(t, err, doing+` as FAKE\svc-import to ldap://`+f.listener.Addr().String()+": the logon was refused: ")
		assert.Contains(t, ad.Hint(err), `see "directory.password_file" (/etc/x.password)`)
		assert.NotContains(t, err.Error()+ad.Hint(err), "S3cret")
	}
	for _, data := range []string{"525", "52e", "530", "531", "532", "533", "701", "773", "775", "9999"} {
		t.Run(data, func(t *testing.T) {
			f := newFake(t)
			f.bind = refused(data)
			_, err := ad.Connect(t.Context(), options(f))
			says(t, f, err, "log on")
			var steps []ad.Step
			assert.Nil(t, ad.Diagnose(t.Context(), options(f), func(s ad.Step) { steps = append(steps, s) }))
			says(t, f, steps[len(steps)-1].Err, "log on")
		})
	}
	for data, hint := range map[string]string{"52e": "the password was changed", "533": "enable the account", "775": "unlock the account"} {
		t.Run("again, "+data, func(t *testing.T) {
			f := newFake(t)
			client := connect(t, options(f))
			f.mu.Lock()
			f.bind, f.search = refused(data), func(_, _, _ string) reply { return reply{cut: true} }
			f.mu.Unlock()
			_, err := client.Search(t.Context(), ad.Search{Base: client.Domain().Base, Scope: ad.ScopeSubtree, Filter: ad.Anything}, func(ad.Entry) error { return nil })
			says(t, f, err, "log on again")
			assert.Contains(t, ad.Hint(err), hint)
			assert.Contains(t, ad.Hint(err), "nothing is tried again")
		})
	}
	t.Run("an unreachable controller before it", func(t *testing.T) {
		f := newFake(t)
		f.bind = refused("533")
		o := options(f)
		o.Servers = append([]string{"127.0.0.1:1"}, o.Servers...)
		_, err := ad.Connect(t.Context(), o)
		require.ErrorIs(t, err, ad.ErrCredentials)
		assert.ErrorContains(t, err, `log on as FAKE\svc-import to ldap://127.0.0.1:1, ldap://`)
		assert.Contains(t, ad.Hint(err), "/etc/x.password")
	})
	t.Run("a keytab and a ticket cache that are not there", func(t *testing.T) {
		f := newFake(t)
		o := options(f)
		o.Password, o.Keytab, o.Security = "", "/nowhere/svc.keytab", ad.SecuritySeal
		_, err := ad.Connect(t.Context(), o)
		says(t, f, err, "log on")
		o.Username, o.Keytab, o.CCache = "", "", "/nowhere/cache"
		_, err = ad.Connect(t.Context(), o)
		assert.ErrorContains(t, err, "log on as the owner of the ticket cache /nowhere/cache to ")
	})
}

// What a real domain controller says of accounts that may not log on, by simple
// bind and by Kerberos.
func TestAccountsThatMayNotLogOn(t *testing.T) {
	lab := adtest.Lab(t)
	admin := lab.Target.Admin(t)
	ou := admin.OU()
	const password = "Some-Passw0rd"
	user := func(name string, more map[string][]string) string {
		admin.User("CN="+name+","+ou, "t."+name, password, more)
		return "CN=" + name + "," + ou
	}
	user("hours", map[string][]string{"logonHours": {string(make([]byte, 21))}})
	user("elsewhere", map[string][]string{"userWorkstations": {"OTHERPC"}})
	lab.Target.Backdate(t, user("outdated", nil), "pwdLastSet", "131000000000000000")
	locked := user("locked", nil)
	admin.LockAfter("t.locked", lab.Target.Base, 1, locked)
	require.Error(t, lab.Target.LogOn("t.locked", "wrong"))
	for name, tc := range map[string]struct{ simple, kerberos string }{
		"hours":     {"may not log on at this hour", "may not log on at this hour"},
		"elsewhere": {"may not log on from this computer", ""},
		"outdated":  {"the password has expired", "the password has expired"},
		"locked":    {"the account is locked", "disabled, locked or expired"},
	} {
		for auth, text := range map[ad.Auth]string{ad.AuthSimple: tc.simple, ad.AuthKerberos: tc.kerberos} {
			if text == "" { // Samba's Kerberos service does not look
				continue
			}
			t.Run(name+" "+string(auth), func(t *testing.T) {
				o := options(t, lab, lab.Target, "svc-import")
				o.Username, o.Password, o.Auth, o.KRB5Conf = lab.Target.Account("t."+name), password, auth, lab.Krb5
				_, err := ad.Connect(t.Context(), o)
				require.ErrorIs(t, err, ad.ErrCredentials)
				t.Log(err, "|", ad.Hint(err))
				assert.ErrorContains(t, err, text)
				assert.NotEmpty(t, ad.Hint(err))
			})
		}
	}
}

// One run with a wrong password is one wrong password, however many servers and
// ways to protect the connection there are to try.
func TestOneWrongPasswordDoesNotLockTheAccount(t *testing.T) {
	lab := adtest.Lab(t)
	admin := lab.Target.Admin(t)
	ou := admin.OU()
	for _, auth := range []ad.Auth{ad.AuthSimple, ad.AuthKerberos} {
		t.Run(string(auth), func(t *testing.T) {
			name := "t.once." + string(auth)
			account := "CN=" + name + "," + ou
			admin.User(account, name, "Some-Passw0rd", nil)
			admin.LockAfter(name, lab.Target.Base, 5, account)
			o := options(t, lab, lab.Target, "svc-import")
			o.Username, o.Password, o.Auth, o.KRB5Conf = lab.Target.Account(name), "wrong", auth, lab.Krb5
			o.Servers = []string{lab.Target.Address, "ldaps://" + newProxy(t, lab.Target.Address+":636").address(), lab.Target.URL()}
			_, err := ad.Connect(t.Context(), o)
			require.ErrorIs(t, err, ad.ErrCredentials)
			require.ErrorIs(t, err, ad.ErrPassword)
			assert.Equal(t, []string{"1"}, admin.Read(account, "badPwdCount")["badPwdCount"])
		})
	}
}

func TestNamesOfASimpleLogon(t *testing.T) {
	lab := adtest.Lab(t)
	password := lab.Target.Password(t, "svc-import")
	for _, name := range []string{`PLANT\svc-import`, "svc-import@plant.example", "SVC-IMPORT@PLANT.EXAMPLE", "CN=svc-import,CN=Users," + lab.Target.Base} {
		for _, security := range []ad.Security{ad.SecurityLDAPS, ad.SecurityStartTLS} {
			o := options(t, lab, lab.Target, "svc-import")
			o.Username, o.Password, o.Security, o.Servers = name, ad.Password(password), security, []string{lab.Target.Address}
			assert.NotZero(t, connect(t, o).Domain().SID, name)
		}
	}
}

// A controller that falls silent in the middle of a logon, or of a search.
func TestSilenceInTheMiddle(t *testing.T) {
	for name, mute := range map[string]ber.Tag{"logon": ldap.ApplicationBindRequest, "search": ldap.ApplicationSearchRequest} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			o := f.options()
			o.Timeout = 300 * time.Millisecond
			if name == "logon" {
				f.mute = map[ber.Tag]bool{mute: true}
				_, err := ad.Connect(t.Context(), o)
				require.ErrorIs(t, err, ad.ErrUnreachable)
				assert.ErrorContains(t, err, "did not answer in time")
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(50*time.Millisecond, cancel)
				o.Timeout = 0
				_, err = ad.Connect(ctx, o)
				require.ErrorIs(t, err, context.Canceled)
				return
			}
			client := connect(t, o)
			f.mu.Lock()
			f.mute = map[ber.Tag]bool{mute: true}
			f.mu.Unlock()
			_, err := client.Now(t.Context())
			require.ErrorIs(t, err, ad.ErrUnreachable)
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(50*time.Millisecond, cancel)
			_, err = client.Now(ctx)
			require.Error(t, err)
		})
	}
}
