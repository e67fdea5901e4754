package importer

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/ledger"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

// counting counts the searches of a run: what a controller is asked for, whatever
// the number of pages.
type counting struct {
	Directory
	searches []string
	paged    []ad.Search
}

func (c *counting) Search(ctx context.Context, search ad.Search, each func(ad.Entry) error) (ad.Summary, error) {
	c.searches = append(c.searches, fmt.Sprintf("%s %s", search.Base, search.Filter))
	if !search.AtOnce {
		c.paged = append(c.paged, search)
	}
	return c.Directory.Search(ctx, search, each)
}

// The directory is asked as often for twenty mapped groups, each nested in two levels,
// as for none, but for the groups themselves and a search a level.
func TestSearchesDoNotGrowWithTheMappedGroups(t *testing.T) {
	s := newScene(t)
	var groups []string
	for n := range 20 {
		name, above, top := fmt.Sprint("p-Many-", n), fmt.Sprint("p-Above-", n), fmt.Sprint("p-Top-", n)
		for _, cn := range []string{name, above, top} {
			s.add(s.group(cn), "group", map[string]string{"sAMAccountName": cn})
		}
		s.nest(name, s.group(above))
		s.nest(above, s.group(top))
		groups = append(groups, "t-"+name)
		s.cfg.GroupMap["t-"+name] = []string{name}
	}
	file := s.file(s.person("Jane Doe", in(groups...)), s.person("Max Muster", in(groups...)))
	s.run(file)
	counted := &counting{Directory: s.dir}
	s.dir = counted
	r := s.run(file)
	require.Empty(t, r.Plan.Actions)
	require.NotEmpty(t, s.members("p-Many-19"))
	assert.LessOrEqual(t, len(counted.searches), 12, "%q", counted.searches)
}

// Anchors are looked for in one search, however many people are new: those of the
// default anchor attribute as text, which has a beginning, and those of a binary one.
func TestAnchorsAreOneSearch(t *testing.T) {
	for _, attribute := range []string{"adminDescription", "mS-DS-ConsistencyGuid"} {
		t.Run(attribute, func(t *testing.T) {
			s := newScene(t)
			s.with(`"anchor_attribute": "` + attribute + `"`)
			s.run(s.file(s.person("Jane Doe")))
			outside := s.ou.Child("CN", "Jane Doe")
			require.NoError(t, s.admin.Rename(t.Context(), s.account("Jane Doe"), outside))
			require.NoError(t, os.Remove(ledger.Path(s.cfg.ResolutionsFile)))
			named := func(name string) func(*schema.User) { return func(u *schema.User) { u.SAMAccountName = name } }
			users := []schema.User{s.person("Jane Doe", named("other"))}
			for n := range 500 {
				users = append(users, s.person(fmt.Sprint("New ", n), named(fmt.Sprint("new", n))))
			}
			counted := &counting{Directory: s.dir}
			s.dir = counted
			r := s.run(s.file(users...))
			assert.Len(t, r.Report.Created, 500, "Jane has an account outside the container")
			looked := slices.DeleteFunc(counted.searches, func(search string) bool { return !strings.Contains(search, "("+attribute+"=") })
			assert.Len(t, looked, 1)
		})
	}
}

// Names are looked up in one answer: for pages, Samba looks for each object once more, by
// the names of all.
func TestNamesAreLookedUpWithoutPages(t *testing.T) {
	s := newScene(t)
	var users []schema.User
	for n := range 300 {
		users = append(users, s.person(fmt.Sprint("New ", n), func(u *schema.User) { u.SAMAccountName = fmt.Sprint("new", n) }))
	}
	counted := &counting{Directory: s.dir}
	s.dir = counted
	s.run(s.file(users...))
	looked := slices.ContainsFunc(counted.searches, func(search string) bool { return strings.Contains(search, "(sAMAccountName=") })
	require.True(t, looked)
	for _, search := range counted.paged {
		assert.NotContains(t, search.Filter, "(sAMAccountName=")
	}
}

// A session that begins with what the import has just read asks the directory for
// nothing but password policies; what is decided is read again.
func TestFirstLookIsWhatTheImportRead(t *testing.T) {
	s := newScene(t)
	file := s.file(s.person("Jane Doe"), s.person("Max Muster"))
	s.run(file)
	counted := &counting{Directory: s.dir}
	s.dir, s.desks = counted, counted
	im := s.start(file)
	result, err := im.Run(t.Context())
	require.NoError(t, err)
	d := im.NewDesk(s.desks, "op").After(result)
	counted.searches = nil
	first := s.look(d)
	assert.Len(t, counted.searches, 1, "%q", counted.searches)
	second := s.look(d)
	assert.Greater(t, len(counted.searches), 5)
	assert.Equal(t, first.Questions, second.Questions)
	assert.Equal(t, first.Plan, second.Plan)

	im = s.start(s.file(s.person("Jane Doe"), s.person("Max Muster"), s.person("Kim New")))
	result, err = im.Run(t.Context())
	require.NoError(t, err)
	counted.searches = nil
	s.look(im.NewDesk(s.desks, "op").After(result))
	assert.Greater(t, len(counted.searches), 5, "something was written since")
}

// An answer reads what a look reads, and the account that it changes; how often the
// directory is asked does not hang on how many people wait, nor on how many match found,
// but for one search more for some hundred names.
func TestAnAnswerAsksAsOftenForManyAsForFew(t *testing.T) {
	const most = 32
	asked := map[int]int{}
	for _, people := range []int{5, 60} {
		s := newScene(t)
		m := s.matching(`"employeeID", "mail", "sAMAccountName"`)
		for n := range people {
			m.who(n, has("mail", fmt.Sprintf("p%d@corp.example", n)))
			m.here(s.staff(), n, nil)
		}
		file := s.file(m.users...)
		s.run(file)
		counted := &counting{Directory: s.desks}
		s.desks = counted
		d := s.desk(file)
		questions := m.questions(t, d)
		require.Len(t, questions, people)
		counted.searches = nil
		require.Equal(t, plan.Done, s.decide(d, plan.Answer{ID: questions["P03 Person"].ID, Accept: true})[0].Outcome)
		asked[people] = len(counted.searches)
		assert.LessOrEqual(t, len(counted.searches), most, "%q", counted.searches)
		counted.searches = nil
		s.look(d)
		assert.LessOrEqual(t, len(counted.searches), most, "%q", counted.searches)
	}
	assert.InDelta(t, asked[5], asked[60], 1)
	t.Logf("searches of one answer: %d", asked[60])
}
