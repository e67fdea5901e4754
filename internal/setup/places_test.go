package setup

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestUsualPlaces(t *testing.T) {
	for _, c := range []struct {
		system, side, folder string
		want                 places
	}{
		{"linux", "import", "/etc/ad-user-sync", places{"/var/lib/ad-user-sync", "/var/spool/ad-user-sync"}},
		{"linux", "import", "/home/jane/sync", places{}},
		{"linux", "export", "/var/lib/ad-user-sync", places{}},
		{"windows", "import", `C:\ProgramData\ad-user-sync`, places{"state", "inbox"}},
		{"windows", "export", `c:\programdata\AD-User-Sync`, places{"state", "outbox"}},
		{"windows", "import", `D:\sync`, places{}},
	} {
		assert.Equal(t, c.want, usualPlaces(c.system, `C:\ProgramData`, c.side, c.folder), c.folder)
	}
	assert.Equal(t, places{}, usualPlaces("windows", "", "import", `\ad-user-sync`))
}
