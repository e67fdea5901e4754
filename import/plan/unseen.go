package plan

import (
	"fmt"
	"slices"
	"strings"
)

// failOutOfSight makes nothing for people whose account is there, and cannot be
// read: a second one would come of it.
func (m *maker) failOutOfSight() {
	for _, p := range m.people {
		if p.account != nil || p.settled {
			continue
		}
		for i := range m.obs.Unseen {
			if u := &m.obs.Unseen[i]; m.mayBeOf(p, u) {
				p.settled = true
				m.told[u] = true
				m.fail(p, OutOfSight, u.Text()+". Nothing is created, renamed or taken over for this person")
				break
			}
		}
	}
}

// mayBeOf reports whether what cannot be read may be the person's account.
func (m *maker) mayBeOf(p *person, u *Unseen) bool {
	if g := m.ownerOf(u); g != nil {
		return m.goneOf[p] == g
	}
	for _, name := range m.namesOf(p) {
		if m.keys.same(u.CN, m.wantedCN(p)) || m.keys.same(u.CN, m.namesakeCN(p, name)) {
			return true
		}
	}
	return false
}

// ownerOf is the account that was seen last under this name.
func (m *maker) ownerOf(u *Unseen) *gone {
	i := slices.IndexFunc(m.gone, func(g *gone) bool { return sameExact(g.known.Seen.DN, u.DN) })
	if i < 0 {
		return nil
	}
	return m.gone[i]
}

// hidden reports whether an account that is seen nowhere is there.
func (m *maker) hidden(g *gone) bool {
	return slices.ContainsFunc(m.obs.Unseen, func(u Unseen) bool { return sameExact(g.known.Seen.DN, u.DN) })
}

// reportOutOfSight names what may be the account of somebody who has left.
func (m *maker) reportOutOfSight() {
	for i := range m.obs.Unseen {
		u := &m.obs.Unseen[i]
		if m.told[u] {
			continue
		}
		who := Person{CN: u.CN}
		if g := m.ownerOf(u); g != nil {
			who = m.displayGone(g)
		}
		m.plan.Failed = append(m.plan.Failed, Note{who, OutOfSight, u.Text() + ". Should its person have left, it is not disabled"})
	}
}

// Text says what it is, and what to do.
func (u *Unseen) Text() string {
	return fmt.Sprintf("%s is a member of %s, and cannot be read. Give the bound account the right to list and read everything in the managed container",
		u.DN, strings.Join(u.Groups, ", "))
}
