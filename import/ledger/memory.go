package ledger

import (
	"fmt"
	"maps"
	"time"

	"ad-user-sync/import/plan"
	"ad-user-sync/import/words"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// writable is never nil.
func writable[K comparable, V any](m map[K]V) map[K]V {
	if m == nil {
		return map[K]V{}
	}
	return m
}

// Record returns what is to be worked on. It shares memory with the ledger, which has
// several hundred bytes for each account.
func (l *Ledger) Record(container adrules.GUID) Record {
	r := l.Containers[container]
	r.Accounts, r.Intended, r.Groups = writable(r.Accounts), writable(r.Intended), writable(r.Groups)
	r.Made, r.Deleted = writable(r.Made), writable(r.Deleted)
	if len(r.Controllers) == 0 && r.Run.Controller != "" { // of an older version
		r.Controllers = []Controller{{Name: r.Run.Controller, Wrote: r.Run.Started}}
	}
	return r
}

// Reconcile settles, from what is seen now, what a run that was killed had
// carried out of what it meant to do.
func (r *Record) Reconcile(accounts []plan.Account) {
	for i := range accounts {
		a := &accounts[i]
		known, ok := r.Accounts[a.GUID]
		if !ok {
			continue
		}
		now := known.reconciled(a, r.Run.Started)
		if meant := known.MeantGiven; meant != nil && r.MeantTime != nil && now.has(meant) && !known.has(meant) {
			r.gave(*r.MeantTime)
		}
		r.Accounts[a.GUID] = now
	}
}

func (known Account) reconciled(a *plan.Account, meantAt time.Time) Account {
	if known.MeantExpires != 0 && a.Expires == known.MeantExpires {
		known = known.ending(known.MeantExpires)
		if known.MeantGiven != nil {
			known.Given = known.MeantGiven
		}
	}
	if known.takenOver(a) {
		known = known.adopted(known.MeantAnchor, known.MeantKeeps, meantAt)
	}
	known.Enabled = a.Enabled()
	another := known.Anchor != "" && a.Anchor.Domain != "" && a.Anchor.ObjectGUID != known.Anchor && a.Anchor.ObjectGUID != known.MeantAnchor
	if a.Enabled() && another {
		known.WasEnabled = true // by whoever anchored it: that this program disabled it stays true
	} else if a.Enabled() {
		known.WasEnabled, known.DisabledFor = true, ""
	} else if known.MeantDisable != "" && known.MeantKeeps == nil {
		known.DisabledFor, known.DisabledAt = known.MeantDisable, meantAt
	}
	if known.MeantKeeps == nil { // else it is still to be done
		known.MeantExpires, known.MeantGiven, known.MeantDisable = 0, nil, ""
	}
	if known.Domain == "" && known.Anchor != "" && a.Anchor.ObjectGUID == known.Anchor {
		known.Domain = a.Anchor.Domain
	}
	return known
}

// takenOver reports whether a taking over that was meant was carried out. One that
// carried its anchor before, or gets none, tells by the rest of the same write.
func (known Account) takenOver(a *plan.Account) bool {
	meant := known.MeantAnchor != "" || known.MeantKeeps != nil
	return meant && a.Anchor.ObjectGUID == known.MeantAnchor && (known.MeantDisable == "" || !a.Enabled()) &&
		(known.MeantExpires == 0 || a.Expires == known.MeantExpires)
}

// intendedKey is what the ledger knows a person by who has no account yet.
func intendedKey(anchor, cn string) string { return plan.Person{Anchor: anchor, CN: cn}.Trace() }

// intended are the people whom a run meant to create, as the plan names them.
// Of those without anchor only who has an account now matters.
func (r *Record) intended(accounts []plan.Account) map[string]time.Time {
	list := maps.Clone(r.Intended)
	if len(list) == 0 {
		return list
	}
	for i := range accounts {
		if since, meant := r.Intended[intendedKey("", accounts[i].CN)]; meant {
			list[accounts[i].CN] = since
		}
	}
	return list
}

// fastReplication is how long a controller may not have heard of an account whose
// making was not confirmed.
const fastReplication = time.Hour

// unheard are the people, by anchor, whose account this controller may not know
// yet, if it does not.
func (r *Record) unheard(now time.Time, controller string) map[string]string {
	list := map[string]string{}
	for _, a := range r.Accounts {
		if a.Anchor != "" && a.Through != "" && a.Through != controller && now.Sub(a.Made) < SlowReplication {
			list[a.Anchor] = fmt.Sprintf("the account was made through %s on %s, and %s does not know it yet. Import again once they have replicated; should it have been deleted, an import asks after a day whether to create another one",
				a.Through, words.When(a.Made), controller)
		}
	}
	for key, since := range r.Intended {
		if made := r.Run.Controller; made != "" && made != controller && now.Sub(since) < fastReplication && list[key] == "" {
			list[key] = fmt.Sprintf("the account may have been made through %s on %s, and %s does not know it. Import again once they have replicated", made, words.When(since), controller)
		}
	}
	return list
}

// Memory is what the plan is told.
func (r *Record) Memory(accounts []plan.Account, now time.Time, controller string, l Lag) plan.Memory {
	m := plan.Memory{Names: r.Names, Deleted: map[adrules.GUID]bool{}, Behind: l.Behind, Stuck: l.Stuck, Accounts: map[adrules.GUID]plan.Remembered{}, Intended: r.intended(accounts), Unheard: r.unheard(now, controller),
		Made: r.Made, Asked: r.Asked, Finished: r.Finished, AnchorAttribute: r.AnchorAttribute, AnchoredBefore: r.Unconfirmed(accounts), AnchoredGone: r.AnchoredGone, Recent: r.recent(now), Owed: r.owed(now)}
	for guid, a := range r.Accounts {
		m.Accounts[guid] = a.Remembered()
	}
	r.asUnconfirmed(m.Accounts, accounts)
	for guid := range r.Deleted {
		m.Deleted[guid] = true
	}
	return m
}

// how an account became managed, as far as that is proven: older versions also
// called adopted what they had found by its prefix or anchor.
func (known Account) how() string {
	if known.How == plan.HowAdopted && known.Adopted.IsZero() {
		return plan.HowFound
	}
	return known.How
}

func (known Account) Ours() bool {
	return known.how() == plan.HowCreated || known.how() == plan.HowAdopted
}

func (known Account) Remembered() plan.Remembered {
	var given plan.Given
	if known.Given != nil {
		given = *known.Given
	}
	return plan.Remembered{Given: given, Anchor: known.Anchor, Domain: known.Domain, Meant: known.MeantAnchor, MeantKeeps: known.MeantKeeps, How: known.how(), Expires: known.Expires, FormerExpires: known.FormerExpires, KeepsExpiry: known.KeepsExpiry, FirstEnd: known.FirstEnd, Source: known.Source,
		PasswordAt: known.PasswordAt, PasswordBy: known.PasswordBy, Joined: known.Joined, Seen: known.Seen, Gone: known.Gone, DisabledFor: known.DisabledFor, DisabledAt: known.DisabledAt, WasEnabled: known.WasEnabled, Enabled: known.Enabled}
}

// TrustAnchors starts a new ledger from the anchors of accounts that are not asked about,
// once a person accepted that: those outside the container, which nothing is done to there
// ([plan.HowOutside]), and all where the file has no anchors to ask by ([plan.HowFound]).
func (r *Record) TrustAnchors(accounts []plan.Account, source *schema.Source, how string) {
	for i := range accounts {
		a := &accounts[i]
		if !anchoredFor(a, source) || a.Protected != "" && !a.GivesWay {
			continue
		}
		r.Accounts[a.GUID] = Account{Anchor: a.Anchor.ObjectGUID, How: how, WasEnabled: a.Enabled()}
	}
	r.Finished = true
}
