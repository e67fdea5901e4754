package importer

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/hmacfile"
	"ad-user-sync/import/ledger"
	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
	"ad-user-sync/schema/userfile"
)

func testKey(t testing.TB) *hmacfile.Key {
	key, err := hmacfile.ParseKey(hmacfile.NewKey())
	require.NoError(t, err)
	return &key
}

// refusals are rules 3 and 4: what happened before, the file that comes now,
// what is said, and whether --accept-file lets it through.
var refusals = []struct {
	name     string
	file     func(t *testing.T, s *scene) *Input
	says     string
	mayForce bool
}{
	{"ahead of the controller's clock", func(_ *testing.T, s *scene) *Input {
		return s.fileOf(userfile.Head{Timestamp: s.now.Add(16 * time.Minute), Source: corp}, s.person("Jane Doe"))
	}, "is ahead of the domain controller's clock", false},
	{"ahead without zone", func(_ *testing.T, s *scene) *Input {
		return s.fileOf(userfile.Head{Timestamp: s.now.Add(14*time.Hour + time.Minute)}, old(s.person("Jane Doe")))
	}, "is ahead of the domain controller's clock", false},
	{"another domain than expected", func(_ *testing.T, s *scene) *Input {
		s.with(`"expect": {"domain": "other.example"}`)
		return s.file(s.person("Jane Doe"))
	}, `the file comes from source domain "corp.example", expected is "other.example"`, false},
	{"another scope than expected", func(_ *testing.T, s *scene) *Input {
		s.with(`"expect": {"scope": "0123"}`)
		return s.file(s.person("Jane Doe"))
	}, `the file's scope is "5c09e", expected is "0123"`, false},
	{"nothing where a domain is expected", func(_ *testing.T, s *scene) *Input {
		s.with(`"expect": {"domain": "corp.example"}`)
		return s.fileOf(userfile.Head{Timestamp: s.stamp}, old(s.person("Jane Doe")))
	}, `source domain "", expected is "corp.example"`, false},
	{"older than the newest", func(_ *testing.T, s *scene) *Input {
		older := s.file(s.person("Jane Doe"))
		s.run(s.file(s.person("Jane Doe"), s.person("Max Muster")))
		return older
	}, "the file is older (2026-11-22T08:01:00Z) than the newest that was accepted (2026-11-22T08:02:00Z)", true},
	{"older than max_age", func(_ *testing.T, s *scene) *Input {
		s.with(`"max_age": "P1D"`)
		return s.fileOf(userfile.Head{Timestamp: s.now.Add(-25 * time.Hour), Source: corp}, s.person("Jane Doe"))
	}, "the file is older than max_age P1D", true},
	{"the same file after max_age", func(_ *testing.T, s *scene) *Input {
		s.with(`"max_age": "P1D"`)
		file := s.file(s.person("Jane Doe"))
		s.run(file)
		s.later(24 * time.Hour)
		return file
	}, "the file is older than max_age P1D", true},
	{"another source domain", func(_ *testing.T, s *scene) *Input {
		s.run(s.file(s.person("Jane Doe")))
		return s.fileOf(userfile.Head{Timestamp: s.now, Source: &schema.Source{Domain: "evil.example", Scope: "5c09e", Tool: "x"}}, s.person("Jane Doe"))
	}, "the file comes from source domain evil.example, files were accepted from corp.example", true},
	{"another source domain after an older format", func(_ *testing.T, s *scene) *Input {
		s.run(s.file(s.person("Jane Doe")))
		plain := s.fileOf(userfile.Head{Timestamp: s.now}, old(s.person("Jane Doe")))
		s.run(plain, func(o *Options) { o.Accept = plain.SHA256 })
		return s.fileOf(userfile.Head{Timestamp: s.now, Source: &schema.Source{Domain: "evil.example", Scope: "5c09e", Tool: "x"}}, s.person("Jane Doe"))
	}, "the file comes from source domain evil.example, files were accepted from corp.example", true},
	{"another scope", func(_ *testing.T, s *scene) *Input {
		s.run(s.file(s.person("Jane Doe")))
		return s.fileOf(userfile.Head{Timestamp: s.now, Source: &schema.Source{Domain: "corp.example", Scope: "f00", Tool: "x"}}, s.person("Jane Doe"))
	}, "the export selects users in another way than before: groups, exclusions or the like", true},
	{"unsigned after signed", func(t *testing.T, s *scene) *Input {
		s.key = testKey(t)
		s.run(s.file(s.person("Jane Doe")))
		s.key = nil
		return s.file(s.person("Jane Doe"))
	}, "the file is not signed, the last one was", true},
	{"older format after the newer", func(_ *testing.T, s *scene) *Input {
		s.run(s.file(s.person("Jane Doe")))
		return s.fileOf(userfile.Head{Timestamp: s.now}, old(s.person("Jane Doe")))
	}, "the file is of the older format, the last one was of the newer", true},
	{"undated after dated", func(_ *testing.T, s *scene) *Input {
		s.run(s.fileOf(userfile.Head{Timestamp: s.stamp}, old(s.person("Jane Doe"))))
		return s.fileOf(userfile.Head{}, old(s.person("Jane Doe")))
	}, "the file is of the older format, the last one was of the newer", true},
	{"lost ledger", func(t *testing.T, s *scene) *Input {
		s.run(s.file(s.person("Jane Doe"), s.person("Max Muster")))
		require.NoError(t, os.Remove(ledger.Path(s.cfg.ResolutionsFile)))
		return s.file(s.person("Jane Doe"), s.person("Max Muster"))
	}, "is lost, while these accounts carry an anchor: Jane Doe, Max Muster", true},
	{"lost ledger of many", func(t *testing.T, s *scene) *Input {
		var all []schema.User
		for i := range 7 {
			all = append(all, s.person(fmt.Sprintf("J%d Doe", i)))
		}
		s.run(s.file(all...))
		require.NoError(t, os.Remove(ledger.Path(s.cfg.ResolutionsFile)))
		return s.file(all...)
	}, "is lost, while these accounts carry an anchor: J0 Doe, J1 Doe, J2 Doe, J3 Doe, J4 Doe and 2 more", true},
}

// old takes the anchor off, as the older tool writes users.
func old(u schema.User) schema.User {
	u.ObjectGUID = ""
	return u
}

func testFilesThatAreNotFresh(t *testing.T) {
	for _, c := range refusals {
		t.Run(c.name, func(t *testing.T) {
			s := newScene(t)
			in := c.file(t, s)
			files, operations := s.files(), s.mem.Operations()
			refuse := func(accept string) {
				im := s.start(in, func(o *Options) { o.Accept = accept })
				_, err := im.Run(t.Context())
				var refusal *Refusal
				require.ErrorAs(t, err, &refusal)
				report := im.Unwritten(err)
				assert.Equal(t, &schema.Guard{Name: "user file", Reason: refusal.Reason, WayOn: refusal.WayOn}, report.Guard)
				assert.Equal(t, in.SHA256, report.Input.SHA256)
				assert.NotEmpty(t, report.Controller)
				assert.Contains(t, refusal.Reason, c.says)
				assert.Equal(t, c.mayForce, strings.Contains(refusal.WayOn, "--accept-file "+in.SHA256), refusal.WayOn)
				if c.mayForce {
					assert.Regexp(t, `^(Fetch|Export|Look|If that was not meant,|Put) .*\. If this very file`, refusal.WayOn, "the usual remedy comes first")
				}
				another := accept != "" && accept != in.SHA256 && c.mayForce
				assert.Equal(t, another, strings.Contains(refusal.Reason, "--accept-file names another file than this one"), refusal.Reason)
				assert.NotEmpty(t, refusal.WayOn)
			}
			refuse("")
			refuse(strings.Repeat("0", 64))
			if !c.mayForce {
				refuse(in.SHA256)
			}
			assert.Equal(t, files, s.files(), "a refused run writes nothing")
			assert.Equal(t, writes(operations), writes(s.mem.Operations()))
			if !c.mayForce {
				return
			}
			run := func(change ...func(*Options)) *Result {
				r, err := s.start(in, change...).Run(t.Context())
				require.NoError(t, err)
				for _, failed := range r.Report.Failed { // the account of the other domain's person is left alone, and no second one is made
					assert.True(t, failed.Code == string(plan.AnchorLost) && strings.HasPrefix(c.name, "another source domain"), failed.Reason)
				}
				return r
			}
			r := run(func(o *Options) { o.Accept = strings.ToUpper(in.SHA256) })
			assert.Contains(t, strings.Join(r.Report.Notices, "\n"), "accepted by --accept-file: the ")
			assert.Contains(t, strings.Join(r.Report.Notices, "\n"), c.says)
			assert.NotContains(t, strings.Join(r.Report.Notices, "\n"), "was not needed")
			if c.name != "the same file after max_age" && c.name != "older than max_age" {
				run() // the very same file needs no second word
			}
		})
	}
}

func testAcceptFileWorksForOneFileOnly(t *testing.T) {
	s := newScene(t)
	older, another := s.file(s.person("Jane Doe")), s.file(s.person("Jane Doe"))
	s.run(s.file(s.person("Jane Doe")))
	s.run(older, func(o *Options) { o.Accept = older.SHA256 })
	_, err := s.start(another, func(o *Options) { o.Accept = older.SHA256 }).Run(t.Context())
	var refusal *Refusal
	require.ErrorAs(t, err, &refusal, "the newest timestamp stays that of the newest file")
}

func testFilesWithinTolerance(t *testing.T) {
	for name, head := range map[string]userfile.Head{
		"a little ahead":       {Timestamp: time.Date(2026, 11, 22, 9, 15, 0, 0, time.UTC), Source: corp},
		"hours without a zone": {Timestamp: time.Date(2026, 11, 22, 22, 59, 0, 0, time.UTC)},
		"undated":              {},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			user := s.person("Jane Doe")
			if head.Source == nil {
				user = old(user)
			}
			s.run(s.fileOf(head, user))
			s.run(s.fileOf(head, user))
		})
	}
}

func testFirstFileOldByForceIsStillAFirstRun(t *testing.T) {
	s := newScene(t)
	s.user(s.account("Jane Doe"), "jane", nil)
	in := s.fileOf(userfile.Head{Timestamp: s.now.AddDate(0, -3, 0), Source: corp}, s.person("Jane Doe"))
	r := s.run(in, func(o *Options) { o.Accept = in.SHA256 })
	assert.Equal(t, []string{"Jane Doe"}, r.Report.Adopted)
}

func testClocksApart(t *testing.T) {
	s := newScene(t)
	_, err := s.start(s.file(s.person("Jane Doe")), func(o *Options) {
		o.Clock = func() time.Time { return s.now.Add(6 * time.Minute) }
	}).Run(t.Context())
	require.ErrorContains(t, err, "this machine's clock says 2026-11-22T09:06:00Z, that of domain controller")
	assert.False(t, errors.As(err, new(*Refusal)))
	assert.Empty(t, s.files())
}

func testDryRunWritesNothingAndTakesNoLock(t *testing.T) {
	s := newScene(t)
	im := s.start(s.file(s.person("Jane Doe")))
	unlock, err := im.lock(t.Context())
	require.NoError(t, err)
	defer unlock()
	files := s.files()
	r := s.run(s.file(s.person("Jane Doe"), s.person("Max Muster")), func(o *Options) { o.DryRun = true })
	assert.ElementsMatch(t, []string{"Jane Doe", "Max Muster"}, r.Report.Created)
	assert.NotEmpty(t, r.Report.Changes)
	assert.True(t, r.Report.DryRun)
	assert.Zero(t, s.written())
	assert.Equal(t, files, s.files())
}

func testSecondImportWaitsAndNamesTheHolder(t *testing.T) {
	s := newScene(t)
	unlock, err := s.start(s.file(s.person("Jane Doe"))).lock(t.Context())
	require.NoError(t, err)
	second := s.start(s.file(s.person("Jane Doe")))
	second.lockWait = time.Millisecond
	_, err = second.Run(t.Context())
	require.ErrorContains(t, err, "in use by another run")
	require.ErrorContains(t, err, "held by ")
	assert.Zero(t, s.written())
	go unlock()
	s.run(s.file(s.person("Jane Doe")))
	assert.NotContains(t, s.files(), "resolutions.json.lock", "the name of the holder goes with the lock")
}

func testAnotherSourceInTheSameContainer(t *testing.T) {
	s := newScene(t)
	s.run(s.file(s.person("Jane Doe")))
	require.NoError(t, os.Remove(ledger.Path(s.cfg.ResolutionsFile))) // this import has one of its own
	max := s.person("Max Muster")
	r := s.run(s.fileOf(userfile.Head{Timestamp: s.stamp, Source: &schema.Source{Domain: "other.example", Scope: "x", Tool: "test"}}, max))
	assert.Equal(t, []string{"Max Muster"}, r.Report.Created)
	require.Len(t, r.Report.Unmanaged, 1)
	assert.Contains(t, r.Report.Unmanaged[0].Reason, "anchored for another source")
}

// An override that stays in a schedule must not work for ever.
func testOverridesWorkOnce(t *testing.T) {
	t.Run("--accept-file", func(t *testing.T) {
		s := newScene(t)
		older := s.file(s.person("Jane Doe"))
		newer := s.file(s.person("Jane Doe"), s.person("Max Muster"))
		forced := func(o *Options) { o.Accept = older.SHA256 }
		s.run(newer)
		s.run(older, forced)
		r := s.run(older, forced) // the file that was accepted last
		assert.Contains(t, r.Report.Notices, "--accept-file was not needed, and is not used up: nothing speaks against this file")
		s.run(newer)
		_, err := s.start(older, forced).Run(t.Context())
		require.ErrorAs(t, err, new(*Refusal))
		assert.ErrorContains(t, err, "export again, and check how files are carried across. This file was let through by --accept-file before, which works once")
	})
	t.Run("--accept-file and a session", func(t *testing.T) {
		s := newScene(t)
		s.with(`"max_age": "P1D"`)
		old := s.fileOf(userfile.Head{Timestamp: s.now.Add(-25 * time.Hour), Source: corp}, s.person("Jane Doe"))
		s.enable(s.desk(old, func(o *Options) { o.Accept = old.SHA256 }), "Jane Doe")
		_, err := s.start(old, func(o *Options) { o.Accept = old.SHA256 }).Run(t.Context())
		require.ErrorAs(t, err, new(*Refusal))
	})
	t.Run("--confirm-plan", func(t *testing.T) {
		s := newScene(t)
		s.staffed(s.person("Anna A"), s.person("Bert B"))
		file := s.file(s.person("Carl C"))
		stopped, err := s.start(file).Run(t.Context())
		require.NoError(t, err)
		require.NotNil(t, stopped.Report.Guard)
		confirm := func(o *Options) { o.Confirm = stopped.Plan.Digest }
		s.crashAt(1, false)
		func() {
			defer func() { require.Equal(t, killed{}, recover()) }()
			_, _ = s.start(file, confirm).Run(t.Context())
		}()
		s.mem.Fail(nil)
		other, err := s.start(file, func(o *Options) { o.Confirm = strings.Repeat("0", 64) }).Run(t.Context())
		require.NoError(t, err)
		assert.Contains(t, other.Report.Guard.Reason, "; --confirm-plan names another plan: it has changed since, and its digest is now "+stopped.Plan.Digest)
		s.run(file, confirm) // what was killed did not use it up
		assert.True(t, s.control("Anna A").Disabled())
		for _, cn := range []string{"Anna A", "Bert B"} { // someone undoes it
			s.set(s.account(cn), "userAccountControl", "512")
		}
		s.remove(s.account("Carl C"))
		again, err := s.start(file, confirm).Run(t.Context())
		require.NoError(t, err)
		require.Equal(t, stopped.Plan.Digest, again.Plan.Digest)
		require.NotNil(t, again.Report.Guard)
		assert.Contains(t, again.Report.Guard.WayOn, "confirming works once")
		assert.False(t, s.control("Anna A").Disabled())
	})
}
