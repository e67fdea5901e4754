package status

import (
	"fmt"
	"time"

	"ad-user-sync/schema"
)

// Exit codes that a status adds to those of a run.
const (
	CodeFault   = 1
	codeOverdue = 7
	codeTooOld  = 8
	codeObserve = 9
)

const (
	disables = "disable"  // the type of a question
	rejected = "rejected" // the code of a reason
)

// underWay is how long a run that has not finished may be going on.
const underWay = time.Hour

// Judge says for a monitor whether all is well: whether a run came within maxAge,
// how the last one ended, and whether a user file is overdue. silent is whether none
// has come for so long that leases may end.
func Judge(s schema.Status, maxAge schema.Period, silent bool) (code int, why string) {
	run, seen := s.Run, endedBefore(s)
	switch {
	case run == nil:
		return codeTooOld, "no run is known"
	case maxAge.After(run.Started).Before(s.At):
		return codeTooOld, fmt.Sprintf("the last run began %s, and none within %s", run.Started.UTC().Format(time.RFC3339), maxAge)
	case run.Started.Sub(s.At) > underWay:
		return codeTooOld, fmt.Sprintf("the last run began %s, which is in the future: a clock is or was wrong; once it is right, remove the report of that run", run.Started.UTC().Format(time.RFC3339))
	case run.ExitCode != nil && *run.ExitCode != 0 && *run.ExitCode != codeOverdue:
		return *run.ExitCode, fmt.Sprintf("the last run ended with exit code %d", *run.ExitCode)
	case run.ExitCode == nil && !run.Finished && s.At.Sub(run.Started) > underWay:
		return CodeFault, "the last run was cut short, or left no report"
	case s.Observed != nil && s.Observed.Over:
		return codeObserve, "the import only looked (observe), and no run looks any more: a person starts it"
	case s.File != nil && s.File.Overdue != nil:
		return codeOverdue, "a newer user file is overdue since " + s.File.Overdue.UTC().Format(time.RFC3339)
	case s.File == nil && run.ExitCode != nil && *run.ExitCode == codeOverdue:
		return codeOverdue, "the last run found that a newer user file is overdue"
	case silent && seen > 0:
		return codeOverdue, schema.Plural(seen, "enabled account") + " had ended before the last run, which no newer user file had come for"
	}
	return 0, ""
}

// endedBefore counts the accounts that the last run already found at their end. Whose
// person has left, or ends in the source, is disabled then, unless that waits or was rejected.
func endedBefore(s schema.Status) (n int) {
	if s.Run == nil {
		return 0
	}
	waits := map[string]bool{}
	for _, w := range s.Waiting {
		waits[w.User] = waits[w.User] || w.Type == disables
	}
	for _, a := range s.Ended {
		if a.At.Before(s.Run.Started) && !waits[a.User] && a.Code == "" {
			n++
		}
	}
	return n
}
