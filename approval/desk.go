package approval

import (
	"context"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// Desk is what a session needs of the import. Every call reads the directory
// afresh and plans again; nothing that a page remembers is trusted. The session
// makes one call at a time.
type Desk interface {
	// Look reads and plans, and writes nothing.
	Look(ctx context.Context) (plan.View, error)
	// Decide carries out what was accepted and keeps what was rejected. There is
	// one result for each answer, in the order given; done is called with each
	// as it is known. An error means that nothing further was tried.
	Decide(ctx context.Context, answers []plan.Answer, done func(plan.Result)) ([]plan.Result, error)
	// AskAgain forgets the kept rejection of the question with this ID.
	AskAgain(ctx context.Context, id string) error
	// Release overrides the limits for the plan of this digest; accounts is the
	// number that the person typed: of different people over all the trips. The
	// automatic actions are then carried out; progress is called after each.
	Release(ctx context.Context, digest string, accounts int, progress func(done, total int)) error
	// Report is what the run and this desk did so far, failed to do, and left open
	// at the last look. It reads nothing.
	Report() schema.Report
	// CheckName tells why an account name cannot be taken as the answer to the
	// question; "" where it can.
	CheckName(ctx context.Context, id, name string) (string, error)

	Prolonger
	Finder
}
