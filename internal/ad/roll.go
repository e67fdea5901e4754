package ad

import (
	"context"
	"net"
	"sync"
	"time"
)

// pingTime is how long controllers are given to answer; where UDP is blocked,
// finding one takes so much longer.
const pingTime = 600 * time.Millisecond

// atOnce bounds how many controllers are asked at the same time.
const atOnce = 64

// roll asks many controllers at once who is there.
type roll struct {
	options Options

	mu      sync.Mutex
	answers map[string]netlogon // to a ping, by host
	open    map[string]bool     // who takes connections, by host
}

// Ranks: who answered and is fit, who did not answer, who answered and is not.
const (
	ready = iota
	quiet
	unfit
)

func (r *roll) rank(c controller) int {
	answer, ok := r.answers[c.host]
	switch {
	case !ok && r.open[c.host]:
		return ready
	case !ok:
		return quiet
	case answer.flags&flagLDAP == 0, r.options.NeedWritable && answer.flags&flagWritable == 0:
		return unfit
	}
	return ready
}

// call asks all that did not answer yet, by ping and by a connection, since UDP
// may be blocked. Where none answers in pingTime, the first to take a
// connection is waited for.
func (r *roll) call(ctx context.Context, all []controller) {
	r.each(ctx, pingTime, all, func(ctx context.Context, c controller) {
		if answer, err := ping(ctx, r.options.dialer(), c.address(), r.options.Domain); err == nil {
			r.mu.Lock()
			r.answers[c.host] = answer
			r.mu.Unlock()
		}
	}, r.knock)
	if len(r.answers)+len(r.open) > 0 {
		return
	}
	ctx, first := context.WithCancel(ctx)
	defer first()
	r.each(ctx, r.options.Timeout, all, func(ctx context.Context, c controller) {
		if r.knock(ctx, c); r.isOpen(c) {
			first()
		}
	})
}

func (r *roll) isOpen(c controller) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.open[c.host]
}

// knock reports whether a connection can be had.
func (r *roll) knock(ctx context.Context, c controller) {
	port := standardPort(r.options.securities()[0])
	conn, err := r.options.dialer().DialContext(ctx, "tcp", net.JoinHostPort(c.host, port))
	if err != nil {
		return
	}
	_ = conn.Close()
	r.mu.Lock()
	r.open[c.host] = true
	r.mu.Unlock()
}

// each lets everything be done for all that did not answer yet, at once.
func (r *roll) each(ctx context.Context, limit time.Duration, all []controller, do ...func(context.Context, controller)) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	room := make(chan struct{}, atOnce)
	var done sync.WaitGroup
	for _, c := range all {
		r.mu.Lock()
		_, known := r.answers[c.host]
		r.mu.Unlock()
		for _, one := range do {
			if known {
				continue
			}
			done.Go(func() {
				room <- struct{}{}
				defer func() { <-room }()
				if ctx.Err() == nil {
					one(ctx, c)
				}
			})
		}
	}
	done.Wait()
}
