package ledger

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// Of two imports of one source, each with a ledger of its own, none takes the other's
// accounts for its own once a person is moved from one container to the other.
func TestALedgerIsOlderThanWhatWasMadeSince(t *testing.T) {
	ran := time.Date(2026, 3, 2, 4, 0, 0, 123, time.UTC)
	container := adrules.GUID{1}
	account := func(n byte, made time.Time) plan.Account {
		return plan.Account{GUID: adrules.GUID{n}, Class: "user", Created: made, DN: string('a' + rune(n)),
			Anchor: plan.Anchor{ObjectGUID: string('a' + rune(n)), Domain: "corp.example"}}
	}
	for name, c := range map[string]struct {
		made  time.Time
		older bool
	}{
		"before":                  {ran.AddDate(0, -1, 0), false},
		"in the second of a run":  {ran.Truncate(time.Second), true},
		"since":                   {ran.Add(time.Hour), true},
		"when, could not be read": {time.Time{}, false},
	} {
		record := Record{Run: RunMark{Started: ran}, Accounts: Accounts{}}
		h := History{Ledger: &Ledger{Containers: map[adrules.GUID]Record{container: record}}, Source: "corp.example"}
		obs := &plan.Observation{Container: plan.Container{GUID: container}, Accounts: []plan.Account{account(2, c.made)}}
		assert.Equal(t, c.older, h.Older(obs), name)
		met := record.MeetOutside([]plan.Account{account(3, c.made)}, &schema.Source{Domain: "corp.example"})
		assert.Len(t, met, len(record.Accounts), name)
		assert.Equal(t, c.older, len(met) == 1, name)
	}
}
