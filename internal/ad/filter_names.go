package ad

import (
	"slices"
	"strings"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
)

// Named is an attribute that a filter names.
type Named struct {
	Attribute string // as written, without options; a name or an OID
	Negated   bool   // below a "not", so that a value may keep an object out
}

// Named lists the attributes that the filter looks at, each once for each way.
func (f Filter) Named() []Named {
	packet, err := ldap.CompileFilter(string(f))
	if err != nil { // "", or never parsed
		return nil
	}
	var all []Named
	collectNamed(packet, false, &all)
	return all
}

func collectNamed(p *ber.Packet, negated bool, all *[]Named) {
	switch p.Tag {
	case ldap.FilterAnd, ldap.FilterOr, ldap.FilterNot:
		for _, child := range p.Children {
			collectNamed(child, negated != (p.Tag == ldap.FilterNot), all)
		}
		return
	}
	name, _, _ := strings.Cut(assertedName(p), ";")
	if n := (Named{name, negated}); name != "" && !slices.ContainsFunc(*all, n.same) {
		*all = append(*all, n)
	}
}

// Asserted lists the values that the filter compares an attribute with.
func (f Filter) Asserted(attribute string) []string {
	packet, err := ldap.CompileFilter(string(f))
	if err != nil {
		return nil
	}
	var values []string
	collectAsserted(packet, attribute, &values)
	return values
}

func collectAsserted(p *ber.Packet, attribute string, values *[]string) {
	switch p.Tag {
	case ldap.FilterAnd, ldap.FilterOr, ldap.FilterNot:
		for _, child := range p.Children {
			collectAsserted(child, attribute, values)
		}
	case ldap.FilterEqualityMatch:
		if strings.EqualFold(assertedName(p), attribute) {
			*values = append(*values, string(octets(p.Children[1])))
		}
	case ldap.FilterExtensibleMatch:
		for _, child := range p.Children {
			if child.Tag == ldap.MatchingRuleAssertionMatchValue && strings.EqualFold(assertedName(p), attribute) {
				*values = append(*values, string(octets(child)))
			}
		}
	}
}

func (n Named) same(o Named) bool {
	return n.Negated == o.Negated && strings.EqualFold(n.Attribute, o.Attribute)
}

// assertedName is the attribute of one clause, "" where it names none.
func assertedName(p *ber.Packet) string {
	switch p.Tag {
	case ldap.FilterPresent:
		return string(octets(p))
	case ldap.FilterExtensibleMatch:
		for _, child := range p.Children {
			if child.Tag == ldap.MatchingRuleAssertionType {
				return string(octets(child))
			}
		}
		return ""
	}
	return string(octets(p.Children[0]))
}

func octets(p *ber.Packet) []byte { return []byte(ber.DecodeString(p.Data.Bytes())) }
