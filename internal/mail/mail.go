// Package mail sends a text to several people by SMTP. The connection is encrypted
// and the server's certificate verified, always.
package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/wneessen/go-mail"

	"ad-user-sync/internal/files"
)

// Account is where mail is handed in, and from whom it is.
type Account struct {
	Server   string // host, or host:port
	TLS      bool   // from the first byte; else STARTTLS, which must be there
	CAFile   string // "": the system's authorities
	Username string // "": no logon
	Password string
	From     string
}

// Message is a text for several people. Each gets a mail of their own.
type Message struct {
	To      []string
	Subject string
	Text    string
}

const (
	portSubmission  = 587
	portSubmissions = 465 // TLS from the first byte, RFC 8314
)

// Send hands in the message. Sent counts who was served: one recipient whom
// the server refuses keeps no other from it. It ends with the context; who was
// served by then is counted.
func Send(ctx context.Context, a Account, m Message) (sent int, err error) {
	client, err := a.client(ctx)
	if err != nil {
		return 0, err
	}
	var letters []*mail.Msg
	for _, to := range m.To {
		letter, err := a.letter(to, m)
		if err != nil {
			return 0, err
		}
		letters = append(letters, letter)
	}
	var served atomic.Int32
	done := make(chan error, 1)
	go func() { done <- a.deliver(ctx, client, letters, &served) }() // a server that drips keeps a connection beyond any deadline
	select {
	case err = <-done:
	case <-ctx.Done():
		err = fmt.Errorf("mail by %s: it took too long: %w", a.Server, ctx.Err())
	}
	return int(served.Load()), err
}

func (a Account) deliver(ctx context.Context, client *mail.Client, letters []*mail.Msg, served *atomic.Int32) error {
	if err := client.DialWithContext(ctx); err != nil {
		return fmt.Errorf("mail by %s: %w", a.Server, err)
	}
	defer func() { _ = client.Close() }() // what was accepted is accepted
	var faults []error
	for _, letter := range letters {
		err := client.Send(letter)
		if fault, ok := errors.AsType[*mail.SendError](err); ok && fault.Reason == mail.ErrConnCheck { // the server ended the connection after the letter before: it has nothing of this one
			_ = client.Close()
			if err = client.DialWithContext(ctx); err == nil {
				err = client.Send(letter)
			}
		}
		if err != nil && !letter.IsDelivered() {
			faults = append(faults, fmt.Errorf("mail by %s to %s: %w", a.Server, letter.GetToString()[0], err))
			continue
		}
		served.Add(1)
	}
	return errors.Join(faults...)
}

func (a Account) client(ctx context.Context) (*mail.Client, error) {
	host, port, err := a.address()
	if err != nil {
		return nil, err
	}
	trust := &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}
	if trust.RootCAs, err = a.authorities(); err != nil {
		return nil, err
	}
	options := []mail.Option{mail.WithPort(port), mail.WithTLSConfig(trust), mail.WithTLSPolicy(mail.TLSMandatory)}
	if a.TLS {
		options = append(options, mail.WithSSL())
	}
	if deadline, ok := ctx.Deadline(); ok {
		options = append(options, mail.WithTimeout(max(time.Until(deadline), time.Millisecond)))
	}
	if a.Username != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(a.Username), mail.WithPassword(a.Password))
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]" // the library puts a colon and the port behind it
	}
	client, err := mail.NewClient(host, options...)
	if err != nil {
		return nil, fmt.Errorf("mail by %s: %w", a.Server, err)
	}
	return client, nil
}

func (a Account) address() (host string, port int, err error) {
	port = portSubmission
	if a.TLS {
		port = portSubmissions
	}
	host, text, err := net.SplitHostPort(a.Server)
	if err != nil { // no port
		return strings.Trim(a.Server, "[]"), port, nil
	}
	if port, err = strconv.Atoi(text); err != nil {
		return "", 0, fmt.Errorf("mail by %s: the port must be a number", a.Server)
	}
	return host, port, nil
}

const maxAuthorities = 1 << 20

func (a Account) authorities() (*x509.CertPool, error) {
	if a.CAFile == "" {
		return nil, nil
	}
	text, err := files.ReadLimited(a.CAFile, maxAuthorities)
	if err != nil {
		return nil, fmt.Errorf("notify.ca_file: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("notify.ca_file: %s holds no certificate (PEM)", a.CAFile)
	}
	return pool, nil
}

func (a Account) letter(to string, m Message) (*mail.Msg, error) {
	letter := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if err := letter.From(a.From); err != nil {
		return nil, fmt.Errorf("notify.from: %w", err)
	}
	if err := letter.To(to); err != nil {
		return nil, fmt.Errorf("notify.to: %w", err)
	}
	letter.Subject(m.Subject)
	letter.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no vacation answers
	letter.SetBodyString(mail.TypeTextPlain, m.Text)
	return letter, nil
}
