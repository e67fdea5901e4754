package approval

import (
	"errors"
	"net/http"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// decision is what the page sends about one question.
type decision struct {
	ID       string      `json:"id"`
	Accept   bool        `json:"accept"`
	Password string      `json:"password"` // enable: generated, typed or keep; password: the first two
	Typed    string      `json:"typed"`    // enable: the typed password
	NewName  string      `json:"newName"`
	TakeOver bool        `json:"takeOver"`
	Keeps    *plan.Keeps `json:"keeps"`  // of an account that is taken over; without it all, until the next import
	Reason   string      `json:"reason"` // of a rejection, a new password, or unlocking
	Until    string      `json:"until"`  // last day of a rejected disable or leave, 2006-01-02
}

// decided is what the page sends at once.
type decided struct {
	Decisions []decision `json:"decisions"`
	Typed     int        `json:"typed"` // number that the person typed
}

func (a *api) decisions(w http.ResponseWriter, _ *http.Request, in decided) {
	answers, gone, err := a.agenda.checker().answers(in.Decisions, in.Typed)
	if err != nil {
		refuse(w, http.StatusUnprocessableEntity, err.Error())
		return
	}
	if err := a.worker.start(answers, gone); err != nil {
		refuse(w, http.StatusConflict, err.Error())
		return
	}
	send(w, http.StatusAccepted, map[string]int{"total": len(in.Decisions)})
}

// again forgets a kept rejection, so that its question is asked again.
func (a *api) again(w http.ResponseWriter, _ *http.Request, in named) {
	settled(w, a.worker.askAgain(in.ID))
}

// proposed is another account name for a question.
type proposed struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// checkName tells why a name cannot be taken.
func (a *api) checkName(w http.ResponseWriter, r *http.Request, in proposed) {
	why, err := a.worker.checkName(r.Context(), in.ID, in.Name)
	if a.outlived(w, r) {
		return
	}
	if err != nil {
		settled(w, err)
		return
	}
	send(w, http.StatusOK, map[string]string{"problem": schema.Visible(why)})
}

// settled answers with what came of a job.
func settled(w http.ResponseWriter, err error) {
	switch {
	case err == nil:
		w.WriteHeader(http.StatusNoContent)
	case errors.Is(err, errBusy) || errors.Is(err, errOver):
		refuse(w, http.StatusConflict, err.Error())
	default:
		refuse(w, http.StatusBadGateway, err.Error())
	}
}

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

// released is what came of overriding limits, and of giving more time.
type released struct {
	times int             // that it was done
	did   counts          // the automatic actions
	open  map[string]bool // by job: it failed the last time, as a whole
}
