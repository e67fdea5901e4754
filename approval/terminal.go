package approval

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"ad-user-sync/schema"
)

// invite prints a new one-time address, on a line of its own, and opens a
// browser where that is wanted.
func (s *session) invite(first bool) {
	address := "http://" + s.host + "/#code=" + s.access.issue()
	s.say(fmt.Sprintf("Open this address in a browser on this machine; it works once, within %.0f minutes:", s.timing.code.Minutes()))
	s.say(address)
	if first && s.options.Stdin != nil {
		s.say("Press Enter here for a new address.")
	}
	if !first || s.options.Open == nil {
		return
	}
	worth := s.access.worth()
	s.opening.Go(func() {
		if err := s.options.Open(worth, address); err != nil {
			s.log.Debug().Err(err).Msg("no browser was opened")
			s.say("No browser could be opened; use the address above.")
		}
	})
}

// leave answers a Ctrl-C: it reports whether the session ends now.
func (s *session) leave() bool {
	unsaved := s.vault.unsaved()
	if len(unsaved) == 0 && !s.worker.working() || s.warned {
		return true
	}
	s.warnOnce(unsaved)
	return false
}

// warnOnce says what leaving would break off, and which passwords would be lost,
// at the first time.
func (s *session) warnOnce(unsaved []string) {
	if s.warned {
		return
	}
	s.warned = true
	if s.worker.working() {
		s.say("Decisions are being carried out. Wait until they are, and hand out the passwords in the page, or press Ctrl-C again: " +
			"then the one at work is finished, the others stay open, and passwords that are not handed out are lost.")
		return
	}
	s.say(fmt.Sprintf("%s not handed out yet and would be lost. Download or print in the page "+
		"(Enter prints an address for it), or press Ctrl-C again to leave without.", schema.Plural(len(unsaved), "new password")))
	s.hub.send(event{Type: "unsaved"})
}

// farewell says what was done, once nothing can change any more.
func (s *session) farewell(sum Summary) {
	s.log.Info().Str("reason", sum.Ended).Int("done", sum.Done).Int("rejected", sum.Rejected).
		Int("changed", sum.Changed).Int("failed", sum.Failed).Int("open_questions", sum.Open).Strs("unsaved", sum.Unsaved).Msg("approval session ended")
	if sum.Ended == endedByReplay {
		s.say("ALARM: " + errReplayed.Error() + ".")
		s.suspect()
	}
	s.say(fmt.Sprintf("The approval session ended (%s): %d done, %d rejected, %d failed, %d changed meanwhile, %d still open.",
		sum.Ended, sum.Done, sum.Rejected, sum.Failed, sum.Changed, sum.Open))
	if len(sum.What) > 0 {
		s.say("Done: " + strings.Join(sum.What, ", ") + ".")
	}
	if sum.Lapsed > 0 {
		s.say(fmt.Sprintf("%s that the import keeps no longer, and asks again should it come up: its report names them.", schema.Plural(sum.Lapsed, "earlier rejection")))
	}
	if len(sum.Unsaved) > 0 {
		s.say("These accounts have a new password that was not handed out; set another one for them:")
		for _, i := range s.vault.all() {
			if i.handed.IsZero() {
				s.say("  " + i.line())
			}
		}
	}
}

// suspect lists what another user may have decided.
func (s *session) suspect() {
	decided := s.agenda.decided()
	if len(decided) == 0 {
		s.say("Nothing was decided in this session.")
		return
	}
	s.log.Warn().Strs("decided", decided).Msg("another user may have decided in this session: check its decisions")
	s.say("Another user may have decided in this session. Check each of its decisions, and undo those that you did not make:")
	for _, line := range decided {
		s.say("  " + line)
	}
}

func (s *session) say(line string) {
	_, _ = io.WriteString(s.options.Stderr, strings.TrimSuffix(line, "\n")+"\n") // a closed terminal changes nothing
}

// lines sends a value for each line read. The reading goroutine cannot be
// stopped while the terminal is silent; it ends with the input.
func lines(r io.Reader) <-chan struct{} {
	if r == nil {
		return nil
	}
	out := make(chan struct{})
	go func() {
		defer close(out)
		for scanner := bufio.NewScanner(r); scanner.Scan(); {
			out <- struct{}{}
		}
	}()
	return out
}
