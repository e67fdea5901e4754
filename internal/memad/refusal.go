package memad

import (
	"errors"
	"fmt"

	"ad-user-sync/internal/ad"
)

// LDAP result codes (RFC 4511, appendix A).
const (
	codeNoSuchAttribute     = 16
	codeConstraint          = 19
	codeValueExists         = 20
	codeInvalidSyntax       = 21
	codeNoSuchObject        = 32
	codeInvalidDN           = 34
	codeInvalidCredentials  = 49
	codeUnwilling           = 53
	codeNaming              = 64
	codeObjectClass         = 65
	codeNotAllowedOnNonLeaf = 66
	codeNotAllowedOnRDN     = 67
	codeEntryExists         = 68
)

// Codes at the head of a diagnostic (MS-ERREF 2.2).
const (
	errGenFailure          = 0x1F
	errInvalidParameter    = 0x57
	errNoSuchMember        = 0x525
	errUserExists          = 0x524
	errGroupExists         = 0x526
	errInvalidAccountName  = 0x523
	errPasswordRestriction = 0x52D
	errMemberNotInAlias    = 0x561
	errMemberInAlias       = 0x562
	errObjectClassRequired = 0x2014
	errNotOnNonLeaf        = 0x2015
	errNotOnRDN            = 0x2016
	errNoParent            = 0x208D
	errRange               = 0x2082
	errMultipleValues      = 0x2081
	errValueExists         = 0x2083
	errNoSuchValue         = 0x2085
	errNamingViolation     = 0x2099
	errObjectExists        = 0x2071
	errSystemOnly          = 0x20B1
	errReferenceNotFound   = 0x20B5
	errUPNNotUnique        = 0x21C8
	errUnwilling           = 0x2035
	errInvalidDNSyntax     = 0x2032
)

// refusal is what a controller answers, before it is known what was being done
// to which object.
type refusal struct {
	code  int
	win32 uint32
	text  string
}

func refuse(code int, win32 uint32, format string, args ...any) *refusal {
	return &refusal{code: code, win32: win32, text: fmt.Sprintf(format, args...)}
}

func (r *refusal) Error() string { return fmt.Sprintf("%08X: %s", r.win32, r.text) }

// kind sorts a refusal as ad.Client does.
func (r *refusal) kind() error {
	switch r.win32 {
	case errPasswordRestriction:
		return ad.ErrPasswordPolicy
	case errUserExists, errGroupExists, errObjectExists, errMemberInAlias, errUPNNotUnique:
		return ad.ErrExists
	case errNoSuchMember, errMemberNotInAlias:
		return ad.ErrNotFound
	}
	switch r.code {
	case codeNoSuchObject:
		return ad.ErrNotFound
	case codeNoSuchAttribute:
		if r.win32 == errInvalidParameter {
			return ad.ErrBadValue
		}
		return ad.ErrNotFound
	case codeEntryExists:
		return ad.ErrExists
	case codeInvalidCredentials:
		return ad.ErrCredentials
	case codeConstraint, codeValueExists, codeInvalidSyntax, codeInvalidDN, codeNaming, codeObjectClass, codeNotAllowedOnRDN:
		return ad.ErrBadValue
	}
	return ad.ErrRefused
}

// failure says what was being done to which object; nil stays nil.
func failure(doing string, dn ad.DN, err error) error {
	if err == nil {
		return nil
	}
	if r := (*refusal)(nil); errors.As(err, &r) {
		return &ad.Error{Doing: doing, Object: dn.String(), Kind: r.kind(), Code: r.code, Win32: r.win32, Err: r}
	}
	if e := (*ad.Error)(nil); errors.As(err, &e) {
		return e
	}
	for _, kind := range []error{ad.ErrUnreachable, ad.ErrIdentity, ad.ErrOutcomeUnknown, ad.ErrDenied, ad.ErrNotFound, ad.ErrExists,
		ad.ErrBadValue, ad.ErrPasswordPolicy, ad.ErrCredentials, ad.ErrCertificate} {
		if errors.Is(err, kind) {
			e := &ad.Error{Doing: doing, Object: dn.String(), Kind: kind}
			if err != kind {
				e.Err = err
			}
			return e
		}
	}
	return &ad.Error{Doing: doing, Object: dn.String(), Kind: ad.ErrRefused, Err: err}
}
