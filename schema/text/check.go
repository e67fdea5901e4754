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
	out.WriteString("\n")
	if n := c.Next; n != nil {
		fmt.Fprintf(&out, "The next %s would end with exit code %d: %s\n", schema.Visible(c.Command), n.ExitCode, schema.Visible(n.Text))
	}
	fmt.Fprintf(&out, "%s\n", verdict(c))
	_, err := io.WriteString(w, out.String())
	return err
}

func verdict(c schema.Check) string {
	warnings := ""
	if n := c.Count(schema.CheckWarning); n > 0 {
		warnings = ", " + schema.Plural(n, "warning")
	}
	if c.OK {
		return fmt.Sprintf("The %s would work: %s ok%s", c.Command, schema.Plural(c.Count(schema.CheckOK), "step"), warnings)
	}
	if failed := c.Count(schema.CheckFailed); failed > 0 {
		return fmt.Sprintf("The %s would NOT work: %s failed%s", c.Command, schema.Plural(failed, "step"), warnings)
	}
	return fmt.Sprintf("The %s would NOT work as it should: the line above says why%s", c.Command, warnings)
}
