package text

import (
	"fmt"
	"io"
	"strings"

	"ad-user-sync/schema"
)

var checkMarks = map[schema.CheckState]string{schema.CheckOK: "ok", schema.CheckWarning: "WARN", schema.CheckFailed: "FAIL", schema.CheckLeftOut: "-"}

// Check writes one line for each step, then what follows from all.
func Check(w io.Writer, c schema.Check) error {
	var out strings.Builder
	part := ""
	for _, s := range c.Steps {
		if s.Part != part {
			part = s.Part
			fmt.Fprintf(&out, "%s\n", schema.Visible(part))
		}
		fmt.Fprintf(&out, "  %-4s  %-16s %s\n", checkMarks[s.State], s.Step, schema.Visible(s.Text))
		if s.Hint != "" {
			fmt.Fprintf(&out, "  %-4s  %-16s hint: %s\n", "", "", schema.Visible(s.Hint))
		}
	}
	fmt.Fprintf(&out, "\n%s\n", verdict(c))
	_, err := io.WriteString(w, out.String())
	return err
}

func verdict(c schema.Check) string {
	warnings := ""
	if n := c.Count(schema.CheckWarning); n > 0 {
		warnings = ", " + plural(n, "warning")
	}
	if c.OK {
		return fmt.Sprintf("The %s would work: %s ok%s", c.Command, plural(c.Count(schema.CheckOK), "step"), warnings)
	}
	return fmt.Sprintf("The %s would NOT work: %s failed%s", c.Command, plural(c.Count(schema.CheckFailed), "step"), warnings)
}
