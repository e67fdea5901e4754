// Package news says what of a run is worth telling those who do not watch, and
// what of that was told before. It sends nothing.
package news

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"ad-user-sync/import/words"
	"ad-user-sync/schema"
)

// Kind is a switch of the configuration.
type Kind string

// The kinds of news, gravest first.
const (
	Limit     Kind = "limit"
	File      Kind = "file"
	Failed    Kind = "failed"
	Leases    Kind = "leases"
	Questions Kind = "questions"
)

// Item is one piece of news. Title and Next name no person.
type Item struct {
	Kind   Kind
	Title  string
	Next   string   // what to do
	Names  []string // who it is about, and why
	Digest string   // equal for the same news
}

// Of is what a run has to tell, as far as the configuration wants to hear it. Ends is
// when the first account ends, where that is soon.
func Of(r schema.Report, wanted schema.Notify, ends *time.Time) (items []Item) {
	add := func(on bool, item *Item) {
		if on && item != nil {
			items = append(items, *item)
		}
	}
	if item := notStarted(r); item != nil { // whoever wants no questions has an import that stands still
		items = append(items, *item)
	}
	add(wanted.Questions, migrated(r))
	add(wanted.Limit, limit(r))
	add(wanted.File, refused(r))
	add(wanted.File, overdue(r))
	add(wanted.Failed, unable(r))
	add(wanted.Failed, failed(r))
	add(wanted.Leases, leases(ends))
	add(wanted.Leases, given(r))
	add(wanted.Questions, questions(r))
	return items
}

// Names of guards that are no limits (importer.Unwritten).
const (
	guardFile    = "user file"
	guardFailure = "failure"
	guardObserve = "observe"
	guardMoved   = "migrated"
)

// notStarted is an import that only looked, and waits for its start.
func notStarted(r schema.Report) *Item {
	g := r.Guard
	if g == nil || g.Name != guardObserve {
		return nil
	}
	return &Item{Kind: Questions, Title: "the import has only looked so far, and waits for its start by a person", Next: g.WayOn, Names: []string{g.Reason}, Digest: digest(guardObserve)}
}

// migrated is an import of a new source domain that no one has agreed to yet.
func migrated(r schema.Report) *Item {
	g := r.Guard
	if g == nil || g.Name != guardMoved {
		return nil
	}
	return &Item{Kind: Questions, Title: "the source domain changes, and the import waits for a person to agree", Next: g.WayOn, Names: []string{g.Reason}, Digest: digest(guardMoved)}
}

func limit(r schema.Report) *Item {
	g := r.Guard
	if g == nil || g.Name == guardFile || g.Name == guardFailure || g.Name == guardObserve || g.Name == guardMoved {
		return nil
	}
	return &Item{Kind: Limit, Title: fmt.Sprintf("a limit stopped the run (%s), and nothing was written", g.Name),
		Next:  "look at the report. If this was a mistake, mend it at the source and export again. " + g.WayOn,
		Names: append([]string{g.Reason}, g.Users...), Digest: digest(append([]string{g.Name}, g.Users...)...)}
}

func refused(r schema.Report) *Item {
	g := r.Guard
	if g == nil || g.Name != guardFile {
		return nil
	}
	file := ""
	if r.Input != nil {
		file = r.Input.SHA256
	}
	return &Item{Kind: File, Title: "the user file was refused", Next: cmp.Or(g.WayOn, "look at the report, and at how files are carried across"),
		Names: []string{g.Reason}, Digest: digest("refused", file)}
}

func overdue(r schema.Report) *Item {
	if r.Overdue == nil {
		return nil
	}
	return &Item{Kind: File, Title: "a newer user file is overdue since " + words.When(*r.Overdue),
		Next: "look whether the export still runs, and whether its files are carried across", Digest: digest("overdue", words.When(*r.Overdue))}
}

// unable is a run that could not do its work, or not all of it.
func unable(r schema.Report) *Item {
	const fault, usage = 1, 2
	if r.ExitCode == nil || *r.ExitCode != fault && *r.ExitCode != usage {
		return nil
	}
	item := &Item{Kind: Failed, Title: fmt.Sprintf("the run failed (exit code %d)", *r.ExitCode),
		Next: "look at the report, and run: ad-user-sync check import", Digest: digest("unable", fmt.Sprint(*r.ExitCode))}
	if r.Guard != nil {
		item.Names = []string{r.Guard.Reason}
	}
	return item
}

func failed(r schema.Report) *Item {
	if len(r.Failed) == 0 {
		return nil
	}
	var names, parts []string
	for _, o := range r.Failed {
		names = append(names, o.User+": "+o.Reason)
		parts = append(parts, o.Code+"\x00"+cmp.Or(o.ObjectGUID, o.Anchor, o.User))
	}
	title := fmt.Sprintf("%d actions failed", len(r.Failed))
	if len(r.Failed) == 1 {
		title = "an action failed"
	}
	return &Item{Kind: Failed, Title: title, Next: "do what each line under \"failed\" in the report says", Names: names, Digest: digest(parts...)}
}

func leases(ends *time.Time) *Item {
	if ends == nil {
		return nil
	}
	return &Item{Kind: Leases, Title: "accounts end from " + words.When(*ends) + " on, unless a newer user file comes",
		Next: "bring a newer user file", Digest: digest("leases")}
}

// given is time that people gave since no newer file came: others are to hear of it.
func given(r schema.Report) *Item {
	if len(r.GivenTime) == 0 {
		return nil
	}
	last := r.GivenTime[len(r.GivenTime)-1]
	return &Item{Kind: Leases, Title: fmt.Sprintf("%s given to %s by a person, since no newer user file comes", schema.Plural(last.Days, "more day"), schema.Plural(last.Accounts, "account")),
		Next: "bring a newer user file; ad-user-sync status says who gave the time, and why", Names: []string{last.By + ": " + last.Reason}, Digest: digest("given", words.When(last.At))}
}

func questions(r schema.Report) *Item {
	n := len(r.RequiredInteractions)
	if n == 0 {
		return nil
	}
	var names, parts []string
	for _, q := range r.RequiredInteractions {
		name := q.Type + " " + q.User
		if about := q.Group + q.Name; about != "" {
			name += ": " + about
		}
		names = append(names, name)
		parts = append(parts, strings.Join([]string{q.Type, cmp.Or(q.Anchor, q.ObjectGUID, q.User), q.Group, q.Name}, "\x00"))
	}
	title := schema.Plural(n, "question") + " wait for a person"
	if n == 1 {
		title = "a question waits for a person"
	}
	return &Item{Kind: Questions, Title: title, Next: "ad-user-sync import --interactive", Names: names, Digest: digest(parts...)}
}

// digest does not depend on the order.
func digest(parts ...string) string {
	parts = slices.Clone(parts)
	slices.Sort(parts)
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x01")))
	return hex.EncodeToString(sum[:12])
}
