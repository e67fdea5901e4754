package importer

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
	"ad-user-sync/schema/text"
	reporttext "ad-user-sync/schema/text"
	"ad-user-sync/schema/userfile"
)

// Every user of the file is in exactly one of changed, unchanged, skipped and
// failed; a user may wait for a person besides.
func testEveryUserIsReported(t *testing.T) {
	s, file := eventful(t)
	s.user(s.ou.Child("CN", "Holder"), "holder", nil)
	people := append(file.File.Users, s.person("Holder X"), s.person("Never There", disabled), s.person("Refused R", has("department", strings.Repeat("x", 70))))
	file = s.file(people...)
	im := s.start(file)
	r, err := im.Run(t.Context())
	require.NoError(t, err)
	in := map[string]map[string]bool{}
	put := func(list, user string) {
		if in[user] == nil {
			in[user] = map[string]bool{}
		}
		in[user][list] = true
	}
	for c := range r.Report.Changes.All() {
		put("changed", c.User)
	}
	for _, p := range r.Plan.Unchanged {
		put("unchanged", p.CN)
	}
	for _, o := range r.Report.Skipped {
		put("skipped", o.User)
	}
	for _, o := range r.Report.Failed {
		put("failed", o.User)
	}
	waiting := map[string]bool{}
	for _, q := range r.Plan.Questions {
		waiting[q.Person.CN] = true
	}
	for _, p := range people {
		lists := in[p.CN]
		if len(lists) == 0 && waiting[p.CN] {
			continue
		}
		if lists["failed"] { // a value that was refused costs no other
			delete(lists, "changed")
		}
		assert.Len(t, lists, 1, "%s: %v", p.CN, lists)
	}
}

func TestChangesSayBeforeAndAfter(t *testing.T) {
	s := newScene(t)
	jane := s.person("Jane Doe", has("department", "Sales"))
	s.staffed(jane)
	jane.Attributes.Set("department", schema.Value{List: []string{"Research"}})
	jane.MemberOf = []string{"CN=t-Viewers"}
	s.later(5 * 24 * time.Hour)
	r := s.run(s.file(jane)).Report
	assert.Contains(t, said(r.Changes.Entries()), schema.Change{Cause: &schema.Cause{User: "Jane Doe", Action: "update", Reason: "differs"}, Attribute: "department", Before: []string{"Sales"}, After: []string{"Research"}})
	assert.Contains(t, said(r.Changes.Entries()), schema.Change{Cause: &schema.Cause{User: "Jane Doe", Action: "join", Reason: "group_map"}, Attribute: "member of", Before: []string{}, After: []string{"p-Viewers"}})
	for _, c := range said(r.Changes.Entries()) {
		if c.Attribute == "accountExpires" {
			assert.Equal(t, &schema.Cause{User: "Jane Doe", Action: "extend", Reason: "lease"}, c.Cause)
			assert.Less(t, c.Before[0], "2026-12-23T08:01:00Z")
			assert.Greater(t, c.After[0], "2026-12-23T08:01:00Z")
			assert.Less(t, c.After[0], "2026-12-28T08:01:00Z")
		}
	}
	assert.Equal(t, 1, r.Extended)
	assert.Equal(t, schema.Operations{Searches: r.Operations.Searches, Adds: r.Operations.Adds, Modifies: r.Operations.Modifies}, r.Operations)
}

// Who has expired in the source is told apart from who was disabled there.
func TestExpiredInTheSourceIsSaid(t *testing.T) {
	s := newScene(t)
	jane, max := s.person("Jane Doe"), s.person("Max Muster")
	s.staffed(jane, max, s.person("Anna A"), s.person("Bert B"))
	past := s.now.Add(-time.Hour)
	jane.AccountExpires, max.Disabled = &past, true
	file := s.file(jane, max, s.person("Anna A"), s.person("Bert B"))
	s.with(`"approve": {"disable": true}`)
	const expired = "disabled in source: expired there on 2026-11-22"
	assert.ElementsMatch(t, []schema.Interaction{{Type: "disable", User: "Jane Doe", Reason: expired}, {Type: "disable", User: "Max Muster", Reason: "disabled in source"}},
		said(s.run(file).Report.RequiredInteractions))
	s.with("")
	r := s.run(file).Report
	reasons := map[string]string{}
	for c := range r.Changes.All() {
		reasons[c.User] = c.Reason
	}
	assert.Equal(t, map[string]string{"Jane Doe": expired, "Max Muster": "disabled in source"}, reasons)
	assert.Contains(t, s.log.String(), `"reason":"`+expired+`"`)
}

// Secrets are in no file and no log.
func testSecretsAreNowhere(t *testing.T) {
	s := newScene(t)
	s.with(`"accept_from_file": true, "report_dir": "reports"`)
	const fromFile = "From-The-File-99!"
	file := s.file(s.person("Jane Doe"), s.person("Max Muster"))
	s.run(file)
	s.resolutions(`{"type": "enable", "user": "Max Muster", "accept": true, "password": "` + fromFile + `", "timestamp": "2026-11-22T09:00:00Z"}`)
	d := s.desk(file)
	assert.False(t, s.control("Max Muster").Disabled())
	q := s.question(d, plan.Enable, "Jane Doe")
	weak := schema.Secret("jane-secret")
	s.decide(d, plan.Answer{ID: q.ID, Accept: true, Password: weak})
	s.enable(d, "Jane Doe")
	var report bytes.Buffer
	require.NoError(t, reporttext.ReportJSON(&report, d.Report()))
	everything := s.log.String() + report.String() + fmt.Sprintf("%+v %#v", d.Report(), s.look(d))
	for _, content := range s.files() {
		everything += content
	}
	for _, secret := range []string{fromFile, testPassword.Reveal(), weak.Reveal()} {
		assert.NotContains(t, everything, secret)
		assert.NotContains(t, everything, string(ad.PasswordValue(secret)))
	}
	assert.Contains(t, s.log.String(), `"approved":true`)
	assert.Contains(t, s.log.String(), `"approved":false`)
	assert.Contains(t, s.log.String(), `"by":"op as PLANT\\op"`)
}

func TestNamesForgeNoLogLines(t *testing.T) {
	s := newScene(t)
	evil := s.person("Eve\n2026-11-22 INFO all is well \u202edne", has("department", "x\x1b[2Jy"))
	evil.SAMAccountName = "eve\u202e\n"
	other := s.person("Max Muster")
	other.SAMAccountName = "max\u2066"
	d := s.desk(s.file(evil, other))
	for _, q := range s.look(d).Questions {
		s.decide(d, plan.Answer{ID: q.ID, Reason: "no \u202e\x1b[31m reason"})
	}
	var shown bytes.Buffer
	require.NoError(t, text.Report(&shown, d.Report()))
	for name, out := range map[string]string{"log": s.log.String(), "text": shown.String()} {
		assert.NotContains(t, out, "\u202e", name)
		assert.NotContains(t, out, "\u2066", name)
		assert.NotContains(t, out, "\x1b", name)
	}
	assert.NotContains(t, shown.String(), "\n2026-11-22 INFO")
}

func testLeaseWarning(t *testing.T) {
	s := newScene(t)
	s.with(`"expiration_time": "P10D", "max_age": null`)
	file := s.staffed(s.person("Jane Doe"), s.person("Max Muster"))
	const warning = "more than half of expiration_time is over"
	notices := func(change ...func(*Options)) string {
		r, err := s.start(file, change...).Run(t.Context())
		require.NoError(t, err)
		return strings.Join(r.Report.Notices, "\n")
	}
	s.later(5*24*time.Hour - 2*time.Hour)
	assert.NotContains(t, notices(), warning)
	assert.Empty(t, LeaseWarning(s.cfg, s.now))
	s.later(2 * time.Hour)
	assert.Contains(t, LeaseWarning(s.cfg, s.now), "the first accounts expire on 2026-12-01T", "where nothing was contacted")
	assert.Contains(t, notices(), warning)
	assert.Contains(t, notices(), "the first accounts expire on 2026-12-01T")
	s.set(s.account("Max Muster"), "accountExpires", "132000000000000000")
	assert.Contains(t, notices(), "the first accounts expire on 2026-12-01T", "whom somebody ended by hand does not count")
	assert.Contains(t, notices(func(o *Options) { o.DryRun = true }), warning)

	tripping := s.fileOf(userfile.Head{Timestamp: file.File.Timestamp, Source: corp}, s.person("Dora D"))
	r, err := s.start(tripping).Run(t.Context())
	require.NoError(t, err)
	require.NotNil(t, r.Report.Guard)
	assert.Contains(t, strings.Join(r.Report.Notices, "\n"), warning)

	refused := s.fileOf(userfile.Head{Timestamp: file.File.Timestamp.Add(-time.Hour), Source: corp}, s.person("Jane Doe"))
	im := s.start(refused)
	_, err = im.Run(t.Context())
	require.Error(t, err)
	assert.Contains(t, strings.Join(im.Unwritten(err).Notices, "\n"), warning)

	s.run(s.file(s.person("Jane Doe"), s.person("Max Muster")))
	assert.NotContains(t, notices(func(o *Options) { o.Input = s.file(s.person("Jane Doe"), s.person("Max Muster")) }), warning)
}

// The first file may be old already, and no one is enabled yet.
func TestOldFirstFileIsWarnedAbout(t *testing.T) {
	s := newScene(t)
	s.with(`"expiration_time": "P10D"`)
	in := s.fileOf(userfile.Head{Timestamp: s.now.Add(-8 * 24 * time.Hour), Source: corp}, s.person("Jane Doe"))
	r := s.run(in)
	assert.Contains(t, strings.Join(r.Report.Notices, "\n"), "whoever is enabled now has an account only until 2026-11-24T09:00:00Z")
}

func TestKeepReport(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "reports")
	write := func(name string, days int) string {
		path := filepath.Join(folder, name)
		require.NoError(t, KeepReport(folder, path, days, func(w io.Writer) error { _, err := io.WriteString(w, "{}"); return err }))
		return path
	}
	age := func(path string, days int) {
		at := time.Now().AddDate(0, 0, -days).Add(-time.Minute)
		require.NoError(t, os.Chtimes(path, at, at))
	}
	old, recent, other := write("report-1.json", 15), write("report-2.json", 15), write("notes.txt", 15)
	age(old, 15)
	age(recent, 14)
	age(other, 100)
	write("report-3.json", 15)
	assert.NoFileExists(t, old)
	assert.FileExists(t, recent)
	assert.FileExists(t, other, "not ours")
	age(recent, 400)
	write("report-4.json", 0)
	assert.FileExists(t, recent, "0 keeps all")
	info, err := os.Stat(recent)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}

// What a stopped run would have extended ends as it did before.
func TestStoppedRunTellsWhenAccountsEndAsTheyAre(t *testing.T) {
	s := newScene(t)
	var people []schema.User
	for _, cn := range []string{"Anna A", "Bert B", "Carl C", "Dora D", "Emil E", "Fritz F", "Gerd G", "Hans H"} {
		people = append(people, s.person(cn))
	}
	s.staffed(people...)
	first, err := time.Parse("20060102", "20261223")
	require.NoError(t, err)
	s.later(10 * 24 * time.Hour)
	r, err := s.start(s.file(people[0])).Run(t.Context())
	require.NoError(t, err)
	require.NotNil(t, r.Report.Guard)
	assert.NotZero(t, r.Report.Expiring.Accounts)
	assert.WithinDuration(t, first, r.Report.Expiring.First, 4*24*time.Hour)
}

// Who gets a manager besides other attributes was updated once.
func TestReportListsWhoWasUpdatedOnce(t *testing.T) {
	s := newScene(t)
	s.with(`"attributes": {"displayName": {}, "manager": {}}`)
	jane, max := s.person("Jane Doe"), s.person("Max Muster")
	s.staffed(jane, max)
	jane.Attributes = schema.AttributesOf(map[string]schema.Value{"displayName": {List: []string{"Jane X"}}, "manager": {List: []string{max.ObjectGUID}}})
	r := s.run(s.file(jane, max))
	assert.Equal(t, []string{"Jane Doe"}, r.Report.Updated)
	require.Len(t, r.Report.Changes.Entries(), 2)
	for c := range r.Report.Changes.All() {
		if c.Attribute == "manager" {
			assert.Equal(t, []string{"Max Muster"}, c.After)
		}
	}
}

// Who has a name, or which account it is about, stands in the report, too.
func TestReportSaysWhoHasTheName(t *testing.T) {
	s := newScene(t)
	s.user(s.ou.Child("CN", "Holder"), "jane", nil)
	s.user(s.account("Max Muster"), "other", nil)
	jane, max, root := s.person("Jane Doe"), s.person("Max Muster"), s.person("Root R")
	jane.SAMAccountName, root.SAMAccountName = "jane", "root"
	reasons := map[string]string{}
	for _, i := range s.run(s.file(jane, max, root)).Report.RequiredInteractions {
		reasons[i.Type+" "+i.User] = i.Reason
	}
	assert.Equal(t, map[string]string{
		"name Jane Doe":    "name taken: the account name is that of CN=Holder,OU=Test,DC=plant,DC=example",
		"adopt Max Muster": "same person?: " + s.account("Max Muster").String(),
		"name Root R":      "name invalid: the account name is reserved",
	}, reasons)
}
