package plan

import (
	"slices"
	"strings"
)

// manager is the second pass: a reference to another person of the file, by
// source anchor.
func (m *deciding) manager(p *person) {
	rule := slices.IndexFunc(m.attrs.rules, func(r attributeRule) bool { return sameFold(r.name, managerAttribute) })
	if rule < 0 {
		return
	}
	value, given := m.attrs.fileValue(p.user, m.attrs.rules[rule].from)
	keep := m.attrs.rules[rule].Keep
	if !given || keep && p.account != nil && len(p.account.value(managerAttribute)) > 0 {
		return
	}
	boss := m.roster.byAnchor[strings.ToLower(first(value.List))]
	switch {
	case boss == nil, boss.settled, boss.account == nil && !boss.active:
		if len(value.List) > 0 {
			m.draft.noticeOf(p, "managers who have no account here are not written, and who was manager before is cleared, unless the rule has \"keep\"; theirs is")
		}
		m.setManager(p, nil, keep)
	case boss.stampOnly, boss.takeOver != nil: // known from the next run on
	default:
		m.setManager(p, boss, keep)
	}
}

func (m *deciding) setManager(p, boss *person, keep bool) {
	var before, after, names []string
	if p.account != nil {
		before = p.account.value(managerAttribute)
	}
	switch {
	case boss == nil && len(before) == 0:
		return
	case boss != nil && boss.account != nil && sameDN(first(before), boss.account.DN):
		return
	case boss != nil:
		after, names = []string{m.show.person(boss).Key()}, []string{m.show.person(boss).CN}
	}
	if p.spared() {
		p.hold(managerAttribute)
		return
	}
	m.draft.act(p, Update, Differs, Change{Attribute: managerAttribute, Before: before, After: after, People: true, Names: names, Keep: keep})
}

// sameDN compares two spellings of a DN, so that a manager is not written again
// because the directory escapes differently (RFC 4514 section 2.4).
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
