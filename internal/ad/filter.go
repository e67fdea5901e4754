package ad

import (
	"fmt"
	"strings"

	"github.com/go-ldap/ldap/v3"
)

// Filter is a search filter (RFC 4515), built from values that are escaped
// here.
type Filter string

// ruleInChain is a matching rule of Active Directory (MS-ADTS 3.1.1.3.4.4).
const ruleInChain = "1.2.840.113556.1.4.1941"

// People matches user objects that are no computers.
const People Filter = "(&(objectCategory=person)(objectClass=user))"

// Anything matches every object.
const Anything Filter = "(objectClass=*)"

// Equal matches objects with this value of the attribute; value may be binary.
func Equal(attribute, value string) Filter {
	return Filter("(" + attribute + "=" + ldap.EscapeFilter(value) + ")")
}

// Begins matches objects with a value of the attribute that begins with this text.
func Begins(attribute, text string) Filter {
	return Filter("(" + attribute + "=" + ldap.EscapeFilter(text) + "*)")
}

// Present matches objects that have the attribute.
func Present(attribute string) Filter { return Filter("(" + attribute + "=*)") }

// InChain matches by a DN-valued attribute, nested objects included.
func InChain(attribute string, dn DN) Filter {
	return Equal(attribute+":"+ruleInChain+":", dn.String())
}

// And matches what all of the filters match.
func And(all ...Filter) Filter { return join("&", all) }

// Or matches what one of the filters matches.
func Or(one ...Filter) Filter { return join("|", one) }

// Not matches what f does not.
func Not(f Filter) Filter { return "(!" + f + ")" }

func join(operator string, filters []Filter) Filter {
	if len(filters) == 1 {
		return filters[0]
	}
	var s strings.Builder
	s.WriteString("(" + operator)
	for _, f := range filters {
		s.WriteString(string(f))
	}
	s.WriteString(")")
	return Filter(s.String())
}

// ParseFilter takes a filter that a person wrote.
func ParseFilter(s string) (Filter, error) {
	if _, err := ldap.CompileFilter(s); err != nil {
		return "", fmt.Errorf("%q is not a search filter: %w", s, err)
	}
	return Filter(s), nil
}
