package main

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestProgressTellsHowLongItTakes(t *testing.T) {
	var out bytes.Buffer
	began := time.Now()
	p := &progress{out: &out, what: "actions done", every: progressKept, began: began, last: began, end: "\n"}
	for _, at := range []time.Duration{2, 7, 8, 13} {
		p.show(began.Add(at*time.Second), int(at)*60, 5000)
	}
	assert.Equal(t, "420 of 5000 actions done, 60 a second, 1m16s left\n780 of 5000 actions done, 60 a second, 1m10s left\n", out.String())
	assert.Equal(t, "90 users read, 30 a second", (&progress{what: "users read"}).line(3*time.Second, 90, 0))
}

// A line that takes another's place leaves nothing of it, on consoles without
// escape codes, too.
func TestProgressOnATerminalReplacesItsLine(t *testing.T) {
	var out bytes.Buffer
	p := &progress{out: &out, what: "read", began: time.Now(), end: "\r"}
	p.show(p.began.Add(10*time.Second), 1000, 0)
	p.show(p.began.Add(20*time.Second), 9, 0)
	assert.Equal(t, "\r1000 read, 100 a second\r\r9 read, 0 a second     \r", out.String())
	assert.NotContains(t, out.String(), "\x1b")
}
