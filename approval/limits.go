package approval

import (
	"net/http"

	"ad-user-sync/import/plan"
)

// override is the plan that a person saw, and the number of accounts that they
// read there.
type override struct {
	Plan     string `json:"plan"`
	Accounts int    `json:"accounts"`
}

// release overrides the limits, for the plan that was shown and the number of
// accounts that the person read.
func (a *api) release(w http.ResponseWriter, _ *http.Request, in override) {
	view := a.agenda.last()
	if view == nil || view.Plan != in.Plan || in.Accounts != plan.Stopping(view.Trips) || plan.Firm(view.Trips) {
		refuse(w, http.StatusUnprocessableEntity, "this is not the number of accounts, or the plan has changed meanwhile")
		return
	}
	settled(w, a.worker.override(in.Plan, in.Accounts))
}

// released is what came of overriding limits.
type released struct {
	times int    // that it was done
	did   counts // the automatic actions
	open  bool   // it failed the last time
}
