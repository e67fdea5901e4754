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
const (
	busyPause = 250 * time.Millisecond
	busyTries = 5
)

// request sends one request on a live session. A read is sent a second time
// where the connection was lost under it; a write never is: then the error
// wraps ErrOutcomeUnknown.
func (c *Client) request(ctx context.Context, op operation, send func(*session) error) error {
	repeated := false
	for {
		s, err := c.session(ctx, op.write)
		if err != nil {
			return op.at(err)
		}
		err = c.send(ctx, s, send)
		if err == nil || !lost(err) {
			return op.failed(err)
		}
		s.close()
		if op.write || repeated || ctx.Err() != nil {
			return op.lost(err)
		}
		repeated = true
	}
}

// send waits for one answer, for as long as the context lives, and asks a busy
// controller again.
func (c *Client) send(ctx context.Context, s *session, send func(*session) error) error {
	stop := context.AfterFunc(ctx, s.close)
	defer stop()
	for try, pause := 1, busyPause; ; try, pause = try+1, pause*2 {
		err := send(s)
		if err != nil && lost(err) {
			return errors.Join(ctx.Err(), s.lostReason(c.options.Timeout, err))
		}
		if try == busyTries || !ldap.IsErrorAnyOf(err, ldap.LDAPResultBusy, ldap.LDAPResultUnavailable) {
			return err
		}
		if wait(ctx, pause) != nil {
			return err
		}
	}
}

// lostReason says how a connection was lost. A timeout leaves it open.
func (s *session) lostReason(timeout time.Duration, err error) error {
	switch fault := s.tracked.readError(); {
	case fault != nil:
		reason, _ := networkFault(s.endpoint, fault)
		return reasonError{reason.Error(), errors.Join(fault, err)}
	case !s.conn.IsClosing():
		return reasonError{"it did not answer within " + timeout.String(), err}
	}
	return err
}

// lost tells whether an error is the connection's and not the directory's. The
// library gives some of them as plain errors, others with codes of its own from
// 200 on; a request that it could not encode is no loss.
func lost(err error) bool {
	var own *Error
	if errors.As(err, &own) {
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
