package approval

import (
	"errors"
	"net/http"

	"ad-user-sync/schema"
)

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
