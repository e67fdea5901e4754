package ad

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"
)

// soonExpired is how long before its end a certificate is warned about.
const soonExpired = 30 * 24 * time.Hour

// protection makes the connection safe, as far as that is done before a logon.
func (d *diagnosis) protection(ctx context.Context, e endpoint, conn net.Conn) bool {
	switch e.security {
	case SecuritySeal:
		return d.done("tls", e.host, "is not spoken to in TLS; Kerberos signs and seals after the logon", nil)
	case SecurityPlaintext:
		d.tell(Step{Name: "tls", Object: e.host, Text: "is spoken to in plaintext",
			Warning: "everybody on the network can read and change what is sent, the password of the logon included; use ldaps, starttls or seal"})
		return true
	case SecurityStartTLS:
		if err := startTLS(conn); err != nil {
			return d.done("tls", e.host, "", d.options.connectError(e, err))
		}
	}
	return d.certificate(ctx, e, conn)
}

// certificate judges the controller's certificate as every connection does,
// but shows it whatever comes of that.
func (d *diagnosis) certificate(ctx context.Context, e endpoint, conn net.Conn) bool {
	secure := tls.Client(conn, &tls.Config{InsecureSkipVerify: true, ServerName: e.host, MinVersion: tls.VersionTLS12}) //nolint:gosec // nothing is sent; verified below
	if err := secure.HandshakeContext(ctx); err != nil {
		err = d.options.connectError(e, tlsFault(err))
		d.distrusted[e.host] = errors.Is(err, ErrCertificate)
		return d.done("tls", e.host, "", err)
	}
	state := secure.ConnectionState()
	leaf := state.PeerCertificates[0]
	step := Step{Name: "tls", Object: e.host, Text: "speaks " + tls.VersionName(state.Version) + "; " + chainText(state.PeerCertificates)}
	switch err := verify(e.host, state.PeerCertificates, d.client.roots); {
	case err != nil:
		step.Err = d.options.connectError(e, tlsFault(&tls.CertificateVerificationError{UnverifiedCertificates: state.PeerCertificates, Err: err}))
	case time.Until(leaf.NotAfter) < soonExpired:
		step.Warning = fmt.Sprintf("its certificate ends on %s; renew it before", leaf.NotAfter.Format(time.DateOnly))
	}
	d.distrusted[e.host] = step.Err != nil
	d.tell(step)
	return step.Err == nil
}

// verify does what crypto/tls does without InsecureSkipVerify.
func verify(host string, chain []*x509.Certificate, roots *x509.CertPool) error {
	between := x509.NewCertPool()
	for _, cert := range chain[1:] {
		between.AddCert(cert)
	}
	_, err := chain[0].Verify(x509.VerifyOptions{Roots: roots, DNSName: host, Intermediates: between})
	return err
}

func chainText(chain []*x509.Certificate) string {
	text := "its certificate is " + certificateText(chain[0])
	for _, cert := range chain {
		text += fmt.Sprintf(", issued by %q", cert.Issuer.String())
		if cert.Issuer.String() == cert.Subject.String() {
			break
		}
	}
	return strings.ReplaceAll(text, "\n", " ")
}
