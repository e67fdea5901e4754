package ad

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/go-ldap/ldap/v3"
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

// Hint is what a person can do about an error, "" where nothing is known.
func Hint(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Hint
	}
	return ""
}

// hintFor knows the way on for what a directory answered.
func hintFor(e *Error) string {
	switch e.Win32 {
	case winPasswordPolicy:
		return "choose a longer password with upper and lower case letters, digits and signs, without the person's names, and not one that was used lately"
	case winBadOldPassword:
		return "the old password is wrong"
	case winGenFailure:
		return "passwords are set over an encrypted connection only, and as quoted UTF-16: use ldaps"
	case winInvalidAccount:
		return "an account name has at most 20 characters and none of \"/\\[]:;|=,+*?<>"
	case winBadReference:
		return "an object that a value names, such as the manager, does not exist in this domain"
	case winNoSuchUser:
		return "a member that was named does not exist"
	}
	switch e.Code {
	case ldap.LDAPResultStrongAuthRequired:
		return strongAuthHint
	case ldap.LDAPResultTimeLimitExceeded, ldap.LDAPResultSizeLimitExceeded, ldap.LDAPResultAdminLimitExceeded:
		return limitHint
	}
	switch e.Kind {
	case ErrDenied:
		return "give the bound account the right on this object; accounts that are or were administrators are protected against delegated rights (adminCount)"
	case ErrExists:
		return "another object has this name, account name, userPrincipalName or membership"
	case ErrUnreachable:
		return "the domain controller is overloaded or shutting down; run again later"
	}
	return ""
}

const limitHint = "the domain controller gave up at one of its limits (MaxPageSize, MaxQueryDuration and others); search fewer places at once, set a smaller \"page_size\", or name the controller itself under \"servers\" where an LDAP proxy stands between"

const strongAuthHint = "the domain controller demands a protected connection (LDAP signing): set \"security\" to \"ldaps\", \"starttls\" or \"seal\""
