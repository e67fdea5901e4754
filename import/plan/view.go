package plan

import (
	"maps"

	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// View is the state of the target domain that a person decides about.
type View struct {
	Domain     string // DNS name of the target domain
	Controller string
	Container  string // DN
	Identity   string // who is bound
	File       schema.Input
	Source     string // domain that the file comes from
	Plan       string // digest
	Password   PasswordPolicy
	MustChange bool                            // a password that is set, at the first logon
	OwnPolicy  map[adrules.GUID]PasswordPolicy // of accounts with a fine-grained one
	Current    map[adrules.GUID]LogonNames     // what the accounts of the questions are called now
	Questions  []Question
	Refusals   []Refusal
	Trips      []Trip
	Planned    []Action // where a limit stops the plan: all that it would do, with values fit to be read
	Notices    []string
	Offer      Offer         // of more time, where no newer file comes
	Tabled     *Tabled       // what the table of match comes to; nil: there is none
	Old        bool          // the file is too old for anything but that
	Report     schema.Report // what was done so far
}

// LogonNames are what a person logs on by.
type LogonNames struct{ AccountName, UPN string }

// LogonNames lists those of everybody whom a question is about: as they are to be, as
// they are, and of the account that may be taken over.
func (v *View) LogonNames(q Question) []LogonNames {
	list := []LogonNames{{q.Person.AccountName, q.Person.UPN}}
	if now, known := v.Current[q.Person.GUID]; known {
		list = append(list, now)
	}
	if q.Holder != nil {
		list = append(list, LogonNames{q.Holder.AccountName, q.Holder.UPN})
	}
	return list
}

// Policy is what a password of this person has to keep.
func (v *View) Policy(p Person) PasswordPolicy {
	if own, has := v.OwnPolicy[p.GUID]; has {
		return own
	}
	return v.Password
}

// WithPolicies is the view with the policies of accounts that were found.
func (v *View) WithPolicies(found []Found) *View {
	view := *v
	if view.OwnPolicy = maps.Clone(v.OwnPolicy); view.OwnPolicy == nil {
		view.OwnPolicy = map[adrules.GUID]PasswordPolicy{}
	}
	for _, f := range found {
		view.OwnPolicy[f.Person.GUID] = f.Policy
	}
	return &view
}

// Outcome of one answer.
type Outcome string

// The outcomes.
const (
	Done    Outcome = "done"
	Kept    Outcome = "rejected" // and kept in the resolutions file
	Changed Outcome = "changed"  // the question no longer stands as it was shown
	NotDone Outcome = "failed"   // the question stays
)

// Result of one answer.
type Result struct {
	ID      string
	Outcome Outcome
	Problem string      // in words, where it failed
	Hint    string      // what a person can do
	Detail  string      // what the directory said, "" where the problem says it all
	Weak    bool        // the password did not keep the policy
	Unsure  bool        // failed as far as is known: the answer was lost, it may have been carried out
	Differs []FieldCode // changed: what is not as it was shown, as far as that is known
}
