package export_test

import (
	"bytes"
	"context"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/export"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/memad"
	"ad-user-sync/schema"
)

// controllers are tried in turn.
type controllers struct {
	*memad.Directory
	next []*memad.Directory
}

func (c *controllers) Failover(ctx context.Context) error {
	if len(c.next) == 0 {
		return c.Directory.Failover(ctx)
	}
	c.Directory, c.next = c.next[0], c.next[1:]
	return nil
}

func hire(t *testing.T, d *memad.Directory, name string) {
	base, err := ad.ParseDN("OU=People,DC=corp,DC=example")
	require.NoError(t, err)
	require.NoError(t, d.Add(t.Context(), base.Child("CN", name), []ad.Attribute{{Name: "objectClass", Values: ad.Values("user")}, {Name: "sAMAccountName", Values: ad.Values(name)}}))
}

// Who was made through one controller would be missing from the answer of another
// one that has not heard of it, and be disabled by the import.
func TestAControllerThatLagsGivesNoFile(t *testing.T) {
	dc1 := corp()
	dc2 := dc1.Twin("dc2")
	cfg := config(t, func(c *schema.ExportConfig) { c.SearchGroups, c.GroupPath = nil, "" })
	hire(t, dc1, "new")
	first, _ := exported(t, dc1, cfg)
	assert.Equal(t, "dc1.corp.example", first.Source.Controller)
	assert.Equal(t, "ad-user-sync test", first.Source.Tool)
	before, err := os.ReadFile(cfg.ExportFile)
	require.NoError(t, err)

	_, err = export.Run(t.Context(), dc2, cfg, export.Options{Tool: "t"})
	require.ErrorContains(t, err, "dc2.corp.example has not heard yet of all that dc1.corp.example knew when it gave the last file")
	after, err := os.ReadFile(cfg.ExportFile)
	require.NoError(t, err)
	assert.True(t, bytes.Equal(before, after), "the old file stays")

	var warned []string
	export.Check(t.Context(), dc2, cfg, func(s schema.CheckStep) {
		if s.Step == "controller" {
			warned = append(warned, s.Text)
		}
	})
	require.Len(t, warned, 1)

	file, result := exported(t, &controllers{dc2, []*memad.Directory{dc1}}, cfg)
	assert.Len(t, file.Users, len(first.Users))
	assert.Equal(t, "dc1.corp.example", file.Source.Controller)
	require.NotEmpty(t, result.Warnings)
	assert.Contains(t, result.Warnings[len(result.Warnings)-1], "another domain controller was taken: dc2.corp.example has not heard")

	dc2.HearFrom(dc1)
	file, _ = exported(t, dc2, cfg)
	assert.Equal(t, "dc2.corp.example", file.Source.Controller)
	assert.Len(t, file.Users, len(first.Users))
	require.NoError(t, os.WriteFile(cfg.ExportFile+".controller", []byte("{"), 0o600))
	_, err = export.Run(t.Context(), dc2, cfg, export.Options{Tool: "t"})
	require.ErrorContains(t, err, "if it is damaged, delete it")
	require.NoError(t, os.Remove(cfg.ExportFile+".controller"))
	exported(t, dc2, cfg)
}

func TestAControllerRestoredFromAnOldCopyGivesNoFile(t *testing.T) {
	dc1 := corp()
	old := dc1.Clone()
	cfg := config(t, nil)
	hire(t, dc1, "new")
	exported(t, dc1, cfg)
	dc1.GoBackTo(old)
	_, err := export.Run(t.Context(), dc1, cfg, export.Options{Tool: "t"})
	require.ErrorContains(t, err, "dc1.corp.example was restored from an old copy: it knows less than when it gave the last file")
}

// veiled shows no one what it has heard.
type veiled struct{ *memad.Directory }

func (v veiled) Search(ctx context.Context, s ad.Search, each func(ad.Entry) error) (ad.Summary, error) {
	for _, name := range s.Attributes {
		if name == "invocationId" {
			return ad.Summary{}, ad.ErrNotFound
		}
	}
	return v.Directory.Search(ctx, s, each)
}

func TestAControllerThatDoesNotTellWaitsADay(t *testing.T) {
	dc1 := corp()
	dc2 := dc1.Twin("dc2")
	cfg := config(t, nil)
	exported(t, veiled{dc1}, cfg)
	exported(t, veiled{dc1}, cfg)
	_, err := export.Run(t.Context(), veiled{dc2}, cfg, export.Options{Tool: "t"})
	require.ErrorContains(t, err, "it cannot be told whether dc2.corp.example knows as much as dc1.corp.example did")
	dc2.SetTime(clock.Add(25 * time.Hour))
	exported(t, veiled{dc2}, cfg)
}

// busy does not say which controller it is, from the n-th time that it is asked on.
type busy struct {
	*memad.Directory
	left *int
}

func (b busy) Search(ctx context.Context, s ad.Search, each func(ad.Entry) error) (ad.Summary, error) {
	if len(s.Attributes) == 1 && s.Attributes[0] == "invocationId" {
		if *b.left--; *b.left < 0 {
			return ad.Summary{}, &ad.Error{Doing: "read", Object: s.Base.String(), Kind: ad.ErrRefused, Code: 51}
		}
	}
	return b.Directory.Search(ctx, s, each)
}

// A controller that is busy when it is asked what it knows is not one that may not
// tell: a day later another one could give a file that lacks people.
func TestAControllerThatIsBusyDoesNotForgetWhatTheLastFileKnew(t *testing.T) {
	dc1 := corp()
	dc2 := dc1.Twin("dc2")
	cfg := config(t, nil)
	hire(t, dc1, "jane")
	once := 1
	exported(t, busy{dc1, &once}, cfg)
	dc2.SetTime(clock.Add(25 * time.Hour))
	_, err := export.Run(t.Context(), dc2, cfg, export.Options{Tool: "t"})
	require.ErrorContains(t, err, "dc2.corp.example has not heard yet of all that dc1.corp.example knew")
	never := 0
	_, err = export.Run(t.Context(), busy{dc2, &never}, cfg, export.Options{Tool: "t"})
	require.ErrorContains(t, err, "read which domain controller this is")
}
