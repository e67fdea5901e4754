package importer

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
)

// nestedInPrivileged puts p-Viewers into p-Mid, and that into p-Secret, which is
// privileged.
func (s *scene) nestedInPrivileged() (mid, secret ad.DN) {
	mid, secret = s.group("p-Mid"), s.group("p-Secret")
	s.add(mid, "group", map[string]string{"sAMAccountName": "p-Mid"})
	s.add(secret, "group", map[string]string{"sAMAccountName": "p-Secret", "adminCount": "1"})
	s.nest("p-Viewers", mid)
	s.nest("p-Mid", secret)
	top := s.group("p-Top")
	s.add(top, "group", map[string]string{"sAMAccountName": "p-Top"})
	s.nest("p-Secret", top)
	return mid, secret
}

// What cannot be read of a group at any height guards what is nested in it.
func TestGroupIsGuardedByWhatCanNotBeReadAboveIt(t *testing.T) {
	for what, hide := range map[string]func(s *scene, mid, secret ad.DN){
		"which the bound account may not read": func(s *scene, _, secret ad.DN) {
			s.hidden(func(_ ad.Search, dn ad.DN) bool { return dn.Equal(secret) })
		},
		"may not read memberOf of CN=p-Mid": func(s *scene, mid, _ ad.DN) {
			s.dir = &blind{s.mem, func(dn ad.DN, name string) bool {
				return dn.Equal(mid) && (name == "memberof" || name == "ntsecuritydescriptor")
			}}
		},
		"may not read adminCount of CN=p-Secret": func(s *scene, _, secret ad.DN) {
			s.dir = &blind{s.mem, func(dn ad.DN, name string) bool {
				return dn.Equal(secret) && (name == "admincount" || name == "ntsecuritydescriptor")
			}}
		},
		"may not read its adminCount": func(s *scene, _, _ ad.DN) {
			s.dir = &blind{s.mem, func(dn ad.DN, name string) bool {
				return dn.Equal(s.group("p-Viewers")) && name == "ntsecuritydescriptor"
			}}
		},
	} {
		t.Run(what, func(t *testing.T) {
			s := newScene(t)
			hide(s, parse(t, "CN=nobody,DC=plant,DC=example"), parse(t, "CN=nobody,DC=plant,DC=example"))
			mid, secret := s.nestedInPrivileged()
			hide(s, mid, secret)
			r := s.run(s.file(s.person("Jane Doe", in("CN=t-Viewers"))))
			assert.Empty(t, r.Report.Joined)
			assert.Empty(t, s.members("p-Viewers"))
			assert.Contains(t, allUnder(r.Plan.Questions), what)
		})
	}
}

// allUnder is what the questions say of why their group is guarded.
func allUnder(questions []plan.Question) (text string) {
	for _, q := range questions {
		if q.Group != nil {
			text += q.Group.Under + "\n"
		}
	}
	return text
}

// A restricted group that is not where it was still guards what is nested in it,
// and what it is mapped as by its new name.
func TestRestrictedGroupThatWasRenamedStillGuards(t *testing.T) {
	s := newScene(t)
	jane, max := s.person("Jane Doe"), s.person("Max Muster", in("CN=t-Admins"))
	s.nest("p-Viewers", s.group("p-Admins"))
	s.staffed(jane, max)
	require.NoError(t, s.admin.Rename(t.Context(), s.group("p-Admins"), s.group("p-Admins-2")))
	s.cfg.GroupMap["t-Night"] = []string{"p-Admins-2"}
	for range 2 {
		r, err := s.start(s.file(s.person("Jane Doe", in("CN=t-Viewers", "CN=t-Night")), max)).Run(t.Context())
		require.NoError(t, err)
		assert.Empty(t, r.Report.Joined)
		assert.Empty(t, s.members("p-Viewers"), "nested in a group that restricted_groups lists")
		assert.Equal(t, []string{"p-Viewers"}, s.members("p-Admins-2"))
	}
}

// What a group is in is asked of the groups above, where its own memberOf may not be
// read, or where it cannot be seen itself.
func TestNestingIsFoundFromAbove(t *testing.T) {
	for what, hide := range map[string]func(s *scene, mid ad.DN){
		"memberOf of the group": func(s *scene, _ ad.DN) {
			s.dir = &blind{s.mem, func(dn ad.DN, name string) bool {
				return dn.Equal(s.group("p-Viewers")) && (name == "memberof" || name == "ntsecuritydescriptor")
			}}
		},
		"memberOf of a group between": func(s *scene, mid ad.DN) {
			s.dir = &blind{s.mem, func(dn ad.DN, name string) bool {
				return dn.Equal(mid) && (name == "memberof" || name == "ntsecuritydescriptor")
			}}
		},
		"a group between": func(s *scene, mid ad.DN) {
			s.hidden(func(_ ad.Search, dn ad.DN) bool { return dn.Equal(mid) })
		},
	} {
		t.Run(what, func(t *testing.T) {
			s := newScene(t)
			mid, _ := s.nestedInPrivileged()
			hide(s, mid)
			r := s.run(s.file(s.person("Jane Doe", in("CN=t-Viewers"))))
			assert.Empty(t, r.Report.Joined)
			group := joining(r.Plan.Questions)
			require.NotNil(t, group)
			assert.Contains(t, group.Why, "nested in p-Secret")
			assert.NotEmpty(t, group.Under)
		})
	}
}

// joining is the group of the one join that is asked about.
func joining(questions []plan.Question) *plan.Group {
	for _, q := range questions {
		if q.Group != nil {
			return q.Group
		}
	}
	return nil
}

// Groups that are nested in each other are read once.
func TestNestingInARing(t *testing.T) {
	s := newScene(t)
	mid, _ := s.nestedInPrivileged()
	s.nest("p-Top", mid)
	r := s.run(s.file(s.person("Jane Doe", in("CN=t-Viewers"))))
	assert.Empty(t, r.Report.Joined)
	assert.Contains(t, questions(r.Plan.Questions), "join Jane Doe (group_map)")
}
