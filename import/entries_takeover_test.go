package importer

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
)

// Since the entry was written, someone else of that account name has been employed.
func TestEntryNeverTakesOverWhoeverHasTheName(t *testing.T) {
	s := newScene(t)
	s.with(`"restricted_groups": ["p-Admins"], "accept_from_file": true`)
	max := s.person("Max Muster")
	s.staffed(max)
	s.resolutions(`{"type": "name", "user": "Jane Doe", "name": "jane", "accept": true, "take_over_account": true, "timestamp": "` + s.now.Format("2006-01-02T15:04:05") + `"}`)
	s.later(48 * time.Hour)
	holder := s.ou.Child("CN", "Jane Miller")
	s.user(holder, "jane", nil)
	s.join("p-Admins", holder)
	r := s.run(s.file(max, s.person("Jane Doe")))
	assert.NotNil(t, s.get(holder, "cn"))
	assert.Equal(t, plan.Name, r.Plan.Questions[0].Kind)
	assert.Contains(t, strings.Join(r.Report.Notices, "\n"), "not carried out (name), since a person has to decide it alone: Jane Doe")
}
