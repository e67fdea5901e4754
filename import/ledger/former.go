package ledger

import (
	"strings"

	"ad-user-sync/import/plan"
)

// MeetFormer takes in the accounts that a run made which was killed, and whose source domain
// changed before another run met them: they carry the anchor of a person of the former
// domain whom that run meant to create, or, before any file of the new one, one that names
// no domain. Of several with one anchor none is known.
func (r *Record) MeetFormer(obs *plan.Observation, from string) {
	made := map[string][]*plan.Account{}
	before := strings.EqualFold(r.File.Domain, from) // no run of the new domain meant to make any
	for i := range obs.Accounts {
		a := &obs.Accounts[i]
		_, known := r.Accounts[a.GUID]
		since, meant := r.Intended[intendedKey(a.Anchor.ObjectGUID, a.CN)]
		of := strings.EqualFold(a.Anchor.Domain, from) || a.Anchor.Domain == "" && a.Anchor.ObjectGUID != "" && before
		if !known && meant && a.Class == "user" && a.Protected == "" && of && !a.Created.Before(since) {
			made[a.Anchor.ObjectGUID] = append(made[a.Anchor.ObjectGUID], a)
		}
	}
	for _, known := range r.Accounts {
		delete(made, known.Anchor)
	}
	for anchor, all := range made {
		if len(all) == 1 {
			r.Accounts[all[0].GUID] = r.firstSeen(plan.Person{Anchor: anchor}, all[0], obs.Groups)
		}
	}
}
