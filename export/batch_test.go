package export_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/export"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/memad"
	"ad-user-sync/schema"
)

// watched tells which searches there were, and does something before each.
type watched struct {
	export.Directory
	searches []ad.Search
	before   func(ad.Search)
}

func (w *watched) Search(ctx context.Context, s ad.Search, each func(ad.Entry) error) (ad.Summary, error) {
	w.searches = append(w.searches, s)
	if w.before != nil {
		w.before(s)
	}
	return w.Directory.Search(ctx, s, each)
}

func (w *watched) count(about func(ad.Search) bool) (n int) {
	for _, s := range w.searches {
		if about(s) {
			n++
		}
	}
	return n
}

func probes(s ad.Search) bool { return s.PageSize == 1 }

// secondLook is for the access lists of some.
func secondLook(s ad.Search) bool { return strings.Contains(string(s.Filter), "(objectGUID=") }

func listsOfAll(s ad.Search) bool {
	return strings.Contains(string(s.Filter), string(ad.People)) && !strings.Contains(string(s.Filter), "(!(primaryGroupID=*))") && slices.Contains(s.Attributes, "nTSecurityDescriptor")
}

// many has more people than are held back: all with a title, the first with a
// department, the last with a mail address, none with a company.
func many(t *testing.T) (*memad.Directory, *schema.ExportConfig) {
	t.Helper()
	d := memad.New("corp.example", memad.At(clock))
	const users = 2100
	for i := range users {
		attributes := map[string]string{"title": "Engineer"}
		switch i {
		case 0:
			attributes["department"] = "IT"
		case users - 1:
			attributes["mail"] = "last@corp.example"
		}
		d.AddUser(memad.User{Parent: "OU=People", AccountName: fmt.Sprintf("user%04d", i), Attributes: attributes})
	}
	return d, config(t, func(c *schema.ExportConfig) {
		c.SearchGroups, c.Attributes = nil, []string{"title", "department", "mail", "company"}
	})
}

func TestOnlyWhatNoneOfTheFirstUsersHasIsAskedFor(t *testing.T) {
	d, cfg := many(t)
	w := &watched{Directory: d}
	file, result := exported(t, w, cfg)
	assert.Equal(t, 2, w.count(probes), "mail and company")
	require.Len(t, file.Users, 2100)
	for _, u := range file.Users {
		assert.Len(t, maps.Collect(u.Attributes.All()), 3, "null where there is no value")
		assert.NotContains(t, maps.Collect(u.Attributes.All()), "company")
	}
	assert.Equal(t, []string{"last@corp.example"}, find(t, file, "user2099").Attributes.List("mail"))
	require.Len(t, result.Warnings, 1)
	assert.Contains(t, result.Warnings[0], "attributes: company is left out: no user has a value of it")

	file, result = exported(t, &blind{d, "mail"}, cfg)
	assert.Len(t, maps.Collect(file.Users[0].Attributes.All()), 2)
	assert.Len(t, result.Warnings, 2)
}

func TestNothingIsAskedForWhereAllUsersAreSeenAtOnce(t *testing.T) {
	cfg := config(t, func(c *schema.ExportConfig) { c.Attributes = []string{"mail", "company"} })
	w := &watched{Directory: corp()}
	_, result := exported(t, w, cfg)
	assert.Zero(t, w.count(probes))
	require.Len(t, result.Warnings, 1)
	assert.Contains(t, result.Warnings[0], "company is left out")
	_, err := export.Preview(t.Context(), w, cfg)
	require.NoError(t, err)
	assert.Zero(t, w.count(probes))
}

// What people outside the search groups have says nothing of those who go.
func TestAPreviewLooksAtWhomTheExportFinds(t *testing.T) {
	d := corp()
	d.Set(dnOf(t, d, "CN=Jürgen Müller,OU=People"), map[string]string{"company": "Corp"})
	cfg := config(t, func(c *schema.ExportConfig) { c.Attributes = []string{"mail", "company"} })
	_, result := exported(t, d, cfg)
	preview, err := export.Preview(t.Context(), d, cfg)
	require.NoError(t, err)
	require.Len(t, result.Warnings, 1)
	assert.Equal(t, result.Warnings, preview.Warnings)
}

func dnOf(t *testing.T, d *memad.Directory, relative string) ad.DN {
	t.Helper()
	dn, err := d.Domain().Base.Join(relative)
	require.NoError(t, err)
	return dn
}

func TestAccessListsOfThoseAloneWhoLackAValue(t *testing.T) {
	d, cfg := many(t)
	cfg.Attributes = []string{"title"}
	w := &watched{Directory: d}
	exported(t, w, cfg)
	assert.Zero(t, w.count(listsOfAll))
	assert.Zero(t, w.count(secondLook), "everybody has one")

	d.Set(dnOf(t, d, "CN=user0007,OU=People"), map[string]string{"title": ""})
	secret := &denied{Directory: d, t: t, by: map[string][]string{"CN=user1500,OU=People": {"title"}}}
	w = &watched{Directory: secret}
	file, result := exported(t, w, cfg)
	assert.Zero(t, w.count(listsOfAll))
	assert.Equal(t, 2, w.count(secondLook), "in two of three batches")
	assert.Zero(t, w.count(func(s ad.Search) bool { return secondLook(s) && !s.AtOnce }))
	assert.True(t, carries(find(t, file, "user0007"), "title"), "null: may be read, and has none")
	assert.False(t, carries(find(t, file, "user1500"), "title"), "not null, which would clear it")
	require.Len(t, result.Warnings, 1)
	assert.Contains(t, result.Warnings[0], "attributes: title is left out of 1 of the users")
}

func TestTheSecondLookCounts(t *testing.T) {
	d := corp()
	cfg := config(t, func(c *schema.ExportConfig) { c.Attributes = []string{"mail", "manager"} })
	first := func(what func()) func(ad.Search) {
		return func(s ad.Search) {
			if secondLook(s) {
				what()
			}
		}
	}
	boss := dnOf(t, d, "CN=Ada Okonkwo,OU=People")
	w := &watched{Directory: d, before: first(func() { d.Set(boss, map[string]string{"mail": "ada@corp.example"}) })}
	file, _ := exported(t, w, cfg)
	assert.Equal(t, []string{"ada@corp.example"}, find(t, file, "boss").Attributes.List("mail"))
	assert.Equal(t, []string{"jane@corp.example"}, find(t, file, "jdoe").Attributes.List("mail"))

	w.before = first(func() { _ = d.Delete(boss) })
	file, result := exported(t, w, cfg)
	assert.NotContains(t, maps.Collect(find(t, file, "boss").Attributes.All()), "manager", "who is gone is not known to have none")
	assert.NotEmpty(t, result.Warnings)
}

func TestWhatSelectsIsReadWithTheAccessList(t *testing.T) {
	var groups []string
	d := corp()
	for i := range 51 {
		d.AddGroup(fmt.Sprintf("CN=g%02d,OU=Groups", i))
		groups = append(groups, fmt.Sprintf("CN=g%02d", i))
	}
	for name, change := range map[string]func(*schema.ExportConfig){
		"exclude":              func(c *schema.ExportConfig) { c.Exclude = map[string][]string{"sAMAccountName": {"adm-*"}} },
		"a filter":             func(c *schema.ExportConfig) { c.Queries = []schema.Query{{Base: c.UserPath, Filter: "(!(title=x))"}} },
		"more groups than fit": func(c *schema.ExportConfig) { c.SearchGroups = append(c.SearchGroups, groups...) },
	} {
		w := &watched{Directory: d}
		cfg := config(t, change)
		cfg.Attributes = []string{"mail"}
		exported(t, w, cfg)
		assert.NotZero(t, w.count(listsOfAll), name)
		assert.Zero(t, w.count(secondLook), name)
	}
}
