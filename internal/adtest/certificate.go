package adtest

import (
	"crypto/tls"
	"net"
	"path/filepath"
	"testing"

	"crypto/x509"
)

// Certificate is for a listener on a loopback address, signed by an authority of
// its own, which caFile holds.
func Certificate(t testing.TB, address string) (caFile string, certificate tls.Certificate) {
	t.Helper()
	dir := t.TempDir()
	caFile = filepath.Join(dir, "ca.pem")
	ca := newCertificate("Test authority of ad-user-sync")
	ca.IsCA, ca.BasicConstraintsValid, ca.KeyUsage = true, true, x509.KeyUsageCertSign
	caKey, err := issue(ca, ca, nil, caFile, "")
	if err != nil {
		t.Fatal(err)
	}
	leaf := newCertificate(address)
	leaf.IPAddresses = []net.IP{net.ParseIP(address)}
	leaf.KeyUsage, leaf.ExtKeyUsage = x509.KeyUsageDigitalSignature, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	certFile, keyFile := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	if _, err := issue(leaf, ca, caKey, certFile, keyFile); err != nil {
		t.Fatal(err)
	}
	return caFile, loadCertificate(t, certFile, keyFile)
}

// Certificate is the one that the domain's controller shows.
func (d Domain) Certificate(t testing.TB) tls.Certificate {
	t.Helper()
	return loadCertificate(t, d.certFile(), d.keyFile())
}

func loadCertificate(t testing.TB, certFile, keyFile string) tls.Certificate {
	t.Helper()
	certificate, err := tls.LoadX509KeyPair(certFile, keyFile)
	if err != nil {
		t.Fatal(err)
	}
	return certificate
}
