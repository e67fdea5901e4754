package ledger

import (
	"maps"
	"strings"
	"time"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// BeginAnew notes which accounts carry an anchor of the source where the ledger is
// lost: people are asked whose they are, and nothing is done to them before that.
func (r *Record) BeginAnew(accounts []plan.Account, source *schema.Source) {
	r.AnchoredBefore = map[adrules.GUID]string{}
	for i := range accounts {
		if a := &accounts[i]; anchoredFor(a, source) || a.AnchorUnread {
			r.AnchoredBefore[a.GUID] = a.Anchor.ObjectGUID // "" where that cannot be read
		}
	}
	r.Finished = true
}

func anchoredFor(a *plan.Account, source *schema.Source) bool {
	foreign := a.Anchor.Domain != "" && source != nil && !strings.EqualFold(a.Anchor.Domain, source.Domain)
	return a.Anchor.ObjectGUID != "" && a.Class == "user" && !foreign
}

// Unconfirmed are the anchors that accounts carried when the ledger was lost, and that nothing
// else confirms. What was outside the container then is one of them as long as it is inside:
// whoever moved it in has not said whose it is.
func (r *Record) Unconfirmed(inside []plan.Account) map[adrules.GUID]string {
	list := maps.Clone(r.AnchoredBefore)
	for i := range inside {
		if known := r.Accounts[inside[i].GUID]; known.How == plan.HowOutside {
			if list == nil {
				list = map[adrules.GUID]string{}
			}
			list[inside[i].GUID] = known.Anchor
		}
	}
	return list
}

// asUnconfirmed takes these out of what is known, but for a taking over that was meant.
func (r *Record) asUnconfirmed(known map[adrules.GUID]plan.Remembered, inside []plan.Account) {
	for i := range inside {
		guid := inside[i].GUID
		switch a := r.Accounts[guid]; {
		case a.How != plan.HowOutside:
		case a.MeantAnchor == "" && a.MeantKeeps == nil:
			delete(known, guid)
		default:
			known[guid] = plan.Remembered{Meant: a.MeantAnchor, MeantKeeps: a.MeantKeeps}
		}
	}
}

// regain is an account with an anchor that a person decided about, and no one has in the
// file: by its anchor it is known from now on.
func (r *Record) regain(account adrules.GUID) {
	known := r.Accounts[account]
	switch {
	case known.How == plan.HowOutside:
		known.How = plan.HowFound
	case known.How == "" && known.MeantAnchor == "" && r.AnchoredBefore[account] != "":
		known.Anchor, known.How = r.AnchoredBefore[account], plan.HowFound
	default:
		return
	}
	r.Accounts[account] = known
}

// forgetAnchoredBefore ends that accounts are asked about that are known now, or whose person
// has another one by now, or that carry another anchor. Where none is seen it may be there, and
// unread; one that could not be read when the ledger was lost is looked at as any other once it can.
func (r *Record) forgetAnchoredBefore(l Lesson) {
	if len(r.AnchoredBefore) == 0 {
		r.AnchoredGone = nil
		return
	}
	seen := map[adrules.GUID]*plan.Account{}
	for i := range l.Observed.Accounts {
		seen[l.Observed.Accounts[i].GUID] = &l.Observed.Accounts[i]
	}
	known := map[string]bool{}
	for _, a := range r.Accounts {
		known[a.Anchor] = known[a.Anchor] || a.How == plan.HowCreated
	}
	for account, anchor := range r.AnchoredBefore {
		a := seen[account]
		other := a != nil && a.Anchor.ObjectGUID != "" && a.Anchor.ObjectGUID != anchor
		shown := a != nil && anchor == "" && !a.AnchorUnread
		if r.Accounts[account].How != "" || anchor != "" && known[anchor] || !l.Past && (other || shown) {
			delete(r.AnchoredBefore, account)
		}
	}
	r.missAnchored(l)
}

// missAnchored keeps since when those are seen nowhere that are asked about still.
func (r *Record) missAnchored(l Lesson) {
	seen, before := map[adrules.GUID]bool{}, r.AnchoredGone
	for a := range l.Observed.All() {
		seen[a.GUID] = true
	}
	r.AnchoredGone = nil
	for account := range r.AnchoredBefore {
		since, gone := before[account]
		switch {
		case seen[account]:
			continue
		case !gone:
			since = l.Now.Truncate(time.Second)
		}
		r.AnchoredGone = writable(r.AnchoredGone)
		r.AnchoredGone[account] = since
	}
}
