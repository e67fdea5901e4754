package ad

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"
)

// Step is one step on the way to a controller, as Diagnose goes it.
type Step struct {
	Name    string // "authorities", "controllers", "name", "port", "tls", "controller", "logon" or "pages"
	Object  string // what it was about: a file, a host, an address, an account
	Text    string // what was found, as the end of a sentence about Object
	Warning string // what works today and should not be left so
	Err     error  // why it failed, an *Error; nil where it did not
}

// Diagnose goes the way of Connect one step after the other and tells of each.
// All controllers are looked at; the logon is tried until it succeeds or is
// refused, so that a wrong password does not lock the account. The client is
// that of the first controller that works, nil where none does.
func Diagnose(ctx context.Context, options Options, tell func(Step)) *Client {
	d := &diagnosis{options: options.withDefaults(), tell: tell, works: map[string]bool{}, distrusted: map[string]bool{}}
	roots, err := d.options.trust()
	if d.options.CAFile != "" {
		d.done("authorities", d.options.CAFile, "can be read; these authorities are trusted and no others",
			wrapped("trust", d.options.CAFile, ErrCertificate, err))
	}
	if err != nil {
		return nil
	}
	endpoints, more, err := d.options.endpoints(ctx)
	d.client = &Client{options: d.options, roots: roots, endpoints: endpoints}
	if len(d.options.Servers) == 0 || err != nil {
		text := "has in DNS: " + strings.Join(d.client.hosts(), ", ")
		if more > 0 {
			text += fmt.Sprintf(", and %d more that did not answer", more)
		}
		d.done("controllers", d.options.Domain, text, err)
	}
	for _, e := range endpoints {
		if d.works[e.host] || d.distrusted[e.host] || ctx.Err() != nil {
			continue // it was reached in another way, or is not to be
		}
		if d.reach(ctx, e) && d.client.current == nil && !d.refused {
			d.enter(ctx, e)
		}
	}
	if d.client.current == nil {
		return nil
	}
	d.pages(ctx)
	return d.client
}

type diagnosis struct {
	options Options
	tell    func(Step)
	client  *Client
	works   map[string]bool // by host
	// whose certificate was not accepted, so that it is not spoken to without one
	distrusted map[string]bool
	refused    bool // the logon
}

// done tells of a step; with an error its text is left out.
func (d *diagnosis) done(name, object, text string, err error) bool {
	step := Step{Name: name, Object: object, Text: text, Err: err}
	if err != nil {
		step.Text = ""
	}
	d.tell(step)
	return err == nil
}

func wrapped(doing, object string, kind, err error) error {
	if err == nil {
		return nil
	}
	return &Error{Doing: doing, Object: object, Kind: kind, Err: err}
}

// reach goes as far as one can without a logon.
func (d *diagnosis) reach(ctx context.Context, e endpoint) bool {
	if !d.resolve(ctx, e) {
		return false
	}
	limited, cancel := context.WithTimeout(ctx, d.options.Timeout)
	defer cancel()
	address := net.JoinHostPort(e.host, e.port)
	conn, err := d.options.dialer().DialContext(limited, "tcp", address)
	if err != nil {
		return d.done("port", address, "", d.options.connectError(e, err))
	}
	stop := context.AfterFunc(limited, func() { _ = conn.Close() })
	defer stop()
	defer conn.Close()
	d.done("port", address, "answers", nil)
	return d.protection(limited, e, conn)
}

func (d *diagnosis) resolve(ctx context.Context, e endpoint) bool {
	if net.ParseIP(e.host) != nil {
		return true
	}
	limited, cancel := context.WithTimeout(ctx, d.options.Timeout)
	defer cancel()
	addresses, err := d.options.Resolver.LookupHost(limited, e.host)
	if err != nil {
		return d.done("name", e.host, "", d.options.connectError(e, err))
	}
	return d.done("name", e.host, "is "+strings.Join(addresses, ", "), nil)
}

// enter looks what kind of controller it is, and logs on.
func (d *diagnosis) enter(ctx context.Context, e endpoint) {
	root, err := d.root(ctx, e)
	if err != nil {
		d.done("controller", e.String(), "", err)
		return
	}
	d.done("controller", root.host(), "is "+root.kind(), nil)
	s, err := d.client.openSession(ctx, e)
	if err != nil {
		d.refused = errors.Is(err, ErrCredentials)
		d.done("logon", d.options.account(), "", err)
		return
	}
	d.client.current, d.client.domain = s, s.domain
	d.works[e.host] = true
	d.done("logon", s.domain.Identity, fmt.Sprintf("was accepted (%s); the connection is protected by %s; its SID is %s", d.options.Auth, e.security.words(), s.domain.SID), nil)
}

// root reads what a controller shows to everybody.
func (d *diagnosis) root(ctx context.Context, e endpoint) (root, error) {
	limited, cancel := context.WithTimeout(ctx, d.options.Timeout)
	defer cancel()
	w, err := e.dial(limited, d.options.dialer(), d.client.roots)
	if err != nil {
		return root{}, d.options.connectError(e, err)
	}
	s := &session{conn: w.conn, entries: w.entries, tracked: w.tracked, endpoint: e, lastUse: time.Now()}
	stop := context.AfterFunc(limited, s.close)
	defer stop()
	defer s.close()
	r, err := d.client.readRoot(s, "domainControllerFunctionality")
	if err == nil {
		err = r.check(d.options)
	}
	if err != nil {
		return root{}, d.options.connectError(e, err)
	}
	return r, nil
}

// account is who was to log on.
func (o Options) account() string {
	switch {
	case o.Username != "":
		return o.Username
	case o.CCache != "":
		return "the owner of the ticket cache " + o.CCache
	}
	return "the running user"
}

// Names of msDS-Behavior-Version (MS-ADTS 6.1.4.2).
var functionalLevels = map[string]string{
	"3": "2008", "4": "2008 R2", "5": "2012", "6": "2012 R2", "7": "2016", "10": "2025",
}

// kind says in words what the controller is.
func (r root) kind() string {
	text := "a controller of " + r.domain().Name
	if level := functionalLevels[r.entry.Text("domainControllerFunctionality")]; level != "" {
		text += ", level " + level
	}
	if r.domain().Samba {
		text += ", Samba"
	}
	return text
}

// certificateText names what one looks at first.
func certificateText(cert *x509.Certificate) string {
	names := namesOf(cert)
	if len(names) == 0 {
		names = []string{"no name but its subject " + cert.Subject.String()}
	}
	return fmt.Sprintf("for %s, valid from %s to %s", strings.Join(names, ", "),
		cert.NotBefore.Format(time.DateOnly), cert.NotAfter.Format(time.DateOnly))
}
