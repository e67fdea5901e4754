package ad

import (
	"errors"
	"regexp"
	"strconv"
	"strings"

	"github.com/go-ldap/ldap/v3"
)

// Win32 codes at the head of a diagnostic (MS-ERREF 2.2), as far as they tell
// more than the LDAP result code.
const (
	winGenFailure       = 0x1F
	winInvalidParameter = 0x57
	winBadOldPassword   = 0x56
	winInvalidAccount   = 0x523
	winUserExists       = 0x524
	winNoSuchUser       = 0x525
	winPasswordPolicy   = 0x52D
	winNotMember        = 0x561
	winMember           = 0x562
	winNoBind           = 0x4DC
	winAttributeUnknown = 0x200A
	winSambaConstraint  = 0x202F
	winSambaRenameOther = 0x2095
	winNameExists       = 0x2071
	winBadReference     = 0x20B5
	winNotUnique        = 0x21C8
	winSambaUnwilling   = 0x2035
)

var winPattern = regexp.MustCompile(`^([0-9A-Fa-f]{8}):`)

// failed puts a directory's answer into words; nil stays nil.
func (op operation) failed(err error) error {
	if err == nil {
		return nil
	}
	if own, ok := errors.AsType[*Error](err); ok {
		return op.at(own)
	}
	var answer *ldap.Error
	if !errors.As(err, &answer) {
		return &Error{Doing: op.doing, Object: op.object, Kind: ErrUnreachable, Err: err}
	}
	e := &Error{Doing: op.doing, Object: op.object, Code: int(answer.ResultCode), Win32: win32(answer), Err: err}
	if e.Code >= ldap.ErrorNetwork { // not sent
		e.Code = 0
		e.Kind, e.Hint = ErrBadValue, ""
		return e
	}
	e.Kind = op.kind(e.Code, e.Win32, answer)
	e.Hint = hintFor(e)
	return e
}

// at says what was being done, where an error does not tell yet.
func (op operation) at(err error) error {
	var own *Error
	if !errors.As(err, &own) {
		return err
	}
	e := *own
	if e.Doing == "" {
		e.Doing, e.Object = op.doing, op.object
	}
	return &e
}

// lost is the error of a request without an answer.
func (op operation) lost(err error) error {
	kind := ErrUnreachable
	if op.write {
		kind = ErrOutcomeUnknown
	}
	return &Error{Doing: op.doing, Object: op.object, Kind: kind, Err: err}
}

func win32(answer *ldap.Error) uint32 {
	if answer.Err == nil {
		return 0
	}
	found := winPattern.FindStringSubmatch(answer.Err.Error())
	if found == nil {
		return 0
	}
	code, _ := strconv.ParseUint(found[1], 16, 32)
	return uint32(code)
}

// kind decides on codes. Samba and Windows give different ones for the same
// refusal; both are listed.
func (op operation) kind(code int, win uint32, answer *ldap.Error) error {
	switch win {
	case winPasswordPolicy:
		return ErrPasswordPolicy
	case winUserExists, winNameExists, winMember, winNotUnique:
		return ErrExists
	case winNoSuchUser, winNotMember:
		return ErrNotFound
	case winInvalidAccount, winBadReference:
		return ErrBadValue
	case winNoBind:
		return ErrCredentials
	}
	switch code {
	case ldap.LDAPResultInvalidCredentials, ldap.LDAPResultInappropriateAuthentication:
		return ErrCredentials
	case ldap.LDAPResultNoSuchObject, ldap.LDAPResultReferral:
		return ErrNotFound
	case ldap.LDAPResultEntryAlreadyExists:
		return ErrExists
	case ldap.LDAPResultInsufficientAccessRights:
		return ErrDenied
	case ldap.LDAPResultBusy, ldap.LDAPResultUnavailable:
		return ErrUnreachable
	case ldap.LDAPResultNoSuchAttribute:
		if win == winAttributeUnknown || win == winInvalidParameter || !op.deletes { // no such attribute in the schema
			return ErrBadValue
		}
		return ErrNotFound
	case ldap.LDAPResultConstraintViolation:
		if win == winSambaConstraint && namesUPN(answer) {
			return ErrExists
		}
		return ErrBadValue
	case ldap.LDAPResultUndefinedAttributeType, ldap.LDAPResultInappropriateMatching, ldap.LDAPResultAttributeOrValueExists,
		ldap.LDAPResultInvalidAttributeSyntax, ldap.LDAPResultInvalidDNSyntax, ldap.LDAPResultNamingViolation,
		ldap.LDAPResultObjectClassViolation, ldap.LDAPResultNotAllowedOnRDN, ldap.LDAPResultObjectClassModsProhibited:
		return ErrBadValue
	case ldap.LDAPResultUnwillingToPerform:
		if op.unset && (win == 0 || win == winSambaUnwilling) { // Samba: removing who is not a member
			return ErrNotFound
		}
	case ldap.LDAPResultOther:
		if op.rename && win == winSambaRenameOther { // Samba: no such parent
			return ErrNotFound
		}
	}
	return ErrRefused
}

// namesUPN: Samba has one code for a taken userPrincipalName and for an
// ill-formed account name; only the attribute's name tells them apart.
func namesUPN(answer *ldap.Error) bool {
	return answer.Err != nil && strings.Contains(answer.Err.Error(), "userPrincipalName")
}
