package ledger

import (
	"slices"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// Older reports whether an account shows that the record of its container was put back from a
// backup: it is anchored for the source by name, and neither it nor its anchor is known.
func (h History) Older(obs *plan.Observation) bool {
	record, known := h.Ledger.Containers[obs.Container.GUID]
	if !known || h.Source == "" {
		return false
	}
	unknown := func(a plan.Account) bool {
		_, before := record.AnchoredBefore[a.GUID]
		return a.Class == "user" && a.Anchor.Domain != "" && a.Anchor.For(h.Source) && !before && !h.Knows(a.GUID)
	}
	if !slices.ContainsFunc(obs.Accounts, unknown) {
		return false
	}
	anchors := record.anchors()
	return slices.ContainsFunc(obs.Accounts, func(a plan.Account) bool { return unknown(a) && !anchors[a.Anchor.ObjectGUID] })
}

// anchors are those that it knows, or meant to write.
func (r *Record) anchors() map[string]bool {
	anchors := make(map[string]bool, len(r.Accounts)+len(r.Intended))
	for _, a := range r.Accounts {
		anchors[a.Anchor], anchors[a.MeantAnchor] = true, true
	}
	for key := range r.Intended {
		anchors[key] = true
	}
	return anchors
}

// MeetOutside takes in accounts outside the container that it is older than: who has left and
// works there is named from then on.
func (r *Record) MeetOutside(accounts []plan.Account, source *schema.Source) {
	if len(accounts) == 0 {
		return
	}
	anchors := r.anchors()
	for i := range accounts {
		if a := &accounts[i]; anchoredFor(a, source) && a.Anchor.Domain != "" && !anchors[a.Anchor.ObjectGUID] && (a.Protected == "" || a.GivesWay) {
			r.Accounts[a.GUID] = Account{Anchor: a.Anchor.ObjectGUID, How: plan.HowOutside, WasEnabled: a.Enabled()}
		}
	}
}
