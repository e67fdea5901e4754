package text

import (
	"fmt"
	"strings"

	"ad-user-sync/schema"
)

// plan lists all that a dry run would do, account by account, with before and
// after. Nothing is left out of it.
func (t *reportText) plan() {
	if len(t.Changes) == 0 {
		return
	}
	t.line("")
	t.line("The plan, account by account: what is there -> what would be there (why)")
	before := named{}
	for i, c := range t.Changes {
		of := named{c.User, c.Subject}
		if i == 0 || of.key() != before.key() {
			t.line("  %s", schema.Visible(t.call(of)))
		}
		before = of
		t.line("    %-8s %s: %s -> %s (%s)", schema.Visible(c.Action), schema.Visible(c.Attribute), valueText(c.Before), valueText(c.After), schema.Visible(c.Reason))
	}
}

// valueText quotes values that would be taken for something else.
func valueText(values []string) string {
	if len(values) == 0 {
		return "-"
	}
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = schema.Visible(v)
		if v == "-" || strings.TrimSpace(v) != v || v == "" || strings.ContainsAny(v, ";>") {
			texts[i] = fmt.Sprintf("%q", texts[i])
		}
	}
	return strings.Join(texts, "; ")
}
