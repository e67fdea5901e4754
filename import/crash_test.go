package importer

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/memad"
	"ad-user-sync/schema"
	"ad-user-sync/schema/userfile"
)

type memOperation = memad.Operation

var errDenied = ad.ErrDenied

// killed is how a test ends a process in the middle of it.
type killed struct{}

// crashAt kills the process at the n-th write from now on, before or after it
// was carried out.
func (s *scene) crashAt(n int, carriedOut bool) {
	s.mem.Fail(func(op memOperation) error {
		if op.Write == n && op.Done == carriedOut {
			panic(killed{})
		}
		return nil
	})
}

// crashed imports, and reports whether the process was killed.
func (s *scene) crashed(in *Input) bool {
	return wasKilled(func() {
		_, err := s.start(in).Run(s.t.Context())
		require.NoError(s.t, err)
	})
}

func (s *scene) remove(dn ad.DN) {
	// memad deletes nothing, as the program doesn't: what is moved away and
	// stripped is gone for the import
	require.NoError(s.t, s.admin.Rename(s.t.Context(), dn, s.mem.AddOU("OU=Gone").Child("CN", "gone")))
	gone := s.mem.AddOU("OU=Gone").Child("CN", "gone")
	s.set(gone, "adminDescription", "")
	s.set(gone, "sAMAccountName", "gone")
	s.set(gone, "userPrincipalName", "")
}

// eventful is a domain in which one file causes everything an import does by
// itself, and the file.
func eventful(t *testing.T) (*scene, *Input) {
	s := newScene(t)
	s.with(`"attributes": {"displayName": {}, "department": {}, "manager": {}}, "limits": {"rename": null}`)
	people := []schema.User{
		s.person("Anna A", in("CN=t-Viewers")), s.person("Bert B", in("CN=t-Viewers")), s.person("Carl C", in("CN=t-Viewers")),
		s.person("Dora D", in("CN=t-Editors")), s.person("Emil E", in("CN=t-Editors")), s.person("Fred F"),
	}
	s.staffed(people...)
	s.later(5 * 24 * 3600e9)                        // extend
	people[0].CN, people[1].CN = "Bert B", "Anna A" // swap
	people[0].SAMAccountName, people[1].SAMAccountName = people[1].SAMAccountName, people[0].SAMAccountName
	people[2].MemberOf = []string{"CN=t-Editors"} // join, leave
	people[3].Disabled = true                     // disable
	people[5].Attributes.Set("department", schema.Value{List: []string{"Sales"}})
	people[5].Attributes.Set("manager", schema.Value{List: []string{s.anchor("Gita G")}})
	people = append(slices.Delete(people, 4, 5), // Emil is missing
		s.person("Gita G", in("CN=t-Viewers")))
	return s, s.file(people...)
}

func TestKilledAnywhereConverges(t *testing.T) {
	s, file := eventful(t)
	clean := s.run(file).Report
	require.NotEmpty(t, clean.Disabled)
	require.NotEmpty(t, clean.Left)
	require.NotEmpty(t, clean.Renamed)
	require.NotEmpty(t, clean.Created)
	require.NotEmpty(t, clean.Updated)
	require.NotEmpty(t, clean.Joined)
	require.Positive(t, clean.Extended)
	want := s.mem.Dump(s.ou)
	wantOpen := questions(s.look(s.desk(file)).Questions)
	require.Equal(t, want, s.mem.Dump(s.ou))
	for _, carriedOut := range []bool{false, true} {
		for n := 1; ; n++ {
			s, file := eventful(t)
			s.crashAt(n, carriedOut)
			if !s.crashed(file) {
				require.Greater(t, n, 10)
				break
			}
			name := fmt.Sprintf("write %d, carried out: %v", n, carriedOut)
			s.mem.Fail(nil)
			r, err := s.start(file).Run(t.Context())
			require.NoError(t, err, name)
			require.Empty(t, r.Report.Failed, name)
			require.Equal(t, want, s.mem.Dump(s.ou), name)
			require.Equal(t, wantOpen, questions(r.Plan.Questions), name)
			before := s.mem.HighestUSN()
			require.Empty(t, s.run(file).Plan.Actions, name)
			require.Equal(t, before, s.mem.HighestUSN(), name)
		}
	}
}

// A first run takes over what an older tool made, and is killed.
func testKilledFirstRunConverges(t *testing.T) {
	begin := func() (*scene, *Input) {
		s := newScene(t)
		for _, name := range []string{"Anna A", "Bert B"} {
			s.user(s.account(name), strings.ToLower(name[:4]), map[string]string{"displayName": name})
		}
		return s, s.file(s.person("Anna A"), s.person("Bert B"), s.person("Carl C"), s.person("Dora D", in("CN=t-Viewers")))
	}
	s, file := begin()
	r := s.run(file)
	require.Equal(t, []string{"Anna A", "Bert B"}, r.Report.Adopted)
	r = s.run(file)
	want, wantOpen := s.mem.Dump(s.ou), questions(r.Plan.Questions)
	for _, carriedOut := range []bool{false, true} {
		n := 1
		for ; ; n++ {
			s, file := begin()
			s.crashAt(n, carriedOut)
			if !s.crashed(file) {
				break
			}
			name := fmt.Sprintf("write %d, carried out: %v", n, carriedOut)
			s.mem.Fail(nil)
			s.run(file)
			r := s.run(file)
			require.Equal(t, want, s.mem.Dump(s.ou), name)
			require.Equal(t, wantOpen, questions(r.Plan.Questions), name)
			require.Empty(t, s.run(file).Plan.Actions, name)
		}
		require.Greater(t, n, 4)
	}
}

// Files of the older tool have no anchors to tell whose a new account is.
func TestKilledRunOfAnOlderFileConverges(t *testing.T) {
	for _, carriedOut := range []bool{false, true} {
		for n := 1; n <= 3; n++ {
			s := newScene(t)
			s.with(`"prefix_common_names": "X "`)
			file := s.fileOf(userfile.Head{}, old(s.person("Anna A")), old(s.person("Bert B", in("CN=t-Viewers"))))
			s.crashAt(n, carriedOut)
			require.True(t, s.crashed(file))
			assert.NotContains(t, s.files()["resolutions.state.json"], "Anna")
			s.mem.Fail(nil)
			r := s.run(file)
			assert.Equal(t, []string{"enable X Anna A (new)", "enable X Bert B (new)"}, questions(r.Plan.Questions))
			assert.Len(t, s.find(s.managed(), ad.ScopeOneLevel, ad.Anything, "cn"), 2)
			assert.Empty(t, s.run(file).Plan.Actions)
		}
	}
}

func TestKilledWhileEnabling(t *testing.T) {
	for _, carriedOut := range []bool{false, true} {
		s := newScene(t)
		file := s.file(s.person("Jane Doe"))
		d := s.desk(file)
		q := s.question(d, plan.Enable, "Jane Doe")
		s.crashAt(1, carriedOut)
		func() {
			defer func() { require.Equal(t, killed{}, recover()) }()
			_, _ = d.Decide(t.Context(), []plan.Answer{{ID: q.ID, Accept: true, Password: testPassword}}, func(plan.Result) {})
		}()
		s.mem.Fail(nil)
		open := s.run(file).Plan.Questions
		if carriedOut {
			assert.Empty(t, open)
			assert.False(t, s.control("Jane Doe").Disabled())
		} else {
			assert.Equal(t, []string{"enable Jane Doe (new)"}, questions(open))
		}
	}
}

// A person decides about several at once, and the process is killed at any
// write: the same decisions, given again about what is still asked, end in the
// same domain, and what was rejected is never asked again.
func TestKilledWhileDecidingConverges(t *testing.T) {
	begin := func() (*scene, *Input, *Desk) {
		s := newScene(t)
		s.with(`"restricted_groups": ["p-Admins"], "approve": {"disable": true, "leave": true}`)
		s.staffed(s.person("Dora D", in("CN=t-Viewers")), s.person("Emil E"))
		file := s.file(s.person("Anna A", in("CN=t-Admins")), s.person("Bert B"), s.person("Carl C", in("CN=t-Admins")), s.person("Emil E"))
		return s, file, s.desk(file)
	}
	rejected := map[string]bool{"enable Bert B": true, "join Carl C": true}
	decide := func(s *scene, d *Desk) {
		var answers []plan.Answer
		for _, q := range s.look(d).Questions {
			a := plan.Answer{ID: q.ID, Accept: !rejected[string(q.Kind)+" "+q.Person.CN]}
			if q.Kind == plan.Enable && a.Accept {
				a.Password = testPassword
			}
			answers = append(answers, a)
		}
		_, err := d.Decide(t.Context(), answers, func(plan.Result) {})
		require.NoError(t, err)
	}
	s, _, d := begin()
	decide(s, d)
	want := s.mem.Dump(s.ou)
	require.Empty(t, s.look(d).Questions)
	require.Len(t, s.look(d).Refusals, len(rejected))
	require.Equal(t, []string{"Anna A"}, s.members("p-Admins"))
	for _, carriedOut := range []bool{false, true} {
		n := 1
		for ; ; n++ {
			s, file, d := begin()
			s.crashAt(n, carriedOut)
			if !wasKilled(func() { decide(s, d) }) {
				break
			}
			name := fmt.Sprintf("write %d, carried out: %v", n, carriedOut)
			s.mem.Fail(nil)
			s.run(file)
			d = s.desk(file)
			for _, q := range s.look(d).Questions {
				require.False(t, rejected[string(q.Kind)+" "+q.Person.CN], name)
			}
			if len(s.look(d).Questions) > 0 {
				decide(s, d)
			}
			require.Equal(t, want, s.mem.Dump(s.ou), name)
			require.Len(t, s.look(d).Refusals, len(rejected), name)
			require.Empty(t, s.run(file).Plan.Actions, name)
		}
		require.Greater(t, n, 5)
	}
}

// wasKilled reports whether the process was killed meanwhile.
func wasKilled(do func()) (dead bool) {
	defer func() {
		if r := recover(); r != nil {
			if _, ours := r.(killed); !ours {
				panic(r)
			}
			dead = true
		}
	}()
	do()
	return false
}

// The anchor of what it made may not be shown to the run that comes next.
func TestKilledRunWhoseAnchorIsHiddenForARunConverges(t *testing.T) {
	s := newScene(t)
	s.staffed(s.person("Max Muster"))
	file := s.file(s.person("Max Muster"), s.person("Jane Doe"))
	s.crashAt(1, true)
	require.True(t, s.crashed(file))
	s.mem.Fail(nil)
	made := s.account("Jane Doe")
	s.dir = &blind{s.mem, func(dn ad.DN, attribute string) bool { return attribute == "admindescription" && dn.Equal(made) }}
	assert.Equal(t, []string{"adopt Jane Doe (matched by name)"}, questions(s.run(file).Plan.Questions))
	s.visible()
	assert.Equal(t, []string{"enable Jane Doe (new)"}, questions(s.run(file).Plan.Questions))
}
