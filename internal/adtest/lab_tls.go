package adtest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// ensureCertificates makes an authority and one certificate for each
// controller, and keeps them as long as they are there.
func ensureCertificates(caFile string, controllers ...Domain) error {
	files := []string{caFile}
	for _, d := range controllers {
		files = append(files, d.certFile(), d.keyFile())
	}
	if complete(files...) {
		return nil
	}
	ca := newCertificate("Lab authority of ad-user-sync")
	ca.IsCA, ca.BasicConstraintsValid, ca.KeyUsage = true, true, x509.KeyUsageCertSign
	caKey, err := issue(ca, ca, nil, caFile, "")
	if err != nil {
		return err
	}
	for _, d := range controllers {
		if err := os.MkdirAll(filepath.Dir(d.certFile()), 0o700); err != nil {
			return err
		}
		leaf := newCertificate(d.Host)
		leaf.DNSNames = []string{d.Host, d.Name}
		leaf.IPAddresses = []net.IP{net.ParseIP(d.Address)}
		leaf.KeyUsage = x509.KeyUsageDigitalSignature
		leaf.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
		if _, err := issue(leaf, ca, caKey, d.certFile(), d.keyFile()); err != nil {
			return err
		}
	}
	return nil
}

func newCertificate(name string) *x509.Certificate {
	serial, _ := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	return &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-24 * time.Hour), NotAfter: time.Now().AddDate(10, 0, 0),
	}
}

// issue signs with parentKey, or with the new key where that is nil.
func issue(cert, parent *x509.Certificate, parentKey *ecdsa.PrivateKey, certFile, keyFile string) (*ecdsa.PrivateKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	if parentKey == nil {
		parentKey = key
	}
	der, err := x509.CreateCertificate(rand.Reader, cert, parent, &key.PublicKey, parentKey)
	if err != nil {
		return nil, err
	}
	if keyFile != "" {
		bytes, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			return nil, err
		}
		if err := os.WriteFile(keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: bytes}), 0o600); err != nil {
			return nil, err
		}
	}
	return key, os.WriteFile(certFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o644)
}

func complete(files ...string) bool {
	for _, file := range files {
		if _, err := os.Stat(file); err != nil {
			return false
		}
	}
	return true
}

func (d Domain) certFile() string { return filepath.Join(d.dir, "tls", "cert.pem") }
func (d Domain) keyFile() string  { return filepath.Join(d.dir, "tls", "key.pem") }

// Certificate is for a listener on a loopback address, signed by an authority of
// its own, which caFile holds.
func Certificate(t testing.TB, address string) (caFile string, certificate tls.Certificate) {
	t.Helper()
	listener := Domain{Name: "localhost", Host: "localhost", Address: address, dir: t.TempDir()}
	caFile = filepath.Join(listener.dir, "ca.pem")
	if err := ensureCertificates(caFile, listener); err != nil {
		t.Fatal(err)
	}
	return caFile, listener.Certificate(t)
}

// Certificate is the one that the domain's controller shows.
func (d Domain) Certificate(t testing.TB) tls.Certificate {
	t.Helper()
	certificate, err := tls.LoadX509KeyPair(d.certFile(), d.keyFile())
	if err != nil {
		t.Fatal(err)
	}
	return certificate
}
