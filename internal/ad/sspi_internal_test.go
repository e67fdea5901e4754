package ad

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"testing"

	"github.com/go-ldap/ldap/v3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// scripted answers as it is told to.
type scripted struct {
	completed bool
	flags     error
	qop       uint32
	message   []byte
	fault     error
}

func (s scripted) Update([]byte) (bool, []byte, error) { return s.completed, nil, s.fault }
func (s scripted) VerifyFlags() error                  { return s.flags }
func (s scripted) EncryptMessage(m []byte, _, _ uint32) ([]byte, error) {
	return append([]byte("sealed "), m...), nil
}
func (s scripted) DecryptMessage([]byte, uint32) (uint32, []byte, error) {
	return s.qop, s.message, s.fault
}

func TestSSPIRefusesAWeakLayer(t *testing.T) {
	for name, c := range map[string]struct {
		context scripted
		want    string
	}{
		"no sealing offered":   {scripted{qop: signedOnly, message: []byte{layerNone | 2, 0, 1, 0}}, "does not offer to seal"},
		"an offer not signed":  {scripted{message: []byte{layerSeal, 0, 1, 0}}, "malformed"},
		"a short offer":        {scripted{qop: signedOnly, message: []byte{layerSeal}}, "malformed"},
		"changed on the way":   {scripted{fault: syscall.Errno(0x8009030F)}, "read the controller's offer"},
		"sealing, and a limit": {scripted{qop: signedOnly, message: []byte{layerSeal | layerNone, 0, 1, 0}}, ""},
	} {
		client := &sspiClient{context: c.context}
		token, err := client.NegotiateSaslAuth([]byte("offer"), "")
		if c.want != "" {
			assert.ErrorContains(t, err, c.want, name)
			continue
		}
		require.NoError(t, err, name)
		assert.Equal(t, []byte{layerSeal, 0xff, 0xff, 0xff}, token[len("sealed "):])
		assert.Equal(t, 256, client.limit())
	}
	_, _, err := (&sspiClient{context: scripted{completed: true, flags: errors.New("no confidentiality")}}).InitSecContext("", []byte("x"))
	require.ErrorContains(t, err, "no confidentiality")
	_, err = (&sspiClient{context: scripted{qop: signedOnly, message: []byte("x")}}).unseal(nil)
	require.ErrorIs(t, err, errNotSealed, "signed alone")
	_, err = (&sspiClient{context: scripted{fault: syscall.Errno(0x80090310)}}).unseal(nil)
	require.ErrorContains(t, err, "changed on the way")
}

// A service that Kerberos does not know is passed over for the next; another fault
// is not.
func TestSSPITriesTheServices(t *testing.T) {
	for _, c := range []struct {
		first error
		tried int
	}{{syscall.Errno(targetUnknown), 2}, {syscall.Errno(0x8009030E), 1}, {nil, 1}} {
		tried := 0
		client := &sspiClient{services: []string{"ldap/alias/plant.example", "ldap/dc1/plant.example"}, begin: func(string) (sspiContext, []byte, error) {
			if tried++; tried == 1 {
				return scripted{}, nil, c.first
			}
			return scripted{}, []byte("token"), nil
		}}
		_, more, err := client.InitSecContext("", nil)
		assert.Equal(t, c.tried, tried)
		assert.True(t, more)
		assert.Equal(t, c.first != nil && c.tried == 1, err != nil)
	}
}

// Where another controller may do better, the fault lets it be tried.
func TestFaultsOfSSPIAreToldApart(t *testing.T) {
	for code, want := range map[uint32]struct {
		kind         error
		reason, hint string
	}{
		targetUnknown: {ErrUnreachable, "knows no domain controller of that name (0x80090303)", "servers"},
		0x80090311:    {ErrUnreachable, "no domain controller gave a Kerberos ticket", "port 88"},
		0x80090350:    {ErrUnreachable, "no domain controller gave a Kerberos ticket", "port 88"},
		0x80090322:    {ErrUnreachable, "another computer", "used twice"},
		0x80090324:    {ErrCredentials, "clocks", "five minutes"},
		0x8009030C:    {ErrCredentials, "refused the logon", "Test-ADServiceAccount"},
		0x8009030E:    {ErrCredentials, "no Kerberos logon", "group managed service account"},
		0x80090346:    {ErrCredentials, "another TLS connection", "TLS on the way"},
		0x80090331:    {ErrCredentials, "encryption", "AES"},
		0x80090999:    {ErrCredentials, "", ""},
	} {
		err := sspiError(fmt.Errorf("in a library: %w", syscall.Errno(code)))
		require.ErrorIs(t, err, want.kind)
		assert.NotErrorIs(t, err, ErrPassword)
		assert.ErrorContains(t, err, want.reason)
		assert.Contains(t, Hint(err), want.hint)
	}
	assert.NoError(t, sspiError(nil))
	require.ErrorIs(t, sspiError(ldap.NewError(ldap.LDAPResultInvalidCredentials, errors.New("80090308: data 533"))), ErrCredentials)
}

func TestALogonThatHangsIsGivenUp(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	release := make(chan struct{})
	defer close(release)
	err := interruptible(ctx, func() error { cancel(); <-release; return nil })
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, err, ErrUnreachable)
}

func TestWindowsHasNoTicketCacheFile(t *testing.T) {
	t.Setenv("KRB5CCNAME", "")
	_, err := ticketCache("windows", "")
	require.ErrorIs(t, err, ErrCredentials)
	assert.NotContains(t, err.Error(), "krb5cc")
	assert.Contains(t, Hint(err), `"auth" to "integrated"`)
	file, err := ticketCache("windows", `C:\tickets`)
	require.NoError(t, err)
	assert.Equal(t, `C:\tickets`, file)
}
