package news

import (
	"fmt"
	"strings"

	"ad-user-sync/import/words"
	"ad-user-sync/schema"
)

// Letter is a mail.
type Letter struct{ Subject, Text string }

// Sender is what a letter says of where it comes from.
type Sender struct {
	Host   string
	Domain string // the target domain
	Report string // path of the report; "" where none is kept
}

// shownNames is how many of a list are named.
const shownNames = 20

// Tell is the letter of what is due.
func Tell(s Sender, r schema.Report, due []Item, names bool) Letter {
	var titles []string
	var text strings.Builder
	for _, item := range due {
		titles = append(titles, item.Title)
		fmt.Fprintf(&text, "%s.\n  What to do: %s\n", upper(item.Title), item.Next)
		if names {
			list(&text, item.Names)
		}
		text.WriteString("\n")
	}
	return s.letter(strings.Join(titles, "; "), text.String(), r)
}

// Well is the letter of the first run without news.
func Well(s Sender, r schema.Report) Letter {
	return s.letter("all is well again", "All is well again: nothing of what was told before is left.\n\n", r)
}

// Alive is the letter of a week without news.
func Alive(s Sender, r schema.Report) Letter {
	return s.letter("all is well", "There is nothing to tell: the import runs. Should this letter not come any more, look why.\n\n", r)
}

// Test is a letter that shows that letters arrive.
func Test(s Sender) Letter {
	return Letter{s.subject("test"), schema.Visible(fmt.Sprintf("This is a test of ad-user-sync on %s: mail about the target domain %s arrives here.", s.Host, s.Domain)) + "\n"}
}

// Unit is the letter of a service that failed without a run that could tell.
func Unit(s Sender, unit string) Letter {
	return Letter{s.subject("the service failed"), schema.Visible(fmt.Sprintf("On %s the service %q failed, and no run has told why.", s.Host, unit)) +
		"\n  What to do: look into the system's log, and run: ad-user-sync status\n"}
}

func (s Sender) letter(subject, text string, r schema.Report) Letter {
	var out strings.Builder
	if r.Observed != nil {
		subject = "only observed: " + subject
		out.WriteString("This import only looks (observe): nothing was written. What follows is what it would have told.\n\n")
	}
	out.WriteString(text)
	fact := func(name, format string, values ...any) {
		fmt.Fprintf(&out, "%-10s %s\n", name, schema.Visible(fmt.Sprintf(format, values...)))
	}
	fact("Import", "on %s, into %s", s.Host, s.Domain)
	code := ""
	if r.ExitCode != nil {
		code = fmt.Sprintf(", exit code %d", *r.ExitCode)
	}
	fact("Run", "%s of %s%s", r.Run, words.When(r.Started), code)
	if in := r.Input; in != nil {
		written := "undated"
		if in.Timestamp != nil {
			written = "of " + words.When(*in.Timestamp)
		}
		fact("User file", "%s, %s", written, schema.Plural(in.Users, "user"))
	}
	if o := r.Observed; o != nil && !o.Over {
		fact("Observed", "%d of %s, until %s", o.Files, schema.Plural(o.Of, "user file"), words.When(o.Until))
	}
	fact("Counts", "%s", counts(r))
	if s.Report == "" {
		fact("Report", "none is kept, since report_dir is not set")
	} else {
		fact("Report", "%s", s.Report)
	}
	return Letter{s.subject(subject), out.String()}
}

func (s Sender) subject(text string) string {
	return schema.Visible(fmt.Sprintf("ad-user-sync %s: %s", s.Domain, text))
}

func counts(r schema.Report) string {
	var parts []string
	for _, d := range r.Done() {
		if d.N > 0 {
			what := d.Words()
			if r.Observed != nil {
				what = "to " + d.Kind
			}
			parts = append(parts, fmt.Sprintf("%d %s", d.N, what))
		}
	}
	for _, c := range []struct {
		n    int
		what string
	}{{len(r.Failed), "failed"}, {len(r.HeldBack), "held back"}, {len(r.RequiredInteractions), "waiting"}} {
		if c.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", c.n, c.what))
		}
	}
	if len(parts) == 0 {
		return "nothing done"
	}
	return strings.Join(parts, ", ")
}

func list(out *strings.Builder, names []string) {
	for _, name := range names[:min(shownNames, len(names))] {
		for line := range strings.Lines(name) {
			fmt.Fprintf(out, "  %s\n", schema.Visible(strings.TrimRight(line, "\n")))
		}
	}
	if more := len(names) - shownNames; more > 0 {
		fmt.Fprintf(out, "  … and %d more\n", more)
	}
}

func upper(text string) string { return strings.ToUpper(text[:1]) + text[1:] }
