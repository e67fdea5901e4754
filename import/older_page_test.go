package importer

import (
	"flag"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// page is one that was opened before, and all that goes on meanwhile.
type page struct {
	*scene
	jane   *schema.User // nil: not in the file
	rest   []schema.User
	other  *schema.Source // the file's, where it is another one
	newest *Input
	listed map[adrules.SID]bool // by any configuration

	kind    plan.Kind
	answer  plan.Answer
	q       plan.Question
	desk    *Desk
	subject adrules.GUID // account that the question is about; zero where there is none
}

const olderPageConfig = `"restricted_groups": ["p-Admins", "p-Board"], "attributes": {"displayName": {}, "mail": {}}, "limits": {"disable": null, "leave": null, "rename": null, "join": null}`

func newPage(t *testing.T) *page {
	p := &page{scene: newScene(t), listed: map[adrules.SID]bool{}}
	p.add(p.group("p-Board"), "group", map[string]string{"sAMAccountName": "p-Board"})
	p.add(p.ou.Child("OU", "Managed Too"), "organizationalUnit", nil)
	p.with(olderPageConfig)
	for _, name := range []string{"p-Admins", "p-Board"} {
		p.listed[p.get(p.group(name), "objectSid").SID()] = true
	}
	for _, cn := range []string{"Max Muster", "Anna A", "Bert B", "Carl C"} {
		p.rest = append(p.rest, p.person(cn))
	}
	return p
}

// export is the next file of the source.
func (p *page) export() *Input {
	users := slices.Clone(p.rest)
	if p.jane != nil {
		users = append(users, *p.jane)
	}
	p.newest = p.file(users...)
	if p.other != nil {
		p.newest.File.Source = p.other
	}
	return p.newest
}

// employed is Jane, whose account works.
func (p *page) employed(change ...func(*schema.User)) {
	jane := p.person("Jane Doe", append([]func(*schema.User){has("mail", "jane@corp.example")}, change...)...)
	p.jane = &jane
	p.staffed(append(slices.Clone(p.rest), jane)...)
}

// arriving is Jane, who is new in the file.
func (p *page) arriving(change ...func(*schema.User)) {
	jane := p.person("Jane Doe", append([]func(*schema.User){has("mail", "jane@corp.example")}, change...)...)
	p.staffed(p.rest...)
	p.jane = &jane
}

// open shows the page.
func (p *page) open() {
	p.desk = p.scene.desk(p.export(), func(o *Options) {
		o.Reopen = func() (*Input, error) { return p.newest, nil }
		o.Reload = func() (*schema.ImportConfig, error) { return p.cfg, nil }
	})
	p.q = p.question(p.desk, p.kind, "Jane Doe")
	p.answer.ID = p.q.ID
	if p.subject = p.q.Person.GUID; p.q.Holder != nil {
		p.subject = p.q.Holder.GUID
	}
}

// colleague is another approver, who has the newest file and configuration.
func (p *page) colleague() *Desk { return p.start(p.newest).NewDesk(p.desks, `PLANT\anna`) }

// imported is a run of the schedule. It may be refused, or fail.
func (p *page) imported() { _, _ = p.start(p.newest).Run(p.t.Context()) }

// dn is where the account is now.
func (p *page) dn() ad.DN {
	return p.take(nil).accounts[p.subject].dn
}

// TestAnOlderPageDoesOnlyWhatItShowed opens a page, lets something change, and answers
// what the page asked. Of all combinations a part is run; each has a name, and all are
// run by -run 'TestAnOlderPage/.'.
func TestAnOlderPageDoesOnlyWhatItShowed(t *testing.T) {
	every := strings.Contains(flag.Lookup("test.run").Value.String(), "/")
	for i, kind := range slices.Sorted(maps.Keys(pages)) {
		for j, change := range slices.Sorted(maps.Keys(meanwhile)) {
			for n, when := range []string{"at once", "after an import"} {
				always := change == "nothing" || decisive[kind+"/"+change]
				if every || always && n == 1 || (i+j)%len(pages) == 0 && (i+j/len(pages))%2 == n {
					t.Run(kind+"/"+change+"/"+when, func(t *testing.T) { answerLater(t, kind, change, n == 1) })
				}
			}
		}
	}
}

// decisive are combinations that once did more than was shown.
var decisive = map[string]bool{
	"adopt, both names/account has another UPN":                               true,
	"adopt, made anew/account is in a group not mapped":                       true,
	"adopt, one name alike/account has another name":                          true,
	"adopt, one name alike/account is in a listed group":                      true,
	"adopt, same mail/account is in another listed one":                       true,
	"adopt, anchored by nobody knows whom/file: called John":                  true,
	"adopt, anchored outside/account gave its name to another":                true,
	"create, seen nowhere/configuration: more listed":                         true,
	"enable, disabled by others/account ends tomorrow":                        true,
	"enable, disabled by others/colleague: accepts, and it is undone":         true,
	"enable, ended by others/configuration: more listed":                      true,
	"enable, new/account has ended":                                           true,
	"enable, returned, with the password it has/account has another password": true,
	"enable, taken over/account never ends":                                   true,
	"join, listed/configuration: groups elsewhere":                            true,
	"join, listed/file: swaps names with Max":                                 true,
	"join, nested in a listed one/group p-Admins in p-Board":                  true,
	"join, nested in a listed one/group p-Viewers in p-Board":                 true,
	"join, privileged/colleague: gives the account to another":                true,
	"name, another one/file: called John":                                     true,
}

func answerLater(t *testing.T, kind, change string, after bool) {
	p := newPage(t)
	pages[kind](p)
	p.open()
	shown := p.take(p.listed)
	p.later(time.Hour)
	if c := meanwhile[change]; !c.ofAccount || !p.subject.IsZero() {
		c.happens(p)
	}
	if p.export(); after {
		p.imported()
	}
	before, usn, told := p.take(p.listed), p.mem.HighestUSN(), p.desk.Report()
	results, err := p.desk.Decide(t.Context(), []plan.Answer{p.answer}, func(plan.Result) {})
	done := err == nil && results[0].Outcome == plan.Done
	v := verdictOn{q: p.q, answer: p.answer, shown: shown, before: before, after: p.take(p.listed), done: done, settled: after}
	assert.Empty(t, v.judge())
	if err == nil && !done {
		assert.NotEmpty(t, results[0].Problem)
	}
	if !done {
		assert.Equal(t, usn, p.mem.HighestUSN(), "nothing is written: %v %v", results, err)
		r := p.desk.Report()
		assert.Equal(t, [][]string{told.Enabled, told.Disabled, told.Created}, [][]string{r.Enabled, r.Disabled, r.Created})
		assert.Equal(t, told.Joined, r.Joined)
	}
	switch r := p.desk.Report(); {
	case done && p.q.Kind == plan.Enable:
		assert.Contains(t, r.Enabled, p.q.Person.CN)
	case done && p.q.Kind == plan.Join:
		assert.Len(t, r.Joined, len(told.Joined)+1)
	}
	if change == "nothing" {
		require.True(t, done, "%v %v", results, err)
	}
}
