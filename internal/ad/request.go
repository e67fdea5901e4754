package ad

import (
	"context"
	"errors"
	"time"

	"github.com/go-ldap/ldap/v3"
)

// operation is one request to a directory, for its errors.
type operation struct {
	doing   string
	object  string
	write   bool
	deletes bool // removes values
	unset   bool // does nothing else
	rename  bool
}

// A busy controller is asked again after busyPause, doubled each time.
var busyPause = 250 * time.Millisecond

const busyTries = 5

// request sends one write on a live session. Where the connection was lost under
// it, it is not sent again: the error wraps ErrOutcomeUnknown.
func (c *Client) request(ctx context.Context, op operation, send func(*session) error) error {
	s, err := c.session(ctx, true)
	if err != nil {
		return op.at(err)
	}
	if err = c.patiently(ctx, s, send); err == nil || !lost(err) {
		return op.failed(err)
	}
	s.close()
	return op.lost(err)
}

// patiently asks a busy controller again, and so is only for requests that hold
// their whole state.
func (c *Client) patiently(ctx context.Context, s *session, send func(*session) error) error {
	for try, pause := 1, busyPause; ; try, pause = try+1, pause*2 {
		err := c.exchange(ctx, s, send)
		if try == busyTries || !ldap.IsErrorAnyOf(err, ldap.LDAPResultBusy, ldap.LDAPResultUnavailable) || wait(ctx, pause) != nil {
			return err
		}
	}
}

// exchange sends one request and waits for its answer, for as long as the
// context lives.
func (c *Client) exchange(ctx context.Context, s *session, send func(*session) error) error {
	stop := context.AfterFunc(ctx, s.close)
	defer stop()
	defer s.watch(c.options.Timeout)()
	if err := send(s); err != nil {
		switch {
		case lost(err) && ctx.Err() != nil:
			return reasonError{"it was given up", errors.Join(ctx.Err(), err)}
		case lost(err):
			return s.lostReason(err)
		}
		return err
	}
	return nil
}

// errStalled: a smaller page may come in time.
type errStalled struct{ reasonError }

// lostReason says how a connection was lost.
func (s *session) lostReason(err error) error {
	switch why, fault := s.stalled.Load(), s.tracked.readError(); {
	case why != nil:
		return errStalled{reasonError{*why, err}}
	case fault != nil:
		reason, _ := networkFault(s.endpoint, fault)
		return reasonError{reason.Error(), errors.Join(fault, err)}
	}
	return err
}

// lost reports whether an error is the connection's and not the directory's. The
// library returns some of them as plain errors, others with codes of its own from
// 200 on; a request that it could not encode is not a loss.
func lost(err error) bool {
	if _, ok := errors.AsType[*Error](err); ok {
		return false
	}
	var answer *ldap.Error
	if !errors.As(err, &answer) {
		return true
	}
	switch answer.ResultCode {
	case ldap.ErrorFilterCompile, ldap.ErrorFilterDecompile, ldap.ErrorEmptyPassword:
		return false
	}
	return answer.ResultCode >= ldap.ErrorNetwork
}
