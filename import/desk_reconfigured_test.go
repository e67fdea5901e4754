package importer

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// A session that was left open does nothing by a configuration of before: it would put
// people unasked into what the imports guard by now.
func TestDeskRefusesWhereTheConfigurationChanged(t *testing.T) {
	s := newScene(t)
	var unreadable error
	reload := func(o *Options) { o.Reload = func() (*schema.ImportConfig, error) { return s.cfg, unreadable } }
	d := s.desk(s.file(s.person("Jane Doe"), s.person("Max Muster")), reload)
	q := s.question(d, plan.Enable, "Jane Doe")
	s.with(`"restricted_groups": ["p-Admins"]`)
	s.look(d) // as it was

	s.with(`"restricted_groups": ["p-Admins", "p-Viewers"]`)
	usn := s.mem.HighestUSN()
	refused := func(says string) {
		_, err := d.Decide(t.Context(), []plan.Answer{{ID: q.ID, Accept: true, Password: testPassword}}, func(plan.Result) {})
		require.ErrorContains(t, err, says)
		_, err = d.Look(t.Context())
		require.ErrorContains(t, err, says)
		require.ErrorContains(t, d.AskAgain(t.Context(), q.ID), says)
		require.ErrorContains(t, d.Release(t.Context(), "", 0, nil), says)
	}
	refused("the configuration changed since this session began")
	unreadable = errors.New("no such file")
	refused("read the configuration again, which may have changed since this session began: no such file")
	assert.Equal(t, usn, s.mem.HighestUSN())
}
