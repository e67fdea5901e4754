package approval

import (
	"embed"
	"errors"
	"io"
	stdlog "log"
	"net/http"
	"time"
)

//go:embed page
var pageFiles embed.FS

// server limits how long headers may take; guard limits bodies. A ReadTimeout
// would cancel the event stream and slow reads of the directory, too.
func (s *session) server() *http.Server {
	return &http.Server{
		Handler:           s.handler(),
		ReadHeaderTimeout: 5 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		ConnContext:       s.connections.remember,
		ConnState:         s.connections.changed,
		ErrorLog:          stdlog.New(io.Discard, "", 0), // it would name what strangers sent
	}
}

func (s *session) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.shell)
	mux.Handle("GET /page/", http.FileServerFS(pageFiles))
	mux.HandleFunc("POST /session", s.signIn)
	mux.HandleFunc("GET /api/events", s.events)
	mux.HandleFunc("GET /api/state", s.state)
	for path, handle := range map[string]http.HandlerFunc{
		"active": s.active, "decisions": s.decisions, "release": s.release, "again": s.again, "name": s.checkName,
		"password": s.checkPassword, "passphrase": s.newPassphrase, "archive": s.archive, "letters": s.letters,
		"reveal": s.reveal, "handed": s.handed, "end": s.endByButton,
	} {
		mux.Handle("POST /api/"+path, s.acting(handle))
	}
	return s.guard(mux)
}

func (s *session) shell(w http.ResponseWriter, r *http.Request) {
	http.ServeFileFS(w, r, pageFiles, "page/shell.html")
}

// acting lets only the tab act that takes part.
func (s *session) acting(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.hub.active(r.Header.Get("Tab")) {
			refuse(w, http.StatusConflict, "the session continues in another tab")
			return
		}
		s.access.touch()
		next(w, r)
	})
}

// signIn exchanges a one-time code for a token.
func (s *session) signIn(w http.ResponseWriter, r *http.Request) {
	in, ok := receive[struct {
		Code string `json:"code"`
	}](w, r)
	if !ok {
		return
	}
	token, err := s.access.exchange(in.Code, s.hub.expect)
	switch {
	case errors.Is(err, ErrReplayed):
		s.spent()
		s.log.Warn().Msg(endedByReplay)
		refuse(w, http.StatusForbidden, err.Error())
		s.end(endedByReplay)
	case err != nil:
		s.log.Warn().Err(err).Msg("sign-in to the approval page refused")
		refuse(w, http.StatusForbidden, err.Error())
	default:
		s.spent()
		s.log.Info().Msg("signed in to the approval page")
		send(w, http.StatusOK, map[string]string{"token": token})
	}
}

// active tells that a person is at the page; acting has noted it.
func (s *session) active(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNoContent) }

// endByButton ends the session; with unsaved passwords only when told so.
func (s *session) endByButton(w http.ResponseWriter, r *http.Request) {
	in, ok := receive[struct {
		Leave bool `json:"leave"` // although passwords are not handed out
	}](w, r)
	if !ok {
		return
	}
	if s.working() {
		refuse(w, http.StatusConflict, "actions are being carried out; wait until they are done")
		return
	}
	if n := len(s.vault.unsaved()); n > 0 && !in.Leave {
		refuse(w, http.StatusConflict, plural(n, "password")+" not handed out yet")
		return
	}
	w.WriteHeader(http.StatusNoContent)
	s.end("ended in the page")
}
