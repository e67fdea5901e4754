package importer

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// installation is what the older tool left behind: accounts with a prefix or
// without, no anchors, and UPNs of another form.
func installation(s *scene, prefix string) []schema.User {
	lease := fmt.Sprint(adrules.FileTime(s.now.AddDate(0, 0, 20)))
	var people []schema.User
	for i := range 30 {
		u := s.person(fmt.Sprintf("p%02d Person", i), in("CN=t-Viewers"))
		dn := s.account(prefix + u.CN)
		account := strings.TrimSuffix(u.SAMAccountName, s.suffix)
		s.user(dn, account, map[string]string{"displayName": u.CN, "accountExpires": lease,
			"userPrincipalName": fmt.Sprintf("%s.old@plant.example", u.SAMAccountName)})
		s.join("p-Viewers", dn)
		people = append(people, u)
	}
	return people
}

// olderForms are the headers a file of the older tool may have.
var olderForms = map[string]string{
	"without zone": `"timestamp": %q, `,
	"undated":      ``,
}

func (s *scene) olderFile(form string, users []schema.User) *Input {
	s.t.Helper()
	if strings.Contains(form, "%q") {
		s.stamp = s.stamp.Add(time.Minute)
		form = fmt.Sprintf(form, s.stamp.Format("2006-01-02T15:04:05.000000"))
	}
	var list []string
	for _, u := range users {
		groups := ""
		if len(u.MemberOf) > 0 {
			groups = `"` + strings.Join(u.MemberOf, `", "`) + `"`
		}
		list = append(list, fmt.Sprintf(`{"cn": %q, "sAMAccountName": %q, "disabled": %v, "accountExpires": null, "memberOf": [%s], "displayName": %q}`,
			u.CN, u.SAMAccountName, u.Disabled, groups, u.CN))
	}
	in, err := Open("users.json", []byte(`{`+form+`"users": [`+strings.Join(list, ", ")+`]}`), nil)
	require.NoError(s.t, err)
	return in
}

func TestDropInForTheOlderTool(t *testing.T) {
	for _, prefix := range []string{"", "EXT "} {
		for name, form := range olderForms {
			t.Run(name+" prefix "+prefix, func(t *testing.T) {
				dropIn(t, newScene(t), prefix, form)
			})
		}
	}
	t.Run("samba", func(t *testing.T) { dropIn(t, labScene(t), "EXT ", olderForms["without zone"]) })
}

func dropIn(t *testing.T, s *scene, prefix, form string) {
	people := installation(s, prefix)
	s.with(fmt.Sprintf(`"restricted_groups": ["p-Admins"], "prefix_common_names": %q, "expiration_refresh": "P20D"`, prefix))
	people[0].MemberOf = append(people[0].MemberOf, "CN=t-Admins")
	s.resolutions(fmt.Sprintf(`{"type": "join", "user": "%sp00 Person", "group": "p-Admins", "accept": false, "timestamp": %q}`,
		prefix, s.now.Format("2006-01-02T15:04:05")))
	values := func() map[string]string {
		all := map[string]string{}
		for _, p := range people {
			e := s.get(s.account(prefix+p.CN), "userPrincipalName", "displayName", "userAccountControl", "accountExpires", "memberOf", "sAMAccountName")
			require.NotNil(t, e, p.CN)
			for _, attribute := range e.Names() {
				all[p.CN+" "+attribute] = e.Text(attribute)
			}
		}
		return all
	}
	before, usn := values(), s.usn()
	older := s.olderFile(form, people)
	r := s.run(older)
	assert.Empty(t, r.Report.Changes, "nothing differs, nothing is stamped")
	assert.Equal(t, usn, s.usn())

	r = s.run(s.file(people...)) // the other side was replaced, too
	assert.Len(t, r.Report.Adopted, len(people))
	assert.Len(t, r.Report.Changes, len(people))
	for c := range r.Report.Changes.All() {
		assert.Equal(t, "adminDescription", c.Attribute)
	}
	assert.Equal(t, before, values(), "no UPN, and nothing else, was changed")
	assert.Empty(t, r.Plan.Questions)
	r = s.run(s.file(people...))
	assert.Empty(t, r.Plan.Actions)
	assert.Empty(t, r.Plan.Questions, "rejected before there were anchors")
	require.Len(t, s.keptAnswers(), 1)
	assert.Equal(t, s.anchor(people[0].CN), s.keptAnswers()[0].Anchor)
}

// An anchored file as the very first one adopts by both names.
func TestDropInWithAnchorsAtOnce(t *testing.T) {
	stages(t, func(t *testing.T, s *scene) {
		people := installation(s, "EXT ")
		s.with(`"prefix_common_names": "EXT ", "expiration_refresh": "P20D"`)
		r := s.run(s.file(people...))
		assert.Len(t, r.Report.Adopted, len(people))
		assert.Len(t, r.Report.Changes, len(people))
		assert.Empty(t, s.run(s.file(people...)).Plan.Actions)
	})
}

func TestAnOlderFileAfterAnchorsTakesNoIdentityAway(t *testing.T) {
	s := newScene(t)
	s.staffed(s.person("Jane Doe"), s.person("Max Muster"))
	older := s.olderFile(olderForms["without zone"], []schema.User{s.person("Jane Doe"), s.person("Max Muster")})
	r := s.run(older, func(o *Options) { o.Accept = older.SHA256 })
	assert.Empty(t, r.Plan.Actions)
	jane := s.person("Jane Doe")
	jane.CN = "Jane Roe"
	r = s.run(s.file(jane, s.person("Max Muster")))
	assert.Equal(t, []string{"Jane Roe"}, r.Report.Renamed)
	assert.Empty(t, r.Plan.Questions)
}
