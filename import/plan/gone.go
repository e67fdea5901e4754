package plan

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"ad-user-sync/internal/adrules"
)

// Sight is an account as a run saw it last.
type Sight struct {
	DN          string    `json:"dn"`
	CN          string    `json:"cn"`
	AccountName string    `json:"account_name"`
	UPN         string    `json:"upn,omitempty"` // unless it is the account name in the domain
	At          time.Time `json:"at"`
}

// ForgetAfter is how long a deleted object can come back under its objectGUID:
// the tombstone lifetime that a forest has (MS-ADTS 6.1.1.2.4.1.1).
const ForgetAfter = 180 * 24 * time.Hour

// gone is an account that the ledger knows and that is seen nowhere: it was
// deleted, or moved to where it may not be read. The two look alike.
type gone struct {
	guid  adrules.GUID
	known Remembered
	lost  bool // the ledger was lost: all that is known is its anchor, as it was then
}

// findGone lists them, and whose they are.
func (r *roster) findGone() {
	if r.obs.Container.Unfit != "" { // nothing was looked for
		return
	}
	for guid, known := range r.in.Memory.Accounts {
		if known.How != "" && r.index.byGUID[guid] == nil {
			r.gone = append(r.gone, &gone{guid: guid, known: known})
		}
	}
	for guid, anchor := range r.in.Memory.AnchoredBefore {
		if r.in.Memory.Accounts[guid].How == "" && r.index.byGUID[guid] == nil {
			r.gone = append(r.gone, &gone{guid, Remembered{Anchor: anchor}, true})
		}
	}
	slices.SortFunc(r.gone, func(a, b *gone) int { return bytes.Compare(a.guid[:], b.guid[:]) })
	for _, g := range r.gone {
		if p := cmp.Or(r.personOf(g), r.migrated[g.known.Anchor]); p != nil && r.goneOf[p] == nil {
			r.goneOf[p] = g
		}
	}
}

// personOf is nil for a person who is not in the file.
func (r *roster) personOf(g *gone) *person {
	if g.known.Anchor != "" && r.in.File.Anchored() {
		return r.byAnchor[g.known.Anchor]
	}
	if g.known.Seen.DN == "" {
		return nil
	}
	for _, p := range r.bearing(g.known.Seen.CN) {
		if sameExact(g.known.Seen.AccountName, r.names.wantedName(p)) && sameExact(g.known.Seen.CN, r.names.wantedCN(p)) {
			return p
		}
	}
	return nil
}

// enabled reports whether the account worked when it was seen last.
func (g *gone) enabled() bool {
	if g.known.Seen.DN == "" && !g.known.Enabled { // as an earlier version of the ledger knows it
		return g.known.WasEnabled && g.known.DisabledFor == ""
	}
	return g.known.Enabled
}

// where is how a person finds the account, or out that it was deleted.
func (g *gone) where() string {
	id := "objectGUID " + g.guid.String()
	if g.known.Seen.DN == "" {
		return id
	}
	return fmt.Sprintf("%s (account name %s, %s)", g.known.Seen.DN, g.known.Seen.AccountName, id)
}

// lastSight is how the account was when it was seen last.
func (g *gone) lastSight() string {
	if g.lost {
		return "it carried this person's anchor when the ledger was lost"
	}
	state := "disabled"
	if g.enabled() {
		state = "enabled"
	}
	if g.known.Seen.At.IsZero() {
		return state
	}
	return state + " on " + g.known.Seen.At.UTC().Format(time.DateOnly)
}

// askAnew is row 39: nothing reports whether the account is there still, so a
// person says whether another one is to be made.
func (m *deciding) askAnew(p *person, g *gone) {
	who := m.show.person(p)
	q := Question{Kind: Create, Reason: SeenNowhere, Person: &who, LastSeen: g.where() + ", " + g.lastSight(),
		Decision: []Field{
			{Code: FieldCommonName, After: []string{who.CN}},
			{Code: FieldAccountName, After: []string{who.AccountName}},
			{Code: FieldFormerAccount, After: []string{g.guid.String()}},
		},
		Context: append([]Field{{Code: FieldLastSeen, After: []string{g.where() + ", " + g.lastSight()}}}, m.show.context(p)...),
	}
	v, answer := m.draft.ask(q)
	p.touched = true
	switch v {
	case agreed:
		m.create(p)
		for i := range slices.Backward(m.draft.plan.Actions) {
			if a := &m.draft.plan.Actions[i]; a.Kind == Create {
				a.Answer, a.Former = answer, g.guid
				break
			}
		}
	case refused:
		m.draft.skip(p, Rejected, "to make an account anew was rejected; the former one, "+g.where()+", is seen nowhere")
	}
}

// reportGone is row 40, and forgets what needs no telling any more.
func (m *leaving) reportGone() {
	var disabled []string
	for _, g := range m.roster.gone {
		p, moved := m.roster.personOf(g), m.roster.migrated[g.known.Anchor]
		switch {
		case m.roster.hidden(g): // told with its group
		case p != nil && p.account != nil && p.account.person == p && m.ledger.mine(p, p.account):
			m.draft.plan.Forget = append(m.draft.plan.Forget, g.guid) // the one that took its place was made
		case p != nil && p.active:
		case moved != nil && moved.isNew() && m.roster.goneOf[moved] == g: // row 39 asks
		case g.lost:
			if since := m.in.Memory.AnchoredGone[g.guid]; !since.IsZero() && m.in.Now.Sub(since) > ForgetAfter {
				m.draft.plan.Forget = append(m.draft.plan.Forget, g.guid)
			}
		case g.enabled():
			m.failGone(p, g)
		case g.known.Gone.IsZero():
			disabled = append(disabled, g.where())
		case m.in.Now.Sub(g.known.Gone) > ForgetAfter:
			m.draft.plan.Forget = append(m.draft.plan.Forget, g.guid)
		}
	}
	if len(disabled) > 0 {
		slices.Sort(disabled)
		m.draft.notice("accounts that were disabled when they were seen last, and are seen nowhere now: " + strings.Join(disabled, "; ") +
			". Most likely they were deleted; this is said once")
	}
}

func (m *leaving) failGone(p *person, g *gone) {
	detail := fmt.Sprintf("%s, while the account %s, %s, is seen nowhere: it was deleted, or is where the bound account may not read. "+
		"Look for it as an administrator, and disable it; if it was deleted, say so: ad-user-sync resolutions forget --deleted %s",
		leftText(p), g.where(), g.lastSight(), g.guid)
	if p != nil && !p.settled {
		p.settled = true
		m.draft.fail(p, SeenNowhere, detail)
		return
	}
	m.draft.plan.Failed = append(m.draft.plan.Failed, Note{m.show.gone(g), SeenNowhere, detail})
}

func (s *portraits) gone(g *gone) Person {
	return Person{Anchor: g.known.Anchor, GUID: g.guid, CN: cmp.Or(g.known.Seen.CN, "objectGUID "+g.guid.String()), AccountName: g.known.Seen.AccountName}
}

// severalGone and their share, in percent, are how many accounts may vanish at once
// before that is not a deletion but another past.
const (
	severalGone = 3
	shareGone   = 10
)

// limitVanished stops a run in which a good part of the accounts that worked is
// seen nowhere all at once.
func (m *limits) limitVanished() {
	var people []Person
	var where []string
	working := 0
	for _, known := range m.in.Memory.Accounts {
		if known.How != "" && known.Enabled {
			working++
		}
	}
	for _, g := range m.roster.gone {
		if g.known.Enabled && g.known.Gone.IsZero() && !m.roster.hidden(g) {
			people, where = append(people, m.show.gone(g)), append(where, g.where())
		}
	}
	if m.in.Memory.Behind != "" || len(people) < severalGone || len(people)*100 < shareGone*working {
		return
	}
	m.trip(Trip{Name: "vanished", Accounts: people, Reason: fmt.Sprintf("%d of %d accounts that worked when the last import ended are seen nowhere now: the domain controller was restored from an old copy, or they were deleted, or moved to where the bound account may not read: %s",
		len(people), working, someOf(where))})
}

// leftText says how a person left; p is nil for who is missing from the file.
func leftText(p *person) string {
	if p == nil {
		return "missing in file"
	}
	return strings.TrimSuffix("disabled in source: "+expiredInSource(p), ": ")
}
