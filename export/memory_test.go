package export_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/export"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/memad"
	"ad-user-sync/schema"
)

// crowd makes users while they are read and keeps none.
type crowd struct {
	export.Directory
	users int
}

func (c crowd) Search(ctx context.Context, s ad.Search, each func(ad.Entry) error) (ad.Summary, error) {
	if s.Scope != ad.ScopeSubtree || !strings.HasPrefix(string(s.Filter), "(&"+string(ad.People)) {
		return c.Directory.Search(ctx, s, func(e ad.Entry) error { // but for the members of groups
			values := map[string][][]byte{}
			for _, name := range e.Names() {
				if name != "member" {
					values[name] = e.Values(name)
				}
			}
			return each(ad.NewEntry(e.DN, values))
		})
	}
	for i := range c.users {
		var guid [16]byte
		binary.LittleEndian.PutUint64(guid[:], uint64(i+1))
		account := fmt.Sprintf("user%06d", i)
		if err := each(ad.NewEntry(s.Base.Child("CN", account), map[string][][]byte{
			"cn": ad.Values(account), "sAMAccountName": ad.Values(account), "userAccountControl": ad.Values("512"), "accountExpires": ad.Values("0"),
			"objectGUID": {guid[:]}, "memberOf": ad.Values("CN=t-Viewers,OU=Groups,DC=corp,DC=example"), "primaryGroupID": ad.Values("513"),
			"department": ad.Values(strings.Repeat("x", 1000)),
		})); err != nil {
			return ad.Summary{}, err
		}
	}
	return ad.Summary{Entries: c.users}, nil
}

// Each user has more than 1,000 bytes; nothing is kept of one where there is one
// query.
func TestMemoryDoesNotGrowWithTheUsers(t *testing.T) {
	const first, last, perUser = 1_000, 50_000, 8
	cfg := config(t, func(c *schema.ExportConfig) { c.Attributes = []string{"department"} })
	var before, after uint64
	result, err := export.Run(t.Context(), crowd{corp(), last}, cfg, export.Options{Tool: "t", Progress: func(users int) {
		switch users {
		case first:
			before = liveHeap()
		case last:
			after = liveHeap()
		}
	}})
	require.NoError(t, err)
	assert.Equal(t, last, result.Users)
	assert.Less(t, int64(after)-int64(before), int64((last-first)*perUser))
	t.Logf("%d bytes a user", (int64(after)-int64(before))/(last-first))
}

func liveHeap() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

func TestManyUsersFromADirectory(t *testing.T) {
	const many = 5_000
	d := corp()
	for i := range many {
		d.AddUser(memad.User{Parent: "OU=Many", AccountName: fmt.Sprintf("user%04d", i), Attributes: map[string]string{"mail": fmt.Sprintf("u%d@corp.example", i)}})
	}
	cfg := config(t, func(c *schema.ExportConfig) {
		c.UserPath, c.SearchGroups, c.Attributes = "OU=Many,DC=corp,DC=example", nil, []string{"mail"}
	})
	file, _ := exported(t, d, cfg)
	assert.Len(t, file.Users, many)
}
