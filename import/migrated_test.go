package importer

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// inNewDomain is someone in the new domain.
func (s *scene) inNewDomain(u schema.User) schema.User {
	u.ObjectGUID = s.anchor(u.CN + " in the new domain")
	return u
}

// movedFile is a file of the new domain, which says who some of its users were: pairs of who
// they are and were.
func (s *scene) movedFile(users []schema.User, pairs ...schema.User) *Input {
	in := s.file(users...)
	source := *in.File.Source
	source.Domain, source.Scope = "new.example", "another"
	in.File.Source = &source
	in.File.Migrated = &schema.Migrated{From: "corp.example"}
	for i := 0; i < len(pairs); i += 2 {
		in.File.Migrated.Users = append(in.File.Migrated.Users, schema.MigratedUser{ObjectGUID: pairs[i].ObjectGUID, Former: pairs[i+1].ObjectGUID, By: schema.ByEmployeeID})
	}
	return in
}

const bothDomains = `"restricted_groups": ["p-Admins"], "expect": {"domain": "new.example", "migrated_from": "corp.example"}`

// A whole domain is migrated: nothing happens before a person agrees, the accounts are
// taken over together, and keep all they have.
func TestMigratedDomain(t *testing.T) { stages(t, migratedDomain) }

func migratedDomain(t *testing.T, s *scene) {
	jane, max, carl := s.person("Jane Doe", in("CN=t-Viewers", "CN=t-Admins")), s.person("Max Muster"), s.person("Carl Gone", in("CN=t-Viewers"))
	gerd, unsure := s.person("Gerd Guarded", in("CN=t-Admins")), s.person("Ute Unsure")
	old := s.staffed(jane, max, carl, gerd, unsure)
	s.join("p-Admins", s.account("Gerd Guarded"))
	d := s.desk(old)
	assert.Equal(t, plan.Kept, s.decide(d, plan.Answer{ID: s.question(d, plan.Join, "Jane Doe").ID, Reason: "no"})[0].Outcome)
	s.run(s.file(jane, max, carl, gerd, unsure))
	jane2, max2, gerd2, unsure2 := s.inNewDomain(jane), s.inNewDomain(max), s.inNewDomain(gerd), s.inNewDomain(unsure)
	nina := s.person("Nina New", in("CN=t-Viewers"))
	max2.SAMAccountName = s.name("mmuster")
	people := []schema.User{jane2, max2, gerd2, unsure2, nina}
	moved := func() *Input { return s.movedFile(people, jane2, jane, max2, max, gerd2, gerd) }

	// the configuration does not name both
	file := moved()
	_, err := s.start(file, func(o *Options) { o.Accept = file.SHA256 }).Run(t.Context())
	require.ErrorContains(t, err, `name both for the time of the change: expect.domain "new.example" and expect.migrated_from "corp.example"`)

	s.with(bothDomains)
	s.run(s.file(jane, max, carl, gerd, unsure)) // the former domain goes on until then
	files, before := s.files(), s.usn()
	file = moved()
	im := s.start(file)
	r, err := im.Run(t.Context())
	require.NoError(t, err)
	require.NotNil(t, r.Report.Guard)
	assert.Equal(t, "migrated", r.Report.Guard.Name)
	assert.Contains(t, r.Report.Guard.Reason, "the source domain changes from corp.example to new.example, and no one has agreed yet: 4 accounts to be decided about")
	assert.Empty(t, r.Report.Failed)
	assert.Equal(t, before, s.usn())
	assert.Equal(t, files, s.files(), "not even the ledger is written")

	d = im.NewDesk(s.desks, "op as PLANT\\op").After(r)
	view := s.look(d)
	assert.Equal(t, []string{"adopt Gerd Guarded (migrated from the former domain)", "adopt Jane Doe (migrated from the former domain)",
		"adopt Max Muster (migrated from the former domain)", "adopt Ute Unsure (migrated from the former domain)"}, questions(view.Questions))
	var together []plan.Answer
	for _, q := range view.Questions {
		alone := q.Person.CN == "Gerd Guarded" || q.Person.CN == "Ute Unsure"
		if assert.Equal(t, alone, q.Single, q.Person.CN); !alone {
			together = append(together, plan.Answer{ID: q.ID, Accept: true})
		}
	}
	for _, res := range s.decide(d, together...) {
		assert.Equal(t, plan.Done, res.Outcome, res.Problem)
	}
	assert.Nil(t, d.Report().Guard)
	e := s.get(s.account("Jane Doe"), "adminDescription", "sAMAccountName")
	assert.Equal(t, "ad-user-sync:"+jane2.ObjectGUID+"@new.example", e.Text("adminDescription"))
	assert.False(t, s.control("Jane Doe").Disabled(), "it keeps password and state")
	assert.Equal(t, []string{"Carl Gone", "Jane Doe"}, s.members("p-Viewers"))

	// the new domain holds, and files of the former one are refused
	_, err = s.start(s.file(jane, max, carl, gerd, unsure)).Run(t.Context())
	require.ErrorContains(t, err, `the file comes from source domain "corp.example", expected is "new.example"`)
	without := moved()
	without.File.Migrated = nil
	_, err = s.start(without).Run(t.Context())
	require.ErrorContains(t, err, "Export with --migrated-from as long as accounts of corp.example are not decided about")

	r = s.run(moved())
	assert.Empty(t, r.Report.Created, "Nina may be Carl")
	require.Len(t, r.Report.HeldBack, 1)
	assert.Equal(t, "Nina New", r.Report.HeldBack[0].User)
	assert.Equal(t, []string{"Max Muster"}, r.Report.Renamed)
	assert.Empty(t, r.Report.Disabled)
	assert.Equal(t, []string{"adopt Gerd Guarded (migrated from the former domain)", "adopt Ute Unsure (migrated from the former domain)",
		"disable Carl Gone (not among the migrated)"}, questions(r.Plan.Questions))
	d = s.desk(moved())
	for _, q := range s.look(d).Questions {
		if q.Reason == plan.Migrated || q.Reason == plan.NotMigrated {
			res := s.decide(d, plan.Answer{ID: q.ID, Accept: true})
			assert.Equal(t, plan.Done, res[0].Outcome, res[0].Problem)
		}
	}
	r = s.run(moved())
	assert.Equal(t, []string{"Nina New"}, r.Report.Created)
	assert.Equal(t, []string{"enable Nina New (new)"}, questions(r.Plan.Questions))
	assert.Equal(t, []string{"Jane Doe", "Nina New"}, s.members("p-Viewers"))
	require.Len(t, r.Plan.Refusals, 1, "what was rejected stays so: it is the same person")
	assert.Contains(t, r.Plan.Notices, "everyone of corp.example is decided about: take expect.migrated_from out of the configuration, and --migrated-from out of the export")

	s.with(`"restricted_groups": ["p-Admins"], "expect": {"domain": "new.example"}`)
	last := moved()
	last.File.Migrated = nil
	r = s.run(last)
	assert.Empty(t, r.Plan.Actions)
	assert.Len(t, r.Plan.Questions, 1)
}

// The map is the source's to write. With it, a source gains no account that is another's,
// elsewhere, protected, or that no one knows.
func TestMigratedMapGainsNothing(t *testing.T) {
	s := newScene(t)
	jane, boss := s.person("Jane Doe"), s.person("Bert Boss")
	s.staffed(jane, boss)
	s.guarded("Bert Boss", "adminCount", "1")
	eve := s.person("Eve Evil")
	stolen := s.person("Carl Admin")
	s.user(s.ou.Child("CN", "Carl Admin"), "carladmin", map[string]string{"adminDescription": "ad-user-sync:" + stolen.ObjectGUID + "@corp.example"})
	forged := s.person("Fay Forged")
	s.user(s.account("Fay Forged"), "fay", map[string]string{"adminDescription": "ad-user-sync:" + forged.ObjectGUID + "@corp.example"})
	s.with(bothDomains)
	e1, e2, e3, e4 := s.inNewDomain(eve), s.inNewDomain(s.person("Eva 2")), s.inNewDomain(s.person("Evi 3")), s.inNewDomain(s.person("Evo 4"))
	file := s.movedFile([]schema.User{e1, e2, e3, e4}, e1, jane, e2, boss, e3, stolen, e4, forged)
	before := s.usn()
	r, err := s.start(file).Run(t.Context())
	require.NoError(t, err)
	require.NotNil(t, r.Report.Guard)
	assert.Equal(t, before, s.usn())
	assert.Equal(t, []string{"adopt Eva 2 (migrated from the former domain)", "adopt Eve Evil (migrated from the former domain)"}, questions(r.Plan.Questions))
	for _, q := range r.Plan.Questions {
		assert.True(t, q.Single, "no name agrees")
		assert.Equal(t, q.Person.CN == "Eva 2", q.Barred != "", q.Barred)
	}
}

// A lost ledger and a new domain at once: nothing confirms anything, so first the former
// domain.
func TestMigratedWithoutLedgerIsRefused(t *testing.T) {
	s := newScene(t)
	jane := s.person("Jane Doe")
	s.staffed(jane)
	lost := s.files()
	require.NotEmpty(t, lost)
	s.with(`"resolutions_file": "elsewhere.json", ` + bothDomains)
	jane2 := s.inNewDomain(jane)
	file := s.movedFile([]schema.User{jane2}, jane2, jane)
	_, err := s.start(file, func(o *Options) { o.Accept = file.SHA256 }).Run(t.Context())
	require.ErrorContains(t, err, "import the last file of corp.example once more")
}
