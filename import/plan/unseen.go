package plan

import (
	"fmt"
	"slices"
	"strings"
)

// failOutOfSight makes nothing for people whose account is there, and cannot be
// read: a second one would come of it.
func (m *matching) failOutOfSight() {
	for _, p := range m.roster.people {
		if p.account != nil || p.settled {
			continue
		}
		for i := range m.obs.Unseen {
			if u := &m.obs.Unseen[i]; m.mayBeOf(p, u) {
				p.settled = true
				m.owners.told[u] = true
				m.draft.fail(p, OutOfSight, u.Text()+". Nothing is created, renamed or taken over for this person")
				break
			}
		}
	}
}

// mayBeOf reports whether what cannot be read may be the person's account.
func (m *matching) mayBeOf(p *person, u *Unseen) bool {
	if g := m.roster.ownerOf(u); g != nil {
		return m.roster.goneOf[p] == g
	}
	return m.keys.same(u.CN, m.names.wantedCN(p)) || slices.ContainsFunc(m.draft.namesOf(p), func(name string) bool {
		return m.keys.same(u.CN, m.names.namesakeCN(p, name))
	})
}

// ownerOf is the account that was seen last under this name.
func (r *roster) ownerOf(u *Unseen) *gone {
	i := slices.IndexFunc(r.gone, func(g *gone) bool { return sameExact(g.known.Seen.DN, u.DN) })
	if i < 0 {
		return nil
	}
	return r.gone[i]
}

// hidden reports whether an account that is seen nowhere is there.
func (r *roster) hidden(g *gone) bool {
	return slices.ContainsFunc(r.obs.Unseen, func(u Unseen) bool { return sameExact(g.known.Seen.DN, u.DN) })
}

// reportOutOfSight names what may be the account of a person who has left.
func (m *leaving) reportOutOfSight() {
	for i := range m.obs.Unseen {
		u := &m.obs.Unseen[i]
		if m.owners.told[u] {
			continue
		}
		who := Person{CN: u.CN}
		if g := m.roster.ownerOf(u); g != nil {
			who = m.show.gone(g)
		}
		m.draft.plan.Failed = append(m.draft.plan.Failed, Note{who, OutOfSight, u.Text() + ". Should its person have left, it is not disabled"})
	}
}

// Text says what it is, and what to do.
func (u *Unseen) Text() string {
	return fmt.Sprintf("%s is a member of %s, and cannot be read. Give the bound account the right to list and read everything in the managed container",
		u.DN, strings.Join(u.Groups, ", "))
}
