package schema

// Check is what the command "check" found, from the outside in. Nothing was
// written to the directory for it.
type Check struct {
	Command    string      `json:"command"` // "export" or "import"
	Config     string      `json:"config"`
	OK         bool        `json:"ok"` // the job would work: no step failed, and the next run would end with exit code 0
	Domain     string      `json:"domain"`
	Controller string      `json:"controller"`
	Identity   string      `json:"identity"` // who the job is bound as
	Steps      []CheckStep `json:"steps"`
	Next       *NextRun    `json:"next,omitempty"` // nil where it cannot be foreseen
}

// NextRun foresees how the next run of the job would end.
type NextRun struct {
	ExitCode int    `json:"exit_code"`
	Text     string `json:"text"`
}

// CheckStep is one thing that was looked at.
type CheckStep struct {
	Part  string     `json:"part"` // what steps are grouped by, such as "Connection"
	Step  string     `json:"step"` // in a word, such as "tls"
	State CheckState `json:"state"`
	Text  string     `json:"text"`
	Hint  string     `json:"hint,omitempty"` // what a person can do
}

// CheckState is the mark of a step.
type CheckState string

// The marks. With a warning the job works; what was left out could not be
// looked at, and keeps no job from working.
const (
	CheckOK      CheckState = "ok"
	CheckWarning CheckState = "warning"
	CheckFailed  CheckState = "failed"
	CheckLeftOut CheckState = "left out"
)

// Add appends a step.
func (c *Check) Add(s CheckStep) { c.Steps = append(c.Steps, s) }

// Count tells how many steps have this mark.
func (c *Check) Count(state CheckState) int {
	n := 0
	for _, s := range c.Steps {
		if s.State == state {
			n++
		}
	}
	return n
}
