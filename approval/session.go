package approval

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"ad-user-sync/schema"
)

// Options of a session.
type Options struct {
	Desk     Desk
	Config   schema.Session
	Others   func() []string // who else has a session open on the same answers; nil: no one is told of
	Operator string          // OS user
	Stderr   io.Writer       // addresses and warnings
	Stdin    io.Reader       // Enter prints a new address; nil: no one is at the terminal
	Logger   zerolog.Logger
	Clock    clock // nil: the machine's

	// Open opens a browser; nil: the address is printed alone. The address is a
	// secret while ctx lasts; what it was handed over in is gone on return.
	Open func(ctx context.Context, address string) error

	// Interrupt ends the session as Ctrl-C does: where passwords are not yet
	// handed out, the first only warns. A nil channel never interrupts.
	Interrupt <-chan os.Signal
}

type clock func() time.Time

func (c clock) now() time.Time {
	if c == nil {
		return time.Now()
	}
	return c()
}

func (c clock) since(t time.Time) time.Duration { return c.now().Sub(t) }

// Summary of a session.
type Summary struct {
	Ended    string   `json:"ended"`    // why
	Done     int      `json:"done"`     // accepted and carried out, limits that were overridden among them
	What     []string `json:"what"`     // of that, in words by kind, with all that was done once limits were overridden
	Rejected int      `json:"rejected"` // and kept
	Lapsed   int      `json:"lapsed"`   // rejected before, and kept no longer
	Changed  int      `json:"changed"`  // no longer stood as they were shown
	Failed   int      `json:"failed"`
	Open     int      `json:"open"`    // questions without an answer, or that failed
	Unsaved  []string `json:"unsaved"` // accounts whose new password was not handed out
}

// timing of a session; tests shorten it.
type timing struct {
	code  time.Duration // life of a one-time code
	idle  time.Duration // until the page locks
	grace time.Duration // from closing the last tab to the end
	tick  time.Duration // between looks at the clock
	round time.Duration // between looks for other sessions
}

var usual = timing{code: 10 * time.Minute, idle: 15 * time.Minute, grace: 10 * time.Second, tick: 500 * time.Millisecond, round: 5 * time.Second}

const defaultHeartbeat = 2 // seconds

// session is one approval session, from the first address to its summary.
type session struct {
	options Options
	timing  timing
	log     zerolog.Logger
	host    string // 127.0.0.1:port
	access  *access
	hub     *hub
	vault   *vault
	letters *letters
	agenda  *agenda
	worker  *worker
	opening sync.WaitGroup // of a browser
	ended   chan string    // why; the first counts
	warned  bool           // of unsaved passwords, on the terminal
}

// Run serves one session until it ends: by its button, by closing the last
// tab, by an interrupt, or with ctx. The summary is valid with an error, too.
func Run(ctx context.Context, o Options) (Summary, error) {
	s, err := newSession(o, usual)
	if err != nil {
		return Summary{}, err
	}
	return s.run(ctx)
}

func (s *session) run(ctx context.Context) (Summary, error) {
	listener, err := listen(s.options.Config.Port)
	if err != nil {
		return Summary{}, err
	}
	s.host = listener.Addr().String()
	s.worker.ctx, s.worker.cancel = context.WithCancel(ctx)
	defer s.worker.cancel()
	s.worker.prepare()
	go s.lookAround(s.worker.ctx)
	server := s.api().server(s.host)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()

	why, err := s.wait(ctx, failed)
	return s.finish(server, why), err
}

func newSession(o Options, t timing) (*session, error) {
	words, err := newPassphrases(o.Config)
	if err != nil {
		return nil, err
	}
	letters, err := openLetters(o.Config.LetterTemplate)
	if err != nil {
		return nil, err
	}
	if o.Stderr == nil {
		o.Stderr = io.Discard
	}
	if o.Config.HeartbeatInterval <= 0 {
		o.Config.HeartbeatInterval = defaultHeartbeat
	}
	s := &session{options: o, timing: t, log: o.Logger.With().Str("operator", o.Operator).Logger(), ended: make(chan string, 1),
		access: &access{life: t.code, clock: o.Clock}, hub: &hub{clock: o.Clock}, vault: &vault{clock: o.Clock, words: words}, letters: letters}
	s.agenda = newAgenda(o, s.vault)
	s.worker = &worker{desk: o.Desk, agenda: s.agenda, hub: s.hub, log: s.log}
	return s, nil
}

func (s *session) api() *api {
	return &api{access: s.access, hub: s.hub, agenda: s.agenda, worker: s.worker, vault: s.vault, letters: s.letters, log: s.log, end: s.end,
		heartbeat: time.Duration(s.options.Config.HeartbeatInterval) * time.Second}
}

func listen(port int) (net.Listener, error) {
	if port < 0 || port > 65535 {
		return nil, fmt.Errorf("port: %d is not a TCP port", port)
	}
	listener, err := net.Listen("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return nil, fmt.Errorf("listen for the browser on port %d: %w (choose another with the configuration key port, or leave it out)", port, err)
	}
	return listener, nil
}

// wait shows the way in and watches over the session until something ends it.
func (s *session) wait(ctx context.Context, failed <-chan error) (why string, err error) {
	s.invite(true)
	enter := lines(s.options.Stdin)
	tick := time.NewTicker(s.timing.tick)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return "stopped by the program", nil
		case err := <-failed:
			return "the server failed", fmt.Errorf("serve the approval page: %w", err)
		case why := <-s.ended:
			if why == endedByReplay {
				return why, errReplayed
			}
			return why, nil
		case <-s.options.Interrupt:
			if s.leave() {
				return "interrupted at the terminal", nil
			}
		case _, ok := <-enter:
			if !ok { // no one can press Enter any more
				enter, s.options.Stdin = nil, nil
				continue
			}
			s.invite(false)
		case <-tick.C:
			if why := s.watch(); why != "" {
				return why, nil
			}
		}
	}
}

const endedByReplay = "alarm: the one-time address was used twice"

// end asks for the end of the session; the first reason stays.
func (s *session) end(why string) {
	select {
	case s.ended <- why:
	default:
	}
}

// watch locks an idle page and tells why the session is over, "" where it is
// not.
func (s *session) watch() string {
	if s.access.lockAfter(s.timing.idle) {
		s.log.Info().Msg("approval page locked")
		s.hub.send(event{Type: "locked"})
		s.say("The page was idle and is locked. Press Enter for a new address.")
	}
	if s.access.isLocked() && s.options.Stdin == nil && s.access.stale() {
		s.invite(false)
	}
	away := s.hub.away()
	if !s.options.Config.TerminateOnBrowserClose || away == 0 || s.worker.working() || s.access.isLocked() {
		return ""
	}
	if away > s.timing.grace {
		if unsaved := s.vault.unsaved(); len(unsaved) > 0 {
			s.warnOnce(unsaved)
			return ""
		}
		return "the page was closed"
	}
	return ""
}

// finish lets no one in any more, waits for what is being carried out, and
// tells page, terminal and log what was done.
func (s *session) finish(server *http.Server, why string) Summary {
	s.access.close()
	s.worker.end()
	s.opening.Wait()
	summary := s.agenda.summary(why, s.worker.report())
	s.hub.end(event{Type: "ended", Summary: &summary})
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil && !errors.Is(err, http.ErrServerClosed) {
		_ = server.Close() // a browser that doesn't let go is cut off
	}
	s.farewell(summary)
	return summary
}
