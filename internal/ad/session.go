package ad

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/go-ldap/ldap/v3"
)

// session is one connection on which an account is logged on.
type session struct {
	conn     *ldap.Conn
	entries  *entryConn
	tracked  *trackedConn
	endpoint endpoint
	domain   Domain
	stalled  atomic.Pointer[string] // why it was ended, where nothing, or too little, moved on it
	lastUse  time.Time              // guarded by Client.mu
}

func (s *session) close() { _ = s.conn.Close() }

// openSession connects, looks whether this is a controller as it is wanted, and
// only then sends credentials.
func (c *Client) openSession(ctx context.Context, e endpoint) (*session, error) {
	limited, cancel := context.WithTimeout(ctx, c.options.Timeout)
	defer cancel()
	w, err := e.dial(limited, c.options.dialer(), c.roots)
	if err != nil {
		return nil, c.options.connectError(e, err)
	}
	s := &session{conn: w.conn, entries: w.entries, tracked: w.tracked, endpoint: e, lastUse: time.Now()}
	stop := context.AfterFunc(limited, s.close)
	defer stop()
	if err := c.greet(limited, s, w); err != nil {
		s.close()
		if lost(err) {
			err = errors.Join(limited.Err(), s.tracked.readError(), err)
		}
		return nil, c.options.connectError(e, err)
	}
	return s, nil
}

func (c *Client) greet(ctx context.Context, s *session, w wire) error {
	root, err := c.readRoot(s)
	if err != nil {
		return err
	}
	if err := root.check(c.options); err != nil {
		return err
	}
	identity, err := logOn(ctx, w, c.options, root)
	if err != nil {
		return err
	}
	if w.seal != nil {
		if err := c.sameRoot(s, root); err != nil {
			return err
		}
	}
	s.domain = root.domain()
	s.domain.Security = s.endpoint.security
	s.domain.Encrypted = s.endpoint.security != SecurityPlaintext
	s.domain.Identity = identity
	return c.readIdentity(s)
}

// Idle connections may be dead without anybody having said so: after probeAfter
// they are tried with a read before a write is risked.
const (
	probeAfter   = time.Minute
	probeTimeout = 5 * time.Second
)

// session returns a live session and reconnects where it was lost.
func (c *Client) session(ctx context.Context, write bool) (*session, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil, &Error{Doing: "use", Object: c.domain.Controller, Kind: ErrUnreachable, Err: errors.New("the connection was closed here")}
	}
	if c.over != nil {
		return nil, c.over
	}
	if err := ctx.Err(); err != nil {
		return nil, &Error{Doing: "use", Object: c.domain.Controller, Kind: ErrUnreachable, Err: err}
	}
	if write && time.Since(c.current.lastUse) > probeAfter && !c.probe(c.current) {
		c.current.close()
	}
	if c.current.conn.IsClosing() {
		s, err := c.reopen(ctx)
		if err != nil {
			return nil, err
		}
		c.current = s
	}
	c.current.lastUse = time.Now()
	return c.current, nil
}

func (c *Client) probe(s *session) bool {
	timer := time.AfterFunc(probeTimeout, s.close)
	defer timer.Stop()
	c.searches.Add(1)
	_, err := s.search(rootRequest("currentTime"))
	return err == nil
}

// reopen goes back to the controller it had, and waits for one that is
// restarting. c.mu is held.
func (c *Client) reopen(ctx context.Context) (*session, error) {
	had := c.domain
	s, err := c.openPatiently(ctx, c.current.endpoint)
	if err != nil {
		return nil, c.refused(err)
	}
	if err := c.sameIdentity(s); err != nil {
		return nil, err
	}
	if err := sameController(had, s.domain); err != nil {
		c.swapped = true
		s.close()
		return nil, &Error{Doing: "reconnect to", Object: s.endpoint.String(), Kind: ErrUnreachable, Err: err}
	}
	return s, nil
}

// patience is how long a controller that is away is tried again: one that
// restarts is back in a few seconds.
const patience = 8 * time.Second

// reopenTime bounds going back to a controller that answered before.
const reopenTime = 15 * time.Second

func (c *Client) openPatiently(ctx context.Context, e endpoint) (*session, error) {
	limit := time.Now().Add(min(patience, c.options.Timeout))
	ctx, cancel := context.WithTimeout(ctx, min(reopenTime, c.options.Timeout))
	defer cancel()
	for pause := 200 * time.Millisecond; ; pause *= 2 {
		s, err := c.openSession(ctx, e)
		if err == nil || !errors.Is(err, ErrUnreachable) || time.Now().Add(pause).After(limit) {
			return s, err
		}
		if wait(ctx, pause) != nil {
			return nil, err
		}
	}
}

// refused ends the client's work where it may no longer log on: each further try
// would be one more wrong password, and lock the account. c.mu is held.
func (c *Client) refused(err error) error {
	var e *Error
	if !errors.As(err, &e) || !errors.Is(e, ErrCredentials) {
		return err
	}
	again := *e
	again.Doing = "log on again as " + c.options.account() + " to"
	again.Hint = joined(e.Hint, "nothing is tried again, so that the account is not locked: end this, and start again once that is done")
	if errors.Is(e, ErrPassword) {
		again.Hint = joined("most likely the password was changed; nothing is tried again, so that the account is not locked: end this, and start again with the new one", c.options.Settings)
	}
	c.over = &again
	return c.over
}

// sameIdentity ends the client's work where a new connection is another
// account's, which may see and change more or less. c.mu is held.
func (c *Client) sameIdentity(s *session) error {
	if c.domain.SID == s.domain.SID {
		return nil
	}
	s.close()
	c.over = &Error{Doing: "reconnect to", Object: s.endpoint.String(), Kind: ErrIdentity,
		Err:  fmt.Errorf("it was %s (%s) before and is %s (%s) now, and what one of them may read and change the other may not", c.domain.Identity, c.domain.SID, s.domain.Identity, s.domain.SID),
		Hint: "do not replace the ticket cache or keytab while the program runs, or give it one of its own; run it again"}
	return c.over
}

func sameController(had, has Domain) error {
	if err := sameDomain(had, has); err != nil {
		return err
	}
	if had.Controller != has.Controller {
		return fmt.Errorf("the domain controller was %s before and is %s now, which may know less or more", had.Controller, has.Controller)
	}
	return nil
}

func sameDomain(had, has Domain) error {
	if !had.Base.Equal(has.Base) {
		return fmt.Errorf("the domain was %s before and is %s now", had.Name, has.Name)
	}
	return nil
}

// wait pauses, or ends early with the context's error.
func wait(ctx context.Context, pause time.Duration) error {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
