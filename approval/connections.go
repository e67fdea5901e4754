package approval

import (
	"context"
	"net"
	"net/http"
	"slices"
	"sync"
)

// maxStrangers is how many connections may be open that never showed a token:
// far fewer than a process may have files open, far more than a page needs while
// it loads.
const maxStrangers = 64

// connections keeps other users of the machine from holding so many that none is
// left for the page. The oldest of those that never showed a token goes first: a
// page shows its token at once.
type connections struct {
	mu        sync.Mutex
	strangers []net.Conn // oldest first
}

// changed is told of every connection that comes or goes.
func (c *connections) changed(conn net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		c.come(conn)
	case http.StateClosed, http.StateHijacked:
		c.know(conn)
	}
}

func (c *connections) come(conn net.Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.strangers = append(c.strangers, conn)
	if len(c.strangers) > maxStrangers {
		_ = c.strangers[0].Close()
		c.strangers = slices.Delete(c.strangers, 0, 1)
	}
}

// know takes a connection off the list of strangers.
func (c *connections) know(conn net.Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if i := slices.Index(c.strangers, conn); i >= 0 {
		c.strangers = slices.Delete(c.strangers, i, i+1)
	}
}

type connectionKey struct{}

// remember lets a request know its connection.
func (c *connections) remember(ctx context.Context, conn net.Conn) context.Context {
	return context.WithValue(ctx, connectionKey{}, conn)
}

// sort keeps the connection of a request that shows a token, and has any other
// closed once it is answered.
func (c *connections) sort(w http.ResponseWriter, r *http.Request, admitted bool) {
	if !admitted {
		w.Header().Set("Connection", "close")
	} else if conn, ok := r.Context().Value(connectionKey{}).(net.Conn); ok {
		c.know(conn)
	}
}
