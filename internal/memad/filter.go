package memad

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"

	"ad-user-sync/internal/ad"
)

// Matching rules of Active Directory (MS-ADTS 3.1.1.3.4.4).
const (
	ruleBitAnd  = "1.2.840.113556.1.4.803"
	ruleInChain = "1.2.840.113556.1.4.1941"
)

// matching is what a filter's evaluation must be told of the directory. Each
// function is called once per clause, when the filter is compiled.
type matching interface {
	known(attribute string) bool // of the schema; an unknown one makes its clause undefined
	compare(attribute string, asserted []byte) func(value []byte) (order int, comparable bool)
	equal(attribute string, asserted []byte) func(value []byte) bool
	inChain(attribute string, end ad.DN) func(ad.Entry) bool
}

// matcher is a filter that can be held against entries.
type matcher struct {
	attributes []string // that the filter looks at, lower case
	eval       clause
}

// matches reports whether the filter evaluates to true.
func (m *matcher) matches(e ad.Entry) bool { return m.eval(e) == isTrue }

// truth has three values (RFC 4511, 4.5.1.7), ordered so that "and" is the
// minimum and "or" the maximum.
type truth int

const (
	isFalse   truth = -1
	undefined truth = 0
	isTrue    truth = 1
)

type clause func(ad.Entry) truth

// compile readies a filter. The empty filter matches everything.
func compile(m matching, f ad.Filter) (*matcher, error) {
	packet, err := ldap.CompileFilter(string(cmp.Or(f, ad.Anything)))
	if err != nil {
		return nil, fmt.Errorf("%q is not a search filter: %w", string(f), err)
	}
	c := filterCompiler{matching: m, seen: map[string]bool{}}
	eval := c.clause(packet)
	return &matcher{attributes: c.attributes, eval: eval}, c.err
}

type filterCompiler struct {
	matching
	attributes []string
	seen       map[string]bool
	err        error
}

func (c *filterCompiler) clause(p *ber.Packet) clause {
	switch p.Tag {
	case ldap.FilterAnd:
		return c.all(p.Children, 1)
	case ldap.FilterOr:
		return c.all(p.Children, -1)
	case ldap.FilterNot:
		inner := c.clause(p.Children[0])
		return func(e ad.Entry) truth { return -inner(e) }
	case ldap.FilterPresent:
		name := octets(p)
		return c.about(string(name), func(e ad.Entry) bool { return e.Has(string(name)) })
	case ldap.FilterSubstrings:
		return c.substrings(p)
	case ldap.FilterExtensibleMatch:
		return c.extensible(p)
	}
	return c.comparison(p)
}

// all is the minimum of the parts; with the sign -1 it is the maximum.
func (c *filterCompiler) all(packets []*ber.Packet, sign truth) clause {
	var parts []clause
	for _, p := range packets {
		parts = append(parts, c.clause(p))
	}
	return func(e ad.Entry) truth {
		result := isTrue
		for _, part := range parts {
			if result = min(result, sign*part(e)); result == isFalse {
				break
			}
		}
		return sign * result
	}
}

// about guards a clause by the schema and notes the attribute.
func (c *filterCompiler) about(attribute string, holds func(ad.Entry) bool) clause {
	if !c.known(attribute) {
		return func(ad.Entry) truth { return undefined }
	}
	if key := strings.ToLower(attribute); !c.seen[key] {
		c.seen[key] = true
		c.attributes = append(c.attributes, key)
	}
	return func(e ad.Entry) truth {
		if holds(e) {
			return isTrue
		}
		return isFalse
	}
}

func (c *filterCompiler) comparison(p *ber.Packet) clause {
	attribute, asserted := string(octets(p.Children[0])), octets(p.Children[1])
	var holds func(value []byte) bool
	switch p.Tag {
	case ldap.FilterGreaterOrEqual, ldap.FilterLessOrEqual:
		compare, sign := c.compare(attribute, asserted), 1
		if p.Tag == ldap.FilterLessOrEqual {
			sign = -1
		}
		holds = func(value []byte) bool {
			order, ok := compare(value)
			return ok && order*sign >= 0
		}
	default: // equality, and approxMatch, which AD treats alike (MS-ADTS 3.1.1.3.1.3.1)
		holds = c.equal(attribute, asserted)
	}
	return c.someValue(attribute, holds)
}

func (c *filterCompiler) someValue(attribute string, holds func([]byte) bool) clause {
	return c.about(attribute, func(e ad.Entry) bool { return slices.ContainsFunc(e.Values(attribute), holds) })
}

func (c *filterCompiler) substrings(p *ber.Packet) clause {
	attribute := string(octets(p.Children[0]))
	pieces := p.Children[1].Children
	return c.someValue(attribute, func(value []byte) bool {
		rest := strings.ToLower(string(value))
		for _, piece := range pieces {
			text := strings.ToLower(string(octets(piece)))
			at := strings.Index(rest, text)
			switch piece.Tag {
			case ldap.FilterSubstringsInitial:
				at = 0
				if !strings.HasPrefix(rest, text) {
					return false
				}
			case ldap.FilterSubstringsFinal:
				return strings.HasSuffix(rest, text)
			}
			if at < 0 {
				return false
			}
			rest = rest[at+len(text):]
		}
		return true
	})
}

func (c *filterCompiler) extensible(p *ber.Packet) clause {
	var rule, attribute string
	var asserted []byte
	for _, child := range p.Children {
		switch child.Tag {
		case ldap.MatchingRuleAssertionMatchingRule:
			rule = string(octets(child))
		case ldap.MatchingRuleAssertionType:
			attribute = string(octets(child))
		case ldap.MatchingRuleAssertionMatchValue:
			asserted = octets(child)
		}
	}
	switch rule {
	case ruleBitAnd:
		return c.bits(attribute, asserted)
	case ruleInChain:
		end, err := ad.ParseDN(string(asserted))
		if err != nil {
			return func(ad.Entry) truth { return undefined }
		}
		return c.about(attribute, c.inChain(attribute, end))
	}
	c.err = fmt.Errorf("matching rule %q is not supported", rule)
	return func(ad.Entry) truth { return undefined }
}

func (c *filterCompiler) bits(attribute string, asserted []byte) clause {
	mask, err := strconv.ParseInt(string(asserted), 10, 64)
	return c.someValue(attribute, func(value []byte) bool {
		n, bad := strconv.ParseInt(string(value), 10, 64)
		return err == nil && bad == nil && n&mask == mask
	})
}

func octets(p *ber.Packet) []byte { return []byte(ber.DecodeString(p.Data.Bytes())) }
