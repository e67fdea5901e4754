package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/adtest/mailbox"
	"ad-user-sync/internal/memad"
	"ad-user-sync/schema"
)

func observing(days, files int) string {
	return fmt.Sprintf(`, "observe": {"until": %q, "files": %d}`, time.Now().AddDate(0, 0, days).Format(time.DateOnly), files)
}

// kept are the files of the folder that an import keeps, but for the reports.
func (p *post) kept() (names []string) {
	found, err := filepath.Glob(filepath.Join(p.folder, "kept.*"))
	require.NoError(p.t, err)
	for _, path := range found {
		if info, err := os.Stat(path); err == nil && filepath.Ext(path) != ".lock" && info.Size() > 0 {
			names = append(names, filepath.Base(path))
		}
	}
	return names
}

func (p *post) dump() string {
	return p.directory.Dump(p.directory.AddOU("OU=Managed")) + p.directory.Dump(p.directory.AddOU("OU=Groups"))
}

// Exit code, mail and event are those of the real run; nothing is written.
func TestAnObservedRunEndsAndTellsAsTheRealOne(t *testing.T) {
	const day = 24 * time.Hour
	for name, c := range map[string]struct {
		keys   string
		age    time.Duration
		before func(*post)
		person string
		code   int
		told   bool
	}{
		"questions wait":   {code: exitDone, told: true},
		"no one is active": {code: exitDone, person: "-Jane Doe"},
		"file refused":     {code: exitRefused, age: 40 * day, told: true},
		"file overdue":     {code: exitOverdue, age: 2 * day, keys: `, "expect_every": "P1D"`, told: true},
		"the run failed":   {code: exitFault, before: func(p *post) { p.domain = "127.0.0.1:1" }, told: true},
		"a lost ledger": {code: exitRefused, told: true, before: func(p *post) {
			p.directory.AddUser(memad.User{AccountName: "left", Parent: "OU=Managed", Password: boundPassword,
				Attributes: map[string]string{"adminDescription": "ad-user-sync:6f9619ff-8b86-d011-b42d-00cf4fc964aa@corp.example"}})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			var subjects, texts [2]string
			for i, keys := range []string{observing(13, 5), ""} {
				p := newPost(t, mailbox.Options{})
				if c.before != nil {
					c.before(p)
				}
				p.keys = c.keys + keys
				before := p.dump()
				person := c.person
				if person == "" {
					person = "Jane Doe"
				}
				code, said := p.run(c.age, person)
				require.Equal(t, c.code, code, said)
				if got := p.box.Take(); len(got) > 0 {
					subjects[i], texts[i] = got[0].Subject, got[0].Text
				}
				if keys == "" {
					continue
				}
				assert.Equal(t, before, p.dump())
				for _, name := range p.kept() {
					assert.Contains(t, name, ".observed.")
				}
				_, said = p.again()
				assert.Empty(t, p.box.Take(), "the same news once a day: %s", said)
			}
			assert.Equal(t, c.told, subjects[0] != "")
			same := func(subject string) string { return regexp.MustCompile(`\d{4}-[^ ;]+Z`).ReplaceAllString(subject, "") }
			assert.Equal(t, same(subjects[1]), strings.Replace(same(subjects[0]), "only observed: ", "", 1))
			if c.told {
				assert.Contains(t, subjects[0], "plant.example: only observed: ")
				assert.Contains(t, texts[0], "nothing was written")
				assert.NotContains(t, texts[1], "nothing was written. What follows")
			}
		})
	}
}

// One life: looks, the end of them, another plan, the start, and on without an edit.
func TestAnImportIsObservedAndStarted(t *testing.T) {
	p := newPost(t, mailbox.Options{})
	log := withEventLog(t)
	p.keys = observing(13, 2) + `, "log_windows": true, "on_finish": ["/bin/false"]`
	if os.Geteuid() != 0 {
		p.keys = observing(13, 2) + `, "log_windows": true`
	}
	code, said := p.run(2*time.Hour, "Jane Doe")
	require.Equal(t, exitDone, code, said)
	assert.NotContains(t, said, "on_finish failed", "what it would hear was not done")
	first := p.digest(said)
	assert.Contains(t, p.one(said).Text, "1 to create, 1 waiting")
	assert.Contains(t, log.events[len(log.events)-1], "information 100: ")

	code, said = p.command("status")
	require.Zero(t, code, said)
	assert.Contains(t, said, `"observed": {`)
	_, said = p.command("status", "--format", "text")
	assert.Contains(t, said, "Observed   the import only looks, and writes nothing: 1 of 2 user files, until ")
	assert.Contains(t, said, "ad-user-sync import --start "+first)
	code, said = p.command("status", "--check")
	require.Zero(t, code, said)
	_, said = p.command("check", "import", "--format", "text")
	assert.Contains(t, said, "the import only looks, and writes nothing: 1 of 2 user files so far")
	_, said = p.command("report")
	assert.Contains(t, said, "Observed   nothing was written; this is what an import would do")
	assert.Contains(t, said, "Create (1)\n  + Jane Doe")
	assert.Contains(t, said, "a person starts the import with this plan: ad-user-sync import --start "+first)

	code, said = p.again("--interactive", "--no-browser")
	require.Equal(t, exitUsage, code, said)
	assert.Contains(t, said, "so there is nothing to decide. A person starts it first")
	code, said = p.again("--dry-run", "--start", first)
	require.Equal(t, exitUsage, code, said)

	code, said = p.run(time.Hour, "Jane Doe", "John Roe")
	require.Equal(t, exitDone, code, said)
	p.box.Take()
	require.NoError(t, os.RemoveAll(filepath.Join(p.folder, "reports"))) // they are named by the second
	code, said = p.run(time.Minute, "Jane Doe", "John Roe", "Max Muster")
	require.Equal(t, exitObserve, code, said)
	letter := p.one(said)
	assert.Contains(t, letter.Subject, "only observed: the import has only looked so far, and waits for its start by a person")
	assert.Contains(t, letter.Text, "exit code 9")
	assert.Contains(t, log.events[len(log.events)-1], "warning 109: ")
	code, said = p.command("status", "--check")
	require.Equal(t, exitObserve, code, said)
	code, said = p.command("check", "import", "--format", "text")
	assert.NotZero(t, code)
	assert.Contains(t, said, "observe is over: 2 user files were looked at")

	code, said = p.again("--start", first)
	require.Equal(t, exitObserve, code, said)
	assert.Contains(t, said, "--start names another plan than that of now")
	second := p.digest(said)
	code, said = p.again("--start", first, "--interactive", "--no-browser")
	require.Equal(t, exitObserve, code, "no page either: %s", said)
	assert.NotContains(t, strings.Join(p.kept(), " "), "state")
	p.box.Take()

	code, said = p.again("--start", second)
	require.Equal(t, exitDone, code, said)
	if os.Geteuid() == 0 {
		assert.Contains(t, said, "on_finish failed")
	}
	assert.Contains(t, p.one(said).Subject, "plant.example: 3 questions wait for a person", "told again, since now it is true")
	assert.NotContains(t, strings.Join(p.kept(), " "), "observed.told")
	code, said = p.again()
	require.Equal(t, exitDone, code, said)
	assert.Contains(t, said, "observe is over since a person started this import")
	_, said = p.command("check", "import", "--format", "text")
	assert.Contains(t, said, "take observe out of the configuration")
	code, said = p.again("--start", second)
	require.Equal(t, exitUsage, code, said)
	p.keys = observing(12, 2)
	code, said = p.again()
	require.Equal(t, exitUsage, code, said)
	assert.Contains(t, said, "observe is for an import that has not begun")
	assert.Contains(t, p.one(said).Subject, "the run failed (exit code 2)")
	p.keys = ""
	code, said = p.again()
	require.Equal(t, exitDone, code, said)
}

// As long as no one has started the import, whatever ends a run says that it only looks,
// on_finish hears nothing, and no news is told twice.
func TestBeforeAStartEverythingSaysThatItOnlyLooks(t *testing.T) {
	for name, c := range map[string]struct {
		before func(*post)
		run    func(*post) (int, string)
		code   int
	}{
		"observe is missing": {code: exitUsage, before: func(p *post) { p.keys = strings.Replace(p.keys, observing(13, 5), "", 1) },
			run: func(p *post) (int, string) { return p.again() }},
		"a refused file": {code: exitRefused, run: func(p *post) (int, string) { return p.run(40*24*time.Hour, "Jane Doe") }},
		"a start, and a refused file": {code: exitRefused, run: func(p *post) (int, string) {
			p.bring(40*24*time.Hour, "Jane Doe")
			return p.again("--start", strings.Repeat("0", 64))
		}},
		"a start without a directory": {code: exitFault, run: func(p *post) (int, string) {
			p.domain = "127.0.0.1:1"
			return p.again("--start", strings.Repeat("0", 64))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t, mailbox.Options{})
			p.keys = observing(13, 5)
			if os.Geteuid() == 0 {
				p.keys += `, "on_finish": ["/bin/false"]`
			}
			code, said := p.run(time.Hour, "Jane Doe")
			require.Equal(t, exitDone, code, said)
			p.box.Take()
			if c.before != nil {
				c.before(p)
			}
			code, said = c.run(p)
			require.Equal(t, c.code, code, said)
			assert.NotContains(t, said, "on_finish failed")
			told := said
			for _, letter := range p.box.Take() {
				assert.Contains(t, letter.Subject, "only observed: ")
				told += letter.Text
			}
			assert.Contains(t, told, "only look")
			_, kept := p.command("report", "--format", "json")
			assert.Contains(t, kept, `"observed": {`)
			assert.NotContains(t, strings.Join(p.kept(), " "), "state")
			assert.Contains(t, strings.Join(p.kept(), " "), "observed.told")
		})
	}
}

// digest is that of the plan in a report as JSON.
func (p *post) digest(said string) string {
	p.t.Helper()
	var r schema.Report
	require.NoError(p.t, json.NewDecoder(strings.NewReader(said[strings.Index(said, "\n{")+1:])).Decode(&r), said)
	return r.Plan
}

// The built program on two real domains, with a real mail server.
func TestAnImportIsObservedOnSamba(t *testing.T) {
	x := newCrossing(t)
	box := mailbox.Open(t, mailbox.Options{})
	x.secrets["the mail password"], box.Secrets = mailbox.Password, x.secrets
	password := filepath.Join(t.TempDir(), "mail.password")
	require.NoError(t, os.WriteFile(password, []byte(mailbox.Password), 0o600))
	var cfg map[string]any
	text, err := os.ReadFile(x.imports)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &cfg))
	cfg["observe"] = map[string]any{"until": time.Now().AddDate(0, 0, 13).Format(time.DateOnly), "files": 3}
	cfg["notify"] = map[string]any{"server": box.Address, "ca_file": box.CAFile, "username": mailbox.Username, "password_file": password, "from": "sync@plant.example", "to": []string{"it@plant.example"}}
	x.write("import_config.json", cfg)

	byHand := x.target.dn("By Hand " + x.target.mark)
	x.target.Add(byHand, map[string][]string{"objectClass": {"user"}, "sAMAccountName": {"h" + x.target.mark}})
	before := x.stamps()
	x.runExport()
	r := x.runImport()
	assert.Len(t, r.Created, people)
	assert.NotEmpty(t, r.RequiredInteractions)
	require.NotNil(t, r.Observed)
	mails := box.Take()
	require.Len(t, mails, 1)
	assert.Contains(t, mails[0].Subject, "only observed: ")
	assert.Contains(t, mails[0].Text, fmt.Sprintf("%d to create", people))
	x.runImport()
	assert.Empty(t, box.Take())

	x.source.Delete(x.source.dn(x.name(7)))
	x.runExport()
	r = x.runImport()
	assert.Len(t, r.Created, people-1)
	assert.Equal(t, 2, r.Observed.Files)
	assert.Equal(t, before, x.stamps(), "uSNChanged of everything in the container and of the groups")
	assert.NoFileExists(t, filepath.Join(x.dir, "resolutions.state.json"))
	assert.NoFileExists(t, filepath.Join(x.dir, "resolutions.json"))
	box.Take()

	// Where the real one could not write, either, a look says so, too.
	elsewhere := newPlace(t, x.lab.Target)
	cfg["managed_user_path"], cfg["resolutions_file"] = elsewhere.ou, "elsewhere.json"
	x.write("import_config.json", cfg)
	looked := x.importEnds(exitPartial)
	require.NotNil(t, looked.Observed)
	observe := cfg["observe"]
	delete(cfg, "observe")
	require.NoError(t, os.Remove(filepath.Join(x.dir, "elsewhere.observed.json")))
	x.write("import_config.json", cfg)
	failed := x.importEnds(exitPartial)
	assert.Nil(t, failed.Observed)
	assert.Equal(t, failing(failed), failing(looked))
	box.Take()
	cfg["observe"], cfg["managed_user_path"], cfg["resolutions_file"] = observe, x.target.ou, "resolutions.json"
	x.write("import_config.json", cfg)

	x.target.Delete(byHand)
	begun := x.runImport("--start", r.Plan)
	assert.Nil(t, begun.Observed)
	assert.Len(t, begun.Created, people-1)
	mails = box.Take()
	require.Len(t, mails, 1)
	assert.NotContains(t, mails[0].Subject, "observed")
	again := x.runImport()
	assert.Empty(t, again.Created)
	assert.Contains(t, fmt.Sprint(again.Notices), "observe is over")
}

// stamps are uSNChanged of the container and all below it, and who of it is in the
// mapped groups, which other tests use.
func (x *crossing) stamps() map[string]string {
	found := x.target.Find(x.target.ou, "(objectClass=*)", "uSNChanged")
	for _, group := range []string{"p-Viewers", "p-Administrators"} {
		found[group] = strings.Join(x.members(group), "\n")
	}
	return found
}

// failing are the people of whom something fails.
func failing(r schema.Report) map[string]bool {
	people := map[string]bool{}
	for _, o := range r.Failed {
		people[o.User] = true
	}
	return people
}
