package plan

import (
	"slices"
	"strings"
)

// refer is the second pass: references to other people of the file, by source
// anchor.
func (m *deciding) refer(p *person) {
	for _, rule := range m.attrs.refs {
		m.referBy(p, rule)
	}
}

func (m *deciding) referBy(p *person, rule *referenceRule) {
	value, given := rule.from.of(p.user)
	if !given || rule.Keep && p.account != nil && (len(p.account.value(rule.Attribute)) > 0 || p.account.Unread[rule.key]) {
		return
	}
	if values, _ := m.attrs.given(rule.attributeRule, p); m.attrs.sourceOf(p).keepsValue(rule.key, values) {
		return
	}
	if rule.of.Single && len(value.List) > 1 {
		m.draft.leaveOut(p, rule.name+": "+rule.of.refuses(p, value.List, false))
		return
	}
	var others []*person
	named := map[*person]bool{}
	for _, guid := range value.List {
		other := m.roster.byAnchor[strings.ToLower(guid)]
		switch {
		case other != nil && m.undecided(other): // whoever is named stays
			return
		case !m.attrs.reaches(guid):
			m.draft.noticeOf(p, rule.Plural+" who have no account here are not written, and who was "+rule.Noun+" before is cleared, unless the rule has \"keep\"; theirs is")
		case other.anchorOnly, other.takeOver != nil: // known from the next run on
			return
		case !named[other]:
			named[other] = true
			others = append(others, other)
		}
	}
	m.setReference(p, others, rule)
}

// undecided reports whether it is not known yet which account a person has, or gets.
func (m *deciding) undecided(p *person) bool {
	return p.settled && !p.skipped || p.account == nil && m.roster.goneOf[p] != nil
}

// reaches reports whether a source anchor is that of someone who has an account here, or gets one.
func (x *attributes) reaches(anchor string) bool {
	other := x.byAnchor[strings.ToLower(anchor)]
	return other != nil && !other.settled && (other.account != nil || other.active)
}

// setReference clears it where there is no other.
func (m *deciding) setReference(p *person, others []*person, rule *referenceRule) {
	var before []string
	if p.account != nil {
		before = p.account.value(rule.Attribute)
	}
	if sameReferences(before, others) {
		return
	}
	if p.spared() {
		p.hold(rule.Attribute)
		return
	}
	change := Change{Attribute: rule.Attribute, Before: before, People: true, Keep: rule.Keep}
	if len(others) > 0 {
		names := m.slabs.texts.take(len(others))
		change.After = m.slabs.texts.take(len(others))
		for i, other := range others {
			who := m.show.shared(other)
			change.After[i], names[i] = who.Key(), who.CN
		}
		change.Names = m.slabs.lists.one(names)
	}
	m.draft.act(p, Update, Differs, change)
}

// sameReferences reports whether these DNs are the accounts of these people.
func sameReferences(before []string, others []*person) bool {
	if len(before) != len(others) {
		return false
	}
	if len(before) == 1 {
		return others[0].account != nil && sameDN(before[0], others[0].account.DN)
	}
	named := make(map[string]bool, len(before))
	for _, dn := range before {
		named[plainDN(dn)] = true
	}
	return !slices.ContainsFunc(others, func(other *person) bool { return other.account == nil || !named[plainDN(other.account.DN)] })
}

// sameDN compares two spellings of a DN, so that a reference is not written
// again because the directory escapes differently (RFC 4514 section 2.4).
func sameDN(a, b string) bool { return a == b || a != "" && plainDN(a) == plainDN(b) }

// plainDN undoes escapes; an escaped separator stays apart from a bare one.
func plainDN(dn string) string {
	var b strings.Builder
	for i := 0; i < len(dn); i++ {
		if dn[i] != '\\' || i+1 == len(dn) {
			b.WriteByte(dn[i])
			continue
		}
		c, size := dn[i+1], 1
		if i+2 < len(dn) && hexDigit(dn[i+1]) >= 0 && hexDigit(dn[i+2]) >= 0 {
			c, size = byte(hexDigit(dn[i+1])<<4|hexDigit(dn[i+2])), 2
		}
		if strings.IndexByte(",+=", c) >= 0 {
			b.WriteByte(0)
		}
		b.WriteByte(c)
		i += size
	}
	return exact(b.String())
}

// hexDigit is the value of a hexadecimal digit, -1 of anything else.
func hexDigit(c byte) int { return strings.Index("0123456789abcdef", strings.ToLower(string(rune(c)))) }
