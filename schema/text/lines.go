package text

import (
	"fmt"
	"strings"
	"time"

	"ad-user-sync/schema"
)

func accepted(list []schema.Accepted) (lines []string) {
	for _, a := range list {
		line := fmt.Sprintf("%-8s %s", a.Type, a.User)
		if a.Group != "" {
			line += ": " + a.Group
		}
		line += ", by " + a.By
		if a.Why != "" {
			line += " (" + a.Why + ")"
		}
		lines = append(lines, line)
	}
	return lines
}

func rejected(list []schema.Rejected) (lines []string) {
	for _, r := range list {
		line := fmt.Sprintf("%-8s %s", r.Type, r.User)
		if about := r.Group + r.Name; about != "" {
			line += ": " + about
		}
		line += ", by " + r.By
		if r.Until != nil {
			line += ", until " + r.Until.UTC().Format(time.DateOnly)
		}
		if r.Reason != "" {
			line += " (" + r.Reason + ")"
		}
		lines = append(lines, line)
	}
	return lines
}

// leftOut lists what is new first.
func leftOut(list []schema.LeftOut) (lines []string) {
	for _, o := range list {
		if o.New {
			lines = append(lines, "new: "+o.User+": "+o.Reason)
		}
	}
	for _, o := range list {
		if !o.New {
			lines = append(lines, o.User+": "+o.Reason+" (since "+o.Since.Format(time.DateOnly)+")")
		}
	}
	return lines
}

func outcomes(list []schema.Outcome) []string {
	lines := make([]string, len(list))
	for i, o := range list {
		lines[i] = o.User + ": " + o.Reason
	}
	return lines
}

// folded has one line for what many share.
func folded(list []schema.Outcome) (lines []string) {
	const named = 3
	shared, said := map[string][]string{}, map[string]bool{}
	for _, o := range list {
		shared[o.Reason] = append(shared[o.Reason], o.User)
	}
	for _, o := range list {
		users := shared[o.Reason]
		switch {
		case len(users) <= named:
			lines = append(lines, o.User+": "+o.Reason)
		case !said[o.Reason]:
			lines = append(lines, fmt.Sprintf("%s and %d more: %s", strings.Join(users[:named], ", "), len(users)-named, o.Reason))
			said[o.Reason] = true
		}
	}
	return lines
}

// givenTime tells who gave more time to how many, and why.
func givenTime(list []schema.GivenTime) (lines []string) {
	for _, g := range list {
		lines = append(lines, fmt.Sprintf("%s  %s to %s, by %s: %s", minute(g.At), schema.Plural(g.Days, "day"), schema.Plural(g.Accounts, "account"), g.By, g.Reason))
	}
	return lines
}
