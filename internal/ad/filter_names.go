package ad

import (
	"iter"
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
	var all []Named
	for p, negated := range f.clauses() {
		name, _, _ := strings.Cut(assertedName(p), ";")
		if n := (Named{name, negated}); name != "" && !slices.ContainsFunc(all, n.same) {
			all = append(all, n)
		}
	}
	return all
}

// Asserted lists the values that the filter compares an attribute with.
func (f Filter) Asserted(attribute string) []string {
	var values []string
	for p := range f.clauses() {
		switch {
		case !strings.EqualFold(assertedName(p), attribute):
		case p.Tag == ldap.FilterEqualityMatch:
			values = append(values, string(octets(p.Children[1])))
		case p.Tag == ldap.FilterExtensibleMatch:
			for _, child := range p.Children {
				if child.Tag == ldap.MatchingRuleAssertionMatchValue {
					values = append(values, string(octets(child)))
				}
			}
		}
	}
	return values
}

// clauses are those that look at an attribute, and whether they are below a "not".
func (f Filter) clauses() iter.Seq2[*ber.Packet, bool] {
	return func(yield func(*ber.Packet, bool) bool) {
		var visit func(p *ber.Packet, negated bool) bool
		visit = func(p *ber.Packet, negated bool) bool {
			switch p.Tag {
			case ldap.FilterAnd, ldap.FilterOr, ldap.FilterNot:
				inside := negated != (p.Tag == ldap.FilterNot)
				return !slices.ContainsFunc(p.Children, func(child *ber.Packet) bool { return !visit(child, inside) })
			}
			return yield(p, negated)
		}
		if packet, err := ldap.CompileFilter(string(f)); err == nil { // else it is "", or was never parsed
			visit(packet, false)
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
