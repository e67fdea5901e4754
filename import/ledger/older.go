package ledger

import (
	"slices"
	"time"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// Older reports whether an account shows that the record of its container was put back from a
// backup: it is anchored for the source by name, was made since the last run that it knows, and
// neither it nor its anchor is known. One that was made before is moved here from elsewhere.
func (h History) Older(obs *plan.Observation) bool {
	record, known := h.Ledger.Containers[obs.Container.GUID]
	if !known || h.Source == "" {
		return false
	}
	unknown := func(a plan.Account) bool {
		_, before := record.AnchoredBefore[a.GUID]
		return a.Class == "user" && a.Anchor.Domain != "" && a.Anchor.For(h.Source) && record.madeSince(&a) && !before && !h.Knows(a.GUID)
	}
	if !slices.ContainsFunc(obs.Accounts, unknown) {
		return false
	}
	anchors := record.anchors()
	return slices.ContainsFunc(obs.Accounts, func(a plan.Account) bool { return unknown(a) && !anchors[a.Anchor.ObjectGUID] })
}

func (r *Record) madeSince(a *plan.Account) bool {
	return !a.Created.Before(r.Run.Started.Truncate(time.Second)) // as whenCreated says it
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

// MeetOutside takes in accounts outside the container that it is older than, and returns their
// DNs: who has left and works there is named from then on.
func (r *Record) MeetOutside(accounts []plan.Account, source *schema.Source) (met []string) {
	if len(accounts) == 0 {
		return nil
	}
	anchors := r.anchors()
	for i := range accounts {
		if a := &accounts[i]; anchoredFor(a, source) && a.Anchor.Domain != "" && r.madeSince(a) && !anchors[a.Anchor.ObjectGUID] && (a.Protected == "" || a.GivesWay) {
			met = append(met, a.DN)
			r.Accounts[a.GUID] = Account{Anchor: a.Anchor.ObjectGUID, How: plan.HowOutside, WasEnabled: a.Enabled()}
		}
	}
	return met
}
