package ad_test

import (
	"fmt"
	"io"
	"maps"
	"net"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// proxy stands between the client and a controller and does what networks do.
type proxy struct {
	listener net.Listener
	cutAfter atomic.Int64                        // bytes to the client until the connection is reset; negative: never
	rewrite  atomic.Pointer[func([]byte) []byte] // of what the controller answers; nil: nothing is changed
	hole     atomic.Bool                         // swallow what the controller answers

	mu       sync.Mutex
	upstream string
	conns    map[net.Conn]bool
	frozen   map[net.Conn]bool // nothing comes back on these
}

// newProxy listens on the controller's own address, which its certificate
// names.
func newProxy(t *testing.T, upstream string) *proxy {
	t.Helper()
	host, _, err := net.SplitHostPort(upstream)
	require.NoError(t, err)
	return newProxyOn(t, host, upstream)
}

func newProxyOn(t *testing.T, host, upstream string) *proxy {
	t.Helper()
	return newProxyAt(t, net.JoinHostPort(host, "0"), upstream)
}

func newProxyAt(t *testing.T, address, upstream string) *proxy {
	t.Helper()
	listener, err := net.Listen("tcp", address)
	require.NoError(t, err)
	p := &proxy{listener: listener, upstream: upstream, conns: map[net.Conn]bool{}}
	p.cutAfter.Store(-1)
	t.Cleanup(func() {
		p.mu.Lock()
		_ = p.listener.Close()
		p.mu.Unlock()
		p.drop()
	})
	go p.accept(listener)
	return p
}

// listen goes on where an earlier listener was closed.
func (p *proxy) listen(address string) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return // the test will say that nothing listens
	}
	p.mu.Lock()
	p.listener = listener
	p.mu.Unlock()
	p.accept(listener)
}

func (p *proxy) setUpstream(address string) {
	p.mu.Lock()
	p.upstream = address
	p.mu.Unlock()
}

func (p *proxy) address() string { return p.listener.Addr().String() }

func (p *proxy) accept(listener net.Listener) {
	for {
		down, err := listener.Accept()
		if err != nil {
			return
		}
		p.mu.Lock()
		upstream := p.upstream
		p.mu.Unlock()
		up, err := net.Dial("tcp", upstream)
		if err != nil {
			_ = down.Close()
			continue
		}
		p.mu.Lock()
		p.conns[down], p.conns[up] = true, true
		p.mu.Unlock()
		go func() { _, _ = io.Copy(up, down); _ = up.Close() }()
		go p.answers(down, up)
	}
}

func (p *proxy) answers(down, up net.Conn) {
	defer down.Close()
	buffer := make([]byte, 2048)
	for {
		n, err := up.Read(buffer)
		if err != nil {
			return
		}
		if left := p.cutAfter.Load(); left >= 0 && p.cutAfter.Add(-int64(n)) < 0 {
			p.cutAfter.Store(-1)
			_ = down.(*net.TCPConn).SetLinger(0)
			_ = up.Close()
			return
		}
		if p.hole.Load() || p.isFrozen(down) {
			continue
		}
		answer := buffer[:n]
		if rewrite := p.rewrite.Load(); rewrite != nil {
			answer = (*rewrite)(answer)
		}
		if _, err := down.Write(answer); err != nil {
			return
		}
	}
}

// freeze lets the connections that are open now hang, and new ones work.
func (p *proxy) freeze() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.frozen = maps.Clone(p.conns)
}

func (p *proxy) isFrozen(conn net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.frozen[conn]
}

// drop ends all connections, as a controller that restarts, or tires of an
// idle one.
func (p *proxy) drop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for conn := range p.conns {
		_ = conn.Close()
		delete(p.conns, conn)
	}
}

// relay is a proxy on 127.0.0.1 without faults; it gives the port.
func relay(t *testing.T, upstream string) string {
	_, port, err := net.SplitHostPort(newProxyOn(t, "127.0.0.1", upstream).address())
	require.NoError(t, err)
	return port
}

// closedPort is an address where nothing listens.
func closedPort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	return listener.Addr().String()
}

func sprint(format string, values ...any) string { return fmt.Sprintf(format, values...) }
