package importer

import (
	"os"

	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/ledger"
	"ad-user-sync/import/observe"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
)

func testAdministratorWithoutAdminCountIsNeverAdopted(t *testing.T) {
	for name, nested := range map[string]bool{"directly": false, "by nesting": true} {
		stages(t, func(t *testing.T, s *scene) {
			t.Log(name)
			domainAdmins := parse(t, "CN=Domain Admins,CN=Users,DC=plant,DC=example")
			s.user(s.account("Dom Admin"), "dom", nil)
			member := s.account("Dom Admin")
			if nested {
				s.join("p-Editors", member)
				member = s.group("p-Editors")
			}
			add := ad.Change{Kind: ad.AddValues, Attribute: "member", Values: ad.Values(member.String())}
			require.NoError(t, s.admin.Modify(t.Context(), domainAdmins, []ad.Change{add}))
			t.Cleanup(func() {
				add.Kind = ad.DeleteValues
				_ = s.admin.Modify(context.Background(), domainAdmins, []ad.Change{add})
			})
			before := s.usn()[s.account("Dom Admin").String()]

			r := s.run(s.file(s.person("Dom Admin"), s.person("Jane Doe")))
			assert.Equal(t, []string{"Jane Doe"}, r.Report.Created)
			assert.Empty(t, r.Report.Adopted)
			require.Len(t, r.Report.Skipped, 1)
			assert.Contains(t, r.Report.Skipped[0].Reason, "administers the domain")
			assert.Equal(t, before, s.usn()[s.account("Dom Admin").String()])
			for _, q := range r.Plan.Questions {
				assert.NotEqual(t, plan.Adopt, q.Kind)
			}
		})
	}
}

// Ours must be disabled when they leave, so that they are not protected; what
// they administer is said before they are enabled.
func TestEnablingAnAdministratorOfOurs(t *testing.T) {
	stages(t, func(t *testing.T, s *scene) {
		jane, max := s.person("Jane Doe"), s.person("Max Muster")
		d := s.desk(s.file(jane, max))
		domainAdmins := parse(t, "CN=Domain Admins,CN=Users,DC=plant,DC=example")
		add := ad.Change{Kind: ad.AddValues, Attribute: "member", Values: ad.Values(s.account("Jane Doe").String())}
		require.NoError(t, s.admin.Modify(t.Context(), domainAdmins, []ad.Change{add}))
		t.Cleanup(func() {
			add.Kind = ad.DeleteValues
			_ = s.admin.Modify(context.Background(), domainAdmins, []ad.Change{add})
		})
		q := s.question(d, plan.Enable, "Jane Doe")
		assert.True(t, q.Single)
		assert.Contains(t, q.Decision, plan.Field{Code: plan.FieldAdministers, After: []string{"Administrators, Domain Admins"}})
		assert.False(t, s.question(d, plan.Enable, "Max Muster").Single)
		s.enable(d, "Jane Doe")

		file := s.file(max)
		s.run(file)
		assert.True(t, s.control("Jane Doe").Disabled(), "a leaver is disabled all the same")
	})
}

func TestRestrictedGroupInAnotherSpelling(t *testing.T) {
	for _, spelling := range []string{"CN=p\\\\2DAdmins", "cn = p-Admins", "p-admins"} {
		t.Run(spelling, func(t *testing.T) {
			s := newScene(t)
			s.with(`"restricted_groups": ["` + spelling + `"]`)
			obs, err := observe.New(s.dir, s.cfg, nil, ledger.History{}).Observe(t.Context())
			require.NoError(t, err)
			for _, g := range obs.Groups {
				assert.Equal(t, g.CN == "p-Admins", g.Listed, g.Name)
			}
		})
	}
}

func TestRestrictedGroupThatDoesNotExist(t *testing.T) {
	s := newScene(t)
	s.with(`"restricted_groups": ["CN=p-Admnis"]`)
	_, err := s.start(s.file(s.person("Jane Doe"))).Run(t.Context())
	require.ErrorContains(t, err, "restricted_groups")
	assert.Zero(t, s.written())
}

// Who administers the domain outside the container, and carries an anchor that no ledger
// confirms, is nobody's to take over: it would be moved to where this program has rights.
func TestAnAdministratorOutsideIsNoOnesWhereTheLedgerIsLost(t *testing.T) {
	stages(t, func(t *testing.T, s *scene) {
		jane, max := s.person("Jane Doe"), s.person("Max Muster")
		s.staffed(jane, max)
		outside := s.ou.Child("CN", "Jane Doe")
		require.NoError(t, s.admin.Rename(t.Context(), s.account("Jane Doe"), outside))
		domainAdmins := parse(t, "CN=Domain Admins,CN=Users,DC=plant,DC=example")
		add := ad.Change{Kind: ad.AddValues, Attribute: "member", Values: ad.Values(outside.String())}
		require.NoError(t, s.admin.Modify(t.Context(), domainAdmins, []ad.Change{add}))
		t.Cleanup(func() {
			add.Kind = ad.DeleteValues
			_ = s.admin.Modify(context.Background(), domainAdmins, []ad.Change{add})
		})
		require.NoError(t, os.Remove(ledger.Path(s.cfg.ResolutionsFile)))
		file := s.file(jane, max)
		_, err := s.start(file, func(o *Options) { o.Accept = file.SHA256 }).Run(t.Context())
		require.NoError(t, err)
		r, err := s.start(file).Run(t.Context())
		require.NoError(t, err)
		for _, q := range r.Plan.Questions {
			assert.NotEqual(t, "Jane Doe", q.Person.CN, "%s", q.Reason)
		}
		require.NotEmpty(t, r.Report.Failed)
		assert.Equal(t, string(plan.Protected), r.Report.Failed[0].Code)
	})
}
