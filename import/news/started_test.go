package news_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/news"
	"ad-user-sync/schema"
)

// An import that stands still is told, whoever does not want to hear of questions.
func TestAnImportThatWaitsForItsStartIsToldWithoutQuestions(t *testing.T) {
	r := schema.Report{Guard: &schema.Guard{Name: "observe", Reason: "observe is over", WayOn: "start it"}}
	assert.Len(t, news.Of(r, schema.Notify{Limit: true, File: true, Failed: true, Leases: true}, nil), 1)
}
