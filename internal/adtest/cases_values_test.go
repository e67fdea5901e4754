package adtest

import (
	"strings"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/internal/ad"
)

// valueCases: what values the schema lets in, by change; Add asks the same
// questions.
func valueCases() []Case {
	x := func(n int) string { return strings.Repeat("x", n) }
	good := func(name, attribute string, values ...string) Case {
		return Case{Name: attribute + ": " + name, Do: func(s *Scene) error {
			dn := s.user("a")
			s.must(s.modify(dn, replace(attribute, values...)))
			assert.ElementsMatch(s, values, s.read(dn, attribute).Texts(attribute))
			return nil
		}}
	}
	bad := func(name, attribute string, values ...string) Case {
		return Case{Name: attribute + ": " + name, Want: ad.ErrBadValue, Do: func(s *Scene) error {
			return s.modify(s.user("a"), replace(attribute, values...))
		}}
	}
	return []Case{
		good("longest", "department", strings.Repeat("ü", 64)), bad("too long", "department", x(65)),
		good("longest", "title", x(128)), bad("too long", "title", x(129)),
		good("longest", "displayName", x(256)), bad("too long", "displayName", x(257)),
		good("longest", "telephoneNumber", x(64)), bad("too long", "telephoneNumber", x(65)),
		good("longest", "employeeID", x(16)), bad("too long", "employeeID", x(17)),
		good("longest", "initials", x(6)), bad("too long", "initials", x(7)),
		good("longest", "sn", x(64)), bad("too long", "sn", x(65)),
		good("longest", "givenName", x(64)), bad("too long", "givenName", x(65)),
		good("longest", "adminDescription", x(1024)), bad("too long", "adminDescription", x(1025)),
		good("two letters", "c", "DE"), bad("a name", "c", "Germany"),
		good("number", "countryCode", "276"), bad("text", "countryCode", "abc"), bad("too great", "countryCode", "99999999999"),
		bad("empty", "department", ""), bad("two values", "department", "a", "b"), bad("not UTF-8", "department", "\xff\xfe"),
		good("one blank", "department", " "), good("blanks around", "department", "  x  "), good("lines", "description", "a\r\nb"),
		good("several", "otherTelephone", "1", "2", "3"), bad("one twice", "otherTelephone", "1", "1"),
		{Name: "otherTelephone: one twice but for case", Want: ad.ErrBadValue, Stricter: "MS-ADTS 3.1.1.2.2.4: values are compared by the rule of their syntax",
			Do: func(s *Scene) error { return s.modify(s.user("a"), replace("otherTelephone", "a", "A")) }},
		good("any text", "mail", "no address, Ümlaut"),
		good("16 bytes", "mS-DS-ConsistencyGuid", "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\xff\xfe"),
		good("text", "msDS-cloudExtensionAttribute1", "x"),
		good("largest", "thumbnailPhoto", x(102400)), bad("too large", "thumbnailPhoto", x(102401)),
	}
}
