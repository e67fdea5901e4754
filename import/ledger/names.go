package ledger

import (
	"maps"
	"strings"
	"time"

	"ad-user-sync/import/plan"
)

// leaveNames keeps whose the names of an account were that has them no more, or is gone.
func (r *Record) leaveNames(known Account, now time.Time, names ...string) {
	for _, name := range names {
		if name != "" {
			r.Names = writable(r.Names)
			r.Names[strings.ToLower(name)] = plan.FormerName{Anchor: known.Anchor, Until: now.Truncate(time.Second)}
		}
	}
}

// renamed keeps the names that an account had when it was seen last.
func (r *Record) renamed(known Account, a *plan.Account, now time.Time) {
	if before := known.Seen.AccountName; !strings.EqualFold(before, a.AccountName) {
		r.leaveNames(known, now, before)
	}
	if before := known.Seen.UPN; !strings.EqualFold(before, a.UPN) {
		r.leaveNames(known, now, before)
	}
}

// freeNames forgets those that anyone may have again.
func (r *Record) freeNames(now time.Time) {
	maps.DeleteFunc(r.Names, func(_ string, had plan.FormerName) bool { return !now.Before(had.Until.Add(plan.NameRestsFor)) })
}

// impliedUPN is what everyone can log on by, whatever userPrincipalName says.
func impliedUPN(a *plan.Account, domain string) bool {
	return strings.EqualFold(a.UPN, a.AccountName+"@"+domain)
}
