package words

import (
	"slices"

	"ad-user-sync/import/plan"
)

// Of is what is said about one question.
type Of struct {
	What   string `json:"what"`   // a sentence; {account}, {who} and {group} stand for names
	Why    string `json:"why"`    // some sentences
	Mark   string `json:"mark"`   // a few words
	Calm   bool   `json:"calm"`   // it is the usual thing
	Accept string `json:"accept"` // on the button
	Before string `json:"before"` // the state before, and after; "" where the fields say it
	After  string `json:"after"`
}

// Question returns the words for a question.
func Question(q plan.Question) Of {
	kind, reason := OfKind(q.Kind), spoken.Reasons[q.Reason]
	o := Of{What: or(kind.What, string(q.Kind)+" {who}"), Why: or(reason.Long, OfReason(q.Reason)), Mark: OfReason(q.Reason),
		Calm: q.Reason == plan.New || q.Reason == plan.Returned, Accept: kind.Accept}
	switch {
	case q.Stays():
		o.What, o.Accept = spoken.Page.Stays, spoken.Page.StaysAccept
	case q.Reason == plan.GroupMap && q.Kind == plan.Join:
		o.Mark, o.Why = spoken.Page.Given.Short, spoken.Page.Given.Long
	case q.Reason == plan.GroupMap && q.Kind == plan.Leave:
		o.Mark, o.Why = spoken.Page.NotGiven.Short, spoken.Page.NotGiven.Long
	case q.ExpiredSince != "":
		o.Why = spoken.Page.Expired
	}
	o.Before, o.After = becomes(q)
	return o
}

// becomes is the state before and after.
func becomes(q plan.Question) (before, after string) {
	p := spoken.Page
	switch q.Kind {
	case plan.Enable:
		switch {
		case q.Expired():
			before = p.Enabled + until(q.Expires.Before)
		case q.Reason == plan.New:
			before = p.NeverEnabled
		default:
			before = p.Disabled
		}
		return before, p.Enabled + until(q.Expires.After)
	case plan.Disable:
		return p.Enabled, p.Disabled
	case plan.Join:
		if !q.Stays() {
			return p.NoMember, p.Member
		}
	case plan.Leave:
		return p.Member, p.NoMember
	}
	return "", ""
}

func until(day string) string {
	switch day {
	case "":
		return ""
	case plan.Never:
		return spoken.Page.Endless
	}
	return spoken.Page.Ends + day
}

// Titles are the words for the kinds of questions, in the order in which a page
// lists them.
func Titles() (list []Title) {
	for _, k := range []plan.Kind{plan.Enable, plan.Disable, plan.Join, plan.Leave, plan.Name, plan.Adopt, plan.Create} {
		list = append(list, Title{k, OfKind(k).Title})
	}
	return list
}

// Title names a list of questions.
type Title struct {
	Kind plan.Kind `json:"kind"`
	Text string    `json:"text"`
}

// Label is that of a field of this question.
func Label(q plan.Question, f plan.FieldCode) string {
	if f == plan.FieldAccountName && slices.Contains([]plan.Kind{plan.Name, plan.Adopt}, q.Kind) {
		return spoken.Page.Wanted
	}
	return OfField(f)
}
