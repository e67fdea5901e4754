package importer

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/ledger"
	"ad-user-sync/schema"
)

// Whatever changed between the look and the start, what the person looked at is done, or
// nothing is.
func testOnlyWhatWasLookedAtIsStarted(t *testing.T) {
	const before = `, "accept_from_file": true, "expiration_time": "P30D", "attributes": {"title": {}, "company": {"value": "Plant"}}`
	now := func(old, with string) func(*scene) {
		return func(s *scene) { s.observing(5, 13, strings.Replace(before, old, with, 1)) }
	}
	entry := func(s *scene, kind string, more func(*schema.Resolution)) schema.Resolution {
		e := schema.Resolution{Type: kind, User: "Jane Doe", Anchor: s.person("Jane Doe").ObjectGUID, Accept: true, Timestamp: s.now, By: "someone"}
		more(&e)
		return e
	}
	join := func(s *scene) schema.Resolution {
		return entry(s, "join", func(e *schema.Resolution) { e.Group = "p-Admins" })
	}
	enable := func(s *scene) schema.Resolution {
		return entry(s, "enable", func(e *schema.Resolution) { p := schema.Secret("From-The-File-99!"); e.Password = &p })
	}
	keep := func(entries ...func(*scene) schema.Resolution) func(*scene) {
		return func(s *scene) {
			var list []schema.Resolution
			for _, e := range entries {
				list = append(list, e(s))
			}
			require.NoError(s.t, SaveResolutions(s.cfg.ResolutionsFile, list))
		}
	}
	for name, c := range map[string]struct {
		first, then func(*scene)
		says        string // of what changed; "": it is started
	}{
		"nothing":                             {then: func(*scene) {}},
		"nothing, and an entry was looked at": {first: keep(join, enable), then: func(*scene) {}},
		"an entry for a guarded group":        {then: keep(join), says: "it would do more: join Jane Doe: p-Admins"},
		"an entry with a password":            {then: keep(enable), says: "it would do more: enable Jane Doe"},
		"one more entry":                      {first: keep(join), then: keep(join, enable), says: "it would do more: enable Jane Doe"},
		"an entry is gone":                    {first: keep(join, enable), then: keep(join), says: "not any more: enable Jane Doe"},
		"a name that an entry gives": {first: func(s *scene) { s.user(s.ou.Child("CN", "Another Jane"), "jane", nil) }, then: keep(func(s *scene) schema.Resolution {
			return entry(s, "name", func(e *schema.Resolution) { e.Name, e.NewName = s.name("jane"), s.name("jane2") })
		}), says: "it would do more: create Jane Doe"},
		"entries count":                         {first: func(s *scene) { keep(join)(s); now(`true`, `false`)(s) }, then: now("", ""), says: "it would do more: join Jane Doe: p-Admins"},
		"the group of an entry leads elsewhere": {first: keep(join), then: func(s *scene) { s.join("p-Root", s.group("p-Admins")); s.restricted(before, "p-Admins", "p-Root") }, says: "otherwise: join Jane Doe: p-Admins"},
		"a group is guarded no more":            {then: func(s *scene) { s.restricted(before) }, says: "it would do more: join Jane Doe: p-Admins"},
		"another group is mapped": {then: func(s *scene) {
			s.cfg.GroupMap["t-Viewers"] = append(s.cfg.GroupMap["t-Viewers"], "p-Editors")
		}, says: "it would do more: join Jane Doe: p-Editors"},
		"no end":             {then: now(`"P30D"`, `null`), says: "it would do the same, but what the configuration says of ends or passwords"},
		"another end":        {then: now(`"P30D"`, `"P3Y"`), says: "it would do the same, but what the configuration says of ends or passwords"},
		"a constant":         {then: now(`"Plant"`, `"Root"`), says: "otherwise: create Jane Doe"},
		"a template":         {then: now(`"accept`, `"names": {"account_name": "x{sAMAccountName}"}, "accept`), says: "otherwise: create Jane Doe"},
		"a prefix":           {then: now(`"accept`, `"prefix_common_names": "X ", "accept`), says: "it would do more: create X Jane Doe"},
		"password must stay": {then: now(`"accept`, `"users_can_not_change_password": true, "accept`), says: "it would do the same, but what the configuration says of ends or passwords"},
		"a looser limit":     {then: now(`"accept`, `"limits": {"create": {"max": 5000}}, "accept`)},
		"another container": {then: func(s *scene) {
			s.add(s.ou.Child("OU", "Second"), "organizationalUnit", nil)
			s.cfg.ManagedUserPath = s.ou.Child("OU", "Second").String()
		}, says: "is not remembered"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			s.add(s.group("p-Root"), "group", map[string]string{"sAMAccountName": "p-Root"})
			now("", "")(s)
			if c.first != nil {
				c.first(s)
			}
			s.built = writes(s.admin.Operations())
			file := s.file(s.person("Jane Doe", in("CN=t-Viewers", "CN=t-Admins")))
			r, err := s.onlyLook(file)
			require.NoError(t, err)
			built := s.written()
			c.then(s)
			s.built += s.written() - built
			if c.says == "" {
				s.run(file, starting(r.Plan.Digest))
				assert.FileExists(t, ledger.Path(s.cfg.ResolutionsFile))
				return
			}
			refused, err := s.onlyLook(file, starting(r.Plan.Digest))
			require.NoError(t, err)
			require.NotNil(t, refused.Report.Guard, "%v", refused.Report)
			assert.Equal(t, GuardObserve, refused.Report.Guard.Name)
			assert.Contains(t, refused.Report.Guard.Reason, c.says)
		})
	}
}

// restricted only looks on, with these groups guarded.
func (s *scene) restricted(more string, groups ...string) {
	until := s.cfg.Observe.Until
	quoted := fmt.Sprintf("%q", groups)
	s.with(`"restricted_groups": ` + strings.ReplaceAll(quoted, `" "`, `", "`) + fmt.Sprintf(`, "observe": {"until": %q, "files": 5}%s`, until, more))
}
