package news

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/schema"
)

// Others hear of time that a person gave: how much, and who only among the names.
func TestGivenTimeIsNews(t *testing.T) {
	at := time.Date(2026, 12, 18, 8, 0, 0, 0, time.UTC)
	r := schema.Report{GivenTime: []schema.GivenTime{{At: at, By: "ann", Reason: "the courier is ill", Days: 14, Accounts: 250}}}
	items := Of(r, schema.Notify{Leases: true}, nil)
	require.Len(t, items, 1)
	assert.Equal(t, "14 more days given to 250 accounts by a person, since no newer user file comes", items[0].Title)
	assert.Equal(t, []string{"ann: the courier is ill"}, items[0].Names)
	assert.NotContains(t, items[0].Title+items[0].Next, "ann")
	assert.Empty(t, Of(r, schema.Notify{}, nil))
	before := items[0].Digest
	r.GivenTime = append(r.GivenTime, schema.GivenTime{At: at.Add(time.Hour), By: "ben", Days: 1, Accounts: 1})
	items = Of(r, schema.Notify{Leases: true}, nil)
	assert.Equal(t, "1 more day given to 1 account by a person, since no newer user file comes", items[0].Title)
	assert.NotEqual(t, before, items[0].Digest, "it is told again")
}
