package approval

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	stdlog "log"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"ad-user-sync/schema"
)

//go:embed page
var pageFiles embed.FS

// api answers what the page asks for.
type api struct {
	access    *access
	hub       *hub
	agenda    *agenda
	worker    *worker
	vault     *vault
	letters   *letters
	log       zerolog.Logger
	heartbeat time.Duration
	end       func(why string) // of the session
}

// server limits how long headers may take; guard limits bodies. A ReadTimeout
// would cancel the event stream and slow reads of the directory, too.
func (a *api) server(host string) *http.Server {
	connections := &connections{}
	guard := &guard{host: host, access: a.access, connections: connections, log: a.log}
	return &http.Server{
		Handler:           guard.before(a.handler()),
		ReadHeaderTimeout: 5 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		ConnContext:       connections.remember,
		ConnState:         connections.changed,
		ErrorLog:          stdlog.New(io.Discard, "", 0), // it would name what strangers sent
	}
}

func (a *api) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", shell)
	mux.Handle("GET /page/", http.FileServerFS(pageFiles))
	mux.HandleFunc("POST /session", taking(a.signIn))
	mux.HandleFunc("GET /api/events", a.events)
	mux.HandleFunc("GET /api/state", a.state)
	handout := &handout{vault: a.vault, agenda: a.agenda, letters: a.letters, log: a.log}
	for path, handle := range map[string]http.HandlerFunc{
		"active": a.active, "decisions": taking(a.decisions), "release": taking(a.release), "again": taking(a.again), "name": taking(a.checkName), "prolong": taking(a.prolong), "find": taking(a.find),
		"password": taking(handout.check), "passphrase": taking(handout.another), "archive": handout.archive, "letters": taking(handout.print),
		"reveal": taking(handout.reveal), "handed": taking(handout.handed), "noted": handout.noted, "end": taking(a.endByButton),
	} {
		mux.Handle("POST /api/"+path, a.acting(handle))
	}
	return mux
}

// shellPage has the browser fetch all modules at once, not each when it comes upon its import.
var shellPage = sync.OnceValue(func() []byte {
	const first = `<script type="module"`
	text, err := pageFiles.ReadFile("page/shell.html")
	modules, _ := fs.Glob(pageFiles, "page/*.js") // the pattern is right
	if err != nil {
		panic(err) // it is part of the program
	}
	var links strings.Builder
	for _, module := range modules {
		fmt.Fprintf(&links, "<link rel=\"modulepreload\" href=\"/%s\" />\n    ", module)
	}
	return bytes.Replace(text, []byte(first), []byte(links.String()+first), 1)
})

func shell(w http.ResponseWriter, r *http.Request) {
	http.ServeContent(w, r, "shell.html", time.Time{}, bytes.NewReader(shellPage()))
}

// acting lets only the tab act that takes part.
func (a *api) acting(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !a.hub.active(r.Header.Get("Tab")) {
			refuse(w, http.StatusConflict, "the session continues in another tab")
			return
		}
		a.access.touch()
		next(w, r)
	})
}

// outlived refuses what was read for a page that was locked, or replaced, meanwhile.
func (a *api) outlived(w http.ResponseWriter, r *http.Request) bool {
	if a.access.admits(r) {
		return false
	}
	refuse(w, http.StatusUnauthorized, "not signed in to this session")
	return true
}

// signIn exchanges a one-time code for a token.
func (a *api) signIn(w http.ResponseWriter, _ *http.Request, in struct {
	Code string `json:"code"`
}) {
	token, err := a.access.exchange(in.Code, a.hub.expect)
	switch {
	case errors.Is(err, errReplayed):
		a.log.Warn().Msg(endedByReplay)
		refuse(w, http.StatusForbidden, err.Error())
		a.end(endedByReplay)
	case err != nil:
		a.log.Warn().Err(err).Msg("sign-in to the approval page refused")
		refuse(w, http.StatusForbidden, err.Error())
	default:
		a.log.Info().Msg("signed in to the approval page")
		send(w, http.StatusOK, map[string]string{"token": token})
	}
}

// active tells that a person is at the page; acting has noted it.
func (a *api) active(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNoContent) }

// endByButton ends the session; with unsaved passwords only when told to leave them.
func (a *api) endByButton(w http.ResponseWriter, _ *http.Request, in struct {
	Leave bool `json:"leave"`
}) {
	if a.worker.working() {
		refuse(w, http.StatusConflict, "actions are being carried out; wait until they are done")
		return
	}
	if n := len(a.vault.unsaved()); n > 0 && !in.Leave {
		refuse(w, http.StatusConflict, schema.Plural(n, "password")+" not handed out yet")
		return
	}
	w.WriteHeader(http.StatusNoContent)
	a.end("ended in the page")
}
