package importer

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adtest"
	"ad-user-sync/schema"
	"ad-user-sync/schema/userfile"
)

// worksSource is the second source domain.
var worksSource = &schema.Source{Domain: "works.example", Scope: "3a7b1", Tool: "test"}

// second is a configuration beside s's for another source, in the container of this name.
func (s *scene) second(container, resolutions string) *scene {
	other := *s
	cfg := *s.cfg
	cfg.ManagedUserPath, cfg.ResolutionsFile = s.ou.Child("OU", container).String(), s.t.TempDir()+"/"+resolutions
	other.cfg = &cfg
	return &other
}

// from is a file of the second source.
func (s *scene) from(source *schema.Source, users ...schema.User) *Input {
	s.stamp = s.stamp.Add(1e9)
	return s.fileOf(userfile.Head{Timestamp: s.stamp, Source: source}, users...)
}

// Each in the one container: neither disables, counts, fails or anchors what is the
// other's; and who leaves one and comes with the other is asked about.
func TestTwoSourcesInOneContainer(t *testing.T) { stages(t, twoSources) }

func twoSources(t *testing.T, s *scene) {
	b := s.second("Managed", "works.json")
	jane := s.person("Jane Doe", employed("Jane", "Doe", "4711"), in("CN=t-Viewers"))
	rest := []schema.User{s.person("Max Muster"), s.person("Anna A"), s.person("Cora C")}
	ours := s.staffed(append(rest, jane)...)
	theirs := []schema.User{b.person("Wim W"), b.person("Ria R"), b.person("Tom T")}
	file := b.from(worksSource, theirs...)
	r := b.run(file)
	assert.ElementsMatch(t, []string{"Wim W", "Ria R", "Tom T"}, r.Report.Created)
	d := b.desk(file)
	for _, u := range theirs {
		b.enable(d, u.CN)
	}
	before := s.usn()
	r = s.run(ours)
	assert.Empty(t, r.Plan.Actions)
	assert.Len(t, r.Report.Unmanaged, 3, "named, and left alone")
	assert.Empty(t, b.run(file).Plan.Actions)
	assert.Equal(t, before, s.usn())
	for _, u := range append(rest, theirs...) {
		assert.False(t, s.control(u.CN).Disabled(), u.CN)
	}

	over := s.again(jane, "Doe, Jane", "doej")
	over.ObjectGUID, over.MemberOf = s.anchor("Jane of works"), []string{"CN=t-Viewers"}
	file = b.from(worksSource, append(theirs, over)...) // before the other file lacks her
	r = b.run(file)
	require.Equal(t, []string{"adopt Doe, Jane (came from another source)"}, questions(r.Plan.Questions))
	assert.Contains(t, r.Plan.Questions[0].Barred, "it works for someone of corp.example")
	assert.Empty(t, r.Report.Created, "never doubled")
	d = b.desk(file)
	res := b.decide(d, plan.Answer{ID: b.question(d, plan.Adopt, "Doe, Jane").ID, Accept: true})
	assert.NotEqual(t, plan.Done, res[0].Outcome)
	assert.False(t, s.control("Jane Doe").Disabled())

	ours = s.file(rest...)
	r = s.run(ours)
	assert.Equal(t, []string{"Jane Doe"}, r.Report.Disabled)
	assert.Empty(t, s.members("p-Viewers"), "as every leaver")
	account := s.get(s.account("Jane Doe"), "objectGUID").GUID()
	d = b.desk(file)
	q := b.question(d, plan.Adopt, "Doe, Jane")
	require.Empty(t, q.Barred)
	res = b.decide(d, plan.Answer{ID: q.ID, Accept: true, Keeps: &plan.Keeps{Password: true, Expiry: true, Memberships: true}})
	require.Equal(t, plan.Done, res[0].Outcome, res[0].Problem)
	e := s.get(s.account("Doe, Jane"), "objectGUID", "adminDescription")
	assert.Equal(t, account, e.GUID())
	assert.Equal(t, "ad-user-sync:"+over.ObjectGUID+"@works.example", e.Text("adminDescription"))
	assert.True(t, s.control("Doe, Jane").Disabled())
	d = b.desk(file)
	assert.False(t, b.question(d, plan.Enable, "Doe, Jane").MayKeep)
	b.enable(d, "Doe, Jane")

	r = s.run(ours)
	require.Len(t, r.Plan.Forget, 1)
	assert.Contains(t, r.Report.Notices[len(r.Report.Notices)-1]+r.Report.Notices[0], "another import took the accounts over")
	r = s.run(ours)
	assert.Empty(t, r.Plan.Forget)
	assert.Empty(t, r.Plan.Actions)
	assert.False(t, s.control("Doe, Jane").Disabled())
	assert.Equal(t, []string{"Doe, Jane"}, s.members("p-Viewers"))

	r = s.run(s.file(append(rest, jane)...)) // and is there again, beside the other
	assert.Equal(t, []string{"adopt Jane Doe (came from another source)"}, questions(r.Plan.Questions))
	assert.Empty(t, r.Plan.Actions)
}

// Each in a container of its own: the account is found by its names.
func TestTwoSourcesInOneContainerEach(t *testing.T) { stages(t, twoContainers) }

func twoContainers(t *testing.T, s *scene) {
	b := s.second("Works", "works.json")
	there := s.ou.Child("OU", "Works")
	s.add(there, "organizationalUnit", nil)
	if s.mem == nil {
		adtest.Lab(t).Target.Delegate(t, adtest.Rights{Container: there.String(), Groups: []string{s.group("p-Viewers").String()}, Elsewhere: []string{s.ou.String()},
			Options: []string{"--attributes=" + strings.Join(schema.SafeAttributes(), " ")}})
	}
	jane, max := s.person("Jane Doe"), s.person("Max Muster")
	s.staffed(jane, max)
	wim := b.person("Wim W")
	file := b.from(worksSource, wim)
	b.run(file)
	s.run(s.file(max))
	assert.True(t, s.control("Jane Doe").Disabled())
	over := jane
	over.ObjectGUID = s.anchor("Jane of works")
	file = b.from(worksSource, wim, over)
	r := b.run(file)
	assert.Contains(t, questions(r.Plan.Questions), "adopt Jane Doe (came from another source)")
	assert.Empty(t, r.Report.Created)
	d := b.desk(file)
	res := b.decide(d, plan.Answer{ID: b.question(d, plan.Adopt, "Jane Doe").ID, Accept: true})
	require.Equal(t, plan.Done, res[0].Outcome, res[0].Problem)
	assert.NotNil(t, s.get(there.Child("CN", "Jane Doe"), "cn"))
	assert.Nil(t, s.get(s.account("Jane Doe"), "cn"))
	r = s.run(s.file(max))
	assert.Len(t, r.Plan.Forget, 1, "told once")
	assert.Empty(t, s.run(s.file(max)).Plan.Forget)
}

// What two sources must not share is refused with the way on, before anything is written.
func TestTwoSourcesShareNoLedger(t *testing.T) {
	for _, container := range []string{"Managed", "Works"} {
		s := newScene(t)
		s.add(s.ou.Child("OU", "Works"), "organizationalUnit", nil)
		s.staffed(s.person("Jane Doe"))
		b := s.second(container, "works.json")
		b.cfg.ResolutionsFile = s.cfg.ResolutionsFile
		before := s.usn()
		_, err := b.start(b.from(worksSource, b.person("Wim W"))).Run(t.Context())
		var refused *Refusal
		require.ErrorAs(t, err, &refused, container)
		assert.Contains(t, refused.Error(), "corp.example")
		assert.Contains(t, refused.Error(), "two sources share neither resolutions, nor the ledger and lock beside them")
		assert.Equal(t, before, s.usn())
	}
}

// An account that has another source's anchor in another attribute is not this one's,
// whatever it is called.
func TestTwoSourcesWithAnotherAnchorAttribute(t *testing.T) {
	for _, attribute := range []string{"adminDisplayName", ""} {
		s := newScene(t)
		named := func(name string) func(*schema.User) { return func(u *schema.User) { u.SAMAccountName = s.name(name) } }
		s.staffed(s.person("EXT Jane", named("jane")), s.person("EXT Max", named("max")))
		b := s.second("Managed", "works.json")
		b.cfg.AnchorAttribute, b.cfg.PrefixCommonNames = attribute, "EXT "
		u := b.person("Jane", func(u *schema.User) { u.ObjectGUID = b.anchor("Jane of works") })
		before := s.get(s.account("EXT Jane"), "uSNChanged").Text("uSNChanged")
		files := []*Input{b.from(worksSource, u)}
		if attribute == "" {
			files = []*Input{b.unanchored(u)}
		}
		r, err := b.start(files[0]).Run(t.Context())
		require.NoError(t, err)
		for _, a := range r.Plan.Actions {
			assert.NotContains(t, []plan.Kind{plan.Disable, plan.Adopt, plan.Rename, plan.Update}, a.Kind)
		}
		assert.False(t, s.control("EXT Jane").Disabled())
		assert.False(t, s.control("EXT Max").Disabled())
		assert.Equal(t, before, s.get(s.account("EXT Jane"), "uSNChanged").Text("uSNChanged"))
	}
}

// What a check can see of it is said before anything is imported.
func TestCheckTellsOfOtherSources(t *testing.T) {
	s := newScene(t)
	s.staffed(s.person("EXT Jane"))
	b := s.second("Managed", "works.json")
	b.cfg.PrefixCommonNames = "EXT "
	told := func(file *Input) string {
		var lines []string
		Check(t.Context(), CheckOptions{Config: b.cfg, Directory: b.dir, Input: file, Clock: func() time.Time { return s.now }}, func(step schema.CheckStep) {
			if step.Step == "other sources" {
				lines = append(lines, fmt.Sprint(step.State, " ", step.Text, "; ", step.Hint))
			}
		})
		return strings.Join(lines, "\n")
	}
	text := told(b.from(worksSource, b.person("Wim W")))
	assert.Contains(t, text, "ok accounts of other sources in the container, which this import leaves alone: corp.example (1)")
	assert.Contains(t, text, `warning accounts of corp.example carry the prefix "EXT " of this configuration, too; give each source a prefix_common_names of its own`)
	assert.Contains(t, text, "set expect.domain to works.example")
	assert.Empty(t, told(nil), "without a file it is not known whose these are")
	b.cfg.Expect.Domain, b.cfg.PrefixCommonNames = "works.example", "WORKS "
	assert.Equal(t, "ok accounts of other sources in the container, which this import leaves alone: corp.example (1); ", told(nil))
	s.add(s.ou.Child("OU", "Works"), "organizationalUnit", nil)
	b.cfg.ManagedUserPath, b.cfg.ResolutionsFile = s.ou.Child("OU", "Works").String(), s.cfg.ResolutionsFile
	assert.Contains(t, told(b.from(worksSource, b.person("Wim W"))), "warning the ledger is also that of an import from corp.example; give each configuration a resolutions_file of its own")
}
