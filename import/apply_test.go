package importer

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/apply"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/memad"
	"ad-user-sync/schema"
	reporttext "ad-user-sync/schema/text"
)

// trace is what was written, in order, in short.
func (s *scene) trace() *[]string {
	var list []string
	s.mem.Fail(func(op memOperation) error {
		if op.Write == 0 || op.Done {
			return nil
		}
		text := string(op.Kind)
		for _, c := range op.Changes {
			text += " " + c.Attribute
			if c.Attribute == "userAccountControl" || c.Attribute == "member" {
				text += fmt.Sprintf("(%d %d)", c.Kind, len(c.Values))
			}
		}
		list = append(list, text)
		return nil
	})
	return &list
}

// Rule 19.
func testOrderOfTheRun(t *testing.T) {
	s, file := eventful(t)
	trace := s.trace()
	s.run(file)
	assert.Equal(t, []string{
		"modify userAccountControl(0 1)", "modify userAccountControl(0 1)", // disables
		"modify member(2 1)", "modify member(2 1)", // leaves
		"rename", "modify sAMAccountName userPrincipalName", // a swap, through temporary names
		"rename", "modify sAMAccountName userPrincipalName",
		"rename", "modify sAMAccountName userPrincipalName",
		"add",
	}, (*trace)[:11])
	rest := (*trace)[11:]
	manager, join := slices.Index(rest, "modify manager"), slices.IndexFunc(rest, func(x string) bool { return strings.HasPrefix(x, "modify member") })
	department := slices.Index(rest, "modify department")
	assert.Less(t, department, manager, "a second pass for managers")
	assert.Less(t, manager, join)
	assert.Contains(t, rest[:manager], "modify accountExpires")
}

func testSwapOfNames(t *testing.T) {
	stages(t, func(t *testing.T, s *scene) {
		a, b := s.person("Anna One"), s.person("Bert Two")
		s.staffed(a, b)
		guid := s.get(s.account("Anna One"), "objectGUID").GUID()
		a.CN, b.CN, a.SAMAccountName, b.SAMAccountName = b.CN, a.CN, b.SAMAccountName, a.SAMAccountName
		r := s.run(s.file(a, b))
		assert.ElementsMatch(t, []string{"Anna One", "Bert Two"}, r.Report.Renamed)
		e := s.get(s.account("Bert Two"), "objectGUID", "sAMAccountName", "userPrincipalName")
		assert.Equal(t, guid, e.GUID())
		assert.Equal(t, s.name("bert"), e.Text("sAMAccountName"))
		assert.Equal(t, s.name("bert")+"@plant.example", e.Text("userPrincipalName"))
		assert.Len(t, s.find(s.managed(), ad.ScopeOneLevel, ad.Anything, "cn"), 2)
		a.CN = "BERT TWO"
		r = s.run(s.file(a, b))
		assert.Equal(t, []string{"BERT TWO"}, r.Report.Renamed, "case alone")
		assert.Equal(t, "BERT TWO", s.get(s.account("BERT TWO"), "cn").Text("cn"))
	})
}

// Rule 20.
func testRefusedValuesCostNoOther(t *testing.T) {
	stages(t, func(t *testing.T, s *scene) {
		s.with(`"attributes": {"displayName": {}, "department": {}, "c": {}, "title": {}, "countryCode": {}}`)
		jane := s.person("Jane Doe", has("countryCode", "not a number"), has("department", "Sales"), in("CN=t-Viewers"))
		r, err := s.start(s.file(jane)).Run(t.Context())
		require.NoError(t, err)
		assert.Equal(t, []string{"Jane Doe"}, r.Report.Created)
		require.Len(t, r.Report.LeftOut, 1, "%v", r.Report)
		assert.Empty(t, r.Report.Failed)
		assert.Contains(t, r.Report.LeftOut[0].Reason, "countryCode: ")
		e := s.get(s.account("Jane Doe"), "department", "displayName", "adminDescription", "accountExpires")
		assert.Equal(t, "Sales", e.Text("department"))
		assert.Equal(t, "Jane Doe", e.Text("displayName"))
		assert.True(t, e.Has("adminDescription"))
		assert.Equal(t, []string{"Jane Doe"}, s.members("p-Viewers"))

		jane.Attributes.Set("title", schema.Value{List: []string{"Boss"}})
		r, err = s.start(s.file(jane)).Run(t.Context())
		require.NoError(t, err)
		require.Len(t, r.Report.LeftOut, 1, "%v", r.Report)
		assert.Empty(t, r.Report.Failed)
		assert.Contains(t, r.Report.LeftOut[0].Reason, "countryCode: ")
		assert.Equal(t, "Boss", s.get(s.account("Jane Doe"), "title").Text("title"))
	})
}

func TestOneDeniedAccountDoesNotStopOthers(t *testing.T) {
	s := newScene(t)
	people := []schema.User{s.person("Anna A"), s.person("Bert B"), s.person("Carl C")}
	s.staffed(people...)
	for i := range people {
		people[i].Attributes.Set("department", schema.Value{List: []string{"Sales"}})
	}
	guid := s.get(s.account("Anna A"), "objectGUID").GUID()
	s.mem.Fail(func(op memOperation) error {
		if op.Write > 0 && op.DN.String() == ad.ByGUID(guid).String() {
			return ad.ErrDenied
		}
		return nil
	})
	r, err := s.start(s.file(people...)).Run(t.Context())
	require.NoError(t, err)
	assert.ElementsMatch(t, []string{"Bert B", "Carl C"}, r.Report.Updated)
	require.Len(t, r.Report.Failed, 1)
	assert.Equal(t, "Anna A", r.Report.Failed[0].User)
	assert.Contains(t, r.Report.Failed[0].Reason, "has no right")
}

func testMembersInChunks(t *testing.T) {
	s := newScene(t)
	s.with(`"limits": {}`)
	var people []schema.User
	for i := range apply.MemberChunk + 5 {
		people = append(people, s.person(fmt.Sprintf("p%04d Person", i), in("CN=t-Viewers")))
	}
	trace := s.trace()
	s.run(s.file(people...))
	joins := slices.DeleteFunc(slices.Clone(*trace), func(x string) bool { return !strings.HasPrefix(x, "modify member") })
	assert.Equal(t, []string{"modify member(1 1000)", "modify member(1 5)"}, joins)
	assert.Len(t, s.members("p-Viewers"), apply.MemberChunk+5)
}

// Someone else joins or removes members between reading and writing.
func TestMembershipsThatAreAsWantedAlready(t *testing.T) {
	stages(t, func(t *testing.T, s *scene) {
		people := []schema.User{s.person("Anna A", in("CN=t-Viewers")), s.person("Bert B", in("CN=t-Viewers")), s.person("Carl C", in("CN=t-Viewers"))}
		s.run(s.file(people...))
		for i := range people {
			people[i].MemberOf = []string{"CN=t-Editors"}
		}
		file := s.file(people...)
		meddling := &meddler{Directory: s.dir, before: func() {
			s.join("p-Editors", s.account("Bert B"))
			s.leave("p-Viewers", s.account("Carl C"))
		}}
		s.with(`"limits": {"leave": null}`)
		im := s.start(file, func(o *Options) { o.Directory = meddling })
		r, err := im.Run(t.Context())
		require.NoError(t, err)
		if r.Report.Guard != nil { // a group that is emptied
			r, err = s.start(file, func(o *Options) { o.Directory, o.Confirm = meddling, r.Plan.Digest }).Run(t.Context())
			require.NoError(t, err)
		}
		assert.Empty(t, r.Report.Failed)
		assert.True(t, meddling.done)
		assert.Equal(t, []string{"Anna A", "Bert B", "Carl C"}, s.members("p-Editors"))
		assert.Empty(t, s.members("p-Viewers"))
	})
}

// meddler lets someone else act before the first write.
type meddler struct {
	Directory
	before func()
	done   bool
}

func (m *meddler) Modify(ctx context.Context, dn ad.DN, changes []ad.Change) error {
	if !m.done {
		m.done = true
		m.before()
	}
	return m.Directory.Modify(ctx, dn, changes)
}

func testFailedLeaveKeepsAnAccountDisabled(t *testing.T) {
	s := newScene(t)
	jane := s.person("Jane Doe", in("CN=t-Viewers"))
	s.run(s.file(jane))
	jane.MemberOf = nil
	s.mem.Fail(memad.DeniedOn(s.group("p-Viewers")))
	file := s.file(jane)
	s.mem.Fail(func(op memOperation) error {
		for _, c := range op.Changes {
			if c.Attribute == "member" {
				return ad.ErrDenied
			}
		}
		return nil
	})
	d := s.desk(file)
	q := s.question(d, plan.Enable, "Jane Doe")
	r := s.decide(d, plan.Answer{ID: q.ID, Accept: true, Password: testPassword})
	assert.Equal(t, plan.NotDone, r[0].Outcome)
	assert.Contains(t, r[0].Problem, "a group could not be left")
	assert.True(t, s.control("Jane Doe").Disabled())
}

func testReferencesToNewAccountsToo(t *testing.T) {
	for _, ref := range schema.References {
		t.Run(ref.Attribute, func(t *testing.T) {
			stages(t, func(t *testing.T, s *scene) { testReferenceToANewAccount(t, s, ref.Attribute) })
		})
	}
}

func testReferenceToANewAccount(t *testing.T, s *scene, attribute string) {
	s.with(`"attributes": {"displayName": {}, "` + attribute + `": {}}`)
	boss := s.person("Zoe Boss")
	jane := s.person("Jane Doe", has(attribute, boss.ObjectGUID))
	file := s.file(jane, boss)
	s.run(file)
	assert.Equal(t, s.account("Zoe Boss").Key(), parse(t, s.get(s.account("Jane Doe"), attribute).Text(attribute)).Key())
	before := s.usn()
	assert.Empty(t, s.run(file).Report.Changes)
	assert.Equal(t, before, s.usn())
	boss.CN = "Zoe Chief"
	s.run(s.file(jane, boss))
	assert.Equal(t, s.account("Zoe Chief").Key(), parse(t, s.get(s.account("Jane Doe"), attribute).Text(attribute)).Key())
	jane.Attributes.Set(attribute, schema.Value{})
	s.run(s.file(jane, boss))
	assert.False(t, s.get(s.account("Jane Doe"), attribute).Has(attribute))
}

func parse(t *testing.T, text string) ad.DN {
	dn, err := ad.ParseDN(text)
	require.NoError(t, err)
	return dn
}

func TestPicturesAndSeveralValues(t *testing.T) {
	stages(t, func(t *testing.T, s *scene) {
		s.with(`"attributes": {"displayName": {}, "thumbnailPhoto": {}, "otherTelephone": {}}`)
		picture := "\xff\xd8\xff\xe0 a picture \x00\x01\xfe"
		jane := s.person("Jane Doe")
		jane.Attributes.Set("thumbnailPhoto", schema.Value{List: []string{picture}, Binary: true})
		jane.Attributes.Set("otherTelephone", schema.Value{List: []string{"2", "1"}, Multi: true})
		file := s.file(jane)
		r := s.run(file)
		e := s.get(s.account("Jane Doe"), "thumbnailPhoto", "otherTelephone")
		assert.Equal(t, picture, e.Text("thumbnailPhoto"))
		assert.ElementsMatch(t, []string{"1", "2"}, e.Texts("otherTelephone"))
		var text bytes.Buffer
		require.NoError(t, reporttext.ReportJSON(&text, r.Report))
		assert.Contains(t, text.String(), fmt.Sprintf("%d bytes", len(picture)))
		assert.NotContains(t, text.String(), base64.StdEncoding.EncodeToString([]byte(picture)))
		assert.Empty(t, s.run(file).Report.Changes)
	})
}

// A new account's objectGUID is read with others'. While it is not found, as on
// another controller, nothing is lost: the next run goes on.
func TestNewAccountsThatCanNotBeFoundYet(t *testing.T) {
	s := newScene(t)
	file := s.file(s.person("Anna A", in("CN=t-Viewers")), s.person("Bert B"))
	dir := &hiding{Directory: s.dir, base: s.managed()}
	r, err := s.start(file, func(o *Options) { o.Directory = dir }).Run(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{"Anna A", "Bert B"}, r.Report.Created)
	require.Len(t, r.Report.Failed, 1)
	assert.Contains(t, r.Report.Failed[0].Reason, "cannot be found yet; the next run goes on")
	r = s.run(file)
	assert.Equal(t, []string{"join"}, kindsOf(r.Report.Changes.Entries()))
	assert.Equal(t, []string{"enable Anna A (new)", "enable Bert B (new)"}, questions(r.Plan.Questions))
	assert.Empty(t, s.run(file).Plan.Actions)
}

// hiding does not show what a search for names finds below base.
type hiding struct {
	Directory
	base ad.DN
}

func (h *hiding) Search(ctx context.Context, search ad.Search, each func(ad.Entry) error) (ad.Summary, error) {
	if search.Base.Equal(h.base) && strings.Contains(string(search.Filter), "sAMAccountName=") {
		return ad.Summary{}, nil
	}
	return h.Directory.Search(ctx, search, each)
}

func kindsOf(changes []schema.Change) (kinds []string) {
	for _, c := range changes {
		kinds = append(kinds, c.Action)
	}
	return kinds
}
