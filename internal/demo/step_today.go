package demo

import (
	"bytes"
	"context"
	"os"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// importToday leaves one question of every sort.
func (s *story) importToday(ctx context.Context) error {
	s.clock.setBack(0)
	s.teller.chapter(s.today() + ", today: changes on both sides")
	s.changeToday()
	if err := s.askMore(); err != nil {
		return err
	}
	s.teller.command("export --output users-4.json")
	if _, err := s.export(ctx, "users-4.json"); err != nil {
		return err
	}
	s.teller.command("import --input users-4.json")
	result, err := s.imports(ctx, "users-4.json", "6-today", false)
	if err != nil {
		return err
	}
	r := facts{result.Report}
	s.teller.promise(r.Guard == nil && len(r.Failed) == 0 && len(r.Disabled) == 0 && len(r.Left) == 0 && len(r.Created) == 1,
		"%s created, %s extended. No account is disabled, no group is left: that is asked now.",
		schema.Plural(len(r.Created), "account"), schema.Plural(r.Extended, "account"))
	s.tellQuestions(result.Plan.Questions)
	return nil
}

func (s *story) changeToday() {
	s.teller.say("In plant, an administrator disabled %s by hand, moved %s to another unit, set an earlier end for %s, and made an account for %s.",
		"Adébáyọ̀ Oyelaran", "Nguyễn Thị Lan", "ليلى حداد", "Ivo Marin")
	for _, account := range []string{"tbecker", "hvirtanen", "mbianchi", "tnguyen"} {
		s.world.plant.use(account, s.clock.now().Add(-day))
	}
	s.world.plant.disable("aoyelaran")
	s.world.plant.expire("lhaddad", s.clock.now().Add(3*day))
	s.world.plant.move("tnguyen", "Staff")
	s.world.hire(trainer)
	s.world.local("OU=Managed", prefix+"Ivo Marin", "imarin", anchored(s.world.corp.anchor("imarin"), "corp.example"))
	s.teller.say("In corp, Sinéad O'Brien is back, Greta Holm is enabled again, David Smith of Maintenance left, Ivo Marin is new, and Jane Doe is an administrator instead of an operator.")
	s.world.corp.join("sobrien", "t-Viewers")
	s.world.corp.enable("gholm")
	s.world.corp.leave("dsmith2", "t-Viewers")
	s.world.corp.leave("jdoe", "t-Operators")
	s.world.corp.join("jdoe", "t-Administrators")
}

// askMore changes the configuration as an administrator would.
func (s *story) askMore() error {
	s.teller.say("After that mistake, plant wants to be asked before anything is taken away: approve in %s is true now.", importFile)
	config, err := os.ReadFile(s.path(importFile))
	if err != nil {
		return err
	}
	careful := bytes.Replace(config, []byte(`{"disable": false, "leave": false}`), []byte(`{"disable": true, "leave": true}`), 1)
	s.teller.check(!bytes.Equal(config, careful), "approve is switched on")
	return os.WriteFile(s.path(importFile), careful, 0o600)
}

func (s *story) tellQuestions(questions []plan.Question) {
	s.teller.say("Waiting for a person: %s, one or more of every sort.", schema.Plural(len(questions), "question"))
	told := 0
	for _, sort := range sorts {
		who := sort.asked(questions)
		told += len(who)
		s.teller.promise(len(who) > 0, "%s %s: %s", sort.kind, enumerate(who), sort.meaning)
	}
	s.teller.check(told == len(questions), "every question is of one sort")
}
