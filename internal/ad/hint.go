package ad

import (
	"errors"

	"github.com/go-ldap/ldap/v3"
)

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
