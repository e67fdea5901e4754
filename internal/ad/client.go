package ad

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"ad-user-sync/internal/adrules"
)

// Client works on one domain through one controller. It is safe for concurrent
// use. A connection that was lost between two requests is made anew, to the
// same controller; another one is taken only by Failover, since it may know less
// or more. To give up one request is to end the connection, also for the requests
// of others that are under way.
type Client struct {
	options   Options
	roots     *x509.CertPool // nil: the system's
	endpoints []endpoint

	mu      sync.Mutex
	current *session
	closed  bool
	domain  Domain
	over    error // why nothing is done any more: another account is logged on than at first, or the logon was refused
	swapped bool  // another controller answers under the address of the present one

	searches, adds, modifies, renames atomic.Int64
}

// Connect finds a controller, logs on and learns about the domain. The first
// one that works is kept. The error wraps ErrUnreachable, ErrCertificate,
// ErrCredentials or ErrRefused.
func Connect(ctx context.Context, options Options) (*Client, error) {
	options = options.withDefaults()
	roots, err := options.trust()
	if err != nil {
		return nil, &Error{Doing: "trust", Object: options.CAFile, Kind: ErrCertificate, Err: err, Hint: "check \"ca_file\""}
	}
	endpoints, more, err := options.endpoints(ctx)
	if err != nil {
		return nil, err
	}
	c := &Client{options: options, roots: roots, endpoints: endpoints}
	s, err := c.open(ctx, endpoints)
	if err != nil {
		return nil, c.ofMany(err, more)
	}
	c.current, c.domain = s, s.domain
	return c, nil
}

// open returns a session with the first endpoint that works. A refused logon ends
// the attempt, so that one wrong password does not lock the account.
func (c *Client) open(ctx context.Context, endpoints []endpoint) (*session, error) {
	var faults []error
	distrusted := map[string]bool{}
	for _, e := range endpoints {
		if distrusted[e.host] {
			continue
		}
		s, err := c.openSession(ctx, e)
		if err == nil {
			return s, nil
		}
		if ctx.Err() != nil {
			return nil, err
		}
		faults = append(faults, err)
		distrusted[e.host] = errors.Is(err, ErrCertificate)
		if errors.Is(err, ErrCredentials) {
			break
		}
	}
	return nil, oneOf(faults)
}

// oneOf makes one error of what several endpoints said.
func oneOf(faults []error) error {
	var first *Error
	if len(faults) == 1 || !errors.As(faults[len(faults)-1], &first) {
		return faults[0]
	}
	if !errors.Is(first, ErrCredentials) {
		errors.As(faults[0], &first)
	}
	var addresses, causes []string
	for _, fault := range faults {
		var e *Error
		if !errors.As(fault, &e) {
			causes = append(causes, fault.Error())
			continue
		}
		addresses = append(addresses, e.Object)
		causes = append(causes, e.Object+": "+e.reason(first.Kind))
	}
	return &Error{Doing: first.Doing, Object: strings.Join(addresses, ", "), Kind: first.Kind,
		Code: first.Code, Win32: first.Win32, Hint: first.Hint, Err: errors.New(strings.Join(causes, "; "))}
}

// ofMany says how many controllers DNS names, where none of those that were tried
// could be reached.
func (c *Client) ofMany(err error, more int) error {
	var e *Error
	tried := len(c.hosts())
	if len(c.options.Servers) > 0 || tried+more < 2 || !errors.As(err, &e) || !errors.Is(e.Kind, ErrUnreachable) || errors.Is(err, context.Canceled) {
		return err
	}
	counted := *e
	counted.Err = fmt.Errorf("%w; DNS names %d domain controllers of %s: these %d were tried, and %d more did not answer when they were asked", e.Err, tried+more, c.options.Domain, tried, more)
	counted.Hint = "name domain controllers that this computer can reach under \"servers\""
	return &counted
}

// hosts are the controllers to try, each once.
func (c *Client) hosts() []string {
	var all []string
	for _, e := range c.endpoints {
		if !slices.Contains(all, e.host) {
			all = append(all, e.host)
		}
	}
	return all
}

// Domain tells what the controller said when the client connected.
func (c *Client) Domain() Domain {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.domain
}

// Operations counts the requests sent so far.
func (c *Client) Operations() Operations {
	return Operations{
		Searches: int(c.searches.Load()), Adds: int(c.adds.Load()),
		Modifies: int(c.modifies.Load()), Renames: int(c.renames.Load()),
	}
}

// Now is the controller's clock (rootDSE currentTime).
func (c *Client) Now(ctx context.Context) (time.Time, error) {
	var now time.Time
	_, err := c.Search(ctx, Search{Scope: ScopeBase, Filter: Anything, Attributes: []string{"currentTime"}}, func(e Entry) error {
		t, err := time.Parse(adrules.GeneralizedTime, e.Text("currentTime"))
		if err != nil {
			return &Error{Doing: "read", Object: "the controller's clock", Kind: ErrRefused, Err: err}
		}
		now = t.UTC()
		return nil
	})
	if err == nil && now.IsZero() {
		err = &Error{Doing: "read", Object: "the controller's clock", Kind: ErrRefused, Err: errors.New("the controller did not tell it")}
	}
	return now, err
}

// Close ends the connection.
func (c *Client) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	if c.current != nil {
		c.current.close()
		c.current = nil
	}
	return nil
}
