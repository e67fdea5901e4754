package ad_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
)

func TestCertificateFaults(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*x509.Certificate)
		text   string
	}{
		"expired": {func(c *x509.Certificate) {
			c.NotBefore, c.NotAfter = time.Date(2020, 1, 2, 0, 0, 0, 0, time.UTC), time.Date(2021, 3, 4, 0, 0, 0, 0, time.UTC)
		}, "it is valid from 2020-01-02 to 2021-03-04"},
		"not yet valid":   {func(c *x509.Certificate) { c.NotBefore = time.Now().Add(24 * time.Hour) }, "it is valid from"},
		"name in subject": {func(c *x509.Certificate) { c.IPAddresses = nil }, `bears the name "DC1.plant.example" in its subject alone`},
		"another name": {func(c *x509.Certificate) {
			c.IPAddresses, c.DNSNames = nil, []string{"dc1.plant.example", "plant.example"}
		},
			"it is not for 127.0.0.1 but for dc1.plant.example, plant.example"},
		"not for servers": {func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }, "key usage"},
		"negative serial": {func(*x509.Certificate) {}, "serial number is negative"},
	} {
		t.Run(name, func(t *testing.T) {
			address, ca := serveTLS(t, tc.change, name == "negative serial")
			_, err := ad.Connect(context.Background(), ad.Options{Servers: []string{address}, CAFile: ca, Username: "u", Password: "p", Timeout: 5 * time.Second})
			require.ErrorIs(t, err, ad.ErrCertificate)
			assert.ErrorContains(t, err, tc.text)
			assert.NotEmpty(t, ad.Hint(err))
		})
	}
}

// serveTLS is a server with a certificate of an authority of its own, whose
// file it gives.
func serveTLS(t *testing.T, change func(*x509.Certificate), negative bool) (address, ca string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	authority := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "CA"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(48 * time.Hour), KeyUsage: x509.KeyUsageCertSign}
	caDER, err := x509.CreateCertificate(rand.Reader, authority, authority, &key.PublicKey, key)
	require.NoError(t, err)
	ca = filepath.Join(t.TempDir(), "ca.pem")
	require.NoError(t, os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: caDER}), 0o600))

	leaf := &x509.Certificate{SerialNumber: big.NewInt(0x55), Subject: pkix.Name{CommonName: "DC1.plant.example"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotBefore: authority.NotBefore, NotAfter: authority.NotAfter,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	change(leaf)
	der, err := x509.CreateCertificate(rand.Reader, leaf, authority, &key.PublicKey, key)
	require.NoError(t, err)
	if negative {
		der = negateSerial(t, der)
	}
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}})
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() { _ = conn.(*tls.Conn).Handshake(); _ = conn.Close() }()
		}
	}()
	return listener.Addr().String(), ca
}

// negateSerial turns the serial number 0x55 into a negative one, as Samba's own
// certificates have at times. The signature breaks, but that is looked at later.
func negateSerial(t *testing.T, der []byte) []byte {
	t.Helper()
	var cert struct{ TBS, Algorithm, Signature asn1.RawValue }
	_, err := asn1.Unmarshal(der, &cert)
	require.NoError(t, err)
	for i := range cert.TBS.FullBytes {
		if string(cert.TBS.FullBytes[i:i+3]) == "\x02\x01\x55" {
			cert.TBS.FullBytes[i+2] = 0x85
			break
		}
	}
	changed, err := asn1.Marshal(cert)
	require.NoError(t, err)
	return changed
}
