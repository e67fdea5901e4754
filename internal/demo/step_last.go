package demo

import (
	"context"
	"fmt"

	importer "ad-user-sync/import"
	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
	"ad-user-sync/schema/config"
)

// decide opens the page, or answers in the person's place.
func (s *story) decide(ctx context.Context) error {
	s.teller.chapter("Now you are the administrator of plant")
	s.teller.command("import --input users-4.json --interactive")
	cfg, _, err := config.LoadImport(s.path(importFile))
	if err != nil {
		return err
	}
	d := s.last.NewDesk(s.connect(), s.options.Operator)
	if s.options.Page == nil {
		err = s.decideForThem(ctx, d)
	} else {
		s.teller.say("The questions are on a page that this program serves to this machine alone. Accept and reject as you like: " +
			"nothing can break. Then press End session there, or Ctrl-C here.")
		s.teller.line("")
		err = s.options.Page(cfg.Session, d, s.log)
	}
	if err != nil {
		return err
	}
	return s.keep("7-decisions", d.Report())
}

// decideForThem answers everything, with one no.
func (s *story) decideForThem(ctx context.Context, d *importer.Desk) error {
	s.teller.say("The demo runs by itself, so it answers in your place.")
	sum, err := sit(ctx, d, s.lastChoice)
	if err != nil {
		return err
	}
	r := facts{d.Report()}
	s.teller.promise(len(sum.failed) == 0 && len(sum.done) > 0 && len(r.Failed) == 0, "%s accepted, each carried out at once: %d enabled, %d named otherwise, %d taken over, %d disabled, %d out of a group, …",
		schema.Plural(len(sum.done), "question"), len(r.Enabled), countOf(sum.done, plan.Name), countOf(sum.done, plan.Adopt), len(r.Disabled), len(r.Left))
	s.teller.promise(len(sum.rejected) == 1 && !s.accounts()[prefix+"Adébáyọ̀ Oyelaran"], "%s rejected: %s stays disabled, and the reason is kept.", schema.Plural(len(sum.rejected), "question"), "Adébáyọ̀ Oyelaran")
	s.teller.check(len(r.RequiredInteractions) == 0, "no question is left")
	return nil
}

// lastChoice accepts all but one.
func (s *story) lastChoice(q plan.Question) (plan.Answer, bool) {
	if q.Reason == plan.DisabledHere {
		return plan.Answer{Reason: "on leave until March; plant disabled the account on purpose"}, true
	}
	return s.accept(q), true
}

func countOf(questions []plan.Question, kind plan.Kind) (n int) {
	for _, q := range questions {
		if q.Kind == kind {
			n++
		}
	}
	return n
}

// finish shows that the same file has nothing more to say.
func (s *story) finish(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx) // a Ctrl-C ended the page, not the story
	s.teller.chapter("Nothing is left to do")
	s.teller.command("import --input users-4.json")
	result, err := s.imports(ctx, "users-4.json", "8-after-decisions", false)
	if err != nil {
		return err
	}
	if n := len(result.Report.Changes); n > 0 {
		s.teller.promise(result.Report.Guard == nil, "%s that the answers made possible, such as an end date for accounts that were taken over.", schema.Plural(n, "change"))
	}
	s.teller.command("import --input users-4.json")
	before := s.world.plant.HighestUSN()
	if result, err = s.imports(ctx, "users-4.json", "9-nothing-left", false); err != nil {
		return err
	}
	r := facts{result.Report}
	s.teller.promise(r.nothing() && s.world.plant.HighestUSN() == before, "%s, after %s and not one write: the domain's update number stays %d.",
		schema.Plural(len(r.Changes), "change"), schema.Plural(r.Operations.Searches, "search"), before)
	if s.options.Page == nil {
		s.teller.check(len(r.RequiredInteractions)+len(r.Failed) == 0, "no question and no failure is left")
	} else if n := len(r.RequiredInteractions); n > 0 {
		s.teller.say("Left open: %s; the next import --interactive asks again.", schema.Plural(n, "question"))
	}
	s.farewell()
	return nil
}

func (s *story) farewell() {
	s.teller.line("")
	s.teller.line("Look at " + s.options.Folder)
	for _, f := range [][2]string{
		{"*_config.json", "what each side decides"},
		{"users-*.json", "what travelled"},
		{reportsDir, "what each run did, for people and for programs"},
		{"resolutions.json", "which answers are kept; the importer's own memory lies beside it"},
		{logFile, "every action, and who accepted it"},
	} {
		s.teller.line(fmt.Sprintf("%s%-18s%s", indent, f[0], f[1]))
	}
}
