package importer

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/matchtable"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// matched is a domain of which most people of the file have accounts already.
type matched struct {
	*scene
	users []schema.User
}

func (s *scene) matching(keys string) matched {
	s.with(fmt.Sprintf(`"restricted_groups": ["p-Admins"], "attributes": {"employeeID": {}, "employeeNumber": {}, "mail": {}, "givenName": {}, "sn": {}, "department": {}},
		"match": {"keys": [%s], "within": [%q], "until": %q}`, keys, s.staff().String(), s.now.AddDate(0, 0, 30).Format("2006-01-02")))
	for _, ou := range []ad.DN{s.staff(), s.ou.Child("OU", "Outside")} {
		s.add(ou, "organizationalUnit", nil)
	}
	return matched{scene: s}
}

func (s *scene) staff() ad.DN { return s.ou.Child("OU", "Staff") }

// heads is a unit more for an administrator, who keeps match from all of it.
func (s *scene) heads() ad.DN {
	heads := s.ou.Child("OU", "Heads")
	s.add(heads, "organizationalUnit", nil)
	s.cfg.Match.Within = append(s.cfg.Match.Within, heads.String())
	return heads
}

// number is one of the scene's own, in a domain that others work in.
func (s *scene) number(n int) string { return fmt.Sprintf("%d%s", 4700+n, s.suffix) }

// who is someone of the file with a number and a surname of their own.
func (m *matched) who(n int, more ...func(*schema.User)) string {
	cn := fmt.Sprintf("P%02d Person", n)
	change := append([]func(*schema.User){has("department", ""), has("employeeID", m.number(n)), has("givenName", "Person"), has("sn", fmt.Sprintf("Number-%02d", n))}, more...)
	m.users = append(m.users, m.person(cn, change...))
	return cn
}

// here is an account that was made by hand for the n-th, with other names.
func (m *matched) here(ou ad.DN, n int, more map[string]string) ad.DN {
	dn := ou.Child("CN", fmt.Sprintf("Old %02d", n))
	attributes := map[string]string{"department": "Ops", "employeeID": m.number(n), "givenName": "Person", "sn": fmt.Sprintf("Number-%02d", n)}
	maps.Copy(attributes, more)
	maps.DeleteFunc(attributes, func(_, v string) bool { return v == "" })
	m.user(dn, fmt.Sprintf("old%02d", n), attributes)
	return dn
}

func (m *matched) questions(t *testing.T, d *Desk) map[string]plan.Question {
	found := map[string]plan.Question{}
	for _, q := range m.look(d).Questions {
		if q.Kind == plan.Adopt {
			found[q.Person.CN] = q
		}
	}
	return found
}

// A dozen people, most of whom have accounts already, by number, mail, name, twice,
// protected, in a guarded group, or elsewhere: nobody gets a second account, and
// nothing is made for anybody before a person has said who it is.
func TestNobodyWhoHasAnAccountGetsASecondOne(t *testing.T) {
	stages(t, func(t *testing.T, s *scene) {
		m := s.matching(`"employeeID", "employeeNumber", "mail", "sAMAccountName"`)
		staff := s.staff()
		sure, inside := m.who(1), m.who(2)
		m.here(staff, 1, nil)
		m.here(s.managed(), 2, nil)
		renamed := m.who(3)
		m.here(staff, 3, map[string]string{"sn": "Maiden"})
		byMail := m.who(4, has("mail", "four"+s.suffix+"@corp.example"))
		m.here(staff, 4, map[string]string{"employeeID": "", "mail": "Four" + s.suffix + "@corp.example"})
		byName := m.who(5)
		m.here(staff, 5, map[string]string{"employeeID": "", "sAMAccountName": m.users[4].SAMAccountName})
		twice := m.who(6)
		m.here(staff, 6, nil)
		m.here(s.ou.Child("OU", "Outside"), 6, map[string]string{"sAMAccountName": s.name("twin"), "userPrincipalName": s.name("twin") + "@plant.example"})
		outside := m.who(7)
		m.here(s.ou.Child("OU", "Outside"), 7, nil)
		guarded := m.who(8)
		s.join("p-Admins", m.here(staff, 8, nil))
		administrator := m.who(9, has("mail", "nine"+s.suffix+"@corp.example"))
		nine := m.here(s.heads(), 9, map[string]string{"mail": "nine" + s.suffix + "@corp.example"})
		s.administers(nine)
		own := m.who(10)
		s.letWrite(m.here(staff, 10, nil), adrules.SIDSelf, "employeeID")
		placeholder, fresh := m.who(11, has("employeeID", "n/a")), m.who(12)
		m.here(staff, 11, map[string]string{"employeeID": "n/a"})

		file, before := s.file(m.users...), s.state()
		listed, err := Matches(t.Context(), s.start(file).Options)
		require.NoError(t, err)
		assert.Equal(t, []string{"sure " + sure, "sure " + inside, "likely " + renamed, "likely " + byMail, "likely " + byName, "likely " + guarded,
			"several " + twice, "barred " + outside, "barred " + administrator, "none " + own, "none " + placeholder, "none " + fresh}, rowsOf(listed.Rows))
		assert.Equal(t, before, s.state(), "the list is read, and nothing else")
		assert.Empty(t, s.files())
		r := s.run(file)
		assert.ElementsMatch(t, []string{own, placeholder, fresh}, r.Report.Created)
		d := s.desk(file)
		asked := m.questions(t, d)
		alone, out := []string{renamed, byMail, byName, guarded}, []string{twice, outside, administrator}
		assert.ElementsMatch(t, slices.Concat([]string{sure, inside}, alone, out), slices.Collect(maps.Keys(asked)))
		for cn, q := range asked {
			assert.Equal(t, slices.Contains(out, cn), q.Barred != "", "%s: %s", cn, q.Barred)
			assert.Equal(t, cn != sure && cn != inside, q.Alone(false), cn)
		}

		t.Run("what has to be decided alone is not decided together", func(t *testing.T) {
			res := s.decide(d, plan.Answer{ID: asked[renamed].ID, Accept: true}, plan.Answer{ID: asked[byMail].ID, Accept: true})
			for _, r := range res {
				assert.Equal(t, plan.Changed, r.Outcome)
			}
		})
		t.Run("what is out of reach is not taken over, whoever says so", func(t *testing.T) {
			for _, cn := range out {
				before := s.all()
				res := s.decide(d, plan.Answer{ID: asked[cn].ID, Accept: true})
				assert.Equal(t, plan.NotDone, res[0].Outcome, cn)
				assert.Equal(t, before, s.all(), cn)
			}
		})
		t.Run("the sure ones together", func(t *testing.T) {
			for _, r := range s.decide(d, plan.Answer{ID: asked[sure].ID, Accept: true}, plan.Answer{ID: asked[inside].ID, Accept: true}) {
				assert.Equal(t, plan.Done, r.Outcome, r.Problem)
			}
		})
		t.Run("the others one by one, of the evidence that was shown", func(t *testing.T) {
			s.set(staff.Child("CN", "Old 03"), "sn", "Other")
			assert.Equal(t, plan.Changed, s.decide(d, plan.Answer{ID: asked[renamed].ID, Accept: true})[0].Outcome)
			for _, cn := range alone {
				res := s.decide(d, plan.Answer{ID: s.question(d, plan.Adopt, cn).ID, Accept: true})
				assert.Equal(t, plan.Done, res[0].Outcome, res[0].Problem)
			}
		})
		t.Run("rejected, an account is made", func(t *testing.T) {
			for _, cn := range out {
				assert.Equal(t, plan.Kept, s.decide(d, plan.Answer{ID: s.question(d, plan.Adopt, cn).ID, Reason: "another person"})[0].Outcome)
			}
			assert.ElementsMatch(t, out, s.run(file).Report.Created)
		})
		s.run(file)
		assert.Empty(t, s.run(file).Report.Changes, "it comes to rest")

		t.Run("whoever was taken over has what they had", func(t *testing.T) {
			after := s.state()
			taken := 0
			for guid, was := range before {
				if after[guid]["adminDescription"] == nil {
					assert.Equal(t, was, after[guid], "left alone")
					continue
				}
				taken++
				assert.Equal(t, s.managed().String(), after[guid]["parent"][0])
				for _, name := range []string{"adminDescription", "parent", "mail", "employeeID", "sn"} { // which the file has, and says otherwise of some
					delete(was, name)
					delete(after[guid], name)
				}
				assert.Equal(t, was, after[guid])
			}
			assert.Equal(t, 6, taken)
		})
		t.Run("until the source changes a name", func(t *testing.T) {
			m.users[0].SAMAccountName = s.name("married")
			m.users[1].Attributes.Set("department", schema.Value{List: []string{"HR"}})
			s.stamp = s.stamp.Add(time.Minute)
			r := s.run(s.file(m.users...))
			assert.Equal(t, []string{"Old 01"}, r.Report.Renamed)
			assert.Equal(t, s.name("married"), s.get(s.account("Old 01"), "sAMAccountName").Text("sAMAccountName"))
			m.users[1].Attributes.Set("department", schema.Value{})
			s.stamp = s.stamp.Add(time.Minute)
			s.run(s.file(m.users...))
			assert.False(t, s.get(s.account("Old 02"), "department").Has("department"), "what the source had once it may take away")
		})
	})
}

func rowsOf(list []matchtable.Row) (rows []string) {
	for _, m := range list {
		rows = append(rows, m.Match+" "+m.User)
	}
	return rows
}

// all is what everybody of the scene has.
func (s *scene) all() map[string]string {
	found := map[string]string{}
	for _, e := range s.find(s.ou, ad.ScopeSubtree, ad.Equal("objectClass", "user"), "objectGUID", "uSNChanged") {
		found[e.GUID().String()] = e.DN.String() + " " + e.Text("uSNChanged")
	}
	return found
}

// state is what matters of everybody of the scene, by objectGUID.
func (s *scene) state() map[string]map[string][]string {
	names := []string{"cn", "sAMAccountName", "userPrincipalName", "userAccountControl", "pwdLastSet", "accountExpires", "memberOf", "mail", "department",
		"givenName", "sn", "employeeID", "displayName", "adminDescription"}
	found := map[string]map[string][]string{}
	for _, e := range s.find(s.ou, ad.ScopeSubtree, ad.Equal("objectClass", "user"), append(names, "objectGUID")...) {
		has := map[string][]string{"parent": {e.DN.Parent().String()}}
		for _, name := range names {
			if e.Has(name) {
				has[name] = slices.Sorted(slices.Values(e.Texts(name)))
			}
		}
		found[e.GUID().String()] = has
	}
	return found
}

// administers puts an account into Domain Admins.
func (s *scene) administers(dn ad.DN) {
	s.t.Helper()
	domain := s.admin.Domain()
	group := s.find(domain.Base, ad.ScopeSubtree, ad.Equal("objectSid", string((domain.SID.Domain()+"-512").Bytes())), "cn")
	require.Len(s.t, group, 1)
	change := ad.Change{Kind: ad.AddValues, Attribute: "member", Values: ad.Values(dn.String())}
	require.NoError(s.t, s.admin.Modify(s.t.Context(), group[0].DN, []ad.Change{change}))
	s.t.Cleanup(func() {
		change.Kind = ad.DeleteValues
		_ = s.admin.Modify(s.t.Context(), group[0].DN, []ad.Change{change})
	})
}

// letWrite lets a principal write an attribute of an account (MS-DTYP 2.4.4.3).
func (s *scene) letWrite(dn ad.DN, who adrules.SID, attribute string) {
	s.grantWrite(dn, 0, who, attribute)
}

// grantWrite is letWrite; flags say for what (MS-DTYP 2.4.4.1).
func (s *scene) grantWrite(dn ad.DN, flags byte, who adrules.SID, attribute string) {
	s.t.Helper()
	s.putEntry(dn, 5, flags, 0x20, who, attribute)
}

// putEntry puts an entry about an attribute before all others: 5 allows, 6 denies
// (MS-DTYP 2.4.4.1).
func (s *scene) putEntry(dn ad.DN, kind, flags, mask byte, who adrules.SID, attribute string) {
	s.t.Helper()
	id := s.find(s.admin.Domain().Schema, ad.ScopeOneLevel, ad.Equal("lDAPDisplayName", attribute), "schemaIDGUID")[0].Values("schemaIDGUID")[0]
	entry := slices.Concat([]byte{kind, flags, byte(28 + len(who.Bytes())), 0, mask, 0, 0, 0, 1, 0, 0, 0}, id, who.Bytes())
	sd := bytes.Clone(s.get(dn, "nTSecurityDescriptor").Values("nTSecurityDescriptor")[0])
	at := binary.LittleEndian.Uint32(sd[16:])
	size := binary.LittleEndian.Uint16(sd[at+2:])
	list := slices.Concat(sd[at:at+8], entry, sd[at+8:at+uint32(size)])
	binary.LittleEndian.PutUint16(list[2:], size+uint16(len(entry)))
	binary.LittleEndian.PutUint16(list[4:], binary.LittleEndian.Uint16(list[4:])+1)
	binary.LittleEndian.PutUint32(sd[16:], 20)
	binary.LittleEndian.PutUint32(sd[4:], 0)
	binary.LittleEndian.PutUint32(sd[8:], 0)
	change := ad.Change{Kind: ad.Replace, Attribute: "nTSecurityDescriptor", Values: [][]byte{slices.Concat(sd[:20], list)}}
	require.NoError(s.t, s.admin.Modify(s.t.Context(), dn, []ad.Change{change}))
}

// What is wrong with an organizational unit keeps match from it, and nothing else from
// being done.
func TestMatchKeepsOutOfWhereAdministratorsAre(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*scene)
		says   string
	}{
		"a service": {func(s *scene) {
			s.user(s.staff().Child("CN", "SQL"), "sql", map[string]string{"servicePrincipalName": "MSSQLSvc/sql"})
		}, "OU=Staff,OU=Test,DC=plant,DC=example holds accounts of administrators or services (CN=SQL,"},
		"an administrator": {func(s *scene) {
			boss := s.staff().Child("CN", "Boss")
			s.user(boss, "boss", nil)
			s.administers(boss)
		}, "OU=Staff,OU=Test,DC=plant,DC=example holds accounts of administrators or services (CN=Boss,"},
		"an administrator by nesting, below": {func(s *scene) {
			office := s.staff().Child("OU", "Office")
			s.add(office, "organizationalUnit", nil)
			s.add(s.group("p-Operators"), "group", map[string]string{"sAMAccountName": "p-Operators"})
			s.user(office.Child("CN", "Boss"), "boss", nil)
			s.join("p-Operators", office.Child("CN", "Boss"))
			s.administers(s.group("p-Operators"))
		}, "OU=Staff,OU=Test,DC=plant,DC=example holds accounts of administrators or services (CN=Boss,"},
		"not there":   {func(s *scene) { s.cfg.Match.Within = []string{"OU=Nobody,DC=plant,DC=example"} }, "OU=Nobody,DC=plant,DC=example does not exist"},
		"a container": {func(s *scene) { s.cfg.Match.Within = []string{"OU=Domain Controllers,DC=plant,DC=example"} }, "a container of the domain's own"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			leaver := s.person("Leaver L")
			s.staffed(leaver, s.person("Stays S"))
			m := s.matching(`"employeeID"`)
			cn := m.who(1)
			m.here(s.staff(), 1, nil)
			c.change(s)
			s.stamp = s.stamp.Add(1)
			r := s.run(s.file(append(m.users, s.person("Stays S"))...))
			assert.Equal(t, []string{"Leaver L"}, r.Report.Disabled, "people go on leaving")
			assert.Equal(t, []string{"adopt " + cn + " (perhaps the same person, and out of reach)"}, questions(r.Plan.Questions))
			assert.Contains(t, strings.Join(r.Report.Notices, "\n"), c.says)
		})
	}
}

func TestAMatchThatIsOpenForLongIsRefused(t *testing.T) {
	s := newScene(t)
	s.matching(`"mail"`)
	file := s.file(s.person("Jane Doe"))
	s.cfg.Match.Until = s.now.AddDate(0, 0, schema.MostMatchDays).Format("2006-01-02")
	s.run(file)
	s.cfg.Match.Until = s.now.AddDate(0, 0, schema.MostMatchDays+1).Format("2006-01-02")
	_, err := s.start(file).Run(t.Context())
	require.ErrorIs(t, err, ErrConfiguration)
	assert.Contains(t, err.Error(), "more than 90 days away")
}

func TestStatusTellsOfAMatchThatIsOver(t *testing.T) {
	s := newScene(t)
	s.matching(`"mail"`)
	for until, over := range map[time.Time]bool{s.now: false, s.now.AddDate(0, 0, -1): true} {
		s.cfg.Match.Until = until.Format("2006-01-02")
		status, err := Status(s.cfg, schema.Period{Days: 2}, s.now)
		require.NoError(t, err)
		assert.Equal(t, over, strings.Contains(status.Note, "match ended on"), status.Note)
	}
}
