package schema

import (
	"fmt"
	"strings"
)

// Fault is one thing that is wrong in a document.
type Fault struct {
	Line int // from 1; 0: the document as a whole
	Text string
}

// String is "line 12: text", or the text alone.
func (f Fault) String() string {
	if f.Line == 0 {
		return f.Text
	}
	return fmt.Sprintf("line %d: %s", f.Line, f.Text)
}

// MaxFaults is how many faults of a document are listed.
const MaxFaults = 20

// ListFaults is one sentence for a single fault, else one line for each.
func ListFaults(document string, faults []Fault, more bool) string {
	if len(faults) == 1 && !more {
		return document + " is not valid: " + faults[0].String()
	}
	var b strings.Builder
	b.WriteString(document + " is not valid:")
	for _, f := range faults {
		b.WriteString("\n  " + f.String())
	}
	if more {
		b.WriteString("\n  and more; reading stopped here")
	}
	return b.String()
}
