package approval

import (
	"net/http"

	"ad-user-sync/import/plan"
)

// decision is what the page sends about one question.
type decision struct {
	ID       string      `json:"id"`
	Accept   bool        `json:"accept"`
	Password string      `json:"password"` // enable: generated, typed or keep
	Typed    string      `json:"typed"`    // enable: the typed password
	NewName  string      `json:"newName"`
	TakeOver bool        `json:"takeOver"`
	Keeps    *plan.Keeps `json:"keeps"`  // of an account that is taken over; without it all, until the next import
	Reason   string      `json:"reason"` // of a rejection
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
