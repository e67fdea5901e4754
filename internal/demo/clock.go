package demo

import (
	"sync/atomic"
	"time"
)

const day = 24 * time.Hour

// clock is that of both domains and of the machine: the present time, set back
// while the story is in the past, so that it ends today.
type clock struct{ back atomic.Int64 }

func (c *clock) now() time.Time { return time.Now().Add(-time.Duration(c.back.Load())) }

func (c *clock) setBack(by time.Duration) { c.back.Store(int64(by)) }
