package ad_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jcmturner/gokrb5/v8/iana/errorcode"
	"github.com/jcmturner/gokrb5/v8/iana/nametype"
	"github.com/jcmturner/gokrb5/v8/messages"
	"github.com/jcmturner/gokrb5/v8/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adtest"
)

// kerberosService answers every request with the same error, or, with a
// negative code, never. It gives a krb5.conf that names it.
func kerberosService(t *testing.T, code int32) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	fault := messages.NewKRBError(types.NewPrincipalName(nametype.KRB_NT_SRV_INST, "krbtgt/FAKE.EXAMPLE"), "FAKE.EXAMPLE", code, "")
	answer, err := fault.Marshal()
	require.NoError(t, err)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				var size [4]byte
				if _, err := io.ReadFull(conn, size[:]); err != nil {
					return
				}
				_, _ = io.CopyN(io.Discard, conn, int64(binary.BigEndian.Uint32(size[:])))
				if code < 0 {
					_, _ = conn.Read(size[:])
					return
				}
				_, _ = conn.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(answer))), answer...))
			}()
		}
	}()
	file := filepath.Join(t.TempDir(), "krb5.conf")
	text := fmt.Sprintf("[libdefaults]\n default_realm = FAKE.EXAMPLE\n udp_preference_limit = 1\n[realms]\n FAKE.EXAMPLE = {\n  kdc = %s\n }\n", listener.Addr())
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	return file
}

func kerberosOptions(t *testing.T, krb5 string) ad.Options {
	o := newFake(t).options()
	o.Auth, o.Security, o.KRB5Conf = ad.AuthKerberos, ad.SecuritySeal, krb5
	return o
}

// What a Kerberos service may answer is said in words, with what to do.
func TestRefusalsOfTheKerberosService(t *testing.T) {
	for code, text := range map[int32]string{
		errorcode.KDC_ERR_C_PRINCIPAL_UNKNOWN: "Kerberos knows no such user",
		errorcode.KDC_ERR_CLIENT_REVOKED:      "the account is disabled, locked or expired, or may not log on at this hour",
		errorcode.KDC_ERR_NAME_EXP:            "the account has expired",
		errorcode.KDC_ERR_POLICY:              "a policy of the domain forbids this logon",
		errorcode.KDC_ERR_KEY_EXPIRED:         "the password has expired or must be changed",
		errorcode.KDC_ERR_S_PRINCIPAL_UNKNOWN: "Kerberos knows no domain controller of that name",
		errorcode.KDC_ERR_ETYPE_NOSUPP:        "share no kind of encryption",
		errorcode.KDC_ERR_PADATA_TYPE_NOSUPP:  "by smart card only",
		errorcode.KRB_AP_ERR_SKEW:             "the clocks of this computer and of the domain controller differ too much",
		errorcode.KRB_AP_ERR_TKT_EXPIRED:      "the Kerberos ticket has expired",
		errorcode.KRB_AP_ERR_TKT_NYV:          "the Kerberos ticket is not valid yet",
		errorcode.KRB_AP_ERR_BADKEYVER:        "another key than the ticket was made for",
	} {
		t.Run(text, func(t *testing.T) {
			_, err := ad.Connect(t.Context(), kerberosOptions(t, kerberosService(t, code)))
			require.ErrorIs(t, err, ad.ErrCredentials)
			assert.ErrorContains(t, err, text)
			assert.NotEmpty(t, ad.Hint(err))
			assert.NotContains(t, err.Error(), "Root cause")
		})
	}
}

func TestKerberosServiceThatIsABlackHole(t *testing.T) {
	o := kerberosOptions(t, kerberosService(t, -1))
	o.Timeout = 500 * time.Millisecond
	began := time.Now()
	_, err := ad.Connect(t.Context(), o)
	require.ErrorIs(t, err, ad.ErrUnreachable)
	assert.ErrorContains(t, err, "the Kerberos service did not answer")
	assert.Contains(t, ad.Hint(err), "port 88")
	assert.Less(t, time.Since(began), 4*time.Second, "the library waits for five seconds by itself")

	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	o.Timeout = 0
	_, err = ad.Connect(ctx, o)
	require.ErrorIs(t, err, context.Canceled)
	assert.ErrorContains(t, err, "it was given up")
}

func TestKerberosServiceThatIsAway(t *testing.T) {
	file := filepath.Join(t.TempDir(), "krb5.conf")
	text := fmt.Sprintf("[libdefaults]\n default_realm = FAKE.EXAMPLE\n udp_preference_limit = 1\n[realms]\n FAKE.EXAMPLE = {\n  kdc = %s\n }\n", closedPort(t))
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	_, err := ad.Connect(t.Context(), kerberosOptions(t, file))
	require.ErrorIs(t, err, ad.ErrUnreachable)
	assert.ErrorContains(t, err, "the Kerberos service did not answer")
}

// Tickets and keys that do not fit, against a real Kerberos service.
func TestTicketsAndKeysThatDoNotFit(t *testing.T) {
	lab := adtest.Lab(t)
	password := lab.Target.Password(t, "svc-import")
	t.Setenv("KRB5CCNAME", "")
	empty := filepath.Join(t.TempDir(), "empty")
	require.NoError(t, os.WriteFile(empty, nil, 0o600))
	for name, tc := range map[string]struct {
		change func(*ad.Options)
		text   string
	}{
		"expired ticket": {func(o *ad.Options) {
			o.CCache = makeCache(t, lab, "svc-import", password, "-l", "1s")
			time.Sleep(2 * time.Second)
		}, "has expired on"},
		"no ticket cache":             {func(o *ad.Options) { o.CCache = filepath.Join(t.TempDir(), "none") }, "read the Kerberos ticket cache"},
		"empty ticket cache":          {func(o *ad.Options) { o.CCache = empty }, "read the Kerberos ticket cache"},
		"cache in the kernel":         {func(o *ad.Options) { t.Setenv("KRB5CCNAME", "KEYRING:persistent:0") }, "is not a file"},
		"keytab of a former password": {func(o *ad.Options) { o.Keytab = makeKeytab(t, lab, "svc-import", "Former-Passw0rd", 1) }, "does not fit the account's present password"},
		"keytab of another version":   {func(o *ad.Options) { o.Keytab = makeKeytab(t, lab, "svc-import", password, 9) }, "the keytab has no key that fits"},
		"keytab of somebody else":     {func(o *ad.Options) { o.Keytab = makeKeytab(t, lab, "svc-approver", password, 1) }, "the keytab has no key that fits"},
		"keytab that is none":         {func(o *ad.Options) { o.Keytab = lab.CAFile }, "read the keytab"},
	} {
		t.Run(name, func(t *testing.T) {
			o := options(t, lab, lab.Target, "svc-import")
			o.Auth, o.KRB5Conf, o.Password = ad.AuthKerberos, lab.Krb5, ""
			tc.change(&o)
			_, err := ad.Connect(t.Context(), o)
			require.ErrorIs(t, err, ad.ErrCredentials)
			t.Log(err, "|", ad.Hint(err))
			assert.ErrorContains(t, err, tc.text)
			assert.NotEmpty(t, ad.Hint(err))
		})
	}
}
