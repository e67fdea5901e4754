package schema

import (
	"fmt"
	"io"
	"strings"
)

var checkMarks = map[CheckState]string{CheckOK: "ok", CheckWarning: "WARN", CheckFailed: "FAIL", CheckLeftOut: "-"}

// WriteText writes one line for each step, then what follows from all.
func (c Check) WriteText(w io.Writer) error {
	var out strings.Builder
	part := ""
	for _, s := range c.Steps {
		if s.Part != part {
			part = s.Part
			fmt.Fprintf(&out, "%s\n", Visible(part))
		}
		fmt.Fprintf(&out, "  %-4s  %-16s %s\n", checkMarks[s.State], s.Step, Visible(s.Text))
		if s.Hint != "" {
			fmt.Fprintf(&out, "  %-4s  %-16s to mend: %s\n", "", "", Visible(s.Hint))
		}
	}
	fmt.Fprintf(&out, "\n%s\n", c.verdict())
	_, err := io.WriteString(w, out.String())
	return err
}

func (c Check) verdict() string {
	warnings := ""
	if n := c.Count(CheckWarning); n > 0 {
		warnings = ", " + plural(n, "warning")
	}
	if c.OK {
		return fmt.Sprintf("The %s would work: %s ok%s", c.Command, plural(c.Count(CheckOK), "step"), warnings)
	}
	return fmt.Sprintf("The %s would NOT work: %s failed%s", c.Command, plural(c.Count(CheckFailed), "step"), warnings)
}
