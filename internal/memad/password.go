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

// passwords sets unicodePwd (MS-ADTS 3.1.1.3.1.5.1); the old password in exchange for
// a new one, as a person changes it, is refused.
func (w *draft) passwords(changes []ad.Change) *refusal {
	for _, c := range changes {
		if !strings.EqualFold(c.Attribute, "unicodePwd") {
			continue
		}
		if len(c.Values) != 1 {
			return refuse(codeConstraint, errInvalidParameter, "unicodePwd takes one value")
		}
		if r := w.setPassword(c.Values[0], c.Kind == ad.Replace || w.before == nil); r != nil {
			return r
		}
	}
	return nil
}

func (w *draft) setPassword(value []byte, whole bool) *refusal {
	if !w.store.domain.encrypted {
		return refuse(codeUnwilling, errGenFailure, "passwords are set over encrypted connections only")
	}
	if !w.class.is("user") {
		return refuse(codeObjectClass, errObjectClassRequired, "a %s has no password", w.class.name)
	}
	password, ok := quoted(value)
	if !ok || !whole {
		return refuse(codeUnwilling, errGenFailure, "unicodePwd takes a password in quotation marks, in UTF-16")
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
