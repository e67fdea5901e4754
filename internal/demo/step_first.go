package demo

import (
	"context"
	"slices"
	"strings"

	"ad-user-sync/import/plan"
	"ad-user-sync/import/words"
	"ad-user-sync/schema"
)

// prefix is prefix_common_names of the configuration.
const prefix = "CORP "

func (s *story) introduce(context.Context) error {
	s.teller.chapter("Two domains")
	s.teller.say("People of corp.example also work at Plant, another company, and need accounts in its domain, plant.example. " +
		"A file is all that goes from one domain to the other.")
	s.teller.say("Both domains are made up and live in memory; export, import and approval are the real ones. "+
		"%s says who leaves corp, %s what plant accepts. All files are in %s.", exportFile, importFile, s.options.Folder)
	return nil
}

func (s *story) exportFirst(ctx context.Context) error {
	s.teller.chapter(s.today() + ": corp exports")
	s.teller.command("export --output users-1.json")
	r, err := s.export(ctx, "users-1.json")
	if err != nil {
		return err
	}
	going := 0
	for _, p := range people {
		if p.groups != "" {
			going++
		}
	}
	s.teller.promise(r.Users == going && r.Signed && len(r.Searches) > 0, "%d of %d people: those in one of four groups. The file is signed with %s, and states that it is complete, "+
		"so that no one is taken for gone because half of it arrived.", r.Users, len(people), keyFile)
	return nil
}

func (s *story) importFirst(ctx context.Context) error {
	s.teller.chapter(s.today() + ": plant imports for the first time")
	s.teller.command("import --input users-1.json")
	result, err := s.imports(ctx, "users-1.json", "1-first-import", false)
	if err != nil {
		return err
	}
	r := facts{result.Report}
	s.teller.check(len(r.Failed) == 0, "nothing fails")
	_, until := r.change(prefix+"Jane Doe", "accountExpires")
	_, capped := r.change(prefix+"Lucas Oliveira", "accountExpires")
	s.teller.promise(len(r.Created) > 0 && s.all(r.Created, false) && until > capped && capped != "",
		"%s created in OU=Managed: disabled, without a password, expiring on %s unless a newer file comes (%s on %s, as in corp).",
		schema.Plural(len(r.Created), "account"), date(until), prefix+"Lucas Oliveira", date(capped))
	s.namesAtFirst(r)
	s.teller.promise(len(r.Joined) > 0 && slices.Equal(r.Adopted, []string{prefix + "Piotr Wiśniewski"}),
		"%s in groups, by group_map. %s was here before, with exactly these names: adopted.", schema.Plural(len(r.Joined), "membership"), prefix+"Piotr Wiśniewski")
	s.leftAlone(r)
	s.questionsAtFirst(r)
	return nil
}

func (s *story) namesAtFirst(r facts) {
	namesake := prefix + "David Smith (dsmith2)"
	if slices.Contains(r.Created, prefix+"David Smith (dsmith)") {
		namesake = prefix + "David Smith (dsmith)"
	}
	s.teller.promise(slices.Contains(r.Created, namesake) && slices.Contains(r.Created, prefix+"David Smith"),
		"Two people are called David Smith; one becomes %s.", namesake)
	for _, cn := range []string{"Müller, Jörg", "山田 太郎", "Олена Коваль", "ليلى حداد", "Sinéad O'Brien", "Nguyễn Thị Lan"} {
		s.teller.check(slices.Contains(r.Created, prefix+cn), prefix+cn+" is created")
	}
	clean := prefix + "Mallory kcalB"
	s.teller.promise(slices.Contains(r.Created, clean), "\"Mallory \u202EkcalB\" hides a mark that turns the name around on a screen: it is shown, and left out of %s.", clean)
}

func (s *story) leftAlone(r facts) {
	lund, terminal := about(r.Skipped, prefix+"Erik Lund"), about(r.Unmanaged, "Visitor Terminal 3")
	s.teller.promise(strings.HasPrefix(lund, words.OfReason(plan.Protected)) && strings.HasPrefix(terminal, words.OfReason(plan.Unmanaged)),
		"Left alone in OU=Managed: %s (%s), Visitor Terminal 3 (%s).", prefix+"Erik Lund", plan.Protected, plan.Unmanaged)
	s.teller.promise(strings.HasPrefix(about(r.Skipped, prefix+"Greta Holm"), words.OfReason(plan.DisabledInSource)) && !slices.Contains(r.Created, prefix+"Greta Holm"),
		"Greta Holm gets no account: %s.", plan.DisabledInSource)
}

func (s *story) questionsAtFirst(r facts) {
	for kind, cn := range map[string]string{"enable": "Jane Doe", "join": "Priya Raman", "name": "Thomas Becker", "adopt": "Hanna Virtanen"} {
		s.teller.check(r.asks(kind, prefix+cn), "there is a question "+kind+" about "+prefix+cn)
	}
	s.teller.promise(len(r.RequiredInteractions) > 0 && len(r.Enabled) == 0, "Waiting for a person: %s (%s). Passwords, rights, and names that others have are given to no one without a decision.",
		schema.Plural(len(r.RequiredInteractions), "question"), byKind(r.RequiredInteractions))
	s.teller.say("The full report is %s/1-first-import.txt, and the same as JSON.", reportsDir)
}

// decideFirst plays an administrator, so that there are people at work.
func (s *story) decideFirst(ctx context.Context) error {
	s.teller.chapter(s.today() + ": plant decides")
	s.teller.command("import --input users-1.json --interactive")
	s.teller.say("The demo plays the administrator of plant here; in the end it is your turn.")
	d := s.last.NewDesk(s.connect(), s.options.Operator)
	sum, err := sit(ctx, d, s.firstChoice)
	if err != nil {
		return err
	}
	r := facts{d.Report()}
	s.teller.promise(len(sum.failed) == 0 && len(sum.done) > 0 && len(r.Enabled) == len(sum.done), "%s enabled, each with a passphrase of its own, which only the approval page would show.", schema.Plural(len(r.Enabled), "account"))
	s.teller.promise(len(sum.rejected) == 1, "Rejected: %s into p-Administrators, which administers the domain. That is kept, and not asked again.", prefix+"Priya Raman")
	s.teller.promise(len(r.RequiredInteractions) > 0, "Left open: %s (%s).", schema.Plural(len(r.RequiredInteractions), "question"), byKind(r.RequiredInteractions))
	return s.keep("2-first-decisions", r.Report)
}

// firstChoice enables whoever looks right, and leaves the rest open.
func (s *story) firstChoice(q plan.Question) (plan.Answer, bool) {
	switch {
	case q.Kind == plan.Enable && q.Person.CN != prefix+"Mallory kcalB":
		return s.accept(q), true
	case q.Kind == plan.Join && q.Person.CN == prefix+"Priya Raman":
		return plan.Answer{Reason: "after the safety training"}, true
	}
	return plan.Answer{}, false
}
