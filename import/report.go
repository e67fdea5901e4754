package importer

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"ad-user-sync/import/apply"
	"ad-user-sync/import/plan"
	"ad-user-sync/import/words"
	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

func (im *Import) newReport() schema.Report {
	return schema.Report{Run: im.id, Started: im.started.UTC(), DryRun: im.DryRun}
}

func (in *Input) report() *schema.Input {
	if in == nil {
		return nil
	}
	input := &schema.Input{File: in.Name, SHA256: in.SHA256, Users: len(in.File.Users), Signed: in.Signed, Key: in.Key}
	if !in.File.Timestamp.IsZero() {
		written := in.File.Timestamp.UTC()
		input.Timestamp = &written
	}
	return input
}

// finished is the report as of now; dir is nil where none was reached.
func (im *Import) finished(dir Directory) schema.Report {
	r := im.report
	r.Input = im.Input.report()
	r.Notices = slices.Concat(im.moves, r.Notices)
	r.Seconds = im.Clock().Sub(im.started).Seconds()
	if dir != nil {
		r.Domain, r.Controller, r.Security = dir.Domain().Name, dir.Domain().Controller, string(dir.Domain().Security)
		r.Operations = operations(dir)
	}
	return r
}

func operations(dir Directory) schema.Operations {
	sent := dir.Operations()
	return schema.Operations{Searches: sent.Searches, Adds: sent.Adds, Modifies: sent.Modifies, Renames: sent.Renames}
}

// reportPlan takes over what the plan says whether or not it was carried out.
func (im *Import) reportPlan(s *situation) {
	r, p := &im.report, &s.plan
	r.Plan, r.Behind = p.Digest, s.lag.Behind
	r.Notices = slices.Concat(s.notices, p.Notices)
	if warning := im.leaseWarning(s); warning != "" {
		r.Notices = append(r.Notices, warning)
	}
	r.RequiredInteractions = interactions(p.Questions)
	r.Skipped = outcomes(p.Skipped)
	r.Undone = undone(p)
	for _, refusal := range p.Refusals {
		r.Skipped = append(r.Skipped, outcome(refusal.Question.Person, plan.Rejected, refusalText(refusal)))
	}
	r.Unmanaged, r.Lapsed = outcomes(p.Unmanaged), outcomes(p.Gone)
	r.Failed = append(r.Failed, outcomes(p.Failed)...)
	im.reportLeftOut(s, p.LeftOut)
	r.HeldBack = append(r.HeldBack, outcomes(p.Held)...)
	ends := p.Ends
	if r.Guard != nil { // nothing was carried out
		ends = p.EndsNow
	}
	if !ends.First.IsZero() && im.Config.ExpirationTime != nil {
		r.Expiring = &schema.Expiring{First: ends.First, Accounts: ends.Accounts}
	}
}

// undone counts for whom the file wants something that is not done; a person who
// is disabled there needs no account.
func undone(p *plan.Plan) (n int) {
	for _, note := range p.Skipped {
		if note.Reason != plan.DisabledInSource {
			n++
		}
	}
	return n + len(p.Refusals)
}

func refusalText(r plan.Refusal) string {
	text := string(r.Question.Kind) + " was rejected"
	if r.Question.Group != nil {
		text = fmt.Sprintf("%s group %s was rejected", r.Question.Kind, r.Question.Group.CN)
	}
	if r.Answer.Until != nil {
		return text + " until " + r.Answer.Until.UTC().Format(time.DateOnly)
	}
	return text + ", without an end"
}

func interactions(questions []plan.Question) []schema.Interaction {
	list := []schema.Interaction{}
	for _, q := range questions {
		i := schema.Interaction{Type: string(q.Kind), User: q.Person.CN, Reason: questionReason(q), Code: string(q.Reason), Subject: subject(q.Person)}
		if q.Group != nil {
			i.Group = q.Group.CN
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

func outcomes(notes []plan.Note) []schema.Outcome {
	list := []schema.Outcome{}
	for _, n := range notes {
		list = append(list, outcome(n.Person, n.Reason, words.Because(n.Reason, n.Detail)))
	}
	return list
}

func outcome(who plan.Person, code plan.Reason, text string) schema.Outcome {
	return schema.Outcome{User: who.CN, Reason: text, Code: string(code), Subject: subject(who)}
}

func subject(who plan.Person) schema.Subject {
	s := schema.Subject{Anchor: who.Anchor, AccountName: who.AccountName, DN: who.DN}
	if !who.GUID.IsZero() {
		s.ObjectGUID = who.GUID.String()
	}
	return s
}

// reportStop says which limits stopped the run and how to go on.
func (im *Import) reportStop(s *situation) {
	im.report.Guard = im.guard(s)
	im.reportPlanned(s)
}

func (im *Import) guard(s *situation) *schema.Guard {
	g := &schema.Guard{WayOn: "If this is meant, run the import once with --confirm-plan " + s.plan.Digest}
	if slices.Contains(s.record.Used, s.plan.Digest) {
		g.WayOn = "This very plan was confirmed and carried out before, and was undone since; confirming works once. Override the limits in the browser (--interactive), or import a newer file"
	}
	var names, reasons []string
	seen := map[string]bool{}
	for _, t := range s.plan.Trips {
		names, reasons = append(names, t.Name), append(reasons, t.Reason)
		if t.Firm {
			g.WayOn = "This cannot be confirmed; correct the configuration"
		}
		for _, who := range t.Accounts {
			if !seen[who.CN] {
				seen[who.CN] = true
				g.Users = append(g.Users, who.CN)
			}
		}
	}
	g.Name, g.Reason = strings.Join(names, ", "), strings.Join(reasons, "; ")
	if im.Confirm != "" && im.Confirm != s.plan.Digest {
		g.Reason += "; --confirm-plan names another plan: it has changed since, and its digest is now " + s.plan.Digest
	}
	return g
}

// reportPlanned lists what would be done: a dry run, or a stopped one, did not.
func (im *Import) reportPlanned(s *situation) {
	if im.DryRun {
		for _, a := range s.plan.Actions {
			im.list(a)
		}
	}
}

// reportApplied lists what was done and what was not.
func (im *Import) reportApplied(x *apply.Result) {
	for _, a := range x.Done {
		a.Person = x.Present(a.Person)
		im.list(a)
	}
	im.reportFailed(x)
}

func (im *Import) list(a plan.Action) {
	r, who := &im.report, a.Person.CN
	im.listAccepted(a)
	if a.Stays {
		return
	}
	if a.Reason != plan.SwapStep {
		r.Actions = append(r.Actions, done(a))
	}
	group := ""
	if a.Group != nil {
		group = a.Group.CN
	}
	repeated := a.Reason == plan.SwapStep || a.Kind == plan.Update && im.updated[a.Person.GUID] // the manager comes by itself
	if !repeated {
		r.Add(string(a.Kind), who, group)
	}
	if a.Kind == plan.Update && !a.Person.GUID.IsZero() {
		im.updated[a.Person.GUID] = true
	}
	if a.MoveIn && a.Kind == plan.Adopt {
		r.Moved = append(r.Moved, who)
	}
	if a.Kind == plan.Adopt && a.Disables() {
		off := done(a)
		off.Type = string(plan.Disable)
		r.Actions = append(r.Actions, off)
		r.Add(off.Type, who, "")
	}
	r.Changes = append(r.Changes, changes(a)...)
}

// reportFailed has an entry for each action that failed, and one for each person
// of whom nothing more was tried.
func (im *Import) reportFailed(x *apply.Result) {
	untried := map[string][]string{} // by Person key
	for _, f := range x.Failed {
		if f.CutShort() {
			untried[f.Action.Person.Key()] = append(untried[f.Action.Person.Key()], what(f.Action))
		}
	}
	for _, f := range x.Failed {
		who := x.Present(f.Action.Person)
		if f.Spared() {
			im.report.HeldBack = append(im.report.HeldBack, outcome(who, plan.Refused, fmt.Sprintf("%s: %v; it is tried again, and fails once half of expiration_time is over", what(f.Action), f.Err)))
			continue
		}
		key, doing := f.Action.Person.Key(), what(f.Action)
		if f.CutShort() {
			if untried[key] == nil {
				continue
			}
			doing = strings.Join(untried[key], ", ")
			untried[key] = nil
		}
		im.report.Failed = append(im.report.Failed, outcome(who, plan.Refused, fmt.Sprintf("%s: %v", doing, f.Err)+x.Remedy(f)))
	}
	for _, n := range x.Refused {
		im.report.Failed = append(im.report.Failed, outcome(n.Person, n.Reason, n.Detail))
	}
}

// what is the action, without its person.
func what(a plan.Action) string {
	if a.Group != nil {
		return fmt.Sprintf("%s group %s", a.Kind, a.Group.CN)
	}
	return string(a.Kind)
}

// Unwritten is the report of a run that an error ended before anything was
// written: the user file was refused, or the directory was not reached.
func (im *Import) Unwritten(err error) schema.Report {
	guard := &schema.Guard{Name: "failure", Reason: err.Error(), WayOn: ad.Hint(err)}
	var refusal *Refusal
	if errors.As(err, &refusal) {
		guard = &schema.Guard{Name: "user file", Reason: refusal.Reason, WayOn: refusal.WayOn}
	}
	warning := im.lease
	if warning == "" {
		warning = LeaseWarning(im.Config, im.Clock())
	}
	r := im.finished(im.Directory)
	r.Guard = guard
	if warning != "" {
		r.Notices = append(r.Notices, warning)
	}
	return r
}
