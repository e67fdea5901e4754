package importer

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/hmacfile"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

func testMACFirst(t *testing.T) {
	key := testKey(t)
	for body, says := range map[string]string{"not JSON": "is not valid", `{"users": []}`: "holds no users", `{"users": [{}]}`: "has no cn"} {
		var sealed strings.Builder
		w := hmacfile.NewSealer(&sealed, key)
		_, err := w.Write([]byte(body))
		require.NoError(t, err)
		require.NoError(t, w.Close())
		_, err = Open("users.json", []byte(sealed.String()), []hmacfile.Key{*key})
		require.ErrorContains(t, err, says)
		require.ErrorAs(t, err, new(*Refusal))
		_, err = Open("users.json", []byte(sealed.String()), []hmacfile.Key{*testKey(t)})
		require.ErrorAs(t, err, new(*Refusal))
		assert.NotContains(t, err.Error(), says, "nothing of it was parsed")
	}
}

func testFilesThatContradictThemselves(t *testing.T) {
	const (
		source   = `"source": {"domain": "corp.example", "scope": "1"}`
		complete = `"complete": {"users": 2, "searches": [{"base": "b", "filter": "f", "entries": 2, "referrals": 0}]}`
	)
	user := func(name, anchor string) string {
		if anchor != "" {
			anchor = fmt.Sprintf(`, "objectGUID": "6f9619ff-8b86-d011-b42d-%012s"`, anchor)
		}
		return fmt.Sprintf(`{"cn": "X", "sAMAccountName": %q%s}`, name, anchor)
	}
	users := func(list ...string) string { return `"users": [` + strings.Join(list, ", ") + `]` }
	for _, c := range []struct{ parts, says string }{
		{users(user("a", "1"), user("b", "1")) + ", " + source + ", " + complete, "has the same objectGUID"},
		{users(user("a", "1"), user("A", "2")) + ", " + source + ", " + complete, "has the same sAMAccountName"},
		{users(user("a", "1"), user("b", "")) + ", " + source + ", " + complete, "has no objectGUID, while others have one"},
		{users() + ", " + source + ", " + complete, "it holds no users"},
		{users(user("a", "1")) + ", " + source + ", " + complete, "complete states 2 users, there are 1"},
		{users(user("a", "1"), user("b", "2")) + ", " + source, "it was cut short"},
		{users(user("a", "1"), user("b", "2")) + ", " + complete, "does not name its source"},
		{users(user("a", "1"), user("b", "2")) + ", " + source + ", " + complete, "has no timestamp"},
	} {
		_, err := Open("users.json", []byte("{"+c.parts+"}"), nil)
		require.ErrorAs(t, err, new(*Refusal))
		assert.ErrorContains(t, err, c.says)
	}
	_, err := Open("users.json", []byte(`{"timestamp": "2026-11-22T08:15:30Z", `+users(user("a", "1"), user("b", "2"))+", "+source+", "+complete+"}"), nil)
	require.NoError(t, err)
	_, err = Open("users.json", []byte("{"+users(user("a", ""), user("A", ""))+"}"), nil)
	require.NoError(t, err, "in an older file that is a question")
}

func testAnchorAttributesThatAreUnfit(t *testing.T) {
	stages(t, func(t *testing.T, s *scene) {
		for name, says := range map[string]string{
			"otherTelephone": "users may write it themselves", "extensionName": "it takes several values", "secretary": "",
			"codePage": "it holds no text", "whenCreated": "system-only", "pwdLastSet": "",
		} {
			s.cfg.AnchorAttribute = name
			_, err := s.start(s.file(s.person("Jane Doe"))).Run(t.Context())
			require.ErrorIs(t, err, ErrConfiguration, name)
			assert.ErrorContains(t, err, says)
		}
		s.cfg.AnchorAttribute = "mS-DS-ConsistencyGuid"
		file := s.file(s.person("Jane Doe"))
		assert.Equal(t, []string{"Jane Doe"}, s.run(file).Report.Created)
		assert.Empty(t, s.run(file).Plan.Actions, "16 bytes")
	})
}

// torn ends every search of a base after some entries.
type torn struct {
	Directory
	base ad.DN
	n    int
}

func (d *torn) Search(ctx context.Context, search ad.Search, each func(ad.Entry) error) (ad.Summary, error) {
	if !search.Base.Equal(d.base) || search.Scope == ad.ScopeBase {
		return d.Directory.Search(ctx, search, each)
	}
	seen := 0
	return d.Directory.Search(ctx, search, func(e ad.Entry) error {
		if seen++; seen > d.n {
			return errors.New("the second page did not come")
		}
		return each(e)
	})
}

func testContainerReadInPart(t *testing.T) {
	s := newScene(t)
	s.staffed(s.person("Anna A"), s.person("Bert B"), s.person("Carl C"))
	written := s.written()
	for n := range 4 {
		dir := &torn{s.dir, s.managed(), n}
		_, err := s.start(s.file(s.person("Anna A"), s.person("Dora D")), func(o *Options) { o.Directory = dir }).Run(t.Context())
		require.ErrorContains(t, err, "the second page did not come")
		require.ErrorContains(t, err, "read the managed container")
	}
	assert.Equal(t, written, s.written())
}

// What the import may ask of a directory has no word for it.
func testNothingCanBeDeleted(t *testing.T) {
	var names []string
	for i := range reflect.TypeFor[Directory]().NumMethod() {
		names = append(names, reflect.TypeFor[Directory]().Method(i).Name)
	}
	assert.Equal(t, []string{"Add", "Domain", "Failover", "Modify", "Now", "Operations", "Rename", "Search"}, names)
}

var oddNames = []string{`Doe, Jane`, `a+b`, `say "x"`, `back\slash`, `less<more>`, `semi;colon`, `eq=ual`, `#first`, `star*(paren)`, `sl/ash`,
	`two  blanks`, `漢字 😀`, `Straße`, `Ünal, Çağ`, `O'Neil`, `a%b{c}`, `CN=fake,OU=Other`}

func testNamesOfEveryKind(t *testing.T) {
	stages(t, func(t *testing.T, s *scene) {
		s.with(`"attributes": {"displayName": {}, "manager": {}}, "limits": {"rename": {"count": null, "percent": null}}`)
		boss := s.anchor(oddNames[0])
		var people []schema.User
		for i, cn := range oddNames {
			p := s.person(cn, in("CN=t-Viewers"), has("manager", boss))
			p.SAMAccountName = s.name(fmt.Sprintf("odd%02d", i))
			people = append(people, p)
		}
		s.run(s.file(people...))
		assert.ElementsMatch(t, oddNames, s.members("p-Viewers"))
		assert.Empty(t, s.run(s.file(people...)).Plan.Actions)
		for i := range people { // everybody gets the name of the next
			people[i].CN = oddNames[(i+1)%len(oddNames)]
		}
		r := s.run(s.file(people...))
		assert.Len(t, r.Report.Renamed, len(oddNames))
		for i, p := range people {
			e := s.get(s.account(p.CN), "sAMAccountName")
			require.NotNil(t, e, p.CN)
			assert.Equal(t, people[i].SAMAccountName, e.Text("sAMAccountName"))
		}
		assert.Empty(t, s.run(s.file(people...)).Plan.Actions)
	})
}

func testDirectoryLostWhileAPersonThinks(t *testing.T) {
	s := newScene(t)
	d := s.desk(s.file(s.person("Jane Doe")))
	q := s.question(d, plan.Enable, "Jane Doe")
	s.mem.Fail(func(memOperation) error { return ad.ErrUnreachable })
	_, err := d.Decide(t.Context(), []plan.Answer{{ID: q.ID, Accept: true, Password: testPassword}}, func(plan.Result) {})
	require.ErrorIs(t, err, ad.ErrUnreachable)
	s.mem.Fail(nil)
	assert.True(t, s.control("Jane Doe").Disabled())
	s.enable(d, "Jane Doe")
}
