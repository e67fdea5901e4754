package ledger

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// Several imports that share a resolutions file look apart, and one that is started
// leaves the others their looks.
func TestLooksOfSeveralContainers(t *testing.T) {
	path := LooksPath(filepath.Join(t.TempDir(), "resolutions.json"))
	looks, err := LoadLooks(path)
	require.NoError(t, err)
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	look := Look{}.See(AcceptedFile{SHA256: "a"}, RunMark{Started: now}, &plan.Plan{Digest: strings.Repeat("d", 64)}, nil)
	looks.Containers[PlaceOf("OU=One, DC=x")], looks.Containers[PlaceOf("ou=two,dc=X")] = look, look
	require.NoError(t, looks.Save(path))
	looks, err = LoadLooks(path)
	require.NoError(t, err)
	assert.Equal(t, look, looks.Containers[PlaceOf("OU=one,DC=X")])
	require.NoError(t, looks.Forget(PlaceOf("OU=One,DC=x"), "", path))
	looks, err = LoadLooks(path)
	require.NoError(t, err)
	assert.Len(t, looks.Containers, 1)
	require.NoError(t, looks.Forget(PlaceOf("OU=Two,DC=x"), "", path))
	assert.NoFileExists(t, path)
	info, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	assert.Empty(t, info)
}

func TestLooksAreOver(t *testing.T) {
	first := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	o := schema.Observe{Until: "2026-12-01", Files: 2}
	for name, c := range map[string]struct {
		files []string
		since time.Time
		until string
		zone  schema.TimeZone
		now   time.Time
		over  bool
	}{
		"nothing yet":                   {now: first},
		"one file":                      {files: []string{"a"}, since: first, now: first},
		"all files":                     {files: []string{"a", "b"}, since: first, now: first, over: true},
		"on the last day":               {since: first, now: time.Date(2026, 12, 1, 23, 59, 0, 0, time.UTC)},
		"after it":                      {since: first, now: time.Date(2026, 12, 2, 0, 0, 0, 0, time.UTC), over: true},
		"after it, where people are":    {since: first, zone: "Asia/Tokyo", now: time.Date(2026, 12, 1, 15, 0, 0, 0, time.UTC), over: true},
		"14 days, put off":              {since: first, until: "2026-12-20", now: first.AddDate(0, 0, 14), over: true},
		"less than 14 days":             {since: first, until: "2026-12-20", now: first.AddDate(0, 0, 14).Add(-time.Second)},
		"no look, and the day was past": {until: "2026-11-01", now: first, over: true},
	} {
		t.Run(name, func(t *testing.T) {
			o := o
			if c.until != "" {
				o.Until = c.until
			}
			why, over := Look{Files: c.files, Since: c.since}.Over(o, c.zone, c.now)
			assert.Equal(t, c.over, over, why)
			assert.Equal(t, over, why != "")
		})
	}
}
