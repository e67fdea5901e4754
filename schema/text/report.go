package text

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"ad-user-sync/schema"
)

// How many lines of a list a person is shown; the JSON report has all, and so
// has a dry run.
const (
	shownDone = 20
	shownOpen = 50
)

// Report writes the report for a person: what stopped the run and what failed, then
// what was done, worst first, what waits, and in the last line how much it comes to.
func Report(w io.Writer, r schema.Report) error { return write(w, r, false) }

// Detailed is [Report] with every change of every account, before and after.
func Detailed(w io.Writer, r schema.Report) error { return write(w, r, true) }

func write(w io.Writer, r schema.Report, details bool) error {
	t := &reportText{Report: r.Sorted()}
	t.guard()
	t.head()
	t.failed()
	t.plan()
	t.answered()
	if details {
		t.details()
	}
	t.rest()
	t.foot()
	_, err := io.WriteString(w, t.out.String())
	return err
}

type reportText struct {
	schema.Report
	out strings.Builder
}

func (t *reportText) line(format string, values ...any) {
	fmt.Fprintf(&t.out, format+"\n", values...)
}

func (t *reportText) head() {
	if in := t.Input; in != nil {
		dated, signed := "undated", "not signed"
		if in.Timestamp != nil {
			dated = "of " + minute(*in.Timestamp)
		}
		if in.Signed {
			signed = "signed"
		}
		if in.Key > 0 {
			signed += fmt.Sprintf(" with key %d", in.Key)
		}
		t.line("User file  %s, %s, %s, %s", schema.Visible(in.File), dated, schema.Plural(in.Users, "user"), signed)
	}
	if t.Domain != "" {
		protected := ""
		if t.Security != "" {
			protected = ", over " + schema.Visible(t.Security)
		}
		t.line("Target     %s on %s%s", schema.Visible(t.Domain), schema.Visible(t.Controller), protected)
	}
	switch {
	case t.DryRun:
		t.line("Dry run    nothing was written; this is what an import would do")
	case t.Observed != nil:
		t.line("Observed   nothing was written; this is what an import would do")
	}
	if o := t.Observed; o != nil && !o.Until.IsZero() {
		t.line("Looks      %d of %s, until %s", o.Files, schema.Plural(o.Of, "user file"), minute(o.Until))
	}
}

func (t *reportText) guard() {
	g := t.Guard
	if g == nil {
		return
	}
	before := "anything was written"
	if t.wrote() { // in an approval session
		before = "anything more was written"
	}
	what := g.Name
	if g.Title != "" {
		what = g.Title + " (" + g.Name + ")"
	}
	t.line("Stopped before %s: %s", before, schema.Visible(what))
	t.line("  %s", schema.Visible(g.Reason))
	t.names(shownDone, g.Users)
	if g.WayOn != "" {
		t.line("  What to do: %s", schema.Visible(g.WayOn))
	}
	t.line("")
}

// Counts says in a line what a run came to.
func Counts(r schema.Report) string { return (&reportText{Report: r}).counts() }

// counting is "created" of what was done, and "to create" of a plan.
func (t *reportText) counting(d schema.Done) string {
	if t.planned() {
		return "to " + d.Kind
	}
	return d.Words()
}

func (t *reportText) counts() string {
	var words []string
	add := func(n int, what string) {
		if n > 0 {
			words = append(words, fmt.Sprintf("%d %s", n, what))
		}
	}
	for _, d := range t.Done() {
		if d.Kind == "extend" {
			sooner := t.endSooner()
			add(sooner, t.either("to end earlier", "end earlier now"))
			d.N -= sooner
		}
		add(d.N, t.counting(d))
	}
	add(len(t.Rejected), "rejected")
	add(t.Forbidden(), "of that not possible for lack of rights")
	add(len(t.Failed)-t.Forbidden(), "failed")
	add(len(t.HeldBack), "held back")
	add(len(t.RequiredInteractions), "waiting for a person")
	if len(words) == 0 {
		words = []string{"nothing to do: everything is as the user file wants it"}
		switch {
		case t.Guard != nil:
			words = []string{"nothing done"}
		case t.Behind != "":
			words = []string{"nothing to take away; everything else waits until this domain controller has heard of what was written through another one"}
		case t.Undone() > 0:
			words = []string{fmt.Sprintf("nothing done, %d skipped", t.Undone())}
		case len(t.LeftOut) > 0:
			words = []string{"nothing to do, but for what cannot be had of the user file"}
		}
	}
	return strings.Join(words, ", ")
}

// failed names everyone, as long as there is room: a leaver may be among them.
func (t *reportText) failed() {
	lines := outcomes(t.Failed)
	if !t.planned() && len(lines) > shownOpen {
		lines = folded(t.Failed)
	}
	t.counted("Failed", len(t.Failed), shownOpen, lines)
}

func (t *reportText) answered() {
	t.section("Agreed to", shownDone, accepted(t.Accepted))
	t.section("Rejected", shownDone, rejected(t.Rejected))
	t.section("More time was given since this user file", shownDone, givenTime(t.GivenTime))
}

// waiting lists the questions: what grants more before what makes an account usable.
func (t *reportText) waiting() {
	questions := slices.Clone(t.RequiredInteractions)
	slices.SortStableFunc(questions, func(a, b schema.Interaction) int { return cmp.Compare(lastly(a.Type), lastly(b.Type)) })
	lines := make([]string, len(questions))
	for i, q := range questions {
		lines[i] = fmt.Sprintf("? %-8s %s", q.Type, called(named{q.User, q.Subject}))
		if about := q.Group + q.Name; about != "" {
			lines[i] += ": " + about + from(q.From)
		}
		if q.Reason != "" {
			lines[i] += " (" + q.Reason + ")"
		}
	}
	t.section("Waiting for a person (import --interactive)", shownOpen, lines)
}

func lastly(kind string) int {
	if kind == schema.KindEnable {
		return 1
	}
	return 0
}

// rest is what is not done, and need not be.
func (t *reportText) rest() {
	t.section("Left out of the user file", shownDone, leftOut(t.LeftOut))
	t.section("Held back", shownOpen, outcomes(t.HeldBack))
	t.section("Skipped", shownDone, outcomes(t.Skipped))
	t.section("In the managed container, but not managed; left alone", shownDone, outcomes(t.Unmanaged))
	t.section("Please note", shownOpen, t.Notices)
}

func (t *reportText) section(title string, most int, lines []string) {
	t.counted(title, len(lines), most, lines)
}

func (t *reportText) counted(title string, count, most int, lines []string) {
	if count == 0 {
		return
	}
	t.line("")
	t.line("%s (%d)", title, count)
	t.names(most, lines)
}

func (t *reportText) names(most int, lines []string) {
	if t.planned() { // to be read before anything is done
		most = len(lines)
	}
	for _, line := range lines[:min(most, len(lines))] {
		t.line("  %s", schema.Visible(line))
	}
	if more := len(lines) - most; more > 0 {
		t.line("  … and %d more (--format json has all)", more)
	}
}

func (t *reportText) foot() {
	t.line("")
	if e := t.Expiring; e != nil {
		t.line("Without a newer user file accounts expire from %s on: %d in the 24 hours after that.", minute(e.First), e.Accounts)
	}
	o := t.Operations
	t.line("%s, %s, %s, %s in %.1f seconds; run %s", schema.Plural(o.Searches, "search"), schema.Plural(o.Adds, "add"),
		schema.Plural(o.Modifies, "modify"), schema.Plural(o.Renames, "rename"), t.Seconds, schema.Visible(t.Run))
	t.line("")
	total := t.counts()
	if t.planned() {
		total = "Plan: " + total + "; nothing was written"
	} else if t.Guard != nil && len(t.RequiredInteractions) > 0 && !t.wrote() {
		total += "; nothing was written"
	}
	t.line("%s", total)
	if t.Observed != nil && t.Plan != "" {
		t.line("If all of it is meant, a person starts the import with this plan: ad-user-sync import --start %s", t.Plan)
	}
}

func (t *reportText) wrote() bool {
	return t.Operations.Adds+t.Operations.Modifies+t.Operations.Renames > 0
}

func (t *reportText) planned() bool { return t.Planned() }

func minute(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }
