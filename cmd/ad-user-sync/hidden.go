package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"ad-user-sync/schema"
)

// prompt asks a person at the terminal for a password.
func (a *app) prompt(text string) (string, error) {
	return hidden(a.ctx, a.std.in, a.std.err, text)
}

// interruptWithin is how much later than the end of the input an interrupt may come: a
// Windows console ends the reading first.
const interruptWithin = 200 * time.Millisecond

// hidden reads a line that does not show. The echo is off before the prompt is
// there, since whoever pastes does not wait. An interrupt ends the waiting, and
// in any case the terminal is left as it was: term.ReadPassword, which would
// still wait then, sets it once more.
func hidden(ctx context.Context, in *os.File, out io.Writer, prompt string) (string, error) {
	restore, err := echoOff(in)
	if err != nil {
		return "", fmt.Errorf("a password cannot be asked for, since the terminal would show it: %w", err)
	}
	defer func() { restore(); fmt.Fprintln(out) }()
	fmt.Fprint(out, schema.Visible(prompt))
	type result struct {
		text string
		err  error
	}
	typed := make(chan result, 1)
	go func() {
		text, err := bufio.NewReader(in).ReadString('\n') // a terminal gives line by line
		typed <- result{strings.TrimRight(text, "\r\n"), err}
	}()
	select {
	case r := <-typed:
		if r.err == nil || r.text != "" {
			return r.text, nil
		}
		select {
		case <-ctx.Done():
		case <-time.After(interruptWithin):
			return "", fmt.Errorf("no password was typed: %w", r.err)
		}
	case <-ctx.Done():
	}
	return "", errors.New("interrupted while a password was asked for")
}
