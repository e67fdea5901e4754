package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"ad-user-sync/internal/adrules"
)

// mayBeRegained reports whether an account that carried this person's anchor already when
// the ledger was lost may be decided about together with others (row 6).
func (m *adoption) mayBeRegained(p *person, a *account) bool {
	named := sameExact(a.CN, m.names.wantedCN(p)) || sameExact(a.AccountName, m.names.wantedName(p))
	return m.ledger.anchoredBefore(a) && named && a.InContainer && a.Protected == "" && !m.groups.guards(a) && m.owners.barred(p, a) == ""
}

// anchoredBefore reports whether an account carries the anchor that it carried when the ledger
// was lost. One that was written since is looked at alone.
func (l *ledger) anchoredBefore(a *account) bool {
	before := l.in.Memory.AnchoredBefore[a.GUID]
	return before != "" && before == a.Anchor.ObjectGUID && a.Class == "user" && !l.foreign(a)
}

// Standings are the accounts of a container that carry the anchor that they carried when
// the ledger was lost, by objectGUID, each with a digest of how it stands: what it is
// called, whether and until when it works, and which groups it is in.
func Standings(accounts []Account, before map[adrules.GUID]string) map[adrules.GUID]string {
	all := map[adrules.GUID]string{}
	if len(before) == 0 {
		return all
	}
	for i := range accounts {
		a := &accounts[i]
		if anchor := before[a.GUID]; anchor == "" || anchor != a.Anchor.ObjectGUID {
			continue
		}
		groups := slices.Sorted(slices.Values(a.Groups))
		sum := sha256.Sum256(fmt.Appendf(nil, "%q", append(groups, a.Anchor.ObjectGUID, a.Class, a.DN, a.AccountName, a.UPN, a.Protected,
			fmt.Sprint(a.Control, endText(a), a.NoHours), string(a.Primary))))
		all[a.GUID] = hex.EncodeToString(sum[:])
	}
	return all
}

// standings goes into the plan's digest: no action shows these accounts, and who starts an
// import by it has seen how they stand.
func (m *ordering) standings() string {
	all := Standings(m.obs.Accounts, m.in.Memory.AnchoredBefore)
	var text strings.Builder
	for _, guid := range slices.SortedFunc(maps.Keys(all), adrules.GUID.Compare) {
		_, _ = fmt.Fprintf(&text, "\n%s %s", guid, all[guid])
	}
	return text.String()
}

// anchored is row 18 of an account that stays as it is: the next import treats it as any
// other, under the limits.
func (o *owners) anchored(p *person, a *account, answer *Answer) {
	full := *answer
	full.Keeps = nil
	if o.adopted(p, a, &full); p.account == a {
		p.anchorOnly = true
	}
}

// askUnregained is row 71: accounts that work, and whose person the file does not have.
// Nothing but the anchor tells that they are ours. It returns how many accounts, of these and of
// people who are disabled in the source (row 70), were not decided about before this run.
func (m *deciding) askUnregained() (undecided int) {
	undecided += m.reportUnreadSince() + m.newerUndecided()
	for _, a := range m.index.inside {
		if p := m.roster.byAnchor[strings.ToLower(a.Anchor.ObjectGUID)]; p != nil && m.lostOf(p, a) {
			undecided++
		}
		if !m.unregained(a) {
			continue
		}
		if !a.Enabled() {
			m.failStays(a, Unconfirmed)
			continue
		}
		who := m.show.account(a)
		q := Question{Kind: Disable, Reason: Unconfirmed, Person: &who, Single: m.groups.guards(a),
			Decision: []Field{
				{Code: FieldCommonName, After: []string{who.CN}},
				{Code: FieldReason, After: []string{string(Unconfirmed)}},
				{Code: FieldFormerAnchor, After: []string{a.Anchor.ObjectGUID}},
			},
			Context: append(append(m.show.placing(nil, a), m.show.present(a)...), m.show.use(a)...),
		}
		a.strayed = true
		v, answer := m.draft.ask(q)
		if v != refused {
			undecided++ // once it is disabled the ledger knows it, and the next import may ask whose it was
		}
		switch v {
		case refused:
			m.holdOff(who, a)
		case agreed:
			m.draft.add(Action{Kind: Disable, Reason: MissingInFile, Person: &who, Changes: []Change{disabling(a)}}).Answer = answer
		}
	}
	return undecided
}

func (m *deciding) unregained(a *account) bool {
	return m.roster.lostLeaver(a) && a.Protected == "" && (!a.Enabled() || !m.calendar.over(a))
}

const onlyItsAnchor = "the ledger was lost: nothing but its anchor tells whose it was"

// unknownSince reports whether nothing but the anchor, which it carried when the ledger was
// lost, tells whose an account is.
func (l *ledger) unknownSince(a *account) bool {
	_, known := l.remembered(a)
	return l.anchors() && l.anchoredBefore(a) && !known
}

// lostLeaver reports whether that is someone whom the file does not have.
func (r *roster) lostLeaver(a *account) bool {
	return r.ledger.unknownSince(a) && a.person == nil && !a.resting && r.byAnchor[strings.ToLower(a.Anchor.ObjectGUID)] == nil
}

// lostOf reports whether that is someone who is disabled in the source, and who is asked
// about, or was decided about in this run: they may be there under another objectGUID, too.
func (m *deciding) lostOf(p *person, a *account) bool {
	asked := p.account == nil && a.resting && !a.declined && !a.inDoubt || p.account == a
	return m.ledger.unknownSince(a) && !p.active && a.Protected == "" && asked
}

// waitForRegained makes no account for someone new who may be one of those who are not decided
// about, made anew in the source under other names: it would be their second.
func (m *deciding) waitForRegained(p *person, undecided int) {
	m.wait(p, Unconfirmed, fmt.Sprintf("the account is not created as long as accounts that carry an anchor, and that nothing else confirms since the ledger was lost, or put back, are not decided about (%d): their people are not active in the user file, "+
		"and one may be this person, made anew in the source. Answer the questions about these accounts, and see to those that are named as failed; the import that follows creates the account, or asks whose it was", undecided))
}

func (m *deciding) wait(p *person, why Reason, detail string) {
	p.touched, p.settled = true, true
	m.draft.plan.Held = append(m.draft.plan.Held, Note{m.show.person(p), why, detail})
}
