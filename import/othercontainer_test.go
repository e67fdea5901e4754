package importer

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/ledger"
	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

// Someone renames the container and makes a new one of its name: whoever leaves
// would be forgotten, and everybody's account would run out.
func testContainerThatIsNotTheOneOfBefore(t *testing.T) {
	s := newScene(t)
	jane, max := s.person("Jane Doe"), s.person("Max Muster")
	s.staffed(jane, max)
	partners := s.ou.Child("OU", "Partners")
	require.NoError(t, s.admin.Rename(t.Context(), s.managed(), partners))
	s.add(s.managed(), "organizationalUnit", nil)
	before := s.usn()
	in := s.file(max)
	var r *Result
	for range 2 {
		var err error
		r, err = s.start(in).Run(t.Context())
		require.NoError(t, err)
		require.NotNil(t, r.Report.Guard)
		assert.Equal(t, "another container", r.Report.Guard.Name)
		assert.Contains(t, r.Report.Guard.Reason, "2 enabled accounts in another container, which is "+partners.String()+" now")
		assert.Contains(t, strings.Join(r.Report.Notices, "\n"), "not disabled by this import: CN=Jane Doe,")
	}
	assert.Equal(t, before, s.usn())

	var failed []string
	Check(t.Context(), CheckOptions{Config: s.cfg, Directory: s.dir, Input: in, Clock: s.start(in).Clock}, func(step schema.CheckStep) {
		if step.State == schema.CheckFailed {
			failed = append(failed, step.Text)
		}
	})
	assert.Contains(t, strings.Join(failed, "\n"), "the ledger knows 2 enabled accounts in another container")
	assert.Contains(t, strings.Join(failed, "\n"), "the next import stops with exit code 4")

	released := r.Report.Plan
	r, err := s.start(in, func(o *Options) { o.Confirm = released }).Run(t.Context())
	require.NoError(t, err)
	assert.Nil(t, r.Report.Guard)
	assert.Contains(t, strings.Join(r.Report.Notices, "\n"), "not disabled by this import: CN=Jane Doe,")
	for _, day := range []int{0, 1, 40} { // until someone has done something about it
		if day > 0 {
			s.later(time.Duration(day) * 24 * time.Hour)
		}
		r, err = s.start(s.file(max)).Run(t.Context())
		require.NoError(t, err)
		assert.Nil(t, r.Report.Guard, "once it was confirmed, this container is known")
		told := strings.Join(r.Report.Notices, "\n")
		switch day {
		case 0:
			assert.Contains(t, told, "Jane Doe: left behind in another container: has left, while the account CN=Jane Doe,"+partners.String()+" is enabled")
			assert.Empty(t, r.Report.Failed, "an import of its own may come")
		case 1:
			require.Len(t, r.Report.Failed, 1)
			assert.Contains(t, r.Report.Failed[0].Reason, "CN=Jane Doe,"+partners.String()+" is enabled")
		case 40:
			assert.Empty(t, r.Report.Failed, "it has run out")
		}
	}
}

// A container that was renamed is the same one, wherever it is now.
func testContainerThatWasRenamedGoesOn(t *testing.T) {
	s := newScene(t)
	jane, max := s.person("Jane Doe"), s.person("Max Muster")
	s.staffed(jane, max)
	partners := s.ou.Child("OU", "Partners")
	require.NoError(t, s.admin.Rename(t.Context(), s.managed(), partners))
	s.cfg.ManagedUserPath = partners.String()
	r := s.run(s.file(max))
	assert.Equal(t, []string{"Jane Doe"}, r.Report.Disabled)
	e := s.get(partners.Child("CN", "Jane Doe"), "userAccountControl")
	control, _ := e.Int("userAccountControl")
	assert.Equal(t, int64(514), control)
	assert.Len(t, s.find(partners, ad.ScopeOneLevel, ad.Anything, "cn"), 2)
}

// leftBehind is a scene whose container was left behind, a day ago, with the account
// of someone who has left.
func leftBehind(t *testing.T) (s *scene, partners ad.DN, max schema.User) {
	s = newScene(t)
	max = s.person("Max Muster")
	s.staffed(s.person("Jane Doe"), max)
	partners = s.ou.Child("OU", "Partners")
	require.NoError(t, s.admin.Rename(t.Context(), s.managed(), partners))
	s.add(s.managed(), "organizationalUnit", nil)
	file := s.file(max)
	r, err := s.start(file).Run(t.Context())
	require.NoError(t, err)
	r, err = s.start(file, func(o *Options) { o.Confirm = r.Report.Plan }).Run(t.Context())
	require.NoError(t, err)
	require.Nil(t, r.Report.Guard)
	s.later(25 * time.Hour)
	return s, partners, max
}

func TestWhoWasLeftBehindIsNamedUntilItIsSettled(t *testing.T) {
	for name, settle := range map[string]func(s *scene, jane ad.DN){
		"disabled there": func(s *scene, jane ad.DN) { s.set(jane, "userAccountControl", "514") },
		"an import into the container again": func(s *scene, _ ad.DN) {
			s.cfg.ManagedUserPath = s.ou.Child("OU", "Partners").String()
			assert.Equal(s.t, []string{"Jane Doe"}, s.run(s.file(s.person("Max Muster"))).Report.Disabled)
			s.cfg.ManagedUserPath = s.managed().String()
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, partners, max := leftBehind(t)
			for range 2 {
				r, err := s.start(s.file(max)).Run(t.Context())
				require.NoError(t, err)
				require.Len(t, r.Report.Failed, 1)
				assert.Equal(t, "Jane Doe", r.Report.Failed[0].User)
			}
			settle(s, partners.Child("CN", "Jane Doe"))
			r, err := s.start(s.file(max)).Run(t.Context())
			require.NoError(t, err)
			assert.Empty(t, r.Report.Failed)
		})
	}
	t.Run("deleted, as a person says", func(t *testing.T) {
		s, partners, max := leftBehind(t)
		jane := partners.Child("CN", "Jane Doe")
		guid := s.get(jane, "objectGUID").GUID()
		s.mem.Delete(jane)
		r, err := s.start(s.file(max)).Run(t.Context())
		require.NoError(t, err)
		require.Len(t, r.Report.Failed, 1)
		assert.Contains(t, r.Report.Failed[0].Reason, "forget --deleted "+guid.String())
		_, err = ledger.Forget(t.Context(), s.cfg.ResolutionsFile, guid)
		require.NoError(t, err)
		r, err = s.start(s.file(max)).Run(t.Context())
		require.NoError(t, err)
		assert.Empty(t, r.Report.Failed)
	})
}

// Who leaves from a container that was tried out is named once imports go back to
// the one of before.
func TestGoingBackLeavesTheOtherContainerBehind(t *testing.T) {
	s := newScene(t)
	max := s.person("Max Muster")
	s.staffed(max)
	first, second := s.cfg.ManagedUserPath, s.ou.Child("OU", "Second")
	s.add(second, "organizationalUnit", nil)
	s.cfg.ManagedUserPath = second.String()
	file := s.file(max, s.person("Zoe Zucker"))
	r, err := s.start(file).Run(t.Context())
	require.NoError(t, err)
	s.run(file, func(o *Options) { o.Confirm = r.Report.Plan })
	zoe := second.Child("CN", "Zoe Zucker")
	s.set(zoe, "unicodePwd", string(ad.PasswordValue("By-Hand-4711!")))
	s.set(zoe, "userAccountControl", "512")
	s.later(time.Hour)
	s.cfg.ManagedUserPath = first
	r = s.run(s.file(max))
	assert.Contains(t, strings.Join(r.Report.Notices, "\n"), "Zoe Zucker: left behind in another container: has left, while the account "+zoe.String()+" is enabled")
	for range 2 {
		s.later(25 * time.Hour)
		r, err = s.start(s.file(max)).Run(t.Context())
		require.NoError(t, err)
		require.Len(t, r.Report.Failed, 1)
		assert.Equal(t, "Zoe Zucker", r.Report.Failed[0].User)
	}
}

// Two containers that both have imports of their own are not left behind.
func TestContainersThatBothHaveImports(t *testing.T) {
	s := newScene(t)
	anna, bert := s.person("Anna A"), s.person("Bert B")
	s.staffed(anna)
	paths := []string{s.cfg.ManagedUserPath, s.ou.Child("OU", "Second").String()}
	s.add(parse(t, paths[1]), "organizationalUnit", nil)
	s.cfg.ManagedUserPath = paths[1]
	file := s.file(bert)
	r, err := s.start(file).Run(t.Context())
	require.NoError(t, err)
	s.run(file, func(o *Options) { o.Confirm = r.Report.Plan })
	for i := range 8 {
		s.later(2 * time.Hour)
		s.cfg.ManagedUserPath = paths[i%2]
		r := s.run(s.file([]schema.User{anna, bert}[i%2]))
		if i > 1 {
			assert.NotContains(t, strings.Join(r.Report.Notices, "\n"), "left behind", i)
		}
	}
}

// Who was disabled when the container was left behind, and works again there, is
// named, too.
func TestWhoIsEnabledInAContainerThatWasLeftBehind(t *testing.T) {
	s := newScene(t)
	jane, max := s.person("Jane Doe"), s.person("Max Muster")
	s.staffed(jane, max)
	s.set(s.account("Jane Doe"), "userAccountControl", "514")
	s.run(s.file(jane, max))
	partners := s.ou.Child("OU", "Partners")
	require.NoError(t, s.admin.Rename(t.Context(), s.managed(), partners))
	s.add(s.managed(), "organizationalUnit", nil)
	file := s.file(max)
	r, err := s.start(file).Run(t.Context())
	require.NoError(t, err)
	s.run(file, func(o *Options) { o.Confirm = r.Report.Plan })
	s.set(partners.Child("CN", "Jane Doe"), "userAccountControl", "512")
	s.later(25 * time.Hour)
	for range 2 {
		r, err = s.start(s.file(max)).Run(t.Context())
		require.NoError(t, err)
		require.Len(t, r.Report.Failed, 1)
		assert.Equal(t, "Jane Doe", r.Report.Failed[0].User)
	}
}

// Another container and another source at once: whatever the ledger knows of the source of
// before, nothing is made as long as its accounts work elsewhere, and no one has agreed.
func TestAnotherContainerAndAnotherSourceAtOnce(t *testing.T) {
	for name, c := range map[string]struct {
		keys    string
		before  func(file *Input) // what the last import knew of its source
		refused string            // "": the file is taken
	}{
		"another source":                 {refused: "is that of an import from another source domain: corp.example. Give this configuration a resolutions_file of its own"},
		"a migrated one":                 {keys: `, "expect": {"domain": "new.example", "migrated_from": "corp.example"}`, refused: "Set managed_user_path to the container of before"},
		"that of before was not said":    {before: func(file *Input) { file.File.Source = nil }},
		"a former name of the container": {before: func(file *Input) { file.File.Source.Domain = "NEW.example" }},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			var staff []schema.User
			for _, cn := range []string{"Anna A", "Bert B", "Cleo C"} {
				staff = append(staff, s.person(cn))
				s.user(s.account(cn), strings.ToLower(cn[:4]), nil)
			}
			file := s.file(staff...)
			if c.before != nil {
				c.before(file)
			}
			s.run(file)
			s.later(24 * time.Hour)
			s.with(`"restricted_groups": ["p-Admins"]` + c.keys)
			second := s.ou.Child("OU", "Second")
			s.add(second, "organizationalUnit", nil)
			s.cfg.ManagedUserPath = second.String()
			s.source = &schema.Source{Domain: "new.example", Scope: "5c09e"}
			file = s.file(s.person("Nora New"), s.person("Max New"), s.person("Anna A"))
			before := s.usn()
			if c.refused != "" {
				_, err := s.start(file).Run(t.Context())
				require.ErrorContains(t, err, c.refused)
				s.accept = file.SHA256
			}
			r, err := s.start(file).Run(t.Context())
			require.NoError(t, err)
			require.NotNil(t, r.Report.Guard, "%v", r.Report.Created)
			assert.Equal(t, "another container", r.Report.Guard.Name)
			assert.Contains(t, r.Report.Guard.Reason, "3 enabled accounts in another container, which is "+s.ou.Child("OU", "Managed").String()+" now")
			assert.Equal(t, before, s.usn())
		})
	}
}
