package adtest

import (
	"fmt"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/internal/ad"
)

func accountCases() []Case {
	becomes := func(attribute, value, want string) Case {
		return Case{Name: attribute + " " + value, Do: func(s *Scene) error {
			dn := s.user("a")
			s.must(s.modify(dn, replace(attribute, value)))
			assert.Equal(s, want, s.text(dn, attribute))
			return nil
		}}
	}
	same := func(attribute, value string) Case { return becomes(attribute, value, value) }
	refused := func(attribute string, want error, values ...string) Case {
		return Case{Name: fmt.Sprintf("%s %q refused", attribute, values), Want: want, Do: func(s *Scene) error {
			return s.modify(s.user("a"), replace(attribute, values...))
		}}
	}
	stricter := func(c Case, source string) Case { c.Stricter = source; return c }
	return []Case{
		same("accountExpires", "134432316000000000"), same("accountExpires", "0"), same("accountExpires", "9223372036854775807"), same("accountExpires", "1"),
		refused("accountExpires", ad.ErrBadValue, "never"), refused("accountExpires", ad.ErrBadValue, "9223372036854775808"), refused("accountExpires", ad.ErrBadValue, ""),
		refused("accountExpires", errRefused),
		same("userAccountControl", "514"), same("userAccountControl", "66050"), same("userAccountControl", "4194818"),
		becomes("userAccountControl", "2", "514"), becomes("userAccountControl", "530", "514"), becomes("userAccountControl", "578", "514"),
		becomes("userAccountControl", "8389122", "514"), becomes("userAccountControl", "544", "544"),
		stricter(refused("userAccountControl", ad.ErrBadValue, "abc"), "MS-ADTS 3.1.1.2.2.2: an Integer is decimal digits"),
		refused("userAccountControl", errRefused),
		stricter(refused("userAccountControl", ad.ErrPasswordPolicy, "512"), noPassword),
		{Name: "add enabled without a password", Want: ad.ErrPasswordPolicy, Stricter: noPassword,
			Do: func(s *Scene) error { return s.addUser("a", attribute("userAccountControl", "512")) }},
		{Name: "add enabled, password not required", Do: func(s *Scene) error { return s.addUser("a", attribute("userAccountControl", "544")) }},
		becomes("pwdLastSet", "0", "0"), refused("pwdLastSet", errRefused, "134432316000000000"), refused("pwdLastSet", errRefused),
		{Name: "pwdLastSet -1 is now", Do: func(s *Scene) error {
			dn := s.user("a")
			s.must(s.modify(dn, replace("pwdLastSet", "-1")))
			assert.Greater(s, s.number(dn, "pwdLastSet"), int64(100000000000000000))
			s.must(s.modify(dn, replace("pwdLastSet", "0")))
			assert.Zero(s, s.number(dn, "pwdLastSet"))
			return nil
		}},
		same("lockoutTime", "0"), stricter(refused("lockoutTime", errRefused, "1"), "MS-SAMR 3.1.1.8.3: lockoutTime is only cleared"),
		{Name: "must change shows as expired", Do: func(s *Scene) error {
			assert.Equal(s, "8388608", s.text(s.user("a"), "msDS-User-Account-Control-Computed"))
			return nil
		}},
		{Name: "rights of the bound account", Do: effectiveRights},
	}
}

// effectiveRights: an administrator may do it all (MS-ADTS 3.1.1.4.5).
func effectiveRights(s *Scene) error {
	assert.Subset(s, s.read(s.OU, "allowedChildClassesEffective").Texts("allowedChildClassesEffective"), []string{"user", "organizationalUnit", "group"})
	dn := s.user("a")
	assert.Subset(s, s.read(dn, "allowedAttributesEffective").Texts("allowedAttributesEffective"),
		[]string{"cn", "title", "userAccountControl", "accountExpires", "manager", "adminDescription"})
	allowed := s.read(dn, "allowedAttributes").Texts("allowedAttributes")
	assert.Subset(s, allowed, []string{"title", "adminDescription", "objectSid", "employeeNumber"})
	assert.NotContains(s, allowed, "location", "whatever the rights: users do not have it")
	assert.Contains(s, s.read(s.group("g"), "allowedAttributesEffective").Texts("allowedAttributesEffective"), "member")
	assert.Equal(s, int64(4), s.number(dn, "sDRightsEffective")&4)
	return nil
}
