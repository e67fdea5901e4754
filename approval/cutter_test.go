package approval

import (
	"io"
	"net"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// cutter stands between the program and a controller, and ends connections as
// a controller does that restarts or tires of idle ones.
type cutter struct {
	listener net.Listener
	mu       sync.Mutex
	conns    []net.Conn
}

// newCutter listens on the controller's own address, which its certificate
// names.
func newCutter(t *testing.T, host string) *cutter {
	t.Helper()
	listener, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
	require.NoError(t, err)
	c := &cutter{listener: listener}
	t.Cleanup(func() { _ = listener.Close(); c.cut() })
	go c.serve(net.JoinHostPort(host, "636"))
	return c
}

func (c *cutter) url() string { return "ldaps://" + c.listener.Addr().String() }

func (c *cutter) serve(controller string) {
	for {
		down, err := c.listener.Accept()
		if err != nil {
			return
		}
		up, err := net.Dial("tcp", controller)
		if err != nil {
			_ = down.Close()
			continue
		}
		c.mu.Lock()
		c.conns = append(c.conns, down, up)
		c.mu.Unlock()
		for _, way := range [][2]net.Conn{{up, down}, {down, up}} {
			go func() { _, _ = io.Copy(way[0], way[1]); _ = way[0].Close() }()
		}
	}
}

// cut ends what is connected and tells how many connections that were.
func (c *cutter) cut() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, conn := range c.conns {
		_ = conn.Close()
	}
	n := len(c.conns) / 2
	c.conns = nil
	return n
}
