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
	if !strings.Contains(text, "://") {
		text = "//" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" || u.User != nil {
		return endpoint{}, fmt.Errorf("%q is not the address of a server; write it as ldaps://dc1.plant.example", server)
	}
	e := endpoint{host: u.Hostname(), port: u.Port(), security: security}
	switch scheme := strings.ToLower(u.Scheme); {
	case scheme != "" && scheme != "ldap" && scheme != "ldaps":
		return endpoint{}, fmt.Errorf("the server %q is neither ldaps:// nor ldap://", server)
	case scheme == "ldap" && security == SecurityLDAPS:
		return endpoint{}, fmt.Errorf("the server %q is plain ldap://, and the connection must be ldaps; write ldaps://, or ask for \"starttls\" or \"seal\"", server)
	case scheme == "ldaps" && security != SecurityLDAPS && u.Port() != "":
		return endpoint{}, fmt.Errorf("the server %q is ldaps:// with a port, and the connection must be %q; write ldap://", server, security)
	}
	if e.port == "" {
		e.port = "389"
		if security == SecurityLDAPS {
			e.port = "636"
		}
	}
	return e, nil
}

// wire is a connection to a controller before anybody logged on.
type wire struct {
	conn *ldap.Conn
	seal *sealedConn       // where the protection is to be Kerberos'
	leaf *x509.Certificate // the controller's, where there is TLS
}

// dial connects; ctx bounds the TLS handshake, too.
func (e endpoint) dial(ctx context.Context, o Options) (wire, error) {
	roots, err := o.trust()
	if err != nil {
		return wire{}, err
	}
	config := &tls.Config{RootCAs: roots, ServerName: e.host, MinVersion: tls.VersionTLS12}
	raw, err := (&net.Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort(e.host, e.port))
	if err != nil {
		return wire{}, err
	}
	switch e.security {
	case SecurityLDAPS:
		return dialTLS(ctx, raw, config, o)
	case SecurityStartTLS:
		return startTLS(ctx, raw, config, o)
	case SecuritySeal:
		sealed := &sealedConn{Conn: raw}
		return wire{conn: start(sealed, false, o), seal: sealed}, nil
	case SecurityPlaintext:
		return wire{conn: start(raw, false, o)}, nil
	}
	_ = raw.Close()
	return wire{}, fmt.Errorf("%q is no way to protect a connection", e.security)
}

func dialTLS(ctx context.Context, raw net.Conn, config *tls.Config, o Options) (wire, error) {
	secure := tls.Client(raw, config)
	if err := secure.HandshakeContext(ctx); err != nil {
		_ = raw.Close()
		return wire{}, tlsFault(err)
	}
	return wire{conn: start(secure, true, o), leaf: secure.ConnectionState().PeerCertificates[0]}, nil
}

func startTLS(ctx context.Context, raw net.Conn, config *tls.Config, o Options) (wire, error) {
	conn := start(raw, false, o)
	stop := context.AfterFunc(ctx, func() { _ = raw.Close() })
	defer stop()
	if err := conn.StartTLS(config); err != nil {
		_ = conn.Close()
		return wire{}, tlsFault(errors.Join(err, ctx.Err()))
	}
	state, _ := conn.TLSConnectionState()
	if len(state.PeerCertificates) == 0 {
		_ = conn.Close()
		return wire{}, errors.New("StartTLS ended without a certificate")
	}
	return wire{conn: conn, leaf: state.PeerCertificates[0]}, nil
}

func start(c net.Conn, isTLS bool, o Options) *ldap.Conn {
	conn := ldap.NewConn(c, isTLS)
	conn.SetTimeout(o.Timeout)
	conn.Start()
	return conn
}

func readAuthorities(file string) (*x509.CertPool, error) {
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read the certificates of trusted authorities: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("the file %s holds no certificate in PEM form (\"-----BEGIN CERTIFICATE-----\")", file)
	}
	return pool, nil
}
