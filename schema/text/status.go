package text

import (
	"fmt"
	"io"
	"strings"
	"time"

	"ad-user-sync/schema"
)

// StatusJSON writes the status for programs.
func StatusJSON(w io.Writer, s schema.Status) error { return writeJSON(w, "status", s) }

// Status writes the status for a person.
func Status(w io.Writer, s schema.Status) error {
	t := &reportText{}
	t.lastRun(s)
	t.newestFile(s)
	t.observed(s)
	t.line("Accounts   %d enabled, %d disabled by the import", s.Enabled, len(s.Disabled))
	var lines []string
	for _, q := range s.Waiting {
		line := fmt.Sprintf("since %s  %-8s %s", q.Since.UTC().Format(time.DateOnly), q.Type, q.User)
		if q.About != "" {
			line += ": " + q.About
		}
		lines = append(lines, line)
	}
	t.listed("Waiting for a person (import --interactive)", lines)
	lines = nil
	for _, a := range s.Next {
		lines = append(lines, minute(a.At)+"  "+a.User)
	}
	t.listed("Accounts that end next, unless a newer user file comes", lines)
	lines = nil
	for _, a := range s.Ended {
		line := "since " + minute(a.At) + "  " + a.User
		if a.Reason != "" {
			line += " (" + a.Reason + ")"
		}
		lines = append(lines, line)
	}
	t.listed("Enabled accounts that have ended: no one can log on with them", lines)
	lines = nil
	for _, a := range s.Disabled {
		lines = append(lines, fmt.Sprintf("since %s  %s: %s", a.At.UTC().Format(time.DateOnly), a.User, a.Reason))
	}
	t.listed("Disabled by the import", lines)
	t.listed("More time was given since the newest user file", givenTime(s.GivenTime))
	t.line("")
	if s.Note != "" {
		t.line("%s.", schema.Visible(s.Note))
	}
	t.line("This is what the last runs left in ledger and reports; what others changed in the directory since is not in it.")
	if s.ExitCode == 0 {
		t.line("All is well.")
	} else {
		t.line("Not well: %s (exit code %d with --check).", schema.Visible(s.Why), s.ExitCode)
	}
	_, err := io.WriteString(w, t.out.String())
	return err
}

func (t *reportText) lastRun(s schema.Status) {
	run := s.Run
	if run == nil {
		t.line("Last run   none is known")
		return
	}
	var parts []string
	switch {
	case run.ExitCode != nil:
		parts = append(parts, fmt.Sprintf("exit code %d", *run.ExitCode))
	case run.Finished:
		parts = append(parts, "finished")
	default:
		parts = append(parts, "not finished")
	}
	if run.Guard != "" {
		parts = append(parts, "stopped: "+run.Guard)
	}
	if run.Failed > 0 {
		parts = append(parts, fmt.Sprintf("%d failed", run.Failed))
	}
	t.line("Last run   %s, %s; run %s", minute(run.Started), schema.Visible(strings.Join(parts, ", ")), schema.Visible(run.ID))
	if run.Report != "" {
		t.line("Report     %s", schema.Visible(run.Report))
	}
}

func (t *reportText) newestFile(s schema.Status) {
	switch f := s.File; {
	case f == nil:
		t.line("User file  none was accepted yet")
	case f.Overdue != nil:
		t.line("User file  of %s, from %s; a newer one is overdue since %s", written(f), schema.Visible(f.Domain), minute(*f.Overdue))
	default:
		t.line("User file  of %s, from %s", written(f), schema.Visible(f.Domain))
	}
}

func (t *reportText) observed(s schema.Status) {
	o := s.Observed
	switch {
	case o == nil:
		return
	case o.Over:
		t.line("Observed   %s since %s; no run looks any more, and nothing was written", schema.Plural(o.Files, "user file"), minute(o.Since))
	default:
		t.line("Observed   the import only looks, and writes nothing: %d of %s, until %s", o.Files, schema.Plural(o.Of, "user file"), minute(o.Until))
	}
	if o.Plan != "" {
		t.line("           a person starts it with the last plan: ad-user-sync import --start %s", o.Plan)
	}
}

func written(f *schema.StatusFile) string {
	if f.Written.IsZero() {
		return "an unknown time"
	}
	return minute(f.Written)
}

// listed is a section that says how many it leaves out.
func (t *reportText) listed(title string, lines []string) { t.section(title, shownDone, lines) }
