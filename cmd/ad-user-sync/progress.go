package main

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// How often a person is told how far it is: where they look on, and where a
// scheduler keeps what is said.
const (
	progressShown = 200 * time.Millisecond
	progressKept  = 5 * time.Second
)

// progress returns a function that is told how many there are by now, of total
// where that is known.
func (a *app) progress(what string) func(done, total int) {
	if a.quiet {
		return func(int, int) {}
	}
	p := &progress{out: a.std.err, what: what, every: progressKept, began: time.Now(), end: "\n"}
	if isTerminal(a.std.err) {
		p.every, p.end = progressShown, "\r"
	}
	p.last = p.began
	return func(done, total int) { p.show(time.Now(), done, total) }
}

// counter is progress towards an end that is not known.
func (a *app) counter(what string) func(done int) {
	show := a.progress(what)
	return func(done int) { show(done, 0) }
}

type progress struct {
	out         io.Writer
	what        string
	every       time.Duration
	began, last time.Time
	end         string // "\r" where the next line takes the place of this one
	width       int    // of the line before
}

func (p *progress) show(now time.Time, done, total int) {
	if now.Sub(p.last) < p.every {
		return
	}
	p.last = now
	line := p.line(now.Sub(p.began), done, total)
	if p.end == "\r" { // no escape codes: consoles of older Windows servers show them
		blanks := max(0, p.width-len(line))
		p.width = len(line)
		line = "\r" + line + strings.Repeat(" ", blanks)
	}
	fmt.Fprint(p.out, line+p.end)
}

// line is "1200 of 5000 actions done, 60 a second, 1m3s left".
func (p *progress) line(since time.Duration, done, total int) string {
	rate := float64(done) / max(since.Seconds(), 1)
	if total == 0 {
		return fmt.Sprintf("%d %s, %.0f a second", done, p.what, rate)
	}
	text := fmt.Sprintf("%d of %d %s, %.0f a second", done, total, p.what, rate)
	if rate > 0 && total > done {
		text += fmt.Sprintf(", %s left", time.Duration(float64(total-done)/rate*float64(time.Second)).Round(time.Second))
	}
	return text
}
