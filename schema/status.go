package schema

import "time"

// Status is how the import stands, by what its last runs left: ledger and reports.
// No directory was asked.
type Status struct {
	At        time.Time       `json:"at"`
	Run       *StatusRun      `json:"run"`                  // nil: none is known
	File      *StatusFile     `json:"file"`                 // nil: none was accepted yet
	Waiting   []StatusWaiting `json:"waiting"`              // for a person
	Enabled   int             `json:"enabled"`              // managed accounts that are
	Next      []StatusAccount `json:"next_ends"`            // enabled accounts that end next, the first ones
	Ended     []StatusAccount `json:"ended"`                // enabled accounts that have ended, the first to end first
	Disabled  []StatusAccount `json:"disabled"`             // by the import, the latest first
	GivenTime []GivenTime     `json:"given_time,omitempty"` // by people since the newest file
	Observed  *Observed       `json:"observed,omitempty"`   // nil: the import does not only look
	ExitCode  int             `json:"exit_code"`            // of status --check
	Why       string          `json:"why,omitempty"`        // that is not 0
	Note      string          `json:"note,omitempty"`       // what could not be known, or is to be tidied up
}

// StatusRun is the last run.
type StatusRun struct {
	ID       string    `json:"id"`
	Started  time.Time `json:"started"`
	Finished bool      `json:"finished"`
	ExitCode *int      `json:"exit_code,omitempty"` // nil where no report tells
	Guard    string    `json:"guard,omitempty"`     // what stopped it
	Failed   int       `json:"failed"`
	Report   string    `json:"report,omitempty"` // path
}

// StatusFile is the newest user file that was accepted.
type StatusFile struct {
	Written time.Time  `json:"written,omitzero"` // zero where it does not say
	Domain  string     `json:"domain"`
	SHA256  string     `json:"digest"`
	Overdue *time.Time `json:"overdue,omitempty"` // since when a newer one is
}

// StatusWaiting is a question that waits.
type StatusWaiting struct {
	Type  string    `json:"type"`
	User  string    `json:"user"`
	About string    `json:"about,omitempty"` // group, or account name that is wanted
	Since time.Time `json:"since"`
}

// StatusAccount is one account, and the moment from which it is so.
type StatusAccount struct {
	User        string    `json:"user"`
	AccountName string    `json:"account_name"`
	DN          string    `json:"dn"`
	At          time.Time `json:"at"`
	Reason      string    `json:"reason,omitempty"`
	Code        string    `json:"code,omitempty"` // of the reason
}
