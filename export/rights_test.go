package export_test

import (
	"bytes"
	"context"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/export"
	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

// blind reads the domain without the right to one attribute.
type blind struct {
	export.Directory
	to string
}

func (b *blind) Search(ctx context.Context, s ad.Search, each func(ad.Entry) error) (ad.Summary, error) {
	if bytes.Contains([]byte(s.Filter), []byte("("+b.to+"=*)")) {
		s.Filter = ad.And(s.Filter, ad.Not(ad.Anything)) // matches no one
	}
	return b.Directory.Search(ctx, s, func(e ad.Entry) error {
		values := map[string][][]byte{}
		for _, name := range e.Names() {
			if name != string(bytes.ToLower([]byte(b.to))) {
				values[name] = e.Values(name)
			}
		}
		return each(ad.NewEntry(e.DN, values))
	})
}

func TestWhatNobodyMayReadIsNotBlanked(t *testing.T) {
	cfg := config(t, func(c *schema.ExportConfig) {
		c.Attributes = []string{"mail", "otherTelephone", "department"}
		c.Exclude = map[string][]string{"mail": {"*"}}
	})
	file, result := exported(t, &blind{corp(), "mail"}, cfg)
	for _, u := range file.Users {
		assert.NotContains(t, maps.Collect(u.Attributes.All()), "mail")
		assert.NotContains(t, maps.Collect(u.Attributes.All()), "department", "nobody has one")
		assert.Contains(t, maps.Collect(u.Attributes.All()), "otherTelephone")
	}
	require.Len(t, result.Warnings, 3)
	assert.Contains(t, result.Warnings[0], "attributes: mail is left out: no user has a value of it that ")
	assert.Contains(t, result.Warnings[1], "attributes: department is left out")
	assert.Contains(t, result.Warnings[2], "exclude: no user has a value of mail")
}

// partly may read everything in one place, and no mail in another.
type partly struct {
	export.Directory
	*blind
}

func (p partly) Domain() ad.Domain                          { return p.Directory.Domain() }
func (p partly) Now(ctx context.Context) (time.Time, error) { return p.Directory.Now(ctx) }
func (p partly) Search(ctx context.Context, s ad.Search, each func(ad.Entry) error) (ad.Summary, error) {
	if strings.HasPrefix(s.Base.String(), "OU=Lab,") {
		return p.blind.Search(ctx, s, each)
	}
	return p.Directory.Search(ctx, s, each)
}

func TestWhatMayNotBeReadInOnePlaceIsNotBlankedThere(t *testing.T) {
	d := corp()
	nina, err := d.Domain().Base.Join("CN=Nina Keller,OU=Lab,OU=People")
	require.NoError(t, err)
	d.Set(nina, map[string]string{"mail": "nina@corp.example"})
	d.AddOU("OU=Empty")
	cfg := config(t, func(c *schema.ExportConfig) {
		c.SearchGroups, c.Attributes = nil, []string{"mail", "otherTelephone"}
		c.Queries = []schema.Query{{Base: c.UserPath, Scope: "onelevel"}, {Base: "OU=Lab," + c.UserPath}, {Base: "OU=Empty,DC=corp,DC=example"}}
	})
	file, result := exported(t, partly{d, &blind{d, "mail"}}, cfg)
	assert.NotContains(t, maps.Collect(find(t, file, "ngroup").Attributes.All()), "mail")
	assert.Equal(t, []string{"jane@corp.example"}, find(t, file, "jdoe").Attributes.List("mail"))
	assert.Contains(t, maps.Collect(find(t, file, "boss").Attributes.All()), "mail", "null: has none")
	require.Len(t, result.Warnings, 3, "%v", result.Warnings)
	assert.Contains(t, result.Warnings[0], "attributes: mail is left out for all users of queries[2]: none of them has a value")
	assert.Contains(t, result.Warnings[1], "attributes: otherTelephone is left out for all users of queries[2]")
	assert.Contains(t, result.Warnings[2], "queries[3]: the search below OU=Empty,DC=corp,DC=example found no one")
}

func TestAnUnseenManagerIsLeftOutAndNotCleared(t *testing.T) {
	cfg := config(t, func(c *schema.ExportConfig) { c.Attributes = []string{"manager"} })
	file, result := exported(t, hiding{corp()}, cfg)
	assert.NotContains(t, maps.Collect(find(t, file, "jdoe").Attributes.All()), "manager")
	assert.Contains(t, maps.Collect(find(t, file, "boss").Attributes.All()), "manager", "null: has none")
	require.Len(t, result.Warnings, 1)
	assert.Contains(t, result.Warnings[0], "1 references to people")
}

func TestExcludeByNameAndByGroup(t *testing.T) {
	cfg := config(t, func(c *schema.ExportConfig) {
		c.SearchGroups = nil
		c.Exclude = map[string][]string{"distinguishedName": {"*,OU=Lab,*"}, "memberOf": {"CN=t-Viewers,*"}}
	})
	file, result := exported(t, corp(), cfg)
	assert.ElementsMatch(t, []string{"boss", "jmueller"}, accounts(file))
	assert.Empty(t, result.Warnings)
}

func TestReferencesWithoutBackLink(t *testing.T) {
	d := corp()
	jane, err := d.Domain().Base.Join(`CN=Doe\, Jane,OU=People`)
	require.NoError(t, err)
	d.Set(jane, map[string]string{"secretary": "CN=Nina Keller,OU=Lab,OU=People,DC=corp,DC=example"})
	cfg := config(t, func(c *schema.ExportConfig) {
		c.SearchGroups, c.Attributes = nil, []string{"secretary", "manager"}
	})
	file, result := exported(t, d, cfg)
	assert.Equal(t, []string{find(t, file, "ngroup").ObjectGUID}, find(t, file, "jdoe").Attributes.List("secretary"))
	assert.Equal(t, []string{find(t, file, "boss").ObjectGUID}, find(t, file, "jdoe").Attributes.List("manager"))
	assert.Empty(t, result.Warnings)
}

// hiding does not show who is a manager.
type hiding struct{ export.Directory }

func (h hiding) Search(ctx context.Context, s ad.Search, each func(ad.Entry) error) (ad.Summary, error) {
	if s.Filter == ad.Present("directReports") {
		return ad.Summary{}, nil
	}
	return h.Directory.Search(ctx, s, each)
}
