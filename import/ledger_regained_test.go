package importer

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/ledger"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

// The ledger is lost while the container is full of anchored accounts: they are asked
// about together, and nothing happens to any of them before that.
func TestLostLedgerIsRegainedByAnchor(t *testing.T) { stages(t, regained) }

func regained(t *testing.T, s *scene) {
	s.source = &schema.Source{Domain: "lost" + s.suffix + ".example", Scope: "5c09e"} // other accounts of the domain are not of it
	jane, max, carl := s.person("Jane Doe", in("CN=t-Viewers")), s.person("Max Muster"), s.person("Carl Gone", in("CN=t-Viewers"))
	s.staffed(jane, max, carl)
	s.run(s.file(jane, max, carl))
	guarded := s.person("Gerd Guarded", in("CN=t-Admins"))
	s.staffed(jane, max, carl, guarded)
	s.join("p-Admins", s.account("Gerd Guarded"))
	require.NoError(t, os.Remove(ledger.Path(s.cfg.ResolutionsFile)))
	jane.SAMAccountName = s.name("jane2") // her common name is still the same
	file := s.file(jane, max, guarded)
	s.refused(file, "is lost, while these accounts carry an anchor")

	before := s.usn()
	d := s.desk(file, func(o *Options) { o.Accept = file.SHA256 })
	assert.Equal(t, before, s.usn(), "nobody is disabled, enabled or renamed before the answer")
	view := s.look(d)
	assert.Equal(t, []string{"adopt Gerd Guarded (unconfirmed anchor)", "adopt Jane Doe (unconfirmed anchor)", "adopt Max Muster (unconfirmed anchor)", "disable Carl Gone (unconfirmed anchor)"}, questions(view.Questions))
	var together []plan.Answer
	for _, q := range view.Questions {
		if assert.Equal(t, q.Person.CN == "Gerd Guarded", q.Single, q.Person.CN); !q.Single {
			together = append(together, plan.Answer{ID: q.ID, Accept: true, Keeps: &plan.Keeps{}}) // whatever someone ticked
		}
	}
	for _, r := range s.decide(d, together...) {
		assert.Equal(t, plan.Done, r.Outcome, r.Problem)
	}
	assert.False(t, s.control("Jane Doe").Disabled(), "it keeps all, and the next import treats it as any other")
	assert.True(t, s.control("Carl Gone").Disabled())
	assert.Equal(t, []string{"Carl Gone", "Jane Doe"}, s.members("p-Viewers"))
	r := s.run(file)
	assert.Equal(t, []string{"Jane Doe"}, r.Report.Renamed)
	assert.Equal(t, []string{"Jane Doe"}, s.members("p-Viewers"), "who left leaves the groups, too")
	assert.Equal(t, []string{"adopt Gerd Guarded (unconfirmed anchor)"}, questions(r.Plan.Questions))
	assert.Empty(t, s.run(file).Plan.Actions)
}

// An anchor that someone writes once the ledger is new is looked at alone.
func TestLostLedgerDoesNotVouchForLaterAnchors(t *testing.T) {
	s := newScene(t)
	jane, max := s.person("Jane Doe"), s.person("Max Muster")
	s.staffed(jane, max)
	require.NoError(t, os.Remove(ledger.Path(s.cfg.ResolutionsFile)))
	file := s.file(jane, max)
	s.run(file, func(o *Options) { o.Accept = file.SHA256 })
	s.set(s.account("Max Muster"), "adminDescription", "")
	eve := s.person("Eve Evil")
	s.user(s.account("Eve Evil"), "eve", map[string]string{"adminDescription": "ad-user-sync:" + eve.ObjectGUID + "@corp.example"})
	gone := s.person("Gone Long")
	s.user(s.account("Gone Long"), "gone", map[string]string{"adminDescription": "ad-user-sync:" + gone.ObjectGUID + "@corp.example"})
	im := s.start(s.file(jane, max, eve))
	r, err := im.Run(t.Context())
	require.NoError(t, err)
	for _, q := range r.Plan.Questions {
		assert.Equal(t, q.Person.CN != "Jane Doe", q.Single, q.Person.CN)
	}
	require.Len(t, r.Report.Failed, 1)
	assert.Equal(t, "Gone Long", r.Report.Failed[0].User)
}

// Who stays undecided, or is not to be disabled, is left as they are.
func TestLostLedgerLeavesWhoIsRejected(t *testing.T) {
	s := newScene(t)
	jane, carl := s.person("Jane Doe"), s.person("Carl Gone")
	s.staffed(jane, carl)
	require.NoError(t, os.Remove(ledger.Path(s.cfg.ResolutionsFile)))
	file := s.file(jane)
	d := s.desk(file, func(o *Options) { o.Accept = file.SHA256 })
	q := s.question(d, plan.Disable, "Carl Gone")
	assert.Equal(t, plan.Kept, s.decide(d, plan.Answer{ID: q.ID, Reason: "works in the branch"})[0].Outcome)
	r := s.run(file)
	assert.Equal(t, []string{"adopt Jane Doe (unconfirmed anchor)"}, questions(r.Plan.Questions))
	require.NotEmpty(t, r.Report.Skipped)
	assert.False(t, s.control("Carl Gone").Disabled())
	s.later(15 * 24 * time.Hour)
	assert.Len(t, s.run(s.file(jane)).Plan.Questions, 2, "a rejection has an end")
}

// Whoever moves an account in that was outside when the ledger was lost has not said whose it is.
func TestLostLedgerAsksAboutWhatIsMovedInSince(t *testing.T) {
	s := newScene(t)
	jane, max, carl, ida := s.person("Jane Doe"), s.person("Max Muster"), s.person("Carl Gone", in("CN=t-Viewers")), s.person("Ida No")
	s.staffed(jane, max, carl, ida)
	s.run(s.file(jane, max, carl, ida))
	move := func(from, to ad.DN) {
		for _, name := range []string{"Jane Doe", "Carl Gone", "Ida No"} {
			require.NoError(t, s.admin.Rename(t.Context(), from.Child("CN", name), to.Child("CN", name)))
		}
	}
	inside := s.account("Jane Doe").Parent()
	move(inside, s.ou)
	require.NoError(t, os.Remove(ledger.Path(s.cfg.ResolutionsFile)))
	file := s.file(jane, max, ida)
	_, err := s.start(file, func(o *Options) { o.Accept = file.SHA256 }).Run(t.Context())
	require.NoError(t, err)
	move(s.ou, inside)
	before := s.usn()
	d := s.desk(s.file(jane, max, ida, s.person("New Here")))
	view := s.look(d)
	assert.Equal(t, []string{"adopt Ida No (unconfirmed anchor)", "adopt Jane Doe (unconfirmed anchor)", "adopt Max Muster (unconfirmed anchor)", "disable Carl Gone (unconfirmed anchor)"}, questions(view.Questions))
	assert.Equal(t, before, s.usn(), "nothing is done to any of them, and no one new gets an account")
	var answers []plan.Answer
	for _, q := range view.Questions {
		answers = append(answers, plan.Answer{ID: q.ID, Accept: q.Person.CN != "Ida No", Reason: "another Ida", Keeps: &plan.Keeps{}})
	}
	s.decide(d, answers...)
	assert.True(t, s.control("Carl Gone").Disabled())
	r := s.run(s.file(jane, max, ida))
	assert.Empty(t, s.members("p-Viewers"), "who left is known from then on")
	assert.Empty(t, questions(r.Plan.Questions))
	for _, skipped := range r.Report.Skipped {
		assert.Equal(t, "Ida No", skipped.User, "rejected as ever")
	}
	r = s.run(s.file(max, ida))
	assert.Equal(t, []string{"Jane Doe"}, r.Report.Disabled, "as anyone of ours")
}

// Nor is anyone left behind where the source domain is migrated before they are decided about.
func TestLostLedgerAsksByTheNewDomain(t *testing.T) {
	s := newScene(t)
	jane, max, carl := s.person("Jane Doe"), s.person("Max Muster"), s.person("Carl Gone")
	s.staffed(jane, max, carl)
	require.NoError(t, os.Remove(ledger.Path(s.cfg.ResolutionsFile)))
	file := s.file(jane, max, carl)
	s.run(file, func(o *Options) { o.Accept = file.SHA256 })
	s.with(bothDomains)
	jane2, max2 := s.inNewDomain(jane), s.inNewDomain(max)
	moved := s.movedFile([]schema.User{jane2, max2}, jane2, jane)
	d := s.desk(moved)
	view := s.look(d)
	assert.Equal(t, []string{"adopt Jane Doe (migrated from the former domain)", "adopt Max Muster (migrated from the former domain)"}, questions(view.Questions))
	for _, q := range view.Questions {
		assert.True(t, q.Single)
	}
	assert.Equal(t, plan.Done, s.decide(d, plan.Answer{ID: s.question(d, plan.Adopt, "Jane Doe").ID, Accept: true})[0].Outcome)
	assert.Equal(t, jane2.ObjectGUID, plan.ParseAnchor([]byte(s.get(s.account("Jane Doe"), "adminDescription").Text("adminDescription"))).ObjectGUID)
	r := s.run(moved)
	assert.Equal(t, []string{"adopt Max Muster (migrated from the former domain)", "disable Carl Gone (unconfirmed anchor)"}, questions(r.Plan.Questions))
	d = s.desk(moved)
	assert.Equal(t, plan.Done, s.decide(d, plan.Answer{ID: s.question(d, plan.Disable, "Carl Gone").ID, Accept: true})[0].Outcome)
	assert.True(t, s.control("Carl Gone").Disabled())
	assert.Equal(t, []string{"adopt Max Muster (migrated from the former domain)"}, questions(s.run(moved).Plan.Questions))
}
