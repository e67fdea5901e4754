package ad

import (
	"errors"
	"fmt"
	"syscall"

	"github.com/go-ldap/ldap/v3"
)

// targetUnknown is SEC_E_TARGET_UNKNOWN.
const targetUnknown = 0x80090303

// sspiFault is what Windows says of a Kerberos logon, and whether another
// controller may do better: no password is at stake.
type sspiFault struct {
	kind error
	logonFault
}

// sspiFaults by their code (MS-ERREF 2.1.1).
var sspiFaults = map[uint32]sspiFault{
	targetUnknown: {ErrUnreachable, kerberosFaults[unknownService]},
	0x80090311: {ErrUnreachable, logonFault{"no domain controller gave a Kerberos ticket", // SEC_E_NO_AUTHENTICATING_AUTHORITY
		"port 88 of a domain controller must be reachable, and this computer a member of the domain or of one that is trusted there"}},
	0x80090350: {ErrUnreachable, logonFault{"no domain controller gave a Kerberos ticket", // SEC_E_DOWNGRADE_DETECTED
		"port 88 of a domain controller must be reachable; nltest /sc_verify:DOMAIN tests the computer's own logon"}},
	0x80090322: {ErrUnreachable, kerberosFaults["KRB_AP_ERR_MODIFIED"]}, // SEC_E_WRONG_PRINCIPAL
	0x80090324: {ErrCredentials, kerberosFaults["KRB_AP_ERR_SKEW"]},     // SEC_E_TIME_SKEW
	0x80090331: {ErrCredentials, kerberosFaults["KDC_ERR_ETYPE_NOSUPP"]},
	0x8009030C: {ErrCredentials, logonFault{"the domain refused the logon of whoever runs this", // SEC_E_LOGON_DENIED
		"look whether the account is disabled, locked or expired; for a group managed service account, whether Test-ADServiceAccount says True on this computer"}},
	0x8009030E: {ErrCredentials, logonFault{"whoever runs this has no Kerberos logon", // SEC_E_NO_CREDENTIALS
		"run it as an account of the domain, such as a group managed service account, or name one under \"username\" with \"password_file\""}},
	0x80090346: {ErrCredentials, logonFault{"the logon was made for another TLS connection than the one that reached the controller", // SEC_E_BAD_BINDINGS
		"nothing may break up TLS on the way to the domain controller"}},
}

// sspiError puts a failed Windows logon into words; nil stays nil.
func sspiError(err error) error {
	if err == nil {
		return nil
	}
	if fault, ok := sspiFaults[sspiCode(err)]; ok {
		return &Error{Kind: fault.kind, Err: reasonError{fmt.Sprintf("%s (0x%08X)", fault.reason, sspiCode(err)), err}, Hint: fault.hint}
	}
	var answer *ldap.Error
	if _, own := errors.AsType[*Error](err); own || errors.As(err, &answer) {
		return Options{}.kerberosError(err)
	}
	return &Error{Kind: ErrCredentials, Err: err}
}

// sspiCode is 0 where Windows said nothing.
func sspiCode(err error) uint32 {
	code, _ := errors.AsType[syscall.Errno](err)
	return uint32(code)
}
