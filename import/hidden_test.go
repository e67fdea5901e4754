package importer

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adtest"
	"ad-user-sync/schema"
)

// partly is a directory that leaves objects out of what it gives, as a page that
// was lost does, or a container that may not be listed.
type partly struct {
	Directory
	hide func(search ad.Search, dn ad.DN) bool
}

func (h *partly) Search(ctx context.Context, search ad.Search, each func(ad.Entry) error) (ad.Summary, error) {
	found := 0
	summary, err := h.Directory.Search(ctx, search, func(e ad.Entry) error {
		if h.hide(search, e.DN) {
			return nil
		}
		found++
		return each(e)
	})
	if err == nil && found == 0 && search.Scope == ad.ScopeBase && summary.Entries > 0 {
		return ad.Summary{}, ad.ErrNotFound
	}
	summary.Entries = found
	return summary, err
}

// leftOut hides objects from the reading of the whole container alone.
func (s *scene) leftOut(cn ...string) {
	s.hidden(func(search ad.Search, dn ad.DN) bool {
		_, name := dn.Name()
		return search.Scope == ad.ScopeSubtree && search.Base.Equal(s.managed()) && contains(cn, name)
	})
}

// unlisted hides them from every reading.
func (s *scene) unlisted(cn ...string) {
	s.hidden(func(_ ad.Search, dn ad.DN) bool {
		_, name := dn.Name()
		return contains(cn, name)
	})
}

func (s *scene) hidden(hide func(ad.Search, ad.DN) bool) {
	s.dir = &partly{s.mem, hide}
	s.desks = s.dir
}

func (s *scene) visible() { s.dir, s.desks = s.mem, s.mem }

func contains(list []string, text string) bool {
	for _, s := range list {
		if s == text {
			return true
		}
	}
	return false
}

// bearers are the accounts that are anchored for someone, wherever they are.
func (s *scene) bearers(cn string) []string {
	var found []string
	for _, e := range s.find(s.ou, ad.ScopeSubtree, ad.Equal("adminDescription", "ad-user-sync:"+s.anchor(cn)+"@corp.example"), "cn") {
		found = append(found, e.Text("cn"))
	}
	return found
}

func testLeftOutIsTakenAsRead(t *testing.T) {
	t.Run("who has left", func(t *testing.T) {
		s := newScene(t)
		max := s.person("Max Muster")
		s.staffed(s.person("Jane Doe", in("CN=t-Viewers")), max)
		s.leftOut("Jane Doe")
		r := s.run(s.file(max))
		assert.Equal(t, []string{"Jane Doe"}, r.Report.Disabled)
		assert.True(t, s.control("Jane Doe").Disabled())
		assert.Empty(t, s.members("p-Viewers"))
	})
	t.Run("who is called otherwise", func(t *testing.T) {
		s := newScene(t)
		jane := s.person("Jane Doe", in("CN=t-Viewers"))
		file := s.staffed(jane, s.person("Max Muster"))
		s.leftOut("Jane Doe")
		assert.Empty(t, s.run(file).Plan.Actions)
		file.File.Users[0].CN, file.File.Users[0].SAMAccountName = "Jane Smith", "jsmith"
		file = s.file(file.File.Users...)
		r := s.run(file)
		assert.Empty(t, r.Report.Created)
		assert.Equal(t, []string{"Jane Smith"}, r.Report.Renamed)
		assert.Equal(t, []string{"Jane Smith"}, s.bearers("Jane Doe"))
	})
	t.Run("who is not known, and bears the names", func(t *testing.T) {
		s := newScene(t)
		s.user(s.account("Jane Doe"), "jane.doe", nil)
		s.leftOut("Jane Doe")
		jane := s.person("Jane Doe")
		jane.SAMAccountName = "jane.doe"
		r := s.run(s.file(jane, s.person("Max Muster")))
		assert.Equal(t, []string{"Max Muster"}, r.Report.Created)
		assert.Equal(t, []string{"Jane Doe"}, r.Report.Adopted)
	})
}

// What a mapped group names in the container, and nothing else finds, may be
// anybody's: it is named in every run, and the others go on.
func testNamedByAGroupAndNotToBeRead(t *testing.T) {
	s := newScene(t)
	jane, max, carl := s.person("Jane Doe", in("CN=t-Viewers")), s.person("Max Muster", in("CN=t-Viewers")), s.person("Carl Coy")
	s.staffed(jane, max, carl)
	s.unlisted("Jane Doe")
	for range 2 {
		r, err := s.start(s.file(carl)).Run(t.Context())
		require.NoError(t, err)
		require.NotEmpty(t, r.Report.Failed)
		assert.Contains(t, r.Report.Failed[0].Reason, "out of sight: "+s.account("Jane Doe").String()+" is a member of p-Viewers, and cannot be read")
		assert.Equal(t, "Jane Doe", r.Report.Failed[0].User)
	}
	assert.True(t, s.control("Max Muster").Disabled(), "the others go on")
	assert.False(t, s.control("Jane Doe").Disabled())

	jane.CN, jane.SAMAccountName = "Jane Smith", "jsmith"
	for _, file := range []*Input{s.file(jane, carl), s.file(s.person("Jane Doe"), carl)} {
		r, err := s.start(file).Run(t.Context())
		require.NoError(t, err)
		assert.Empty(t, r.Report.Created)
		assert.NotEmpty(t, r.Report.Failed)
		assert.Equal(t, []string{"Jane Doe"}, s.bearers("Jane Doe"), "nobody is made for whom there may be an account")
	}
	s.visible()
	r := s.run(s.file(carl))
	assert.Equal(t, []string{"Jane Doe"}, r.Report.Disabled, "it was not forgotten")
}

// Who was moved away, or taken out of the group, between the two readings.
func testNamedByAGroupAndMovedMeanwhile(t *testing.T) {
	s := newScene(t)
	jane := s.person("Jane Doe", in("CN=t-Viewers"))
	file := s.staffed(jane, s.person("Max Muster"))
	s.dir = &leaving{Directory: s.mem, now: func() {
		require.NoError(t, s.admin.Rename(t.Context(), s.account("Jane Doe"), s.ou.Child("CN", "Jane Doe")))
	}, before: s.managed()}
	r, err := s.start(file).Run(t.Context())
	require.NoError(t, err)
	assert.Empty(t, r.Report.Failed)
	assert.Equal(t, plan.MovedOut, r.Plan.Questions[0].Reason)
}

// A schema that was not delivered whole must not look like one that has fewer
// attributes: what people have in them would be left as it is, without an error.
func TestSchemaThatIsNotWhole(t *testing.T) {
	for times, says := range map[int]string{1: "", 2: "company, which every Active Directory has, is not in it"} {
		s := newScene(t)
		asked := 0
		s.hidden(func(search ad.Search, dn ad.DN) bool {
			_, name := dn.Name()
			if search.Base.Equal(s.dir.Domain().Schema) && name == "Company" {
				asked++
				return asked <= times
			}
			return false
		})
		r, err := s.start(s.file(s.person("Jane Doe", has("company", "Corp")))).Run(t.Context())
		if says != "" {
			require.ErrorContains(t, err, says)
			assert.Zero(t, s.written())
			continue
		}
		require.NoError(t, err)
		assert.Empty(t, r.Report.Failed)
		assert.Equal(t, "Corp", s.get(s.account("Jane Doe"), "company").Text("company"))
	}
}

// A part of the container that a real controller does not list.
func TestPartOfTheContainerThatMayNotBeListed(t *testing.T) {
	s := labScene(t)
	jane, max, carl := s.person("Jane Doe", in("CN=t-Viewers")), s.person("Max Muster"), s.person("Carl Coy")
	s.staffed(jane, max, carl)
	legal := s.managed().Child("OU", "Legal")
	s.add(legal, "organizationalUnit", nil)
	for _, cn := range []string{"Jane Doe", "Max Muster"} {
		require.NoError(t, s.admin.Rename(t.Context(), s.account(cn), legal.Child("CN", cn)))
	}
	s.run(s.file(jane, max, carl)) // who is in a sub-container stays there
	adtest.Lab(t).Target.Admin(t).DenyList(legal.String(), "svc-import")

	jane.CN, jane.SAMAccountName = "Jane Smith", s.name("jsmith")
	r, err := s.start(s.file(jane, max, carl)).Run(t.Context())
	require.NoError(t, err)
	assert.Empty(t, r.Report.Created)
	require.Len(t, r.Report.Failed, 1)
	assert.Contains(t, r.Report.Failed[0].Reason, "out of sight: "+legal.Child("CN", "Jane Doe").String()+" is a member of p-Viewers")
	assert.Equal(t, []string{"create Max Muster (seen nowhere)"}, questions(r.Plan.Questions))

	r, err = s.start(s.file(s.person("Dora New"))).Run(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{"Carl Coy"}, r.Report.Disabled, "the others go on")
	assert.Equal(t, []string{"Dora New"}, r.Report.Created)
	require.Len(t, r.Report.Failed, 2)
	assert.Contains(t, r.Report.Failed[0].Reason, "out of sight")
	assert.Contains(t, r.Report.Failed[1].Reason, "seen nowhere: missing in file, while the account "+legal.Child("CN", "Max Muster").String())
	assert.Equal(t, []string{"Jane Doe"}, s.bearers("Jane Doe"))
}

func TestCheckNamesWhatIsOutOfSight(t *testing.T) {
	s := newScene(t)
	s.staffed(s.person("Jane Doe", in("CN=t-Viewers")))
	s.unlisted("Jane Doe")
	var failed []string
	Check(t.Context(), CheckOptions{Config: s.cfg, Directory: s.dir, Clock: s.start(nil).Clock}, func(step schema.CheckStep) {
		if step.State == schema.CheckFailed && step.Step == "accounts" {
			failed = append(failed, step.Text)
		}
	})
	require.Len(t, failed, 1)
	assert.Contains(t, failed[0], s.account("Jane Doe").String()+" is a member of p-Viewers, and cannot be read. Give the bound account the right")
}
