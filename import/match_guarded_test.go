package importer

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
)

// asksAlone shows that match asks about someone alone, and says why.
func asksAlone(t *testing.T, q plan.Question, says string) {
	t.Helper()
	assert.Equal(t, plan.MatchLikely, q.Reason)
	assert.True(t, q.Single)
	assert.Contains(t, fmt.Sprint(q.Decision), says)
}

// A guarded group that is not where it was guards who is in it, inside the container and outside.
func TestMatchAsksAloneAboutWhoIsInAGuardedGroupThatWasRenamed(t *testing.T) {
	s := newScene(t)
	m := s.matching(`"employeeID"`)
	jane := s.person("Jane Doe")
	s.run(s.file(jane))
	inside, outside := m.who(1), m.who(2)
	s.join("p-Admins", m.here(s.managed(), 1, nil))
	s.join("p-Admins", m.here(s.staff(), 2, nil))
	require.NoError(t, s.admin.Rename(t.Context(), s.group("p-Admins"), s.group("p-Renamed")))
	asked := m.questions(t, s.desk(s.file(append(m.users, jane)...)))
	asksAlone(t, asked[inside], "it is in the guarded group p-Admins")
	asksAlone(t, asked[outside], "by its groups it is in p-Renamed, which is guarded")
}
