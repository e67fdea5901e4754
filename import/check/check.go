// Package check tells of one thing after the other whether an import would work, by
// what was read for that and by what the directory tells of rights. It reads nothing
// else, and writes nothing.
package check

import (
	"fmt"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

// Parts of a check.
const (
	partTarget   = "Target domain"
	partRights   = "Rights of the import"
	partApprover = "Rights of whoever decides"
)

// Target tells of the target domain, as far as that was read. What returns false keeps
// every import from working.
type Target struct {
	Tell     func(schema.CheckStep)
	Config   *schema.ImportConfig
	Domain   ad.Domain // as the import is bound to it
	Observed *plan.Observation
}

// Fail tells of what could not be read, and is false.
func (t Target) Fail(step string, err error) bool { return t.say().fail(step, err) }

func (t Target) say() teller { return teller{partTarget, t.Tell} }

// teller tells of one part.
type teller struct {
	part string
	tell func(schema.CheckStep)
}

func (t teller) say(step string, state schema.CheckState, text, hint string) {
	t.tell(schema.CheckStep{Part: t.part, Step: step, State: state, Text: text, Hint: hint})
}

func (t teller) fine(step, format string, values ...any) bool {
	t.say(step, schema.CheckOK, fmt.Sprintf(format, values...), "")
	return true
}

func (t teller) warn(step, hint, format string, values ...any) {
	t.say(step, schema.CheckWarning, fmt.Sprintf(format, values...), hint)
}

func (t teller) fail(step string, err error) bool {
	t.say(step, schema.CheckFailed, err.Error(), ad.Hint(err))
	return false
}
