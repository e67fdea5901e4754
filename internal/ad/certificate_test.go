package ad_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
)

// authority signs certificates of controllers.
type authority struct {
	t    *testing.T
	cert *x509.Certificate
	key  crypto.Signer
}

func newAuthority(t *testing.T, name string) authority {
	t.Helper()
	return authority{t: t, key: ecdsaKey(t)}.issued(name, nil)
}

func (a authority) issued(name string, by *authority) authority {
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(48 * time.Hour), KeyUsage: x509.KeyUsageCertSign}
	if by == nil {
		by = &authority{cert: template, key: a.key}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, by.cert, a.key.Public(), by.key)
	require.NoError(a.t, err)
	a.cert, err = x509.ParseCertificate(der)
	require.NoError(a.t, err)
	return a
}

// file is a PEM file of the authority.
func (a authority) file() string {
	file := filepath.Join(a.t.TempDir(), "ca.pem")
	require.NoError(a.t, os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw}), 0o600))
	return file
}

// leaf is a controller's certificate; change may be nil.
func (a authority) leaf(key crypto.Signer, change func(*x509.Certificate)) tls.Certificate {
	template := &x509.Certificate{SerialNumber: big.NewInt(0x55), Subject: pkix.Name{CommonName: "DC1.plant.example"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(48 * time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	if change != nil {
		change(template)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, key.Public(), a.key)
	require.NoError(a.t, err)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func ecdsaKey(t *testing.T) crypto.Signer {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	return key
}

// behindTLS is a controller with this certificate.
func behindTLS(t *testing.T, config *tls.Config) string {
	t.Helper()
	listener, err := tls.Listen("tcp", "127.0.0.1:0", config)
	require.NoError(t, err)
	return newFakeOn(t, listener).listener.Addr().String()
}

func overTLS(address, ca string) ad.Options {
	return ad.Options{Servers: []string{address}, CAFile: ca, Username: "u", Password: "p", Timeout: 5 * time.Second}
}

func TestCertificatesThatAreAccepted(t *testing.T) {
	root := newAuthority(t, "Root")
	between := authority{t: t, key: ecdsaKey(t)}.issued("Issuing", &root)
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	chained := between.leaf(ecdsaKey(t), nil)
	chained.Certificate = append(chained.Certificate, between.cert.Raw)
	own := authority{t: t, key: ecdsaKey(t)}
	alone := authority{t: t, key: own.key, cert: &x509.Certificate{Subject: pkix.Name{CommonName: "DC1.plant.example"}}}.leaf(own.key, nil)
	itself, err := x509.ParseCertificate(alone.Certificate[0])
	require.NoError(t, err)
	for name, tc := range map[string]struct {
		cert tls.Certificate
		ca   authority
	}{
		"ECDSA": {root.leaf(ecdsaKey(t), nil), root}, "RSA": {root.leaf(rsaKey, nil), root}, "with its intermediate": {chained, root},
		"self-signed, named itself in ca_file": {alone, authority{t: t, cert: itself}},
	} {
		t.Run(name, func(t *testing.T) {
			client := connect(t, overTLS(behindTLS(t, &tls.Config{Certificates: []tls.Certificate{tc.cert}}), tc.ca.file()))
			assert.True(t, client.Domain().Encrypted)
		})
	}
}

func TestCertificateFaults(t *testing.T) {
	root, stranger := newAuthority(t, "Root"), newAuthority(t, "Stranger")
	namesake := newAuthority(t, "Root")
	between := authority{t: t, key: ecdsaKey(t)}.issued("Issuing", &root)
	key := ecdsaKey(t)
	self := authority{t: t, key: key, cert: &x509.Certificate{Subject: pkix.Name{CommonName: "DC1.plant.example"}}}
	for name, tc := range map[string]struct {
		cert tls.Certificate
		text string
	}{
		"expired": {root.leaf(key, func(c *x509.Certificate) {
			c.NotBefore, c.NotAfter = time.Date(2020, 1, 2, 0, 0, 0, 0, time.UTC), time.Date(2021, 3, 4, 0, 0, 0, 0, time.UTC)
		}), "it is valid from 2020-01-02 to 2021-03-04, and today is"},
		"not yet valid":   {root.leaf(key, func(c *x509.Certificate) { c.NotBefore = time.Now().Add(24 * time.Hour) }), "it is valid from"},
		"name in subject": {root.leaf(key, func(c *x509.Certificate) { c.IPAddresses = nil }), `it has the name "DC1.plant.example" in its subject only`},
		"another name": {root.leaf(key, func(c *x509.Certificate) {
			c.IPAddresses, c.DNSNames = nil, []string{"dc1.plant.example", "plant.example"}
		}), "it is not for 127.0.0.1 but for dc1.plant.example, plant.example"},
		"an IP address as a DNS name": {root.leaf(key, func(c *x509.Certificate) {
			c.IPAddresses, c.DNSNames = nil, []string{"127.0.0.1"}
		}), "it has the IP address 127.0.0.1 as a DNS name"},
		"not for servers":      {root.leaf(key, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }), "it is not meant for servers"},
		"negative serial":      {negative(t, root.leaf(key, nil)), "its serial number is negative"},
		"unknown authority":    {stranger.leaf(key, nil), `it was signed by an unknown authority (issuer "CN=Stranger")`},
		"intermediate missing": {between.leaf(key, nil), `it was signed by an unknown authority (issuer "CN=Issuing"), whose own certificate the controller does not send along`},
		"self-signed":          {self.leaf(key, nil), "it is self-signed, and not trusted here"},
		"authority renewed":    {namesake.leaf(key, nil), "an authority of that name is trusted, with another key"},
		"authority as server":  {tls.Certificate{Certificate: [][]byte{between.cert.Raw}, PrivateKey: between.key}, "name"},
	} {
		t.Run(name, func(t *testing.T) {
			address := behindTLS(t, &tls.Config{Certificates: []tls.Certificate{tc.cert}})
			_, err := ad.Connect(t.Context(), overTLS(address, root.file()))
			require.ErrorIs(t, err, ad.ErrCertificate)
			t.Log(err, "|", ad.Hint(err))
			assert.ErrorContains(t, err, tc.text)
			assert.NotEmpty(t, ad.Hint(err))
		})
	}
}

// negative turns the serial number 0x55 into a negative one, as Samba's own
// certificates have at times. The signature breaks, but that is looked at later.
func negative(t *testing.T, leaf tls.Certificate) tls.Certificate {
	t.Helper()
	var cert struct{ TBS, Algorithm, Signature asn1.RawValue }
	_, err := asn1.Unmarshal(leaf.Certificate[0], &cert)
	require.NoError(t, err)
	for i := range cert.TBS.FullBytes {
		if string(cert.TBS.FullBytes[i:i+3]) == "\x02\x01\x55" {
			cert.TBS.FullBytes[i+2] = 0x85
			break
		}
	}
	changed, err := asn1.Marshal(cert)
	require.NoError(t, err)
	return tls.Certificate{Certificate: [][]byte{changed}, PrivateKey: leaf.PrivateKey}
}

func TestTLSThatCanNotBeAgreedOn(t *testing.T) {
	root := newAuthority(t, "Root")
	old := &tls.Config{Certificates: []tls.Certificate{root.leaf(ecdsaKey(t), nil)}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	weak := &tls.Config{Certificates: []tls.Certificate{root.leaf(rsaKey, nil)}, MaxVersion: tls.VersionTLS12,
		CipherSuites: []uint16{tls.TLS_RSA_WITH_3DES_EDE_CBC_SHA}} //nolint:gosec // that is the point
	for name, tc := range map[string]struct{ address, text, hint string }{
		"TLS 1.1 only":      {behindTLS(t, old), "it speaks no TLS 1.2 or newer", "TLS 1.2"},
		"weak ciphers only": {behindTLS(t, weak), "it offers no encryption that this program takes", "cipher"},
		"something else":    {speaking(t, "HTTP/1.1 400 Bad Request\r\n\r\n"), "it does not speak TLS on this port", "check the port"},
		"plain LDAP":        {newFake(t).listener.Addr().String(), "it closed the connection", "check the port"},
		"hangs up at once":  {speaking(t, ""), "it closed the connection", "check the port"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ad.Connect(t.Context(), overTLS(tc.address, root.file()))
			require.ErrorIs(t, err, ad.ErrUnreachable)
			t.Log(err, "|", ad.Hint(err))
			assert.ErrorContains(t, err, tc.text)
			assert.Contains(t, ad.Hint(err), tc.hint)
		})
	}
	t.Run("StartTLS on a port that speaks TLS at once", func(t *testing.T) {
		o := overTLS(behindTLS(t, &tls.Config{Certificates: []tls.Certificate{root.leaf(ecdsaKey(t), nil)}}), root.file())
		o.Security = ad.SecurityStartTLS
		_, err := ad.Connect(t.Context(), o)
		require.ErrorIs(t, err, ad.ErrUnreachable)
		assert.Contains(t, ad.Hint(err), "check the port")
	})
}

// speaking answers whatever comes with the same text, and hangs up.
func speaking(t *testing.T, text string) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Read(make([]byte, 1))
			_, _ = io.WriteString(conn, text)
			_ = conn.Close()
		}
	}()
	return listener.Addr().String()
}

// Without ca_file the system's trust store decides; it is read once in a
// process, so that another one has to look.
func TestTheSystemsTrustStore(t *testing.T) {
	if address := os.Getenv("TEST_TRUSTED_SERVER"); address != "" {
		_, err := ad.Connect(t.Context(), overTLS(address, ""))
		require.NoError(t, err)
		return
	}
	root := newAuthority(t, "Root")
	address := behindTLS(t, &tls.Config{Certificates: []tls.Certificate{root.leaf(ecdsaKey(t), nil)}})
	_, err := ad.Connect(t.Context(), overTLS(address, ""))
	require.ErrorIs(t, err, ad.ErrCertificate)
	child := exec.Command(os.Args[0], "-test.run=^TestTheSystemsTrustStore$")
	child.Env = append(os.Environ(), "TEST_TRUSTED_SERVER="+address, "SSL_CERT_FILE="+root.file())
	out, err := child.CombinedOutput()
	require.NoError(t, err, string(out))
}

// Windows exports a certificate as DER unless it is told not to.
func TestAuthoritiesInDER(t *testing.T) {
	root, key := newAuthority(t, "Root"), ecdsaKey(t)
	file := filepath.Join(t.TempDir(), "ca.cer")
	require.NoError(t, os.WriteFile(file, root.cert.Raw, 0o600))
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{root.leaf(key, nil)}})
	require.NoError(t, err)
	f := newFakeOn(t, listener)
	o := f.options()
	o.Security, o.CAFile = ad.SecurityLDAPS, file
	assert.Equal(t, ad.SecurityLDAPS, connect(t, o).Domain().Security)
	require.NoError(t, os.WriteFile(file, []byte("none"), 0o600))
	_, err = ad.Connect(t.Context(), o)
	assert.ErrorContains(t, err, "holds no certificate, neither as PEM")
}
