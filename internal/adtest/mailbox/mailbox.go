// Package mailbox is a mail server on the loopback address, for tests: it speaks
// TLS by a certificate of an authority of its own, and keeps what it is given.
package mailbox

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"mime"
	"mime/quotedprintable"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/adtest"
)

// Username and Password are who may hand in mail.
const (
	Username = "svc-mail"
	Password = "Mail-Passw0rd"
)

// Mail is what one recipient got.
type Mail struct {
	To      string
	Subject string
	Header  mail.Header
	Text    string
}

// Options say in which way a server is another one.
type Options struct {
	TLS      bool          // from the first byte
	Plain    bool          // it knows no STARTTLS
	Name     string        // of its certificate; "": 127.0.0.1
	Stranger string        // recipient whom it refuses
	Once     bool          // it ends the connection after each letter, and each recipient whom it refuses
	Hangs    string        // where it says nothing more: one of Stages
	Slow     time.Duration // that each letter takes
}

// Stages are where a server may hang; at AfterData it has the letter.
var Stages = []string{AtGreeting, "TLS", "AUTH", "MAIL", "RCPT", "DATA", AfterData}

const (
	AtGreeting = "greeting"
	AfterData  = "end of DATA"
)

// Box is the server.
type Box struct {
	Address string
	CAFile  string
	Secrets adtest.Secrets // must be in no mail

	options Options
	over    chan struct{} // with the test
	mu      sync.Mutex
	mails   []Mail
	said    strings.Builder // all mails, as they came and as they are read
}

// Open starts a server, which ends with the test.
func Open(t *testing.T, o Options) *Box {
	t.Helper()
	b := &Box{options: o, over: make(chan struct{}), CAFile: filepath.Join(t.TempDir(), "ca.pem"), Secrets: adtest.Secrets{"the mail password": Password}}
	t.Cleanup(func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.Secrets.Nowhere(t, map[string]string{"a mail": b.said.String()})
	})
	trust := b.certificate(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	b.Address = listener.Addr().String()
	t.Cleanup(func() { _ = listener.Close() })
	t.Cleanup(func() { close(b.over) })
	if o.Hangs == AtGreeting {
		return b
	}
	trust.GetConfigForClient = func(*tls.ClientHelloInfo) (*tls.Config, error) { b.at("TLS"); return nil, nil }
	server := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return &session{box: b, connection: c}, nil }))
	server.Domain = "127.0.0.1"
	server.ReadTimeout, server.WriteTimeout = time.Minute, time.Minute
	server.AllowInsecureAuth = o.Plain // as a server does that does not care
	switch {
	case o.TLS:
		listener = tls.NewListener(listener, trust)
	case !o.Plain:
		server.TLSConfig = trust
	}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return b
}

// at hangs where it is wanted.
func (b *Box) at(stage string) {
	if b.options.Hangs == stage {
		<-b.over
	}
}

// Take is what came since the last call.
func (b *Box) Take() []Mail {
	b.mu.Lock()
	defer b.mu.Unlock()
	taken := b.mails
	b.mails = nil
	return taken
}

// certificate writes the authority's to CAFile.
func (b *Box) certificate(t *testing.T) *tls.Config {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mailbox"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature}
	if b.options.Name != "" {
		c.DNSNames = []string{b.options.Name}
	} else {
		c.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(b.CAFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
}

type session struct {
	box   *Box
	known bool
	to    string
	asked bool // for a recipient

	connection *smtp.Conn
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	s.box.at("AUTH")
	return sasl.NewPlainServer(func(_, username, password string) error {
		if username != Username || password != Password {
			return smtp.ErrAuthFailed
		}
		s.known = true
		return nil
	}), nil
}

func (s *session) Mail(string, *smtp.MailOptions) error {
	s.box.at("MAIL")
	if !s.known {
		return smtp.ErrAuthRequired
	}
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.box.at("RCPT")
	s.asked = true
	if to == s.box.options.Stranger {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
	}
	if s.to != "" {
		return errors.New("one recipient a mail was promised")
	}
	s.to = to
	return nil
}

func (s *session) Data(r io.Reader) error {
	s.box.at("DATA")
	defer s.box.at(AfterData)
	time.Sleep(s.box.options.Slow)
	s.box.mu.Lock()
	defer s.box.mu.Unlock()
	letter, err := mail.ReadMessage(io.TeeReader(r, &s.box.said))
	if err != nil {
		return err
	}
	body := letter.Body
	if strings.EqualFold(letter.Header.Get("Content-Transfer-Encoding"), "quoted-printable") {
		body = quotedprintable.NewReader(body)
	}
	text, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(letter.Header.Get("Subject"))
	if err != nil {
		return err
	}
	s.box.said.WriteString(subject + "\n" + string(text))
	s.box.mails = append(s.box.mails, Mail{To: s.to, Subject: subject, Header: letter.Header, Text: strings.ReplaceAll(string(text), "\r\n", "\n")})
	return nil
}

func (s *session) Reset() {
	s.to = ""
	if s.box.options.Once && s.asked {
		_ = s.connection.Conn().Close() // its own Close waits for who calls this
	}
}

func (s *session) Logout() error { return nil }
