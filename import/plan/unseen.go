package plan

import (
	"fmt"
	"slices"
	"strings"
)

// failOutOfSight makes nothing for people whose account is there, and cannot be
// read: a second one would come of it.
func (m *matching) failOutOfSight() {
	if len(m.obs.Unseen) == 0 {
		return
	}
	ofGone, called := map[*gone]*Unseen{}, map[string]*Unseen{}
	for i := range slices.Backward(m.obs.Unseen) {
		u := &m.obs.Unseen[i]
		if g := m.roster.ownerOf(u); g != nil {
			ofGone[g] = u
		} else {
			called[m.keys.of(u.CN)] = u
		}
	}
	for _, p := range m.roster.people {
		if p.account != nil || p.settled {
			continue
		}
		if u := m.unseenOf(p, ofGone, called); u != nil {
			p.settled = true
			m.owners.told[u] = true
			m.draft.fail(p, OutOfSight, u.Text()+". Nothing is created, renamed or taken over for this person")
		}
	}
}

// unseenOf is what cannot be read and may be the person's account.
func (m *matching) unseenOf(p *person, ofGone map[*gone]*Unseen, called map[string]*Unseen) *Unseen {
	if g := m.roster.goneOf[p]; g != nil && ofGone[g] != nil {
		return ofGone[g]
	}
	for _, name := range m.draft.namesOf(p) {
		for _, cn := range []string{m.names.wantedCN(p), m.names.namesakeCN(p, name)} {
			if u := called[m.keys.of(cn)]; u != nil {
				return u
			}
		}
	}
	return nil
}

// ownerOf is the account that was seen last under this name.
func (r *roster) ownerOf(u *Unseen) *gone { return r.goneAt[exact(u.DN)] }

// hidden reports whether an account that is seen nowhere is there.
func (r *roster) hidden(g *gone) bool { return r.unseenAt[exact(g.known.Seen.DN)] }

func (r *roster) indexUnseen() {
	r.goneAt, r.unseenAt = map[string]*gone{}, map[string]bool{}
	for _, g := range slices.Backward(r.gone) {
		r.goneAt[exact(g.known.Seen.DN)] = g
	}
	for i := range r.obs.Unseen {
		r.unseenAt[exact(r.obs.Unseen[i].DN)] = true
	}
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
