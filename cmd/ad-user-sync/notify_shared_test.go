package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/news"
	"ad-user-sync/internal/adtest/mailbox"
)

// Two configurations share a resolutions file: what one told is not over by a run of the
// other, and not told again.
func TestTwoContainersThatShareAFileTellOfThemselves(t *testing.T) {
	p := newPost(t, mailbox.Options{})
	p.directory.AddOU("OU=Other")
	_, said := p.run(0, "Jane Doe")
	assert.Contains(t, p.one(said).Subject, "a question waits")

	p.unit = "OU=Other"
	code, said := p.run(0, "-Max Muster")
	require.Equal(t, exitDone, code, said)
	assert.Empty(t, p.box.Take(), "nothing is well again for it: %s", said)

	p.unit = "OU=Managed"
	_, said = p.run(0, "Jane Doe")
	assert.Empty(t, p.box.Take(), "the same news once a day: %s", said)
	_, said = p.run(0, "-Jane Doe")
	assert.Contains(t, p.one(said).Subject, "all is well again")
}

// A file that comes for one container says nothing of another one.
func TestLeasesOfAnotherContainerAreNotSaved(t *testing.T) {
	const age = 20 * 24 * time.Hour
	p := newPost(t, mailbox.Options{})
	p.keys = `, "expect_every": "P1D", "max_age": "P15D"`
	p.directory.AddOU("OU=Other")
	p.unit = "OU=Other"
	code, said := p.run(0, "-Max Muster")
	require.Equal(t, exitDone, code, said)
	p.unit, p.keys = "OU=Managed", ""
	working(p)
	p.run(age, "Jane Doe") // and it is seen that the account works
	p.box.Take()
	require.NoError(t, os.Remove(filepath.Join(p.folder, "kept.told.json")))
	p.keys = `, "expect_every": "P1D", "max_age": "P15D"`
	code, said = p.run(age, "Jane Doe")
	require.Equal(t, exitRefused, code, said)
	subject := p.one(said).Subject
	assert.Contains(t, subject, "the user file was refused")
	assert.Contains(t, subject, "a newer user file is overdue")
	assert.Contains(t, subject, "accounts end from")
}

// A clock that was wrong once keeps no one from being told.
func TestAMomentOfTheFutureKeepsNoLetterBack(t *testing.T) {
	p := newPost(t, mailbox.Options{})
	p.notify = `, "weekly": true`
	p.run(0, "-Jane Doe")
	p.box.Take()
	p.later(-1000 * 24 * time.Hour)
	code, said := p.command("notify", "--failed", "ad-user-sync-import.service")
	require.Equal(t, exitDone, code, said)
	assert.Contains(t, p.one(said).Subject, "the service failed")
	_, said = p.again()
	assert.Contains(t, p.one(said).Subject, "all is well")
}

// What an earlier build wrote, of one import, counts.
func TestWhatWasToldBeforeCounts(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kept.told.json")
	require.NoError(t, os.WriteFile(path, []byte(`{"told": [{"kind": "limit", "digest": "ab", "at": "2026-11-28T00:00:00Z"}], "mailed": "2026-11-28T00:00:00Z", "looked": "2026-11-28T00:00:00Z"}`), 0o600))
	m, err := news.Recall(path, "ou=managed")
	require.NoError(t, err)
	assert.Len(t, m.Told, 1)
	require.NoError(t, m.Keep(path, "ou=managed"))
	m, err = news.Recall(path, "ou=other")
	require.NoError(t, err)
	assert.Empty(t, m.Told)
	require.NoError(t, news.Forget(path, "ou=managed"))
	assert.NoFileExists(t, path)
}
