package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/ledger"
	"ad-user-sync/import/news"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adtest/mailbox"
	"ad-user-sync/internal/memad"
)

// post is an import into a domain in memory that tells of itself by mail.
type post struct {
	t         *testing.T
	directory *memad.Directory
	box       *mailbox.Box
	folder    string
	domain    string // address of its controller
	unit      string // the managed container
	notify    string // more keys of notify
	keys      string // more keys of the configuration
}

func newPost(t *testing.T, o mailbox.Options) *post {
	directory, domain := newListener(t)
	p := &post{t: t, directory: directory, box: mailbox.Open(t, o), folder: t.TempDir(), domain: domain, unit: "OU=Managed"}
	p.box.Secrets["the password of the directory"] = boundPassword
	t.Chdir(p.folder)
	writeAll(t, p.folder, map[string]string{"bind.password": boundPassword, "mail.password": mailbox.Password + "\n"})
	return p
}

// run imports people by their common names, a first "-" for one who is disabled in
// the source, from a file of some age.
func (p *post) run(age time.Duration, people ...string) (code int, said string) {
	p.t.Helper()
	p.bring(age, people...)
	return p.again()
}

// bring puts a user file of this age into the folder.
func (p *post) bring(age time.Duration, people ...string) {
	p.t.Helper()
	var users []string
	for i, cn := range people {
		cn, disabled := strings.CutPrefix(cn, "-")
		users = append(users, fmt.Sprintf(`{"cn": %q, "sAMAccountName": "user%d", "disabled": %v, "accountExpires": null, "memberOf": [], "objectGUID": "6f9619ff-8b86-d011-b42d-00cf4fc9640%d"}`, cn, i, disabled, i))
	}
	file := fmt.Sprintf(`{"timestamp": %q, "source": {"domain": "corp.example", "scope": "ab12", "tool": "t"}, "users": [%s],
		"complete": {"users": %d, "searches": [{"base": "OU=Staff,DC=corp,DC=example", "filter": "(a=b)", "entries": %[3]d, "referrals": 0}]}}`,
		time.Now().Add(-age).UTC().Format(time.RFC3339), strings.Join(users, ","), len(users))
	writeAll(p.t, p.folder, map[string]string{"users.json": file})
}

// again imports the same file.
func (p *post) again(flags ...string) (code int, said string) {
	p.t.Helper()
	p.configure()
	return p.command(append([]string{"import"}, flags...)...)
}

func (p *post) configure() {
	writeAll(p.t, p.folder, map[string]string{"import_config.json": fmt.Sprintf(`{"input_file": "users.json", "managed_user_path": "%s,DC=plant,DC=example", "report_dir": "reports",
		"resolutions_file": "kept.json", "prefix_common_names": "", "directory": {"servers": ["ldap://%s"], "security": "insecure-plaintext", "username": "PLANT\\svc-import", "password_file": "bind.password"},
		"notify": {"server": %q, "ca_file": %q, "username": %q, "password_file": "mail.password", "from": "sync@plant.example", "to": ["it@plant.example"]%s}%s}`,
		p.unit, p.domain, p.box.Address, p.box.CAFile, mailbox.Username, p.notify, p.keys)})
}

func (p *post) command(args ...string) (code int, said string) {
	var out bytes.Buffer
	code = run(p.t.Context(), args, streams{in: os.Stdin, out: &out, err: &out})
	assert.NotContains(p.t, out.String(), mailbox.Password)
	return code, out.String()
}

// later moves what was told into the past.
func (p *post) later(by time.Duration) {
	p.t.Helper()
	path := filepath.Join(p.folder, "kept.told.json")
	place := ledger.PlaceOf(p.unit + ",DC=plant,DC=example")
	m, err := news.Recall(path, place)
	require.NoError(p.t, err)
	for i := range m.Told {
		m.Told[i].At = m.Told[i].At.Add(-by)
	}
	m.Mailed, m.Looked = m.Mailed.Add(-by), m.Looked.Add(-by)
	require.NoError(p.t, m.Keep(path, place))
}

// one is the only mail that came.
func (p *post) one(said string) mailbox.Mail {
	p.t.Helper()
	got := p.box.Take()
	require.Len(p.t, got, 1, said)
	assert.NotContains(p.t, fmt.Sprint(got[0].Header), "Jane", "no names in headers")
	return got[0]
}

// Each kind of news arrives once, and says what a person needs.
func TestEachKindOfNewsArrivesOnce(t *testing.T) {
	const day = 24 * time.Hour
	for name, c := range map[string]struct {
		keys     string
		age      time.Duration
		before   func(*post)
		code     int
		title    string
		next     string
		switched string
	}{
		"questions wait":   {code: exitDone, title: "a question waits for a person", next: "ad-user-sync import --interactive", switched: "questions"},
		"a limit":          {code: exitLimit, keys: `, "limits": {"rename": {"max": 0}}`, before: finished, title: "a limit stopped the run (rename)", next: "--confirm-plan ", switched: "limit"},
		"file refused":     {code: exitRefused, age: 40 * day, title: "the user file was refused", next: "Fetch the newest file", switched: "file"},
		"file overdue":     {code: exitOverdue, age: 2 * day, keys: `, "expect_every": "P1D"`, title: "a newer user file is overdue since", next: "whether the export still runs", switched: "file"},
		"leases end soon":  {code: exitDone, age: 20 * day, before: working, title: "accounts end from", next: "bring a newer user file", switched: "leases"},
		"the run failed":   {code: exitFault, before: func(p *post) { p.domain = "127.0.0.1:1" }, title: "the run failed (exit code 1)", next: "ad-user-sync check import", switched: "failed"},
		"an action failed": {code: exitPartial, before: leaver, title: "an action failed", next: `each line under "failed"`, switched: "failed"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t, mailbox.Options{})
			if c.before != nil {
				c.before(p)
			}
			p.keys = c.keys
			code, said := p.run(c.age, "Jane Doe")
			require.Equal(t, c.code, code, said)
			letter := p.one(said)
			assert.Equal(t, "it@plant.example", letter.To)
			assert.True(t, strings.HasPrefix(letter.Subject, "ad-user-sync plant.example: "), letter.Subject)
			assert.Contains(t, letter.Subject, c.title)
			assert.Contains(t, letter.Text, c.next)
			assert.Contains(t, letter.Text, fmt.Sprintf("exit code %d", code))
			assert.NotContains(t, letter.Text, "Jane", "no names unless wanted")
			kept, err := filepath.Glob(filepath.Join(p.folder, "reports", "report-*.json"))
			require.NoError(t, err)
			path := strings.TrimSpace(letter.Text[strings.LastIndex(letter.Text, "Report ")+len("Report "):])
			assert.True(t, slices.Contains(kept, path), "%s of %v", path, kept)
			_, said = p.again()
			assert.Empty(t, p.box.Take(), "the same news once a day: %s", said)
			p.later(day)
			_, said = p.again()
			assert.Contains(t, p.one(said).Subject, c.title)
		})
		t.Run(name+", switched off", func(t *testing.T) {
			p := newPost(t, mailbox.Options{})
			if c.before != nil {
				c.before(p)
			}
			p.keys, p.notify = c.keys, fmt.Sprintf(`, %q: false`, c.switched)
			code, said := p.run(c.age, "Jane Doe")
			require.Equal(t, c.code, code, said)
			for _, letter := range p.box.Take() { // of what comes with it
				assert.NotContains(t, letter.Subject+letter.Text, c.title, said)
			}
		})
	}
}

// finished is what there was before: limits are free in a first run.
func finished(p *post) {
	code, said := p.run(0, "Max Muster")
	require.Equal(p.t, exitDone, code, said)
	p.box.Take()
}

// working is an account that an administrator enabled.
func working(p *post) {
	code, said := p.run(20*24*time.Hour, "Jane Doe")
	require.Equal(p.t, exitDone, code, said)
	dn, err := ad.ParseDN("CN=Jane Doe,OU=Managed,DC=plant,DC=example")
	require.NoError(p.t, err)
	p.directory.Set(dn, map[string]string{"unicodePwd": string(ad.PasswordValue(boundPassword)), "userAccountControl": "512"})
	require.NoError(p.t, os.Remove(filepath.Join(p.folder, "kept.told.json")))
	p.box.Take()
}

// leaver is an account of someone who left, which this ledger does not know.
func leaver(p *post) {
	finished(p)
	p.directory.AddUser(memad.User{AccountName: "left", Parent: "OU=Managed", Password: boundPassword,
		Attributes: map[string]string{"adminDescription": "ad-user-sync:6f9619ff-8b86-d011-b42d-00cf4fc964aa@corp.example"}})
}

func TestAllIsWellAgainOnlyAfterNews(t *testing.T) {
	p := newPost(t, mailbox.Options{})
	code, said := p.run(0, "-Jane Doe")
	require.Equal(t, exitDone, code, said)
	assert.Empty(t, p.box.Take(), "nothing was told, and nothing is over")

	p.run(0, "Jane Doe")
	assert.Contains(t, p.one("").Subject, "a question waits")
	p.run(0, "-Jane Doe")
	letter := p.one("")
	assert.Contains(t, letter.Subject, "all is well again")
	assert.Contains(t, letter.Text, "exit code 0")
	_, said = p.again()
	assert.Empty(t, p.box.Take(), said)
	p.notify = `, "well": false`
	p.run(0, "Jane Doe")
	assert.Contains(t, p.one("").Subject, "a question waits")
	p.run(0, "-Jane Doe")
	assert.Empty(t, p.box.Take(), "that all is well is for those who want to hear it")
	p.notify = ""

	p.later(6 * 24 * time.Hour)
	p.again()
	assert.Empty(t, p.box.Take(), "a sign of life is for those who want one")
	p.notify = `, "weekly": true`
	p.again()
	assert.Empty(t, p.box.Take())
	p.later(24 * time.Hour)
	p.again()
	assert.Contains(t, p.one("").Subject, "plant.example: all is well")
	p.again()
	assert.Empty(t, p.box.Take())
}

func TestNamesAreToldWhereTheyAreWanted(t *testing.T) {
	p := newPost(t, mailbox.Options{})
	p.notify = `, "names": true`
	_, said := p.run(0, "Jane\u202e Doe")
	letter := p.one(said)
	assert.Contains(t, letter.Text, "enable Jane")
	assert.NotContains(t, letter.Text, "\u202e")
}

func TestASwitchThatIsOffTellsNothing(t *testing.T) {
	p := newPost(t, mailbox.Options{})
	p.notify = `, "questions": false`
	_, said := p.run(0, "Jane Doe")
	assert.Empty(t, p.box.Take(), said)
	code, _ := p.again("--dry-run")
	assert.Equal(t, exitDone, code)
	p.notify = ""
	p.again("--dry-run")
	assert.Empty(t, p.box.Take(), "a person sees a dry run")
}

// The run did its work, whatever the mail server says; what it did not take is told
// by the next run.
func TestAFailingMailServerFailsNoRun(t *testing.T) {
	p := newPost(t, mailbox.Options{Stranger: "it@plant.example"})
	code, said := p.run(0, "Jane Doe")
	assert.Equal(t, exitDone, code, said)
	assert.Contains(t, said, "not everybody under notify.to could be told")
	assert.Contains(t, said, "no such user")
	assert.NotContains(t, said, "told by mail")
	p.box = mailbox.Open(t, mailbox.Options{})
	_, said = p.again()
	assert.Contains(t, p.one(said).Subject, "a question waits")
}

func TestNotifyTestAndServicesThatFailed(t *testing.T) {
	p := newPost(t, mailbox.Options{})
	p.configure()
	code, said := p.command("notify", "--test")
	require.Equal(t, exitDone, code, said)
	assert.Contains(t, said, "1 letter sent by "+p.box.Address)
	assert.Contains(t, p.one(said).Subject, "test")

	code, said = p.command("notify", "--failed", "ad-user-sync-import.service")
	require.Equal(t, exitDone, code, said)
	assert.Contains(t, p.one(said).Text, `the service "ad-user-sync-import.service" failed`)
	p.run(40*24*time.Hour, "Jane Doe")
	assert.Contains(t, p.one("").Subject, "refused")
	code, said = p.command("notify", "--failed", "ad-user-sync-import.service")
	require.Equal(t, exitDone, code, said)
	assert.Empty(t, p.box.Take(), "the run told of itself")

	writeAll(t, p.folder, map[string]string{"mail.password": "S3cret-wrong"})
	code, said = p.command("notify", "--test")
	assert.Equal(t, exitFault, code)
	assert.Contains(t, said, "0 of 1 letters were sent")
	assert.NotContains(t, said, "S3cret-wrong")
	code, said = p.command("notify")
	assert.Equal(t, exitUsage, code, said)
	writeAll(t, p.folder, map[string]string{"none.json": `{"managed_user_path": "OU=Managed,DC=plant,DC=example"}`})
	code, said = p.command("notify", "--failed", "x.service", "--config", "none.json")
	assert.Equal(t, exitDone, code, said)
	code, said = p.command("notify", "--test", "--config", "none.json")
	assert.Equal(t, exitUsage, code, said)
}

// What is kept of news names no one.
func TestWhatWasToldNamesNoOne(t *testing.T) {
	p := newPost(t, mailbox.Options{})
	p.run(0, "Jane Doe")
	text, err := os.ReadFile(filepath.Join(p.folder, "kept.told.json"))
	require.NoError(t, err)
	assert.True(t, json.Valid(text))
	assert.NotContains(t, string(text), "Jane")
}

// What is not told of, since its switch is off, is not well either.
func TestAllIsWellOnlyAfterAGoodRun(t *testing.T) {
	p := newPost(t, mailbox.Options{})
	p.notify = `, "file": false, "weekly": true`
	code, said := p.run(0, "Max Muster")
	require.Equal(t, exitDone, code, said)
	assert.Contains(t, p.one(said).Header.Get("Subject"), "a question waits")
	p.later(8 * 24 * time.Hour)
	code, said = p.run(40*24*time.Hour, "Max Muster")
	require.Equal(t, exitRefused, code, said)
	assert.Empty(t, p.box.Take(), "neither that all is well, nor a sign of life")
	code, said = p.run(0, "-Max Muster")
	require.Equal(t, exitDone, code, said)
	assert.Contains(t, p.one(said).Header.Get("Subject"), "all is well again")
}
