package plan

import (
	"slices"
	"strconv"

	"ad-user-sync/internal/adrules"
)

// Keeps is what a person lets an account keep that is taken over. Of what it does
// not keep: without its password it is disabled, and enabled with a new one only;
// without its end it ends as everybody does; without its memberships it leaves
// the mapped groups that the file does not give; without its names it is called as the
// file says, and without its values it has none where the file has none.
type Keeps struct {
	Password    bool    `json:"password"`
	Expiry      bool    `json:"expiry"`
	Memberships bool    `json:"memberships"`
	Names       bool    `json:"names,omitempty"`
	Values      bool    `json:"values,omitempty"`
	Source      *Source `json:"source,omitempty"` // with names or values: what the file had then
	First       int64   `json:"first,omitempty"`  // without its end, by match: the one it gets, where the lease is shorter
}

// letGo is what the account does not keep, written together with its anchor.
func (c *calendar) letGo(p *person, keeps *Keeps) (changes []Change) {
	a := p.account
	if keeps == nil {
		return nil
	}
	if !keeps.Password && a.Enabled() {
		changes = append(changes, Change{Attribute: "userAccountControl",
			Before: []string{controlText(a.Control)}, After: []string{controlText(a.Control.Disable())}})
	}
	expires, ok := c.lease(p)
	if ok && keeps.First != 0 && earlier(expires, keeps.First) {
		expires = keeps.First
	}
	if ok && !keeps.Expiry && !sameExpiry(a.Expires, expires) {
		changes = append(changes, expiryChange(a, expires))
	}
	return changes
}

// adopt is row 18: the changes of names, the anchor, and what the account does not
// keep. Its groups are left once that is done.
func (m *deciding) adopt(p *person, why Reason, names ...Change) {
	keeps := m.ledger.unfinished(p)
	if p.takeOver != nil {
		keeps = p.takeOver.Keeps
	}
	if _, ends := m.calendar.lease(p); keeps != nil && !ends { // no one was asked about its end
		ended := *keeps
		ended.Expiry, keeps = false, &ended
	}
	if p.takeOver != nil && keeps != nil {
		known := *keeps
		known.Source, known.First = m.attrs.sourceTaken(p), 0
		if p.matched && !known.Expiry {
			known.First = m.calendar.firstEnd(p)
		}
		keeps = &known
	}
	changes := names
	if anchor, ok := m.attrs.anchorChange(p); ok {
		changes = append(changes, anchor)
	}
	changes = append(changes, m.calendar.letGo(p, keeps)...)
	act := m.draft.act(p, Adopt, why, changes...)
	act.MoveIn, act.Answer, act.Keeps, act.Replaces = !p.account.InContainer, p.takeOver, keeps, p.formerAnchor
}

// unfinished is what was decided about an account whose taking over was cut
// short before its last write.
func (l *ledger) unfinished(p *person) *Keeps {
	if known := &p.account.known; known.Meant == "" || known.Meant == p.user.ObjectGUID {
		return known.MeantKeeps
	}
	return nil
}

// shownToKeep is what a person sees of an account before it is taken over: its names
// and groups, which it brings along, and what the ticks decide about.
func shownToKeep(q *Question) []fieldValue {
	if q.Holder == nil {
		return nil
	}
	groups := []string{}
	for _, g := range q.Losing {
		groups = append(groups, string(g.SID))
	}
	fields := []fieldValue{{Name: "enabled", After: []string{strconv.FormatBool(q.Holder.Enabled())}},
		{Name: "ends", After: []string{endText(q.Holder)}}, {Name: "memberships", After: groups},
		{Name: "names", After: []string{q.Holder.AccountName, q.Holder.UPN}}, {Name: "groups", After: slices.Sorted(slices.Values(q.Holder.Groups))}}
	if len(q.Holder.Guarded) > 0 {
		fields = append(fields, fieldValue{Name: "guarded", After: q.Holder.Guarded})
	}
	for _, g := range q.Bringing {
		fields = append(fields, fieldValue{Name: "brings", After: append([]string{string(g.SID), string(g.Guard()), g.Under}, sidTexts(g.Reaches)...)})
	}
	return fields
}

func sidTexts(sids []adrules.SID) (texts []string) {
	for _, sid := range sids {
		texts = append(texts, string(sid))
	}
	return texts
}

// bringing are the guarded groups that an account is in, those that were renamed or moved
// among them.
func (x *groupIndex) bringing(a *account) (list []*Group) {
	for _, g := range x.all {
		if g.SID != "" && g.Guarded() && a.MemberOf[g.SID] {
			list = append(list, g)
		}
	}
	return list
}

// guards reports whether an account is in a guarded group, in whatever way.
func (x *groupIndex) guards(a *account) bool { return len(a.Guarded) > 0 || len(x.bringing(a)) > 0 }

// guarding names the guarded groups that a question is asked alone for and has not among
// its own: the account that may be taken over, or disabled though nothing proves that it
// is ours, is in them by others, by its primary group, or they are not mapped.
func (l *ledger) guarding(q *Question) []string {
	if q.Holder != nil {
		return q.Holder.Guarded
	}
	if a := l.accountOf(*q.Person); a != nil && q.Kind == Disable && (q.Reason == Unconfirmed || q.Reason == NotMigrated) {
		return a.Guarded
	}
	return nil
}

// brought names the guarded groups that an account is in and that the file grants,
// too: whoever takes it over has them, and no tick is about that.
func (q Question) brought() (flags []Field) {
	for _, g := range q.Bringing {
		if !slices.Contains(q.Losing, g) {
			flags = append(flags, Field{Code: FieldFlag, After: []string{"the account is in the guarded group " + g.called() + ", and stays in it"}})
		}
	}
	return flags
}

// losing are the mapped groups an account is in that the file does not give the
// person.
func (x *groupIndex) losing(p *person, a *account) (losing []*Group) {
	given := x.given(p)
	for _, g := range x.all {
		if g.Missing == "" && a.MemberOf[g.SID] && given[g] == nil && a.Primary != g.SID {
			losing = append(losing, g)
		}
	}
	return losing
}

// dropGroups lets go the memberships, once the account is the person's.
func (m *deciding) dropGroups(p *person) {
	if p.takeOver.Keeps == nil || p.takeOver.Keeps.Memberships {
		return
	}
	for _, g := range m.groups.losing(p, p.account) {
		m.draft.add(Action{Kind: Leave, Reason: GroupMap, Person: m.show.shared(p), Group: g, Answer: p.takeOver, Then: true})
	}
}
