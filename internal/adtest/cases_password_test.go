package adtest

import (
	"encoding/binary"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/internal/ad"
)

// secretText is part of every password of these cases; no error may show it.
const secretText = "Horse-Staple"

func quotedPassword(password string) string {
	var value []byte
	for _, unit := range utf16.Encode([]rune(`"` + password + `"`)) {
		value = binary.LittleEndian.AppendUint16(value, unit)
	}
	return string(value)
}

func passwordCases() []Case {
	strong := quotedPassword("Correct-" + secretText)
	reset := func(value string, account ...ad.Attribute) func(*Scene) error {
		return func(s *Scene) error { return s.modify(s.user("a", account...), replace("unicodePwd", value)) }
	}
	namePart := "MS-SAMR 3.1.1.7.2: a complex password holds no part of the name"
	return []Case{
		{Name: "an enabled account in one request", Do: func(s *Scene) error {
			dn := s.user("a", attribute("userAccountControl", "512"), attribute("unicodePwd", strong), attribute("pwdLastSet", "0"))
			assert.Equal(s, "512", s.text(dn, "userAccountControl"))
			assert.Equal(s, "0", s.text(dn, "pwdLastSet"))
			assert.False(s, s.read(dn, "unicodePwd").Has("unicodePwd"), "no one reads a password")
			return nil
		}},
		{Name: "a weak one in the Add creates nothing", Do: func(s *Scene) error {
			err := s.addUser("a", attribute("userAccountControl", "512"), attribute("unicodePwd", quotedPassword("aB3.")))
			assert.ErrorIs(s, err, ad.ErrPasswordPolicy)
			assert.False(s, s.exists(s.cn("a")))
			return nil
		}},
		{Name: "reset", Do: func(s *Scene) error {
			dn := s.user("a")
			before := s.usn(dn)
			s.must(s.modify(dn, replace("unicodePwd", strong)))
			assert.Greater(s, s.number(dn, "pwdLastSet"), int64(100000000000000000))
			assert.NotEqual(s, before, s.usn(dn))
			s.must(s.modify(dn, replace("unicodePwd", strong)))
			return s.modify(dn, replace("userAccountControl", "512"))
		}},
		{Name: "password, enabled and must change in one request", Do: func(s *Scene) error {
			dn := s.user("a")
			s.must(s.modify(dn, replace("unicodePwd", strong), replace("pwdLastSet", "0"), replace("userAccountControl", "512")))
			e := s.read(dn, "userAccountControl", "pwdLastSet", "msDS-User-Account-Control-Computed")
			assert.Equal(s, []string{"512", "0", "8388608"}, []string{e.Text("userAccountControl"), e.Text("pwdLastSet"), e.Text("msDS-User-Account-Control-Computed")})
			return nil
		}},
		{Name: "a weak one enables no account", Do: func(s *Scene) error {
			dn := s.user("a", attribute("userAccountControl", "514"))
			before := s.usn(dn)
			assert.ErrorIs(s, s.modify(dn, replace("userAccountControl", "512"), replace("unicodePwd", quotedPassword("weak"))), ad.ErrPasswordPolicy)
			assert.Equal(s, "514", s.text(dn, "userAccountControl"))
			assert.Equal(s, before, s.usn(dn))
			return nil
		}},
		{Name: "too short", Want: ad.ErrPasswordPolicy, Code: []int{19, 53}, Do: reset(quotedPassword("aB3.xy"))},
		{Name: "not complex", Want: ad.ErrPasswordPolicy, Code: []int{19, 53}, Do: reset(quotedPassword("alllowercase"))},
		{Name: "empty", Want: ad.ErrPasswordPolicy, Do: reset(quotedPassword(""))},
		{Name: "part of the display name", Want: ad.ErrPasswordPolicy, Stricter: namePart, Do: reset(quotedPassword("Doe."+secretText+"1"), attribute("displayName", "Jane Doe"))},
		{Name: "the account name", Want: ad.ErrPasswordPolicy, Stricter: namePart, Do: func(s *Scene) error {
			return s.modify(s.user("a"), replace("unicodePwd", quotedPassword("X1."+s.account("a"))))
		}},
		{Name: "without quotation marks", Want: errRefused, Do: func(s *Scene) error {
			text := quotedPassword("Correct-" + secretText)
			return s.modify(s.user("a"), replace("unicodePwd", text[2:len(text)-2]))
		}},
		{Name: "not in UTF-16", Want: errRefused, Do: reset(`"Correct-` + secretText + `"`)},
		{Name: "of a group", Want: errRefused, Do: func(s *Scene) error { return s.modify(s.group("g"), replace("unicodePwd", strong)) }},
		{Name: "disabled, then enabled with the present one", Do: func(s *Scene) error {
			dn := s.user("a", attribute("userAccountControl", "512"), attribute("unicodePwd", strong))
			set := s.text(dn, "pwdLastSet")
			s.must(s.modify(dn, replace("userAccountControl", "514")))
			s.must(s.modify(dn, replace("userAccountControl", "512")))
			assert.Equal(s, set, s.text(dn, "pwdLastSet"))
			return nil
		}},
	}
}
