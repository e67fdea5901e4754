package importer

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Logon hours that allow no hour lock an account which is enabled for all that its
// flags say. That is told in every run, and never changed.
func TestLogonHoursThatAllowNoHourAreTold(t *testing.T) { stages(t, logonHours) }

func logonHours(t *testing.T, s *scene) {
	file := s.staffed(s.person("Jane Doe"), s.person("Max Muster"))
	none, some := string(make([]byte, 21)), strings.Repeat("\x00", 20)+"\x01"
	s.set(s.account("Max Muster"), "logonHours", some)
	s.set(s.account("Jane Doe"), "logonHours", none)
	for range 2 {
		r := s.run(file)
		assert.Contains(t, r.Report.Notices, "the logon hours set here allow no hour: no one can log on, though the account is enabled: Jane Doe")
		assert.Empty(t, r.Plan.Actions)
	}
	assert.Equal(t, none, string(s.get(s.account("Jane Doe"), "logonHours").Values("logonHours")[0]))
}
