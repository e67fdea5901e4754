package approval

import (
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/rs/zerolog"
)

// maxBody is enough for a thousand decisions with reasons.
const maxBody = 4 << 20

// bodyTime is how long a page on the same machine may take to send it.
const bodyTime = 30 * time.Second

const contentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
	"img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
	"require-trusted-types-for 'script'; trusted-types 'none'"

// guard stands before everything that is served.
type guard struct {
	host        string // 127.0.0.1:port, the only Host that is answered
	access      *access
	connections *connections
	log         zerolog.Logger
}

// before refuses what does not come from the page of this very session, and
// sets the headers of every answer.
func (g *guard) before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		setHeaders(w.Header())
		admitted := g.access.admits(r)
		g.connections.sort(w, r, admitted)
		if why := g.foreign(r); why != "" {
			g.log.Warn().Str("method", r.Method).Str("path", r.URL.Path).Str("why", why).Msg("request refused")
			refuse(w, http.StatusForbidden, why)
			return
		}
		if r.Method == http.MethodPost {
			if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
				refuse(w, http.StatusUnsupportedMediaType, "only application/json is taken")
				return
			}
			r.Body = http.MaxBytesReader(w, r.Body, maxBody)
			_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTime)) // taking lifts it
		}
		if strings.HasPrefix(r.URL.Path, "/api/") && !admitted {
			refuse(w, http.StatusUnauthorized, "not signed in to this session")
			return
		}
		next.ServeHTTP(w, r)
	})
}

func setHeaders(h http.Header) {
	h.Set("Content-Security-Policy", contentSecurityPolicy)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cross-Origin-Embedder-Policy", "require-corp")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
}

// foreign tells why a request cannot come from the page; "" where it can. The
// exact Host defeats DNS rebinding; Origin and fetch metadata defeat other
// sites in the same browser. Only a person may navigate to the empty shell
// from elsewhere.
func (g *guard) foreign(r *http.Request) string {
	if r.Host != g.host {
		return "wrong Host"
	}
	origin := r.Header.Get("Origin")
	if origin != "" && origin != "http://"+g.host || origin == "" && r.Method == http.MethodPost {
		return "wrong Origin"
	}
	switch r.Header.Get("Sec-Fetch-Site") {
	case "same-origin":
	case "":
		if r.Header.Get("Sec-Fetch-Mode") != "" || r.Header.Get("Sec-Fetch-Dest") != "" {
			return "incomplete fetch metadata"
		}
	default:
		if r.URL.Path != "/" || r.Method != http.MethodGet ||
			r.Header.Get("Sec-Fetch-Mode") != "navigate" || r.Header.Get("Sec-Fetch-Dest") != "document" {
			return "request from another site"
		}
	}
	return ""
}

// taking reads the JSON body of a request for a handler; it answers for itself
// where the body is not exactly what is expected.
func taking[T any](handle func(w http.ResponseWriter, r *http.Request, in T)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var in T
		if err := json.UnmarshalRead(r.Body, &in, json.RejectUnknownMembers(true)); err != nil {
			refuse(w, http.StatusBadRequest, "the request was not understood")
			return
		}
		_ = http.NewResponseController(w).SetReadDeadline(time.Time{}) // what follows may take its time
		handle(w, r, in)
	}
}

// named is a question, by its ID.
type named struct {
	ID string `json:"id"`
}

// refuse answers with a sentence for the page.
func refuse(w http.ResponseWriter, status int, problem string) {
	send(w, status, map[string]string{"problem": problem})
}

func send(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		http.Error(w, "the answer could not be written", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(body) // the browser may have gone
}
