package approval

import (
	"context"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// Desk is what a session needs of the import. Every call reads the directory
// afresh and plans again; nothing that a page remembers is trusted.
type Desk interface {
	// Look reads and plans, and writes nothing.
	Look(ctx context.Context) (View, error)
	// Decide carries out what was accepted and keeps what was rejected. There is
	// one result for each answer, in the order given; done is called with each
	// as it is known. An error means that nothing further was tried.
	Decide(ctx context.Context, answers []plan.Answer, done func(Result)) ([]Result, error)
	// AskAgain forgets the kept rejection of the question with this ID.
	AskAgain(ctx context.Context, id string) error
	// Release lets the brakes go for the plan of this digest; accounts is the
	// number that the person typed. The automatic actions are then carried out.
	Release(ctx context.Context, digest string, accounts int) error
	// CheckName tells why an account name can not be taken as the answer to the
	// question; "" where it can.
	CheckName(ctx context.Context, id, name string) (string, error)
}

// View is the state of the target domain that a person decides about.
type View struct {
	Domain     string // DNS name of the target domain
	Controller string
	Container  string // DN
	Identity   string // who is bound
	File       schema.Input
	Source     string // domain that the file comes from
	Plan       string // digest
	Password   plan.PasswordPolicy
	Questions  []plan.Question
	Refusals   []plan.Refusal
	Trips      []plan.Trip
	Notices    []string
	Report     schema.Report // what was done so far
}

// Outcome of one answer.
type Outcome string

// The outcomes.
const (
	Done    Outcome = "done"
	Kept    Outcome = "rejected"          // and kept in the resolutions file
	Changed Outcome = "changed meanwhile" // the question no longer stands as it was shown
	Failed  Outcome = "failed"            // the question stays
)

// Result of one answer.
type Result struct {
	ID      string
	Outcome Outcome
	Problem string // in words, where it failed
	Hint    string // what a person can do
}
