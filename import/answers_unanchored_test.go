package importer

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// letThrough imports a file without anchors, which a person let through once.
func (s *scene) letThrough(users ...schema.User) *Result {
	s.t.Helper()
	s.later(time.Hour)
	file := s.unanchored(users...)
	return s.run(file, func(o *Options) { o.Accept = file.SHA256 })
}

// What was answered about someone by their anchor holds for a file without anchors.
func TestAnswersHoldForAFileWithoutAnchors(t *testing.T) {
	for name, test := range map[string]func(t *testing.T, s *scene){
		"rejected join": func(t *testing.T, s *scene) {
			jane, max := s.person("Jane Doe", in("CN=t-Admins")), s.person("Max Muster")
			s.staffed(s.person("Jane Doe"), max)
			d := s.desk(s.file(jane, max))
			s.decide(d, plan.Answer{ID: s.question(d, plan.Join, "Jane Doe").ID, Reason: "no"})
			s.cfg.RestrictedGroups = nil
			assert.Len(t, s.letThrough(jane, max).Plan.Refusals, 1)
			assert.Empty(t, s.members("p-Admins"))
			assert.Len(t, s.run(s.file(s.person("Jane Doe", in("CN=t-Admins")), s.person("Max Muster"))).Plan.Refusals, 1, "and for the next with anchors")
		},
		"rejected leave": func(t *testing.T, s *scene) {
			s.with(`"approve": {"leave": true}`)
			s.staffed(s.person("Jane Doe", in("CN=t-Editors")), s.person("Max Muster"))
			d := s.desk(s.file(s.person("Jane Doe"), s.person("Max Muster")))
			s.decide(d, plan.Answer{ID: s.question(d, plan.Leave, "Jane Doe").ID, Reason: "needed"})
			s.cfg.Approve.Leave = false
			s.letThrough(s.person("Jane Doe"), s.person("Max Muster"))
			assert.Equal(t, []string{"Jane Doe"}, s.members("p-Editors"))
		},
		"membership that was kept": func(t *testing.T, s *scene) {
			jane, max := s.person("Jane Doe"), s.person("Max Muster")
			s.staffed(max)
			s.user(s.account("Jane Doe"), "jane", nil)
			s.join("p-Editors", s.account("Jane Doe"))
			s.takeOver(s.desk(s.file(jane, max)), plan.Adopt, "Jane Doe", plan.Keeps{Password: true, Expiry: true, Memberships: true})
			s.run(s.file(jane, max))
			s.letThrough(jane, max)
			assert.Equal(t, []string{"Jane Doe"}, s.members("p-Editors"))
		},
		"rejected disable": func(t *testing.T, s *scene) {
			s.with(`"approve": {"disable": true}`)
			jane, max := s.person("Jane Doe"), s.person("Max Muster")
			s.staffed(jane, max)
			jane.Disabled = true
			d := s.desk(s.file(jane, max))
			s.decide(d, plan.Answer{ID: s.question(d, plan.Disable, "Jane Doe").ID, Reason: "hands over"})
			s.cfg.Approve.Disable = false
			s.letThrough(jane, max)
			assert.False(t, s.control("Jane Doe").Disabled())
		},
		"rejected enable": func(t *testing.T, s *scene) {
			jane, max := s.person("Jane Doe"), s.person("Max Muster")
			s.staffed(max)
			d := s.desk(s.file(jane, max))
			s.decide(d, plan.Answer{ID: s.question(d, plan.Enable, "Jane Doe").ID, Reason: "never"})
			r := s.letThrough(jane, max)
			assert.Empty(t, r.Plan.Questions)
			assert.Len(t, r.Plan.Refusals, 1)
		},
		"new name": func(t *testing.T, s *scene) {
			other := s.ou.Child("CN", "Other")
			s.user(other, "jane", nil)
			jane, max := s.person("Jane Doe"), s.person("Max Muster")
			s.staffed(max)
			d := s.desk(s.file(jane, max))
			s.decide(d, plan.Answer{ID: s.question(d, plan.Name, "Jane Doe").ID, Accept: true, NewName: "jane2"})
			s.mem.Delete(other)
			s.letThrough(jane, max)
			assert.Equal(t, "jane2", s.get(s.account("Jane Doe"), "sAMAccountName").Text("sAMAccountName"))
		},
		"making anew what is seen nowhere": func(t *testing.T, s *scene) {
			jane, max := s.person("Jane Doe"), s.person("Max Muster")
			s.staffed(jane, max)
			s.mem.Delete(s.account("Jane Doe"))
			d := s.desk(s.file(jane, max))
			s.decide(d, plan.Answer{ID: s.question(d, plan.Create, "Jane Doe").ID, Reason: "she left"})
			assert.Empty(t, s.letThrough(jane, max).Plan.Questions)
		},
		"join that was asked": func(t *testing.T, s *scene) {
			jane, max := s.person("Jane Doe", in("CN=t-Viewers")), s.person("Max Muster")
			s.staffed(s.person("Jane Doe"), max)
			s.nest("p-Viewers", s.domainAdmins())
			require.Len(t, s.run(s.file(jane, max)).Plan.Questions, 1)
			s.unnest("p-Viewers", s.domainAdmins())
			require.Len(t, s.letThrough(jane, max).Plan.Questions, 1)
			jane, max = s.person("Jane Doe", in("CN=t-Viewers")), s.person("Max Muster")
			assert.Len(t, s.run(s.file(jane, max)).Plan.Questions, 1, "and by the next with anchors")
			assert.Empty(t, s.members("p-Viewers"))
		},
		"rejected join of an account that is made anew": func(t *testing.T, s *scene) {
			jane, max := s.person("Jane Doe", in("CN=t-Admins")), s.person("Max Muster")
			s.staffed(s.person("Jane Doe"), max)
			d := s.desk(s.file(jane, max))
			s.decide(d, plan.Answer{ID: s.question(d, plan.Join, "Jane Doe").ID, Reason: "no"})
			s.cfg.RestrictedGroups = nil
			s.mem.Delete(s.account("Jane Doe"))
			s.letThrough(jane, max)
			d = s.desk(s.unanchored(jane, max))
			d.im.Accept = d.im.Input.SHA256
			s.decide(d, plan.Answer{ID: s.question(d, plan.Create, "Jane Doe").ID, Accept: true})
			assert.Empty(t, s.members("p-Admins"))
		},
	} {
		t.Run(name, func(t *testing.T) { test(t, newScene(t)) })
	}
}

// A person who answers while the file has no anchors answers about the one whom the
// ledger knows, whatever they are called later.
func TestAnswerToAFileWithoutAnchorsIsKeptByTheOneOfTheLedger(t *testing.T) {
	s := newScene(t)
	jane, max := s.person("Jane Doe", in("CN=t-Admins")), s.person("Max Muster")
	s.staffed(s.person("Jane Doe"), max)
	s.letThrough(jane, max)
	d := s.desk(s.unanchored(jane, max))
	d.im.Accept = d.im.Input.SHA256
	s.decide(d, plan.Answer{ID: s.question(d, plan.Join, "Jane Doe").ID, Reason: "no"})
	require.Len(t, s.keptAnswers(), 1)
	assert.Equal(t, s.anchor("Jane Doe"), s.keptAnswers()[0].Anchor)
}

// Consent to someone's anchor is none to a file that names no one by theirs.
func TestConsentIsNotCarriedOutForAFileWithoutAnchors(t *testing.T) {
	s := newScene(t)
	s.with(`"accept_from_file": true, "restricted_groups": ["p-Admins"]`)
	jane, max := s.person("Jane Doe", in("CN=t-Admins")), s.person("Max Muster")
	s.staffed(s.person("Jane Doe"), max)
	s.later(time.Hour)
	s.resolutions(`{"type": "join", "user": "Jane Doe", "group": "p-Admins", "accept": true, "anchor": "` + jane.ObjectGUID + `", "timestamp": "` + s.now.Format(time.RFC3339) + `"}`)
	r := s.letThrough(jane, max)
	assert.Len(t, r.Plan.Questions, 1)
	assert.Empty(t, s.members("p-Admins"))
	assert.Len(t, s.keptAnswers(), 1)
	s.run(s.file(s.person("Jane Doe", in("CN=t-Admins")), s.person("Max Muster")))
	assert.Equal(t, []string{"Jane Doe"}, s.members("p-Admins"), "it is to the next that does")
}
