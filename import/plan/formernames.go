package plan

import (
	"fmt"
	"strings"
	"time"
)

// formerConflict is row 62.
func (m *naming) formerConflict(p *person) (conflict, bool) {
	if !m.names.makes(p) || p.answered {
		return conflict{}, false
	}
	if m.names.templates.account != nil {
		if why := m.hadBefore(p, p.name); why != "" {
			return conflict{kind: "former", why: "the account name " + why}, true
		}
	}
	for _, upn := range m.upnsMade(p) {
		if why := m.hadBefore(p, upn); why != "" {
			return conflict{kind: "former", why: "the user principal name " + why}, true
		}
	}
	return conflict{}, false
}

// hadBefore tells who had a name that no one has any more.
func (m *naming) hadBefore(p *person, name string) string {
	if m.former == nil {
		m.indexFormer()
	}
	had, known := m.former[m.keys.of(name)]
	if !known || had.Anchor == p.user.ObjectGUID || !m.in.Now.Before(had.Until.Add(NameRestsFor)) {
		return ""
	}
	return fmt.Sprintf("%s was another person's until %s", name, had.Until.UTC().Format(time.DateOnly))
}

// indexFormer lists the names that the ledger knows to be given up, and those that an
// account of ours had when it was seen last, and has no more.
func (m *naming) indexFormer() {
	m.former = map[string]FormerName{}
	for name, had := range m.in.Memory.Names {
		m.latest(name, had)
		if !strings.Contains(name, "@") {
			m.latest(m.names.impliedUPN(name, ""), had)
		}
	}
	for guid, known := range m.in.Memory.Accounts {
		a, until := m.index.byGUID[guid], known.Gone
		if until.IsZero() {
			until = m.in.Now
		}
		for _, name := range []string{known.Seen.AccountName, known.Seen.UPN, m.names.impliedUPN(known.Seen.AccountName, "")} {
			if name != "" && (a == nil || !m.names.answersTo(a, name)) {
				m.latest(name, FormerName{known.Anchor, until})
			}
		}
	}
}

// answersTo reports whether an account has a name, as its account name or a UPN.
func (k *names) answersTo(a *account, name string) bool {
	return sameFold(name, a.AccountName) || sameFold(name, a.UPN) || sameFold(name, k.impliedUPN(a.AccountName, a.UPN))
}

// latest keeps who had a name last.
func (m *naming) latest(name string, had FormerName) {
	key := m.keys.of(name)
	before, known := m.former[key]
	if !known || had.Until.After(before.Until) || had.Until.Equal(before.Until) && had.Anchor < before.Anchor {
		m.former[key] = had
	}
}
