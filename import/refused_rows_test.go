package importer

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/matchtable"
)

// Whom somebody struck out of the table is not taken over together with others.
func TestWhoWasRefusedInATableIsDecidedAlone(t *testing.T) {
	s := newScene(t)
	m := s.matching(`"employeeID"`)
	yes, refused := m.who(1), m.who(2)
	m.here(s.staff(), 1, nil)
	m.here(s.staff(), 2, nil)
	file := s.file(m.users...)
	d := s.desk(file, byTable(m.tableOf(t, file, func(table *matchtable.Table) { rowIn(t, table, refused).Take = false })))
	asked := m.questions(t, d)
	assert.False(t, asked[yes].Single)
	assert.True(t, asked[refused].Single, "the table says no, and “Select all shown” has them")
}

// A no under "take over" holds for those, too, whom the import takes over unasked.
func TestANoInATableHoldsForWhoIsTakenOverUnasked(t *testing.T) {
	s := newScene(t)
	m := s.matching(`"employeeID"`)
	m.users = append(m.users, m.person("Max Muster"))
	s.user(s.account("Max Muster"), "max", nil)
	file := s.file(m.users...)
	var line matchtable.Row
	table := m.tableOf(t, file, func(table *matchtable.Table) {
		line = *rowIn(t, table, "Max Muster")
		rowIn(t, table, "Max Muster").Take = false
	})
	assert.True(t, line.Take, "docs/operation.md: “take over” says yes for the sure ones; it is %q, and taken over all the same", line.Match)
	im := s.start(file, byTable(table))
	require.NoError(t, im.CheckTable())
	_, err := im.Run(t.Context())
	require.NoError(t, err)
	assert.Empty(t, s.get(s.account("Max Muster"), "adminDescription").Text("adminDescription"), "somebody wrote no")
}

// A column that was filled down gives a row another's anchor.
func TestANoHoldsForTheAccountOfItsRow(t *testing.T) {
	s := newScene(t)
	m := s.matching(`"employeeID"`)
	m.users = append(m.users, m.person("Max Muster"))
	s.user(s.account("Max Muster"), "max", nil)
	jane := m.who(1)
	m.here(s.staff(), 1, nil)
	file := s.file(m.users...)
	table := m.tableOf(t, file, func(table *matchtable.Table) {
		max, jane := rowIn(t, table, "Max Muster"), rowIn(t, table, jane)
		max.Take, max.Anchor = false, jane.Anchor // user, its objectGUID, names, digest are still those of Max
	})
	im := s.start(file, byTable(table))
	require.NoError(t, im.CheckTable())
	_, err := im.Run(t.Context())
	require.NoError(t, err)
	assert.Empty(t, s.get(s.account("Max Muster"), "adminDescription").Text("adminDescription"), "somebody wrote no beside Max Muster and his account")
}

// A column that was sorted alone swaps anchors.
func TestANoHoldsWhereAnchorsWereSwapped(t *testing.T) {
	s := newScene(t)
	m := s.matching(`"employeeID"`)
	m.users = append(m.users, m.person("Max Muster"), m.person("Eva Muster"))
	s.user(s.account("Max Muster"), "max", nil)
	s.user(s.account("Eva Muster"), "eva", nil)
	who := m.who(1)
	m.here(s.staff(), 1, nil)
	file := s.file(m.users...)
	table := m.tableOf(t, file, func(table *matchtable.Table) {
		max, eva := rowIn(t, table, "Max Muster"), rowIn(t, table, "Eva Muster")
		max.Take, eva.Take = false, false
		max.Anchor = rowIn(t, table, who).Anchor
		eva.Anchor = max.Anchor
	})
	im := s.start(file, byTable(table))
	require.NoError(t, im.CheckTable())
	_, err := im.Run(t.Context())
	require.NoError(t, err)
	for _, name := range []string{"Max Muster", "Eva Muster"} {
		assert.Empty(t, s.get(s.account(name), "adminDescription").Text("adminDescription"), name)
	}
}
