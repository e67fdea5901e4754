package adtest

import (
	"crypto/tls"
	"path/filepath"
	"testing"
)

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
