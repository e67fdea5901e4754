package importer

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/ledger"
)

// observing only looks from here on, at so many files, for some days.
func (s *scene) observing(files, days int, more string) {
	s.with(fmt.Sprintf(`"restricted_groups": ["p-Admins"], "observe": {"until": %q, "files": %d}%s`, s.now.AddDate(0, 0, days).Format(time.DateOnly), files, more))
}

func (s *scene) looks() string { return filepath.Base(ledger.LooksPath(s.cfg.ResolutionsFile)) }

func starting(digest string) func(*Options) { return func(o *Options) { o.Start = digest } }

// look runs an import that must not write.
func (s *scene) onlyLook(in *Input, change ...func(*Options)) (*Result, error) {
	s.t.Helper()
	before, kept, written := s.usn(), s.files(), s.written()
	if s.mem != nil {
		s.mem.Fail(func(op memOperation) error {
			if op.Write > 0 {
				s.t.Errorf("%s %s", op.Kind, op.DN)
			}
			return nil
		})
		defer s.mem.Fail(nil)
	}
	result, err := s.start(in, change...).Run(s.t.Context())
	assert.Equal(s.t, before, s.usn())
	assert.Equal(s.t, written, s.written(), "writes that were sent")
	after := s.files()
	delete(after, s.looks())
	delete(kept, s.looks())
	assert.Equal(s.t, kept, after, "neither ledger nor answers")
	return result, err
}

func testAnImportLooksBeforeItBegins(t *testing.T) {
	stages(t, func(t *testing.T, s *scene) {
		jane, max := s.person("Jane Doe", in("CN=t-Viewers", "CN=t-Admins")), s.person("Max Muster", in("CN=t-Viewers"))
		s.user(s.account("Max Muster"), "max.muster", nil)
		s.user(s.account("By Hand"), "by.hand", nil)
		s.observing(3, 13, "")
		first := s.file(jane, max)
		r, err := s.onlyLook(first)
		require.NoError(t, err)
		assert.Contains(t, r.Report.Created, "Jane Doe")
		require.NotNil(t, r.Report.Observed)
		assert.Equal(t, 1, r.Report.Observed.Files)
		assert.Equal(t, r.Plan.Digest, r.Report.Observed.Plan)
		assert.NotEmpty(t, r.Report.RequiredInteractions)
		r, err = s.onlyLook(first)
		require.NoError(t, err)
		assert.Equal(t, 1, r.Report.Observed.Files, "the same file counts once")

		s.stamp = s.stamp.Add(time.Minute)
		second := s.file(jane, max, s.person("Nora New"))
		r, err = s.onlyLook(second)
		require.NoError(t, err)
		assert.Equal(t, 2, r.Report.Observed.Files)
		digest := r.Plan.Digest

		dry, err := s.onlyLook(second, func(o *Options) { o.DryRun = true })
		require.NoError(t, err)
		assert.Equal(t, digest, dry.Plan.Digest)

		_, err = s.onlyLook(first)
		assert.ErrorContains(t, err, "the file is older", "what was looked at counts as accepted")

		begun := s.run(second, starting(strings.ToUpper(digest)))
		assert.Nil(t, begun.Report.Observed)
		assert.Equal(t, digest, begun.Plan.Digest)
		assert.True(t, s.control("Jane Doe").Disabled())
		assert.NotContains(t, s.files()[s.looks()], "does", "only that it was started")

		again := s.run(second)
		assert.Nil(t, again.Report.Observed)
		assert.Contains(t, strings.Join(again.Report.Notices, "\n"), "observe is over since a person started this import")
		_, err = s.start(second, starting(digest)).Run(t.Context())
		assert.ErrorIs(t, err, ErrConfiguration)
		s.observing(4, 13, "")
		_, err = s.onlyLook(second)
		require.ErrorIs(t, err, ErrConfiguration)
		assert.ErrorContains(t, err, "observe is for an import that has not begun")
	})
}

// Each way of a look to end, by how the real one would have ended.
func testALookEndsAsTheRealOne(t *testing.T) {
	for name, c := range map[string]struct {
		before func(s *scene)
		file   func(s *scene) *Input
		ends   string
	}{
		"a file that is too old": {file: func(s *scene) *Input { s.stamp = s.now.AddDate(0, -2, 0); return s.file(s.person("Jane Doe")) }, ends: "max_age"},
		"of another source": {before: func(s *scene) { _, _ = s.onlyLook(s.file(s.person("Jane Doe"))) },
			file: func(s *scene) *Input {
				s.stamp = s.stamp.Add(time.Minute)
				f := s.file(s.person("Jane Doe"))
				f.File.Source.Domain, f.SHA256 = "other.example", "00"
				return f
			}, ends: "files were accepted from corp.example"},
		"a lost ledger": {before: func(s *scene) {
			s.user(s.account("Old Doe"), "old.doe", map[string]string{"adminDescription": "ad-user-sync:6f9619ff-8b86-d011-b42d-00cf4fc964aa@corp.example"})
		}, ends: "is lost, while these accounts carry an anchor: Old Doe"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			s.observing(5, 13, "")
			if c.before != nil {
				c.before(s)
			}
			file := s.file(s.person("Jane Doe"))
			if c.file != nil {
				file = c.file(s)
			}
			r, err := s.onlyLook(file)
			require.ErrorContains(t, err, c.ends)
			assert.Nil(t, r)
		})
	}
}

func testLookingIsOver(t *testing.T) {
	for name, c := range map[string]struct {
		files, days int
		until       func(s *scene)
		why         string
	}{
		"after so many files": {files: 2, days: 13, until: func(s *scene) {
			s.later(time.Hour)
			_, err := s.onlyLook(s.file(s.person("Jane Doe")))
			require.NoError(s.t, err)
		}, why: "2 user files were looked at"},
		"after the last day": {files: 5, days: 2, until: func(s *scene) { s.later(72 * time.Hour) }, why: "the last day was 2026-11-24"},
		"after 14 days, whatever the configuration says": {files: 5, days: 2, until: func(s *scene) {
			s.later(14 * 24 * time.Hour)
			s.observing(5, 10, "")
		}, why: "14 days are over since the first look"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			s.observing(c.files, c.days, "")
			first, err := s.onlyLook(s.file(s.person("Jane Doe")))
			require.NoError(t, err)
			c.until(s)
			file := s.file(s.person("Jane Doe"))
			for range 2 {
				im := s.start(file)
				_, err = im.Run(t.Context())
				var waits *NotStarted
				require.ErrorAs(t, err, &waits)
				assert.Contains(t, waits.Reason, c.why)
				assert.Contains(t, waits.WayOn, "import --start ")
				report := im.Unwritten(err)
				assert.Equal(t, GuardObserve, report.Guard.Name)
				assert.True(t, report.Observed.Over)
			}
			_, err = s.onlyLook(file, starting(first.Plan.Digest))
			require.NoError(t, err, "it says what changed, and writes nothing")
			r := s.run(file, starting(s.dry(file).Plan.Digest))
			assert.Equal(t, []string{"Jane Doe"}, r.Report.Created)
		})
	}
}

func (s *scene) dry(in *Input) *Result {
	s.t.Helper()
	r, err := s.onlyLook(in, func(o *Options) { o.DryRun = true })
	require.NoError(s.t, err)
	return r
}

// What was looked at is no more than that: lost, edited or not to be written, it lets
// nothing begin.
func testTheMemoryOfLooksLetsNothingBegin(t *testing.T) {
	for name, c := range map[string]struct {
		meddle func(s *scene, path string)
		err    string
		count  int
	}{
		"lost":      {meddle: func(s *scene, path string) { require.NoError(s.t, os.Remove(path)) }, count: 1},
		"emptied":   {meddle: func(s *scene, path string) { write(s, path, "") }, count: 1},
		"damaged":   {meddle: func(s *scene, path string) { write(s, path, `{"version": 1, "containers": {"`) }, count: 1},
		"of later":  {meddle: func(s *scene, path string) { write(s, path, `{"version": 7, "started": true}`) }, count: 1},
		"no one's":  {meddle: func(s *scene, path string) { write(s, path, `{"version": 1, "containers": null}`) }, count: 1},
		"of future": {meddle: func(s *scene, path string) { replace(s, path, `"2026-11-22T`, `"2036-11-22T`) }, err: "the file is older"},
		"said to be started": {meddle: func(s *scene, path string) {
			replace(s, path, `"since"`, `"started": {"at": "2026-11-22T09:00:00Z", "plan": "x", "observe": {"until": "2026-12-05", "files": 5}}, "since"`)
		}, count: 2},
		"not to be written": {meddle: func(s *scene, path string) {
			require.NoError(s.t, os.Remove(path))
			require.NoError(s.t, os.MkdirAll(filepath.Join(path, "x"), 0o700))
		}, err: "keep what was looked at"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			s.observing(5, 13, "")
			_, err := s.onlyLook(s.file(s.person("Jane Doe")))
			require.NoError(t, err)
			s.later(time.Hour)
			c.meddle(s, ledger.LooksPath(s.cfg.ResolutionsFile))
			r, err := s.start(s.file(s.person("Jane Doe"), s.person("Nora New"))).Run(t.Context())
			assert.Zero(t, s.written())
			assert.NoFileExists(t, ledger.Path(s.cfg.ResolutionsFile))
			if c.err != "" {
				require.ErrorContains(t, err, c.err)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, c.count, r.Report.Observed.Files)
		})
	}
}

func write(s *scene, path, text string) {
	require.NoError(s.t, os.WriteFile(path, []byte(text), 0o600))
}

func replace(s *scene, path, old, with string) {
	data, err := os.ReadFile(path)
	require.NoError(s.t, err)
	require.Contains(s.t, string(data), old)
	write(s, path, strings.ReplaceAll(string(data), old, with))
}

// Who takes observe out of the configuration has not started the import.
func testWithoutObserveNothingBeginsByItself(t *testing.T) {
	s := newScene(t)
	s.observing(5, 13, "")
	file := s.file(s.person("Jane Doe"))
	r, err := s.onlyLook(file)
	require.NoError(t, err)
	s.with("")
	_, err = s.onlyLook(file)
	require.ErrorIs(t, err, ErrConfiguration)
	require.ErrorContains(t, err, "has only looked so far")
	write(s, ledger.LooksPath(s.cfg.ResolutionsFile), "{")
	_, err = s.onlyLook(file)
	require.ErrorIs(t, err, ErrConfiguration)
	s.run(file, starting(r.Plan.Digest))
	again := s.run(file)
	assert.NotContains(t, fmt.Sprint(again.Report.Notices), "observe")
}

func TestObserveWithinFourteenDays(t *testing.T) {
	s := newScene(t)
	s.observing(5, 15, "")
	_, err := s.onlyLook(s.file(s.person("Jane Doe")))
	require.ErrorIs(t, err, ErrConfiguration)
	assert.ErrorContains(t, err, "more than 14 days away")
}

// A limit stops a look, and a start, as it stops any run; the looks go on.
// A start that is killed has begun, or has not: the next run goes on, or looks.
// A start whose ledger cannot be written has not begun.
func TestTwoLooksAtOnce(t *testing.T) {
	s := newScene(t)
	s.observing(5, 13, "")
	file := s.file(s.person("Jane Doe"))
	first := s.start(file)
	unlock, err := first.lock(t.Context())
	require.NoError(t, err)
	defer unlock()
	second := s.start(file)
	second.lockWait = 10 * time.Millisecond
	_, err = second.Run(t.Context())
	require.Error(t, err)
	assert.NotContains(t, s.files(), s.looks())
}

// Whoever left observe in the configuration, loses the ledger, and what is beside it, is
// told by what the directory shows.
func TestLookingIsOverWhereTheLedgerIsLost(t *testing.T) {
	s := newScene(t)
	s.observing(5, 3, "")
	file := s.file(s.person("Jane Doe"))
	s.run(file, starting(s.dry(file).Plan.Digest))
	require.NoError(t, os.Remove(ledger.Path(s.cfg.ResolutionsFile)))
	require.NoError(t, os.Remove(ledger.LooksPath(s.cfg.ResolutionsFile)))
	_, err := s.onlyLook(file)
	assert.ErrorContains(t, err, "is lost, while these accounts carry an anchor: Jane Doe")
	s.later(5 * 24 * time.Hour)
	_, err = s.onlyLook(file)
	assert.ErrorContains(t, err, "neither a look nor the ledger")
}
