package ad

import (
	"fmt"
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
	bytes atomic.Int64 // both ways
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
		c.bytes.Add(int64(n))
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

// An answer may take as long as it arrives, but for one that only drips: beyond
// the first few times of the limit, so much has to move in each.
const (
	patientTimes = 4 // with 30 seconds as long as a controller works on one page (MaxQueryDuration)
	leastBytes   = 8 << 10
)

// watch ends the connection where nothing moves on it for a time, or next to
// nothing for several, until it is told to stop. go-ldap's own limit is for a whole
// answer, however fast that arrives, and drops what comes while its reader is late.
func (s *session) watch(limit time.Duration) (stop func()) {
	ended := make(chan struct{})
	begun, before := time.Now(), s.tracked.bytes.Load()
	go func() {
		timer := time.NewTimer(limit)
		defer timer.Stop()
		for {
			select {
			case <-ended:
				return
			case <-timer.C:
			}
			took, came := time.Since(begun), s.tracked.bytes.Load()-before
			left := limit - min(took, s.tracked.idle())
			spare := patientTimes*limit + time.Duration(came/leastBytes)*limit - took
			switch {
			case left <= 0:
				s.endStalled("nothing came from it for " + limit.String())
				return
			case spare <= 0:
				s.endStalled(fmt.Sprintf("its answer did not end, and hardly anything moved: %d bytes in %s", came, took.Round(time.Second)))
				return
			}
			timer.Reset(min(left, spare))
		}
	}()
	return func() { close(ended) }
}

func (s *session) endStalled(why string) {
	s.stalled.Store(&why)
	s.close()
}
