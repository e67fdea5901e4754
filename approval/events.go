package approval

import (
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
)

// event is what the page is told without having asked.
type event struct {
	Type    string    `json:"type"` // hello, heartbeat, progress, refresh, others, taken, locked, unsaved, ended
	Others  []string  `json:"others,omitzero"`
	Job     *progress `json:"job,omitzero"`
	Result  *item     `json:"result,omitzero"`
	Summary *Summary  `json:"summary,omitzero"`
}

// hub holds the one tab that takes part. Opening another one takes over.
type hub struct {
	mu     sync.Mutex
	stream *stream
	clock  clock
	left   time.Time // when the last tab went; zero: one is here, or none ever was
	ended  bool
	open   sync.WaitGroup
}

// stream is the event stream of one tab.
type stream struct {
	tab    string
	events chan event
	over   chan struct{} // closed when nothing more will be sent
}

// join makes a tab the one that takes part; nil after the end.
func (h *hub) join(tab string) *stream {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ended {
		return nil
	}
	h.release(event{Type: "taken"})
	h.stream = &stream{tab: tab, events: make(chan event, 1024), over: make(chan struct{})}
	h.left = time.Time{}
	h.open.Add(1)
	return h.stream
}

// expect leaves a tab that has just signed in time to come.
func (h *hub) expect() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.left.IsZero() {
		h.left = h.clock.now()
	}
}

// part is called when a stream's request is over.
func (h *hub) part(st *stream) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.stream == st {
		h.stream, h.left = nil, h.clock.now()
	}
	h.open.Done()
}

// release sends a last event to the present stream. The caller holds mu.
func (h *hub) release(last event) {
	if h.stream == nil {
		return
	}
	h.push(last)
	close(h.stream.over)
	h.stream = nil
}

// push never blocks: a tab that doesn't read loses events, and reads the state
// afresh when it does. The caller holds mu.
func (h *hub) push(e event) {
	select {
	case h.stream.events <- e:
	default:
	}
}

func (h *hub) send(e event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.stream != nil {
		h.push(e)
	}
}

// end says goodbye and waits a moment for the page to hear it.
func (h *hub) end(last event) {
	h.mu.Lock()
	h.ended = true
	h.release(last)
	h.mu.Unlock()
	done := make(chan struct{})
	go func() { h.open.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(time.Second):
	}
}

// active reports whether a tab is the one that takes part. While no page is open,
// a client that has the token and names no tab may act.
func (h *hub) active(tab string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.stream == nil {
		return tab == ""
	}
	return h.stream.tab == tab
}

// away is the time since the last tab went; 0 while one is here or none came.
func (h *hub) away() time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.left.IsZero() {
		return 0
	}
	return h.clock.since(h.left)
}

// events serves the stream of a tab, until the tab is closed or replaced. A
// lock leaves it open, without data, so that closing the tab is still noticed.
func (a *api) events(w http.ResponseWriter, r *http.Request) {
	tab := r.Header.Get("Tab")
	if len(tab) < 8 || len(tab) > 64 {
		refuse(w, http.StatusBadRequest, "the tab has no name")
		return
	}
	st := a.hub.join(tab)
	if st == nil {
		refuse(w, http.StatusGone, "the session has ended")
		return
	}
	defer a.hub.part(st)
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	beat := time.NewTicker(a.heartbeat)
	defer beat.Stop()
	if !write(w, event{Type: "hello"}) {
		return
	}
	for {
		select {
		case e := <-st.events:
			if !write(w, e) {
				return
			}
		case <-beat.C:
			if !write(w, event{Type: "heartbeat"}) {
				return
			}
		case <-st.over:
			drain(w, st)
			return
		case <-r.Context().Done():
			return
		}
	}
}

func drain(w http.ResponseWriter, st *stream) {
	for {
		select {
		case e := <-st.events:
			if !write(w, e) {
				return
			}
		default:
			return
		}
	}
}

// write sends one event; it reports whether the tab can still be reached.
func write(w http.ResponseWriter, e event) bool {
	body, err := json.Marshal(e)
	if err != nil {
		return false
	}
	control := http.NewResponseController(w)
	_ = control.SetWriteDeadline(time.Now().Add(30 * time.Second)) // not every test recorder can
	if _, err := fmt.Fprintf(w, "data: %s\n\n", body); err != nil {
		return false
	}
	return control.Flush() == nil
}
