package ad

import (
	"context"
	"errors"
	"regexp"
	"strings"

	"github.com/go-ldap/ldap/v3"
	"github.com/jcmturner/gokrb5/v8/krberror"
)

var kerberosPattern = regexp.MustCompile(`(KDC|KRB_AP)_ERR_[A-Z_]+`)

const (
	unknownService = "KDC_ERR_S_PRINCIPAL_UNKNOWN"

	keytabHint = "make the keytab anew after each change of the password (ktpass, or samba-tool domain exportkeytab), with AES keys"
	clockHint  = "set the clock of this computer by the domain's; Kerberos allows five minutes"
)

// kerberosFaults by the name of the protocol's error (RFC 4120, 7.5.9). gokrb5
// has them inside texts only.
var kerberosFaults = map[string]logonFault{
	"KDC_ERR_PREAUTH_FAILED":      {"the password is wrong", "check the password; names of accounts are not case-sensitive, passwords are"},
	"KDC_ERR_C_PRINCIPAL_UNKNOWN": {"Kerberos knows no such user", "write the account name as name@DOMAIN, not its display name"},
	"KDC_ERR_CLIENT_REVOKED":      {"the account is disabled, locked or expired, or may not log on at this hour", "enable, unlock or extend the account"},
	"KDC_ERR_NAME_EXP":            {"the account has expired", "extend the account's expiry"},
	"KDC_ERR_POLICY":              {"a policy of the domain forbids this logon", "look at the account's logon hours, workstations and authentication policy"},
	"KDC_ERR_KEY_EXPIRED":         {"the password has expired or must be changed", "set a new password; a service account's password should not expire"},
	unknownService:                {"Kerberos knows no domain controller of that name", "name a domain controller under \"servers\" by its own DNS name; its account has the service principal names ldap/<its DNS name> and, where \"security\" is \"seal\", ldap/<its DNS name>/<domain>"},
	"KDC_ERR_ETYPE_NOSUPP":        {"the domain and this program share no kind of encryption", "allow AES for the account (msDS-SupportedEncryptionTypes), and set its password again, since older ones have no AES keys"},
	"KDC_ERR_PADATA_TYPE_NOSUPP":  {"the account may log on by smart card only", "take an account without \"smart card is required\""},
	"KDC_ERR_WRONG_REALM":         {"the account is of another realm", "write the user name as name@REALM"},
	"KRB_AP_ERR_SKEW":             {"the clocks of this computer and of the domain controller differ too much", clockHint},
	"KRB_AP_ERR_TKT_EXPIRED":      {"the Kerberos ticket has expired", "run kinit again, or use a keytab"},
	"KRB_AP_ERR_TKT_NYV":          {"the Kerberos ticket is not valid yet", clockHint},
	"KRB_AP_ERR_MODIFIED":         {"the ticket is for another computer than the one that answered", "check whether the DNS name of the domain controller is used twice"},
	"KRB_AP_ERR_BADKEYVER":        {"the domain controller has another key than the ticket was made for", "wait until the controllers have replicated, and run kinit again"},
}

// kerberosTexts are faults that gokrb5 finds by itself, the nearer ones first.
var kerberosTexts = []struct {
	part string
	logonFault
}{
	{"matching key not found", logonFault{"the keytab has no key that fits: another name, version or kind of encryption", keytabHint}},
	{"clock skew", logonFault{"the clocks of this computer and of the domain controller differ too much", clockHint}},
	{"client password/keytab incorrect", logonFault{"the password or the keytab is wrong", "check the password. With a keytab: " + keytabHint}},
}

// kerberosError puts a failed Kerberos logon into words.
func (o Options) kerberosError(err error) error {
	var own *Error
	var answer *ldap.Error
	switch {
	case errors.As(err, &own):
		return err
	case errors.As(err, &answer) && answer.ResultCode < ldap.ErrorNetwork:
		return logonError(answer)
	case errors.As(err, &answer):
		return err
	}
	if fault, ok := errors.AsType[krberror.Krberror](err); ok && fault.RootCause == krberror.NetworkingError {
		return kerberosSilence(err)
	}
	if o.Keytab != "" && strings.Contains(err.Error(), "KDC_ERR_PREAUTH_FAILED") {
		return &Error{Kind: ErrCredentials, Err: reasonError{"the keytab " + o.Keytab + " does not fit the account's present password", err}, Hint: keytabHint}
	}
	if fault, ok := kerberosFault(err.Error()); ok {
		return &Error{Kind: fault.kind(), Err: reasonError{fault.reason, err}, Hint: fault.hint}
	}
	return &Error{Kind: ErrCredentials, Err: err}
}

func kerberosFault(text string) (logonFault, bool) {
	if fault, ok := kerberosFaults[kerberosPattern.FindString(text)]; ok {
		return fault, true
	}
	for _, fault := range kerberosTexts {
		if strings.Contains(text, fault.part) {
			return fault.logonFault, true
		}
	}
	return logonFault{}, false
}

// kerberosSilence is that the Kerberos service could not be asked.
func kerberosSilence(err error) error {
	if errors.Is(err, context.Canceled) {
		return &Error{Kind: ErrUnreachable, Err: reasonError{"it was given up", err}}
	}
	return &Error{Kind: ErrUnreachable, Err: reasonError{"the Kerberos service did not answer", err},
		Hint: "port 88 of the domain controller must be reachable; other controllers can be named in a krb5.conf"}
}
