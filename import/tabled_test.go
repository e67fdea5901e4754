package importer

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/matchtable"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

// tableOf is what match writes for a spreadsheet, after somebody has edited it.
func (m *matched) tableOf(t *testing.T, in *Input, edit func(*matchtable.Table)) *matchtable.Table {
	t.Helper()
	made, err := Matches(t.Context(), m.start(in).Options)
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, matchtable.WriteCSV(&out, made, ';'))
	read, err := matchtable.Read(out.Bytes())
	require.NoError(t, err)
	if edit != nil {
		edit(read)
	}
	return read
}

func byTable(table *matchtable.Table) func(*Options) { return func(o *Options) { o.Table = table } }

func rowIn(t *testing.T, table *matchtable.Table, user string) *matchtable.Row {
	t.Helper()
	i := slices.IndexFunc(table.Rows, func(r matchtable.Row) bool { return r.User == user })
	require.GreaterOrEqual(t, i, 0, user)
	return &table.Rows[i]
}

// A table that a person edited takes over what is proposed as it was when it was made, in
// one batch. What changed since, and what the program never proposed, is asked alone.
func TestATableTakesOverWhatIsAsItWas(t *testing.T) {
	stages(t, func(t *testing.T, s *scene) {
		m := s.matching(`"employeeID", "mail"`)
		staff, team := s.staff(), s.managed().Child("OU", "Team")
		s.add(team, "organizationalUnit", nil)
		s.join("p-Viewers", m.here(staff, 1, nil))
		moved, inside, below := m.who(1), m.who(2), m.who(3)
		m.here(s.managed(), 2, nil)
		m.here(team, 3, nil)
		refused, renamed, grouped, promoted := m.who(4), m.who(5), m.who(6), m.who(7)
		for n := range 3 {
			m.here(staff, 4+n, nil)
		}
		heads := s.heads()
		m.here(heads, 7, nil)
		wrong, forged, doubled := m.who(8), m.who(9), m.who(10)
		eight := m.here(staff, 8, nil)
		m.here(staff, 9, nil)
		m.here(staff, 10, nil)
		likely := m.who(11)
		m.here(staff, 11, map[string]string{"sn": "Maiden"})
		outside := s.ou.Child("OU", "Outside").Child("CN", "Old 12")
		m.here(s.ou.Child("OU", "Outside"), 12, map[string]string{"employeeID": ""})

		file, before := s.file(m.users...), s.state()
		table := m.tableOf(t, file, func(table *matchtable.Table) {
			rowIn(t, table, refused).Take = false
			rowIn(t, table, wrong).GUID = s.get(outside, "objectGUID").GUID().String() // of another container
			rowIn(t, table, forged).Digest = rowIn(t, table, moved).Digest
			rowIn(t, table, likely).Take = true
			table.Rows = append(table.Rows, *rowIn(t, table, doubled))
			added := *rowIn(t, table, moved) // that no one proposed
			added.User, added.Anchor, added.GUID = "Somebody", "11111111-2222-3333-4444-555555555555", s.get(eight, "objectGUID").GUID().String()
			table.Rows = append(table.Rows, added)
		})
		s.set(staff.Child("CN", "Old 05"), "sAMAccountName", s.name("other05"))
		s.join("p-Editors", staff.Child("CN", "Old 06"))
		s.administers(heads.Child("CN", "Old 07"))

		im := s.start(file, byTable(table))
		require.NoError(t, im.CheckTable())
		_, err := im.Run(t.Context())
		require.NoError(t, err)
		assert.NotContains(t, s.state()[s.get(s.staff().Child("CN", "Old 01"), "objectGUID").GUID().String()], "adminDescription", "nothing is done before a person has confirmed it")
		d := im.NewDesk(s.desks, "op as PLANT\\op")
		view := s.look(d)
		require.NotNil(t, view.Tabled)
		why := map[string]plan.RowWhy{}
		for _, a := range view.Tabled.Apart {
			why[a.Row.User] = a.Why
		}
		assert.Equal(t, map[string]plan.RowWhy{renamed: plan.RowNames, grouped: plan.RowEvidence, promoted: plan.RowBarred, wrong: plan.RowOther, forged: plan.RowEvidence,
			doubled: plan.RowTwice, likely: plan.RowAlone, "Somebody": plan.RowNotAsked}, why)
		asked := m.questions(t, d)
		assert.ElementsMatch(t, []string{asked[moved].ID, asked[inside].ID, asked[below].ID}, view.Tabled.Stand)

		t.Run("what is set apart is not done together with others", func(t *testing.T) {
			answers := []plan.Answer{}
			for _, cn := range []string{renamed, grouped, wrong, forged, doubled, likely, promoted} {
				require.True(t, asked[cn].Single, cn)
				answers = append(answers, plan.Answer{ID: asked[cn].ID, Accept: true})
			}
			untouched := s.all()
			for _, r := range s.decide(d, answers...) {
				assert.NotEqual(t, plan.Done, r.Outcome)
			}
			assert.Equal(t, untouched, s.all())
		})
		t.Run("what stands is", func(t *testing.T) {
			answers := []plan.Answer{}
			for _, id := range view.Tabled.Stand {
				answers = append(answers, plan.Answer{ID: id, Accept: true})
			}
			for _, r := range s.decide(d, answers...) {
				assert.Equal(t, plan.Done, r.Outcome, r.Problem)
			}
			view := s.look(d)
			assert.Equal(t, 3, view.Tabled.Taken)
			assert.Empty(t, view.Tabled.Stand)
		})
		t.Run("and alone the others", func(t *testing.T) {
			for _, cn := range []string{grouped, forged, likely} {
				assert.Equal(t, plan.Done, s.decide(d, plan.Answer{ID: s.question(d, plan.Adopt, cn).ID, Accept: true})[0].Outcome, cn)
			}
		})
		s.run(file)
		s.run(file)
		after := s.state()
		taken := 0
		for guid, was := range before {
			has := after[guid]
			if has["adminDescription"] == nil {
				continue
			}
			taken++
			parent := s.managed().String()
			if was["parent"][0] == team.String() {
				parent = team.String()
			}
			assert.Equal(t, parent, has["parent"][0], "who is inside stays where they are")
			for _, name := range []string{"adminDescription", "parent"} {
				delete(was, name)
				delete(has, name)
			}
			for _, of := range []map[string][]string{was, has} {
				delete(of, "sn") // of the one who was called otherwise
				of["memberOf"] = slices.DeleteFunc(of["memberOf"], func(dn string) bool { return dn == s.group("p-Editors").String() })
				if len(of["memberOf"]) == 0 {
					delete(of, "memberOf")
				}
			}
			assert.Equal(t, was, has)
		}
		assert.Equal(t, 6, taken)
	})
}

// A container that is an organizational unit with people already: they are anchored
// where they are, those below it, too, and no one else is touched.
func TestThePeopleOfAContainerStayWhereTheyAre(t *testing.T) {
	stages(t, func(t *testing.T, s *scene) {
		m := s.matching(`"employeeID"`)
		team := s.managed().Child("OU", "Team")
		deep := team.Child("OU", "Night shift")
		for _, ou := range []ad.DN{team, deep} {
			s.add(ou, "organizationalUnit", nil)
		}
		var people []string
		for n, ou := range []ad.DN{s.managed(), team, deep} {
			people = append(people, m.who(n+1))
			m.here(ou, n+1, nil)
		}
		m.here(team, 4, nil) // whom the file does not have
		file, before, places := s.file(m.users...), s.state(), s.all()
		table := m.tableOf(t, file, nil)
		assert.Len(t, table.Taken(), len(people))
		d := s.desk(file, byTable(table))
		var answers []plan.Answer
		for _, id := range s.look(d).Tabled.Stand {
			answers = append(answers, plan.Answer{ID: id, Accept: true})
		}
		require.Len(t, answers, len(people))
		for _, r := range s.decide(d, answers...) {
			assert.Equal(t, plan.Done, r.Outcome, r.Problem)
		}
		s.run(file)
		assert.Empty(t, s.run(file).Report.Changes, "it comes to rest")
		after := s.state()
		for guid, was := range before {
			has := after[guid]
			delete(has, "adminDescription")
			assert.Equal(t, was, has)
		}
		assert.Equal(t, len(places), len(s.all()), "no one has a second account")
	})
}

func TestATableOfAnotherDayIsRefused(t *testing.T) {
	s := newScene(t)
	m := s.matching(`"employeeID"`)
	m.who(1)
	m.here(s.staff(), 1, nil)
	file := s.file(m.users...)
	for what, edit := range map[string]func(*matchtable.Table){
		"source domain": func(table *matchtable.Table) { table.Source = "other.example" },
		"target domain": func(table *matchtable.Table) { table.Target = "other.example" },
		"container":     func(table *matchtable.Table) { table.Container = s.ou.String() },
		"user file":     func(table *matchtable.Table) { table.File = "2026-11-21T08:00:00Z" },
	} {
		err := s.start(file, byTable(m.tableOf(t, file, edit))).CheckTable()
		require.ErrorIs(t, err, ErrConfiguration, what)
		assert.Contains(t, err.Error(), "the table is of "+map[bool]string{true: "the "}[what == "user file"]+what)
		assert.Contains(t, err.Error(), "make a new one by ad-user-sync match")
	}
	table := m.tableOf(t, file, func(table *matchtable.Table) { table.Container = "ou=managed,ou=test,dc=PLANT,dc=example" })
	require.NoError(t, s.start(file, byTable(table)).CheckTable(), "a name is read as a directory does")

	d := s.desk(file, byTable(table))
	require.Len(t, s.look(d).Tabled.Stand, 1)
	s.stamp = s.stamp.Add(time.Minute)
	newer := s.file(m.users...)
	d.im.Reopen = func() (*Input, error) { return newer, nil }
	s.run(newer)
	view := s.look(d)
	assert.Empty(t, view.Tabled.Stand, "another run has imported a newer file meanwhile")
	assert.Equal(t, plan.RowOtherFile, view.Tabled.Apart[0].Why)
}

// A table that says yes more often than there are people is none of match's, and what
// stands in it is shown as far as a name may go.
func TestATableIsBoundedByTheUsers(t *testing.T) {
	m := newScene(t).matching(`"employeeID"`)
	m.who(1)
	m.here(m.staff(), 1, nil)
	file := m.file(m.users...)
	long := strings.Repeat("ä", 5000)
	table := m.tableOf(t, file, func(table *matchtable.Table) {
		row := rowIn(t, table, m.users[0].CN)
		row.User, row.Digest = long, "another"
	})
	im := m.start(file, byTable(table))
	require.NoError(t, im.CheckTable())
	_, err := im.Run(t.Context())
	require.NoError(t, err)
	shown := m.look(im.NewDesk(m.desks, "op as PLANT\\op")).Tabled.Apart
	require.Len(t, shown, 1)
	assert.Equal(t, strings.Repeat("ä", 64)+"…", shown[0].Row.User)

	for range 2 * len(m.users) {
		table.Rows = append(table.Rows, table.Rows[0])
	}
	err = m.start(file, byTable(table)).CheckTable()
	require.ErrorIs(t, err, ErrConfiguration)
	assert.ErrorContains(t, err, "the table says yes in 3 rows, and the user file has 1 user")
	table.Source = long
	err = m.start(file, byTable(table)).CheckTable()
	assert.Less(t, len(err.Error()), 600)
}

// Who gives more time by the last file is told that the table is left alone.
func TestATableOfAFileThatIsTooOld(t *testing.T) {
	m := newScene(t).matching(`"employeeID"`)
	m.who(1)
	m.here(m.staff(), 1, nil)
	file := m.file(m.users...)
	table := m.tableOf(t, file, nil)
	m.run(file)
	period := schema.Period{Days: 1}
	m.cfg.MaxAge = &period
	m.later(72 * time.Hour)
	im := m.start(file, byTable(table))
	_, err := im.Run(t.Context())
	require.True(t, Prolongs(err), "%v", err)
	view := m.look(im.NewProlongingDesk(m.desks, "op as PLANT\\op"))
	assert.Nil(t, view.Tabled)
	assert.Contains(t, strings.Join(view.Notices, "\n"), "the table of match (--adopt) is left alone")
}

// Nor is anyone given an account unasked that the table gives to another person, or another
// one than the table gives them; and no "no" is lost because its line was damaged.
func TestATableThatContradictsWhatIsDoneUnasked(t *testing.T) {
	for name, c := range map[string]struct {
		edit func(max, jane *matchtable.Row)
		says string // it is refused
	}{
		"another account": {edit: func(max, jane *matchtable.Row) { max.GUID, jane.Take = jane.GUID, false }},
		"their account, another's": {edit: func(max, jane *matchtable.Row) {
			jane.GUID, max.Anchor, max.GUID, max.Digest, max.User = max.GUID, "", "", "", ""
		}},
		"both want it":                   {edit: func(max, jane *matchtable.Row) { jane.GUID = max.GUID }},
		"a no whose anchor is gone":      {edit: func(max, _ *matchtable.Row) { max.Take, max.Anchor = false, "" }, says: "line 8: it says no, and its anchor"},
		"a no whose anchor is another":   {edit: func(max, _ *matchtable.Row) { max.Take, max.Anchor = false, max.GUID }, says: "it says no, and its anchor"},
		"a no, and the anchor is braced": {edit: func(max, _ *matchtable.Row) { max.Take, max.Anchor = false, "{"+max.Anchor+"}" }, says: "it says no, and its anchor"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			m := s.matching(`"employeeID"`)
			m.users = append(m.users, m.person("Max Muster"))
			s.user(s.account("Max Muster"), "max", nil)
			jane := m.who(1)
			m.here(s.staff(), 1, nil)
			file := s.file(m.users...)
			table := m.tableOf(t, file, func(table *matchtable.Table) { c.edit(rowIn(t, table, "Max Muster"), rowIn(t, table, jane)) })
			if len(table.Taken()) == 0 {
				table.Rows = append(table.Rows, matchtable.Row{Line: 99, Take: true, Anchor: "11111111-2222-3333-4444-555555555555"})
			}
			im := s.start(file, byTable(table))
			if err := im.CheckTable(); c.says != "" {
				require.ErrorIs(t, err, ErrConfiguration)
				assert.ErrorContains(t, err, c.says)
				return
			}
			require.NoError(t, im.CheckTable())
			_, err := im.Run(t.Context())
			require.NoError(t, err)
			assert.Empty(t, s.get(s.account("Max Muster"), "adminDescription").Text("adminDescription"), "the table says otherwise")
			asked := m.questions(t, im.NewDesk(s.desks, "op as PLANT\\op"))
			assert.True(t, asked["Max Muster"].Single)
		})
	}
	t.Run("a file without anchors", func(t *testing.T) {
		m := newScene(t).matching(`"employeeID"`)
		m.who(1)
		file := m.file(m.users...)
		table := m.tableOf(t, file, nil)
		file.File.Users[0].ObjectGUID = ""
		assert.ErrorContains(t, m.start(file, byTable(table)).CheckTable(), "no anchors")
	})
}
