// Package report says what a plan and its result come to, as the report has it. It
// reads nothing and keeps nothing.
package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"ad-user-sync/import/plan"
	"ad-user-sync/import/words"
	"ad-user-sync/schema"
)

// Plan adds what a plan says whether or not it is carried out.
func Plan(r schema.Report, p *plan.Plan) schema.Report {
	r.Plan = p.Digest
	r.RequiredInteractions = Interactions(p.Questions)
	r.Skipped = Outcomes(p.Skipped)
	for _, refusal := range p.Refusals {
		r.Skipped = append(r.Skipped, Outcome(*refusal.Question.Person, plan.Rejected, refusalText(refusal)))
	}
	r.Unmanaged, r.Lapsed = Outcomes(p.Unmanaged), Outcomes(p.Gone)
	r.Failed = slices.Concat(r.Failed, Outcomes(p.Failed))
	r.HeldBack = slices.Concat(r.HeldBack, Outcomes(p.Held))
	return r
}

func refusalText(r plan.Refusal) string {
	text := string(r.Question.Kind) + " was rejected"
	if r.Question.Group != nil {
		text = fmt.Sprintf("%s %s was rejected", r.Question.Kind, r.Question.Group.CN)
	}
	if r.Answer.Until != nil {
		return text + " until " + r.Answer.Until.UTC().Format(time.DateOnly)
	}
	return text + " for good"
}

// Interactions are the questions that wait for a person.
func Interactions(questions []plan.Question) []schema.Interaction {
	list := []schema.Interaction{}
	for _, q := range questions {
		i := schema.Interaction{Type: string(q.Kind), User: q.Person.CN, Reason: questionReason(q), Code: string(q.Reason), Subject: Subject(*q.Person)}
		if q.Group != nil {
			i.Group = q.Group.CN
		}
		for _, f := range q.Context {
			if f.Code == plan.FieldSourceGroup {
				i.From = append(i.From, f.After...)
			}
		}
		if q.Kind == plan.Name || q.Kind == plan.Adopt {
			i.Name = q.Wanted
		}
		list = append(list, i)
	}
	return list
}

// questionReason says of a guarded group what guards it, of a name or account
// who has it, and of a person who has expired in the source since when.
func questionReason(q plan.Question) string {
	if detail := cmp.Or(q.ExpiredSince, q.Conflict, q.LastSeen); detail != "" {
		return words.Because(q.Reason, detail)
	}
	switch {
	case q.GuardedBefore != "":
		return words.Because(q.Reason, words.OfField(plan.FieldGuardedBefore)+": "+words.OfGuard(q.GuardedBefore))
	case q.Reason == plan.MatchBarred, q.Reason == plan.MatchSeveral:
		return words.Because(q.Reason, q.Holder.DN+": "+q.Barred)
	case q.Kind == plan.Adopt && q.Holder != nil:
		return words.Because(q.Reason, q.Holder.DN)
	case q.Group == nil:
	case q.Group.Why != "":
		return words.Because(q.Reason, q.Group.Why)
	case q.Group.Listed:
		return words.Because(q.Reason, "listed in restricted_groups")
	case q.Group.Under != "":
		return words.Because(q.Reason, q.Group.Under)
	}
	return words.OfReason(q.Reason)
}

// Outcomes are what is noted of accounts.
func Outcomes(notes []plan.Note) []schema.Outcome {
	list := []schema.Outcome{}
	for _, n := range notes {
		list = append(list, Outcome(n.Person, n.Reason, words.Because(n.Reason, n.Detail)))
	}
	return list
}

// Outcome is what is said of one account.
func Outcome(who plan.Person, code plan.Reason, text string) schema.Outcome {
	return schema.Outcome{User: who.CN, Reason: text, Code: string(code), Subject: Subject(who)}
}

// Subject names an account for programs.
func Subject(who plan.Person) schema.Subject {
	s := schema.Subject{Anchor: who.Anchor, AccountName: who.AccountName, DN: who.DN}
	if !who.GUID.IsZero() {
		s.ObjectGUID = who.GUID.String()
	}
	return s
}

// Guard says which limits stopped the plan and how to go on. used tells that this
// very plan was confirmed before; confirmed is the digest that was given.
func Guard(p *plan.Plan, used bool, confirmed string) *schema.Guard {
	g := &schema.Guard{WayOn: "Look at the whole plan (import --dry-run). If it is not meant, put it right in the source domain and export again, or correct the configuration. If it is meant, run the import once with --confirm-plan " + p.Digest}
	if used {
		g.WayOn = "This very plan was confirmed and carried out before, and was undone since; confirming works once. Override the limits in the browser (--interactive), or import a newer file"
	}
	var names, titles, reasons []string
	seen := map[string]bool{}
	for _, t := range p.Trips {
		names, titles, reasons = append(names, t.Name), append(titles, words.OfLimit(t.Name)), append(reasons, t.Reason)
		if t.Firm {
			g.WayOn = "This cannot be confirmed; correct the configuration"
		}
		for _, who := range t.Accounts {
			if !seen[who.Trace()] {
				seen[who.Trace()] = true
				g.Users = append(g.Users, who.CN)
			}
		}
	}
	g.Title = strings.Join(titles, "; ")
	g.Name, g.Reason = strings.Join(names, ", "), strings.Join(reasons, "; ")
	if confirmed != "" && confirmed != p.Digest {
		g.Reason += "; --confirm-plan names another plan: it has changed since, and its digest is now " + p.Digest
	}
	return g
}
