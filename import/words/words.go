// Package words is what people read for the codes of a plan: in the log, the text
// of the report and the approval page. No word of it is part of a digest, a
// file's format or a decision, so that any may be changed.
package words

import (
	"strings"
	"time"

	"ad-user-sync/import/plan"
)

// Reason is what is said for a [plan.Reason].
type Reason struct {
	Short string // in the log, in a report, and as the mark of a question
	Long  string // on the page; "" where no question has this reason
}

// Kind is what is said for a [plan.Kind]. In What, {account}, {who} and {group}
// stand for names.
type Kind struct {
	Title  string // of a list
	Accept string // on a button
	What   string // a full sentence
	Done   string // of one that was carried out; a group follows
	Count  string // of several: "3 added to a group"
}

// Table has the words for every code.
type Table struct {
	Kinds    map[plan.Kind]Kind
	Reasons  map[plan.Reason]Reason
	Fields   map[plan.FieldCode]string
	Values   map[plan.FieldCode]map[string]string // of fields that hold codes
	Outcomes map[plan.Outcome]string
	Limits   map[string]string // by name of a trip
	Guards   map[plan.Guard]string
	Page     Page
}

// Page has words for what no single code says.
type Page struct {
	Stays, StaysAccept, StaysDone string // a membership that needs consent afterwards
	Given, NotGiven               Reason // of a group
	Expired                       string // disabled in the source, by its end
	Wanted                        string // label of an account name that cannot be had

	Enabled, Disabled, NeverEnabled string
	Member, NoMember                string
	Endless, Ends                   string // ", without an end", ", ends "
}

// spoken is the table in use.
var spoken = english

// Reworded changes every word, until undo is called. With it a test shows that
// words are no more than that.
func Reworded(change func(string) string) (undo func()) {
	t := Table{map[plan.Kind]Kind{}, map[plan.Reason]Reason{}, map[plan.FieldCode]string{}, map[plan.FieldCode]map[string]string{},
		map[plan.Outcome]string{}, map[string]string{}, map[plan.Guard]string{}, Page{}}
	for k, w := range english.Kinds {
		t.Kinds[k] = Kind{change(w.Title), change(w.Accept), change(w.What), change(w.Done), change(w.Count)}
	}
	for r, w := range english.Reasons {
		t.Reasons[r] = Reason{change(w.Short), change(w.Long)}
	}
	for f, w := range english.Fields {
		t.Fields[f] = change(w)
	}
	for f, values := range english.Values {
		t.Values[f] = map[string]string{}
		for v, w := range values {
			t.Values[f][v] = change(w)
		}
	}
	for o, w := range english.Outcomes {
		t.Outcomes[o] = change(w)
	}
	for l, w := range english.Limits {
		t.Limits[l] = change(w)
	}
	for g, w := range english.Guards {
		t.Guards[g] = change(w)
	}
	p := english.Page
	t.Page = Page{change(p.Stays), change(p.StaysAccept), change(p.StaysDone), Reason{change(p.Given.Short), change(p.Given.Long)},
		Reason{change(p.NotGiven.Short), change(p.NotGiven.Long)}, change(p.Expired), change(p.Wanted), change(p.Enabled), change(p.Disabled),
		change(p.NeverEnabled), change(p.Member), change(p.NoMember), change(p.Endless), change(p.Ends)}
	spoken = t
	return func() { spoken = english }
}

// OfKind returns the words for a kind.
func OfKind(k plan.Kind) Kind { return spoken.Kinds[k] }

// OfReason is a reason in a few words.
func OfReason(r plan.Reason) string { return or(spoken.Reasons[r].Short, string(r)) }

// Because is a reason in a few words, and its detail.
func Because(r plan.Reason, detail string) string {
	if detail == "" {
		return OfReason(r)
	}
	return OfReason(r) + ": " + detail
}

// OfField is the label of a field.
func OfField(f plan.FieldCode) string { return or(spoken.Fields[f], string(f)) }

// OfChanges are the labels of what is not as it was shown.
func OfChanges(codes []plan.FieldCode) string {
	var list []string
	for _, code := range codes {
		text := OfField(code)
		if code == plan.FieldTheAccount {
			text = "What the account has"
		}
		list = append(list, text)
	}
	return strings.Join(list, ", ")
}

// OfValue is a value of a field.
func OfValue(f plan.FieldCode, value string) string {
	switch f {
	case plan.FieldCause, plan.FieldBecause, plan.FieldReason:
		return OfReason(plan.Reason(value))
	case plan.FieldDisabledSince:
		if reason, ok := spoken.Reasons[plan.Reason(value)]; ok {
			return reason.Short
		}
	case plan.FieldGuardedBefore, plan.FieldGuardedMember:
		return OfGuard(plan.Guard(value))
	}
	return or(spoken.Values[f][value], value)
}

// OfOutcome is what came of an answer.
func OfOutcome(o plan.Outcome) string { return or(spoken.Outcomes[o], string(o)) }

// OfLimit says which limit stopped a run, by the name of its trip.
func OfLimit(name string) string {
	return or(spoken.Limits[name], "more “"+name+"” than allowed")
}

// OfGuard says what guards a group, or did.
func OfGuard(g plan.Guard) string { return or(spoken.Guards[g], string(g)) }

// Kept says of a membership that a person agreed to afterwards that it stays.
func Kept() string { return spoken.Page.StaysDone }

func or(word, code string) string {
	if word == "" {
		return code
	}
	return word
}

// When is a moment in a sentence.
func When(t time.Time) string { return t.UTC().Format(time.RFC3339) }
