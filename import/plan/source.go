package plan

import (
	"fmt"
	"slices"
	"strings"

	"ad-user-sync/schema"
)

// Source is what the file had about a person when their account was taken over with
// its own names and values: these stay until the file says something else.
type Source struct {
	CN          string   `json:"cn,omitempty"`           // the account keeps its common name as long as the file has this one
	AccountName string   `json:"account_name,omitempty"` // likewise its account name and user principal name
	Empty       []string `json:"empty,omitempty"`        // attributes, in lower case, that the file had as empty and the account had not
}

// sourceOf is what holds of a person's account; nil where it keeps nothing of its own.
func (x *attributes) sourceOf(p *person) *Source {
	switch {
	case p.account == nil:
		return nil
	case p.takeOver != nil:
		return x.sourceTaken(p)
	}
	return x.sourceBefore(p)
}

func (x *attributes) sourceBefore(p *person) *Source {
	known := &p.account.known
	if known.Anchor == p.user.ObjectGUID || p.formerAnchor != "" && known.Anchor == p.formerAnchor {
		return known.Source
	}
	return nil
}

// sourceTaken is what holds of an account that is taken over now. Only match asks about
// names and values: with any other question, what the account has kept so far stays.
func (x *attributes) sourceTaken(p *person) *Source {
	if p.matched {
		return x.sourceNow(p, p.takeOver.Keeps)
	}
	if before := x.sourceBefore(p); before != nil {
		return before.left(p, x)
	}
	return nil
}

func (x *attributes) sourceNow(p *person, keeps *Keeps) *Source {
	if keeps == nil || !keeps.Names && !keeps.Values {
		return nil
	}
	s := &Source{}
	if keeps.Names {
		s.CN, s.AccountName = p.user.CN, p.user.SAMAccountName
	}
	if keeps.Values {
		s.Empty = x.emptyInFile(p)
	}
	return s
}

// emptyInFile lists the attributes that would be cleared.
func (x *attributes) emptyInFile(p *person) (list []string) {
	for _, rule := range x.everyRule() {
		if values, ok := x.given(rule, p); ok && rule.OnCreate == nil && len(values) == 0 && len(p.account.Values.List(rule.key)) > 0 {
			list = append(list, rule.key)
		}
	}
	slices.Sort(list)
	return list
}

// given is what the file has for an attribute: nothing where it names no one but people
// who have no account here.
func (x *attributes) given(rule *attributeRule, p *person) (values []string, ok bool) {
	v, ok, _ := x.made(rule, p.user)
	if _, is := schema.ReferenceOf(rule.name); is && !slices.ContainsFunc(v.List, x.reaches) || !ok {
		return nil, ok
	}
	return v.List, true
}

func (x *attributes) everyRule() []*attributeRule {
	all := slices.Clone(x.rules)
	for _, ref := range x.refs {
		all = append(all, ref.attributeRule)
	}
	return all
}

func (s *Source) keepsCN(p *person) bool {
	return s != nil && s.CN != "" && sameExact(s.CN, p.user.CN)
}

func (s *Source) keepsName(p *person) bool {
	return s != nil && s.AccountName != "" && sameExact(s.AccountName, p.user.SAMAccountName)
}

// keepsValue reports whether an attribute stays that the file has as empty.
func (s *Source) keepsValue(key string, wanted []string) bool {
	return s != nil && len(wanted) == 0 && slices.Contains(s.Empty, key)
}

// left is what of it still holds, once the file says something else about the rest.
func (s *Source) left(p *person, x *attributes) *Source {
	now := Source{}
	if s.keepsCN(p) {
		now.CN = s.CN
	}
	if s.keepsName(p) {
		now.AccountName = s.AccountName
	}
	said := map[string]bool{}
	for _, rule := range x.everyRule() {
		values, _ := x.given(rule, p)
		said[rule.key] = len(values) > 0
	}
	for _, key := range s.Empty {
		if !said[key] {
			now.Empty = append(now.Empty, key)
		}
	}
	if now.CN+now.AccountName == "" && len(now.Empty) == 0 {
		return nil
	}
	return &now
}

// same reports whether nothing of it was let go.
func (s *Source) same(now *Source) bool {
	return now != nil && s.CN == now.CN && s.AccountName == now.AccountName && len(s.Empty) == len(now.Empty)
}

// letGoSources are the accounts of which the file says something else by now.
func (m *closing) letGoSources() {
	for _, p := range m.roster.people {
		if p.account == nil || p.takeOver != nil || !p.active || p.account.person != p {
			continue
		}
		if s := m.attrs.sourceOf(p); s != nil {
			if now := s.left(p, m.attrs); !s.same(now) {
				m.draft.plan.Unkept = append(m.draft.plan.Unkept, Unkept{p.account.GUID, now})
			}
		}
	}
}

// written lists the values that an account would lose to the file's, and those that it
// would get where it has none.
func (x *attributes) written(p *person, a *account) (over, filled []string) {
	with := *p
	with.account = a
	for _, rule := range x.rules {
		before := a.Values.List(rule.key)
		values, ok, _ := x.wanted(&with, rule, false)
		switch {
		case !ok || len(values) == 0 || sameValues(before, values):
		case len(before) > 0:
			over = append(over, fmt.Sprintf("%s: %s, then %s", rule.name, legible(rule, before), legible(rule, values)))
		default:
			filled = append(filled, rule.name+": "+legible(rule, values))
		}
	}
	for _, rule := range x.refs {
		names, before := x.writtenBy(p, a, rule), a.Values.List(rule.key)
		switch {
		case len(names) == 0:
		case len(before) > 0:
			over = append(over, fmt.Sprintf("%s: %s, then %s", rule.name, strings.Join(before, "; "), strings.Join(names, "; ")))
		default:
			filled = append(filled, rule.name+": "+strings.Join(names, "; "))
		}
	}
	return over, filled
}

// legible are values as people can read them.
func legible(rule *attributeRule, values []string) string {
	if !rule.of.Binary {
		return strings.Join(values, ", ")
	}
	size := 0
	for _, v := range values {
		size += len(v)
	}
	return fmt.Sprintf("%d bytes", size)
}

// writtenBy are whom a reference would name instead of whom it names now, by who is in the
// file: an account of theirs may come later.
func (x *attributes) writtenBy(p *person, a *account, rule *referenceRule) (names []string) {
	before := a.Values.List(rule.key)
	value, given := rule.from.of(p.user)
	if !given || rule.Keep && len(before) > 0 || rule.of.Single && len(value.List) > 1 {
		return nil
	}
	var others []*person
	for _, guid := range value.List {
		if other := x.byAnchor[strings.ToLower(guid)]; other != nil && (other.active || other.account != nil) {
			others, names = append(others, other), append(names, other.user.CN)
		}
	}
	if len(others) == 0 || sameReferences(before, others) {
		return nil
	}
	return names
}
