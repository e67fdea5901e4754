package ad

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// What went wrong, for errors.Is. Every error of a directory operation wraps
// exactly one of them.
var (
	ErrUnreachable    = errors.New("the domain controller could not be reached")
	ErrCertificate    = errors.New("the domain controller's certificate was not accepted")
	ErrCredentials    = errors.New("the logon was refused")
	ErrIdentity       = errors.New("another account is logged on than before")
	ErrNotFound       = errors.New("no such object")
	ErrExists         = errors.New("the name or value is taken")
	ErrDenied         = errors.New("the bound account has no right to do this")
	ErrBadValue       = errors.New("the directory does not accept a value")
	ErrPasswordPolicy = errors.New("the password does not meet the domain's policy")
	ErrOutcomeUnknown = errors.New("the connection was lost before the directory answered; it may or may not have carried this out")
	ErrRefused        = errors.New("the directory refused")
)

// ErrPassword is ErrCredentials where the user name or the password is wrong: the
// same logon with another password may work.
var ErrPassword = fmt.Errorf("%w", ErrCredentials)

// Error is a directory operation that failed.
type Error struct {
	Doing  string // "read", "create", "change", "rename", "connect to"
	Object string // DN, or address of the controller
	Kind   error  // one of the above
	Code   int    // LDAP result code (RFC 4511, appendix A), 0 where none was received
	Win32  uint32 // code at the head of an AD diagnostic (MS-ADTS 3.1.1.3.1.9), 0 where there is none
	Hint   string // what a person can do, "" where nothing is known
	Err    error  // the cause as the library gave it; may be nil
}

// Error says what was being done, to which object, and why it failed.
func (e *Error) Error() string {
	if errors.Is(e.Kind, ErrUnreachable) && errors.Is(e.Err, context.Canceled) { // which says nothing of the controller
		return fmt.Sprintf("%s %s: it was given up", e.Doing, e.Object)
	}
	text := fmt.Sprintf("%s %s: %v", e.Doing, e.Object, e.Kind)
	if e.Err != nil {
		text += ": " + strings.Join(strings.Fields(e.Err.Error()), " ") // in one line
	}
	return text
}

// reason is why it failed, without what is said already.
func (e *Error) reason(said error) string {
	switch {
	case e.Err == nil:
		return e.Kind.Error()
	case errors.Is(e.Kind, said):
		return e.Err.Error()
	}
	return fmt.Sprintf("%v: %v", e.Kind, e.Err)
}

// Unwrap returns the kind and the cause.
func (e *Error) Unwrap() []error { return []error{e.Kind, e.Err} }
