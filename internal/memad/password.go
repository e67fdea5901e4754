package memad

import (
	"encoding/binary"
	"strings"
	"unicode/utf16"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// DOMAIN_PASSWORD_COMPLEX of pwdProperties (MS-SAMR 2.2.1.8).
const passwordComplex = 1

// passwords carries out changes of unicodePwd: one value in place of another
// resets it, the old one deleted and a new one added changes it
// (MS-ADTS 3.1.1.3.1.5.1).
func (w *draft) passwords(changes []ad.Change) *refusal {
	var old, fresh []byte
	reset := false
	for _, c := range changes {
		if !strings.EqualFold(c.Attribute, "unicodePwd") {
			continue
		}
		if len(c.Values) != 1 {
			return refuse(codeConstraint, errInvalidParameter, "unicodePwd takes one value")
		}
		if c.Kind == ad.DeleteValues {
			old = c.Values[0]
			continue
		}
		fresh, reset = c.Values[0], c.Kind == ad.Replace || w.before == nil
	}
	if fresh == nil && old == nil {
		return nil
	}
	if !w.store.domain.encrypted {
		return refuse(codeUnwilling, errGenFailure, "passwords are set over encrypted connections only")
	}
	if !w.class.is("user") {
		return refuse(codeObjectClass, errObjectClassRequired, "a %s has no password", w.class.name)
	}
	return w.setPassword(old, fresh, reset)
}

func (w *draft) setPassword(old, fresh []byte, reset bool) *refusal {
	password, ok := quoted(fresh)
	if !ok || reset == (old != nil) {
		return refuse(codeUnwilling, errGenFailure, "unicodePwd takes a password in quotation marks, in UTF-16")
	}
	if old != nil {
		former, _ := quoted(old)
		if w.secret == nil || *w.secret != former {
			return refuse(codeConstraint, errWrongPassword, "the old password does not match")
		}
	}
	if broken := w.store.policy().Broken(password, w.text("samaccountname"), w.text("displayname")); len(broken) > 0 {
		return refuse(codeUnwilling, errPasswordRestriction, "problem 5003 (WILL_NOT_PERFORM), not kept: %s", strings.Join(broken, "; "))
	}
	w.secret, w.newSecret, w.credentialsByHand = &password, &password, false
	return nil
}

// policy is what the domain's head says.
func (s *store) policy() adrules.PasswordPolicy {
	head := s.head()
	return adrules.PasswordPolicy{MinLength: number(head.text("minpwdlength")), Complex: number(head.text("pwdproperties"))&passwordComplex != 0}
}

// quoted reads a unicodePwd value.
func quoted(value []byte) (password string, ok bool) {
	if len(value)%2 != 0 || len(value) < 4 {
		return "", false
	}
	units := make([]uint16, 0, len(value)/2)
	for i := 0; i < len(value); i += 2 {
		units = append(units, binary.LittleEndian.Uint16(value[i:]))
	}
	text := string(utf16.Decode(units))
	if len(text) < 2 || text[0] != '"' || text[len(text)-1] != '"' {
		return "", false
	}
	return text[1 : len(text)-1], true
}

// unicodePwd writes what quoted reads.
func unicodePwd(password string) []byte {
	var value []byte
	for _, unit := range utf16.Encode([]rune(`"` + password + `"`)) {
		value = binary.LittleEndian.AppendUint16(value, unit)
	}
	return value
}
