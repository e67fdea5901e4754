package approval

import (
	"net/http"

	"ad-user-sync/import/plan"
)

// release overrides the limits, for the plan that was shown and the number of
// accounts that the person read.
func (s *session) release(w http.ResponseWriter, r *http.Request) {
	in, ok := receive[struct {
		Plan     string `json:"plan"`
		Accounts int    `json:"accounts"`
	}](w, r)
	if !ok {
		return
	}
	s.mu.Lock()
	view := s.view
	s.mu.Unlock()
	if view == nil || view.Plan != in.Plan || in.Accounts != plan.Stopping(view.Trips) || plan.Firm(view.Trips) {
		refuse(w, http.StatusUnprocessableEntity, "this is not the number of accounts, or the plan has changed meanwhile")
		return
	}
	if err := s.begin("release", 1); err != nil {
		refuse(w, http.StatusConflict, err.Error())
		return
	}
	defer s.finished()
	s.log.Warn().Str("plan", in.Plan).Int("accounts", in.Accounts).Msg("limits overridden")
	s.desk.Lock()
	before := countsOf(s.Desk.Report())
	err := s.Desk.Release(s.ctx, in.Plan, in.Accounts)
	s.noteReleased(before, countsOf(s.Desk.Report()), err)
	s.desk.Unlock()
	if err != nil {
		s.log.Warn().Err(err).Msg("the limits could not be overridden")
		refuse(w, http.StatusBadGateway, err.Error())
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// released is what came of overriding limits.
type released struct {
	times int    // that it was done
	did   counts // the automatic actions
	open  bool   // it failed the last time
}

func (s *session) noteReleased(before, after counts, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.released.open = err != nil
	if err == nil {
		s.released.times++
	}
	s.released.did = s.released.did.plus(after, 1).plus(before, -1)
}
