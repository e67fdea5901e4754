package ad

import (
	"net"
	"sync/atomic"
	"time"
)

// trackedConn remembers when something moved last, and why reading ended;
// go-ldap keeps only the words.
type trackedConn struct {
	net.Conn
	born  time.Time
	moved atomic.Int64 // since then
	fault atomic.Pointer[error]
}

func newTrackedConn(conn net.Conn) *trackedConn { return &trackedConn{Conn: conn, born: time.Now()} }

func (c *trackedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.progress(n)
	if err != nil {
		c.fault.CompareAndSwap(nil, &err)
	}
	return n, err
}

func (c *trackedConn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	c.progress(n)
	return n, err
}

func (c *trackedConn) progress(n int) {
	if n > 0 {
		c.moved.Store(int64(time.Since(c.born)))
	}
}

func (c *trackedConn) idle() time.Duration { return time.Since(c.born) - time.Duration(c.moved.Load()) }

func (c *trackedConn) readError() error {
	if err := c.fault.Load(); err != nil {
		return *err
	}
	return nil
}

// watch ends the connection where nothing moves on it for a time, until it is
// told to stop. go-ldap's own limit is for a whole answer, however fast that
// arrives, and drops what comes while its reader is late.
func (s *session) watch(limit time.Duration) (stop func()) {
	ended := make(chan struct{})
	begun := time.Now()
	go func() {
		timer := time.NewTimer(limit)
		defer timer.Stop()
		for {
			select {
			case <-ended:
				return
			case <-timer.C:
			}
			left := limit - min(time.Since(begun), s.tracked.idle())
			if left <= 0 {
				s.stalled.Store(true)
				s.close()
				return
			}
			timer.Reset(left)
		}
	}()
	return func() { close(ended) }
}
