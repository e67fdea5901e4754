package news

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/schema"
)

// That a new source domain waits for a person is no limit, and named without the people.
func TestANewSourceDomainIsNews(t *testing.T) {
	r := schema.Report{Guard: &schema.Guard{Name: "migrated", Reason: "the source domain changes", WayOn: "Run the import with --interactive."}}
	items := Of(r, schema.Notify{Questions: true, Limit: true}, nil)
	require.Len(t, items, 1)
	assert.Equal(t, Questions, items[0].Kind)
	assert.Equal(t, "the source domain changes, and the import waits for a person to agree", items[0].Title)
}
