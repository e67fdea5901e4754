package importer

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/ledger"
	"ad-user-sync/import/plan"
	"ad-user-sync/import/words"
	"ad-user-sync/schema/text"
)

// Whatever is said, the same is decided and the same is written: into the directory,
// the ledger and the resolutions file, and into the report as far as programs read it.
func TestNoWordIsAFormat(t *testing.T) {
	plainly := weekOfDecisions(t)
	undo := words.Reworded(func(word string) string { return "zz" + strings.ToUpper(word) })
	defer undo()
	reworded := weekOfDecisions(t)
	assert.Equal(t, plainly.ids, reworded.ids, "digests")
	assert.Equal(t, plainly.ledger, reworded.ledger)
	assert.Equal(t, plainly.kept, reworded.kept)
	assert.Equal(t, plainly.directory, reworded.directory)
	assert.Equal(t, plainly.codes, reworded.codes)
	assert.NotEqual(t, plainly.text, reworded.text, "the words did change")
	assert.NotContains(t, plainly.text, "zz")
	assert.Contains(t, reworded.text, "zz")
}

type decisions struct {
	ids          []string
	ledger, kept string
	directory    any
	codes, text  string
}

// weekOfDecisions has a leaver, a returner, a taken name, a rejection, a membership
// and a rename.
func weekOfDecisions(t *testing.T) (d decisions) {
	s := newScene(t)
	s.with(`"approve": {"disable": true}`)
	jane, max, anna, bert := s.person("Jane Doe", in("CN=t-Viewers")), s.person("Max Muster"), s.person("Anna A"), s.person("Bert B")
	s.user(s.ou.Child("CN", "Local Max"), "max", nil)
	note := func(p plan.Plan) {
		for _, a := range p.Actions {
			d.ids = append(d.ids, a.ID)
		}
		for _, q := range p.Questions {
			d.ids = append(d.ids, q.ID)
		}
		d.ids = append(d.ids, p.Digest)
	}
	s.staffed(jane, anna, bert)
	note(s.run(s.file(jane, max, anna, bert)).Plan)
	jane.CN, anna.Disabled = "Jane Roe", true
	s.later(24 * time.Hour)
	r := s.run(s.file(jane, max, anna))
	note(r.Plan)
	desk := s.desk(s.file(jane, max, anna))
	s.decide(desk, plan.Answer{ID: s.question(desk, plan.Disable, "Anna A").ID, Accept: true},
		plan.Answer{ID: s.question(desk, plan.Disable, "Bert B").ID, Reason: "on leave"})
	kept, err := os.ReadFile(s.cfg.ResolutionsFile)
	require.NoError(t, err)
	require.Contains(t, string(kept), "on leave")
	anna.Disabled = false
	s.later(24 * time.Hour)
	r = s.run(s.file(jane, max, anna, bert))
	note(r.Plan)

	ledger, err := os.ReadFile(ledger.Path(s.cfg.ResolutionsFile))
	require.NoError(t, err)
	d.ledger, d.kept, d.directory = withoutRun(string(ledger)), string(kept), s.usn()
	for _, o := range append(r.Report.Skipped, r.Report.Failed...) {
		d.codes += o.Code + " " + o.User + " " + o.ObjectGUID + "\n"
	}
	for _, q := range r.Report.RequiredInteractions {
		d.codes += q.Type + " " + q.Code + " " + q.AccountName + "\n"
	}
	actions, err := json.Marshal(r.Report.Actions)
	require.NoError(t, err)
	d.codes += string(actions)
	var out strings.Builder
	require.NoError(t, text.Report(&out, r.Report))
	d.text = out.String()
	return d
}

// withoutRun leaves out what differs in every run.
func withoutRun(ledger string) string {
	var lines []string
	for line := range strings.Lines(ledger) {
		if !strings.Contains(line, `"id":`) && !strings.Contains(line, `"run": "`) {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "")
}
