package ad

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
)

// endpoint is one controller's address and the protection to use there.
type endpoint struct {
	host, port string
	security   Security
}

func (e endpoint) String() string {
	scheme := "ldap"
	if e.security == SecurityLDAPS {
		scheme = "ldaps"
	}
	return scheme + "://" + net.JoinHostPort(e.host, e.port)
}

// parseEndpoint reads a server as it is configured: a URL or a bare host.
func parseEndpoint(server string, security Security) (endpoint, error) {
	text := server
	if ip := net.ParseIP(text); ip != nil && ip.To4() == nil {
		text = "[" + text + "]"
	}
	if !strings.Contains(text, "://") {
		text = "//" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" || u.User != nil {
		return endpoint{}, fmt.Errorf("%q is not the address of a server; write it as ldaps://dc1.plant.example", server)
	}
	e := endpoint{host: u.Hostname(), port: strings.TrimLeft(u.Port(), "0"), security: security}
	switch scheme := strings.ToLower(u.Scheme); {
	case scheme != "" && scheme != "ldap" && scheme != "ldaps":
		return endpoint{}, fmt.Errorf("the server %q is neither ldaps:// nor ldap://", server)
	case scheme == "ldap" && security == SecurityLDAPS:
		return endpoint{}, fmt.Errorf("the server %q is plain ldap://, and the connection must be ldaps; write ldaps://, or ask for \"starttls\" or \"seal\"", server)
	case scheme == "ldaps" && security != SecurityLDAPS && u.Port() != "":
		return endpoint{}, fmt.Errorf("the server %q is ldaps:// with a port, and the connection must be %q; write ldap://", server, security)
	}
	if e.port == "" {
		e.port = standardPort(security)
	}
	if e.port == "3268" || e.port == "3269" { // MS-ADTS 3.1.1.3.1.10
		return endpoint{}, fmt.Errorf("the server %q is a global catalog, which holds only a part of the attributes; name the domain controller with port 636 or 389, or without a port", server)
	}
	return e, nil
}

func standardPort(security Security) string {
	if security == SecurityLDAPS {
		return "636"
	}
	return "389"
}

// wire is a connection to a controller before anybody logged on.
type wire struct {
	host    string // as it was asked for
	conn    *ldap.Conn
	entries *entryConn
	tracked *trackedConn
	seal    *sealedConn       // where the protection is to be Kerberos'
	leaf    *x509.Certificate // the controller's, where there is TLS
}

// dial connects; ctx bounds the TLS handshake, too.
func (e endpoint) dial(ctx context.Context, dialer *net.Dialer, roots *x509.CertPool) (wire, error) {
	raw, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(e.host, e.port))
	if err != nil {
		return wire{}, err
	}
	w := wire{host: e.host, tracked: newTrackedConn(raw)}
	stop := context.AfterFunc(ctx, func() { _ = raw.Close() })
	defer stop()
	if err := w.protect(ctx, e, &tls.Config{RootCAs: roots, ServerName: e.host, MinVersion: tls.VersionTLS12}); err != nil {
		_ = raw.Close()
		return wire{}, errors.Join(ctx.Err(), err)
	}
	w.conn.Start()
	return w, nil
}

func (w *wire) protect(ctx context.Context, e endpoint, config *tls.Config) error {
	switch e.security {
	case SecurityLDAPS:
		return w.handshake(ctx, config)
	case SecurityStartTLS:
		if err := startTLS(w.tracked); err != nil {
			return err
		}
		return w.handshake(ctx, config)
	case SecuritySeal:
		w.seal = &sealedConn{Conn: w.tracked}
		w.speak(w.seal, false)
	case SecurityPlaintext:
		w.speak(w.tracked, false)
	default:
		return fmt.Errorf("%q is not a way to protect a connection", e.security)
	}
	return nil
}

func (w *wire) speak(conn net.Conn, secure bool) {
	w.entries = newEntryConn(conn)
	w.conn = ldap.NewConn(w.entries, secure)
}

func (w *wire) handshake(ctx context.Context, config *tls.Config) error {
	secure := tls.Client(w.tracked, config)
	if err := secure.HandshakeContext(ctx); err != nil {
		return tlsFault(err)
	}
	w.leaf = secure.ConnectionState().PeerCertificates[0]
	w.speak(secure, true)
	return nil
}

// startTLS asks for TLS (RFC 4511, 4.14). go-ldap does so, too, but hands the
// faults of certificates as words only.
func startTLS(conn net.Conn) error {
	const oid = "1.3.6.1.4.1.1466.20037"
	request := ber.NewSequence("")
	request.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, 1, ""))
	extended := ber.Encode(ber.ClassApplication, ber.TypeConstructed, ldap.ApplicationExtendedRequest, nil, "")
	extended.AppendChild(ber.NewString(ber.ClassContext, ber.TypePrimitive, 0, oid, ""))
	request.AppendChild(extended)
	if _, err := conn.Write(request.Bytes()); err != nil {
		return err
	}
	answer, err := ber.ReadPacket(conn)
	if err != nil {
		return err
	}
	if err := ldap.GetLDAPError(answer); err != nil {
		return &Error{Kind: ErrRefused, Err: err, Hint: "the domain controller has no certificate, or something on the way answers in its place; give it one, or find out what that is"}
	}
	return nil
}

// readAuthorities takes PEM, and one certificate in DER, as Windows exports it.
func readAuthorities(file string) (*x509.CertPool, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read the certificates of trusted authorities: %w", err)
	}
	pool := x509.NewCertPool()
	if pool.AppendCertsFromPEM(text) {
		return pool, nil
	}
	cert, err := x509.ParseCertificate(text)
	if err != nil {
		return nil, fmt.Errorf("the file %s holds no certificate, neither as PEM (\"-----BEGIN CERTIFICATE-----\") nor as DER", file)
	}
	pool.AddCert(cert)
	return pool, nil
}
