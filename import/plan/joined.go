package plan

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"ad-user-sync/internal/adrules"
)

// Joined is how this program put an account into a mapped group.
type Joined struct {
	At      time.Time     `json:"at,omitzero"`
	By      string        `json:"by,omitempty"`      // who agreed
	Guard   Guard         `json:"guard,omitempty"`   // what guarded the group then
	Reaches []adrules.SID `json:"reaches,omitempty"` // privileged groups that it led into then
	Before  bool          `json:"before,omitempty"`  // since before joins were recorded; counts as agreed
}

// Unasked reports whether no one was asked to agree to it.
func (j Joined) Unasked() bool { return j.By == "" && !j.Before }

// outgrown reports whether it was agreed to while the group was not privileged, or
// led into fewer privileged groups.
func (j Joined) outgrown(g *Group) bool {
	if j.Unasked() || g.Why == "" {
		return false
	}
	further := func(sid adrules.SID) bool { return !slices.Contains(j.Reaches, sid) }
	return !strings.Contains(string(j.Guard), GuardPrivileged) || len(j.Reaches) > 0 && slices.ContainsFunc(g.Reaches, further)
}

// JoinedBefore is what is to be remembered of a join that was not recorded.
func JoinedBefore(g *Group) Joined {
	return Joined{Before: true, Guard: g.Guard(), Reaches: g.Reaches}
}

// JoinedBy is what is to be remembered of a join that was carried out.
func JoinedBy(a *Action, now time.Time) Joined {
	j := Joined{At: now.UTC().Truncate(time.Second), Guard: a.Group.Guard(), Reaches: a.Group.Reaches}
	if a.Answer != nil {
		j.By = cmp.Or(a.Answer.By, "someone")
	}
	return j
}

// stay is row 36a: who was put into a group unasked that is guarded now, or by consent
// when it was not as privileged as it is now, is named, and stays until a person says no.
func (m *following) stay(p *person, g *Group) {
	who := m.show.shared(p)
	joined, ours := p.account.known.Joined.Of(g.SID)
	ours = ours || !p.account.listed && m.ledger.meant(who.Key(), p.account) // made by a run that was killed: so were its joins
	why := BecameGuarded
	switch {
	case ours && joined.outgrown(g):
		why = BecamePrivileged
	case !ours || !joined.Unasked():
		return
	}
	q := m.groups.groupQuestion(Join, why, who, g)
	q.Context = append(q.Context, m.show.membership(p, g)...)
	if joined.By != "" {
		q.Context = append(q.Context, Field{Code: FieldAgreedBefore, After: []string{joined.By}})
	}
	if !joined.At.IsZero() {
		q.Decision = append(q.Decision, Field{Code: FieldMemberSince, After: []string{joined.At.Format(time.DateOnly)}})
	}
	v, answer := m.draft.ask(q)
	p.touched = true
	switch v {
	case agreed:
		m.draft.add(Action{Kind: Join, Reason: why, Person: who, Group: g, Stays: true, Answer: answer})
	case refused:
		entry, number := m.draft.kept.latestOf(q, p.account)
		m.draft.add(Action{Kind: Leave, Reason: Rejected, Person: who, Group: g,
			Answer: &Answer{ID: m.ledger.questionID(&q), Reason: entry.Reason, By: entry.By, Entry: number}})
	}
}
