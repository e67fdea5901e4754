package approval

import (
	"fmt"
	"net/http"

	"ad-user-sync/schema"
)

// again forgets a kept rejection, so that its question is asked again.
func (s *session) again(w http.ResponseWriter, r *http.Request) {
	in, ok := receive[struct {
		ID string `json:"id"`
	}](w, r)
	if !ok {
		return
	}
	if err := s.begin("again", 1); err != nil {
		refuse(w, http.StatusConflict, err.Error())
		return
	}
	defer s.finished()
	s.desk.Lock()
	err := s.Desk.AskAgain(s.ctx, in.ID)
	s.desk.Unlock()
	if err != nil {
		refuse(w, http.StatusBadGateway, fmt.Sprintf("the rejection could not be forgotten: %v", err))
		return
	}
	s.log.Info().Str("digest", in.ID).Msg("rejection forgotten, to be asked again")
	w.WriteHeader(http.StatusNoContent)
}

// checkName tells why a name cannot be taken.
func (s *session) checkName(w http.ResponseWriter, r *http.Request) {
	in, ok := receive[struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}](w, r)
	if !ok {
		return
	}
	if !s.desk.TryLock() {
		refuse(w, http.StatusConflict, errBusy.Error())
		return
	}
	defer s.desk.Unlock()
	why, err := s.Desk.CheckName(r.Context(), in.ID, in.Name)
	if err != nil {
		refuse(w, http.StatusBadGateway, err.Error())
		return
	}
	send(w, http.StatusOK, map[string]string{"problem": schema.Visible(why)})
}
