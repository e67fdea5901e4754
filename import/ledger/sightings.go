package ledger

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/internal/files"
)

// Forget has the ledger forget an account that a person knows to be
// deleted, and tells where that was seen last. Only what a run found nowhere is
// forgotten: for whatever is there, it is not for a command to say.
func Forget(ctx context.Context, resolutions string, guid adrules.GUID) (where string, err error) {
	unlock, err := files.Lock(ctx, LockPath(resolutions), LockWait)
	if err != nil {
		return "", err
	}
	defer unlock()
	ledger, err := Load(Path(resolutions))
	if err != nil {
		return "", err
	}
	for container, record := range ledger.Containers {
		known, ok := record.Accounts[guid]
		switch {
		case !ok:
			continue
		case known.Gone.IsZero():
			return "", fmt.Errorf("the last import saw this account (%s); only what no import finds any more can be forgotten", known.Seen.DN)
		}
		record.takeForDeleted(guid, time.Now())
		ledger.Containers[container] = record
		return cmp.Or(known.Seen.DN, guid.String()), ledger.Save(Path(resolutions))
	}
	return "", fmt.Errorf("the ledger knows no account with the objectGUID %s; nothing was changed", guid)
}

// takeForDeleted forgets an account, but not that it was there: from a backup it
// could come back.
func (r *Record) takeForDeleted(guid adrules.GUID, now time.Time) {
	known, ours := r.Accounts[guid]
	if !ours {
		return
	}
	r.leaveNames(known, now, known.Seen.AccountName, known.Seen.UPN)
	delete(r.Accounts, guid)
	r.Deleted = writable(r.Deleted)
	r.Deleted[guid] = now.Truncate(time.Second)
	maps.DeleteFunc(r.Deleted, func(_ adrules.GUID, since time.Time) bool { return now.Sub(since) > plan.ForgetAfter })
}

// See keeps where accounts are seen now, and since when they are seen nowhere. What was
// taken for deleted and stands in the container is not forgotten while it does.
func (r *Record) See(obs *plan.Observation, now time.Time) {
	now = now.Truncate(time.Second)
	seen := map[adrules.GUID]*plan.Account{}
	for a := range obs.All() {
		seen[a.GUID] = a
	}
	for guid, known := range r.Accounts {
		if a := seen[guid]; a != nil {
			r.renamed(known, a, now)
			known.Seen, known.Gone = sight(a, obs.Domain.Name, now), time.Time{}
			known.Enabled = a.Enabled()
		} else if known.Gone.IsZero() {
			known.Gone = now
		}
		r.Accounts[guid] = known
	}
	r.freeNames(now)
	for i := range obs.Accounts {
		if _, back := r.Deleted[obs.Accounts[i].GUID]; back {
			r.Deleted[obs.Accounts[i].GUID] = now
		}
	}
}

// works are the accounts that are taken over and were enabled as they were read.
func (l Lesson) works() map[adrules.GUID]bool {
	enabled := map[adrules.GUID]bool{}
	if !slices.ContainsFunc(l.Result.Done, func(a *plan.Action) bool { return a.Kind == plan.Adopt }) {
		return enabled
	}
	for a := range l.Observed.All() {
		enabled[a.GUID] = a.Enabled()
	}
	return enabled
}

// sighted is an account after an action: a later run may not see it any more.
func (known Account) sighted(who plan.Person, domain string, now time.Time) Account {
	if who.DN != "" {
		known.Seen = sight(&plan.Account{DN: who.DN, CN: who.CN, AccountName: who.AccountName, UPN: who.UPN}, domain, now.Truncate(time.Second))
	}
	return known
}

func sight(a *plan.Account, domain string, at time.Time) plan.Sight {
	s := plan.Sight{DN: a.DN, CN: a.CN, AccountName: a.AccountName, At: at}
	if !impliedUPN(a, domain) {
		s.UPN = a.UPN
	}
	return s
}
