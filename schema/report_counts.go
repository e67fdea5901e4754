package schema

// Codes of outcomes, as import/plan has them, that are counted apart.
const (
	codeRefused          = "refused"
	codeDisabledInSource = "disabled-in-source"
)

// Planned reports whether nothing of what it says was done.
func (r Report) Planned() bool { return r.DryRun || r.Observed != nil }

// Forbidden counts those of Failed that are planned actions to which this account has no
// right.
func (r Report) Forbidden() (n int) {
	for _, o := range r.Failed {
		if r.Planned() && o.Code == codeRefused {
			n++
		}
	}
	return n
}

// Undone counts who was skipped although the user file wants something: a person who is
// disabled there needs no account.
func (r Report) Undone() (n int) {
	for _, o := range r.Skipped {
		if o.Code != codeDisabledInSource {
			n++
		}
	}
	return n
}
