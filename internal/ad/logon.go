package ad

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/go-ldap/ldap/v3"
)

// logonFault is why a controller refused a logon.
type logonFault struct{ reason, hint string }

// wrongPasswords are the reasons that another password may do away with.
var wrongPasswords = []string{logonFaults["52e"].reason, kerberosFaults["KDC_ERR_PREAUTH_FAILED"].reason}

func (f logonFault) kind() error {
	if slices.Contains(wrongPasswords, f.reason) {
		return ErrPassword
	}
	return ErrCredentials
}

var dataPattern = regexp.MustCompile(`data ([0-9a-fA-F]+)`)

// logonFaults by the "data" code of a bind's diagnostic, which are Win32 codes
// (MS-ERREF 2.2).
var logonFaults = map[string]logonFault{
	"525": {"there is no such user", "write the user name as DOMAIN\\name or name@domain"},
	"52e": {"the user name or the password is wrong", "write the user name as DOMAIN\\name or name@domain, and check the password"},
	"530": {"the account may not log on at this hour", "change the account's logon hours"},
	"531": {"the account may not log on from this computer", "change the account's list of workstations"},
	"532": {"the password has expired", "set a new password; a service account's password should not expire"},
	"533": {"the account is disabled", "enable the account"},
	"701": {"the account has expired", "extend the account's expiry"},
	"773": {"the password must be changed first", "set a password without \"must change at next logon\""},
	"775": {"the account is locked", "unlock the account, and find out who tries wrong passwords"},
	"51f": {"the user name is in no form the domain controller knows", "write the user name as DOMAIN\\name or name@domain"},
	"57":  {"the domain controller did not accept the form of the logon", bindingsHint},
	"80090346": {"the domain controller demands channel binding (LdapEnforceChannelBinding)",
		bindingsHint},
}

const bindingsHint = "log on by Kerberos (\"auth\": \"kerberos\" or \"integrated\") over ldaps, which binds the logon to the connection; nothing may break up TLS on the way"

// logonError puts a refused bind into words.
func logonError(answer *ldap.Error) *Error {
	e := &Error{Kind: ErrCredentials, Code: int(answer.ResultCode), Win32: win32(answer), Err: answer}
	if answer.ResultCode == ldap.LDAPResultStrongAuthRequired || answer.ResultCode == ldap.LDAPResultConfidentialityRequired {
		e.Kind, e.Hint = ErrRefused, strongAuthHint
		return e
	}
	if answer.ResultCode != ldap.LDAPResultInvalidCredentials || answer.Err == nil {
		return operationError(answer)
	}
	e.Hint = "check the user name, as DOMAIN\\name or name@domain, and the password"
	if found := dataPattern.FindStringSubmatch(answer.Err.Error()); found != nil {
		if fault, ok := logonFaults[strings.ToLower(found[1])]; ok {
			e.Err, e.Hint = reasonError{fault.reason, answer}, fault.hint
			e.Kind = fault.kind()
		}
	}
	return e
}

func operationError(answer *ldap.Error) *Error {
	var e *Error
	errors.As(operation{}.failed(answer), &e)
	return e
}

// reasonError says a reason in words and keeps what the library gave.
type reasonError struct {
	reason string
	cause  error
}

func (e reasonError) Error() string { return e.reason }
func (e reasonError) Unwrap() error { return e.cause }
