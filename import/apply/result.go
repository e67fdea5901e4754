package apply

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// Result is what came of the actions of a plan, whichever controller did them. It
// grows until Run returns.
type Result struct {
	Actions []plan.Action // that were tried through the last controller
	Done    []*plan.Action
	Failed  []Failure
	Open    []Failure             // what another controller may do, since this one was lost
	Refused []plan.Note           // attributes that may not be written
	LeftOut []plan.Note           // values that the directory does not take
	Denied  map[adrules.GUID]bool // accounts whose users this program forbade to change the password
	Lost    error                 // why nothing further is tried

	accounts     *accounts
	container    ad.DN
	identity     string                // that is bound
	left         map[string]int        // actions still to be tried, by Person key
	stayed       map[adrules.GUID]bool // accounts whose leave failed
	strange      map[adrules.GUID]bool // accounts whose taking over failed
	unsure       taskSet               // by task: what a lost controller may have done, and this one does not know
	former       int                   // how many of Done a lost controller did
	formerFailed int                   // and how many failures are from its time
}

// Nothing is the result before anything was tried.
func Nothing(obs *plan.Observation) *Result {
	container, _ := ad.ParseDN(obs.Container.DN)
	return &Result{accounts: accountsOf(obs), container: container, left: map[string]int{}, stayed: map[adrules.GUID]bool{}, strange: map[adrules.GUID]bool{}, unsure: taskSet{}}
}

// Over reports whether every action of a person, by key, was tried.
func (r *Result) Over(key string) bool { return r.left[key] == 0 }

// Target is the objectGUID of an account; false where it is not known, or there is none.
func (r *Result) Target(p plan.Person) (adrules.GUID, bool) {
	guid, err := r.accounts.target(p)
	return guid, err == nil
}

// Present is a person with what the account is called now.
func (r *Result) Present(p plan.Person) plan.Person { return r.accounts.present(p) }

// Knows reports whether an account was observed, or made since.
func (r *Result) Knows(account adrules.GUID) bool {
	return !r.accounts.name(account).IsZero()
}

// Inside reports whether an account is in the managed container now.
func (r *Result) Inside(account adrules.GUID) bool {
	return r.accounts.name(account).Within(r.container)
}

// TakenOver reports whether the taking over of an account did not fail.
func (r *Result) TakenOver(account adrules.GUID) bool { return !r.strange[account] }

// Own are the actions that were done through the last controller.
func (r *Result) Own() []*plan.Action { return r.Done[r.former:] }

// Unsure reports whether a failed action may have been carried out, through
// whichever controller.
func (r *Result) Unsure(f Failure) bool { return f.Unsure() || r.unsure.has(f.Action) }

// Consumed are the actions of the last controller whose entries are used up: what
// was done, or may have been.
func (r *Result) Consumed() []*plan.Action {
	used := slices.Clone(r.Own())
	for _, f := range slices.Concat(r.Failed[r.formerFailed:], r.Open) {
		if r.Unsure(f) {
			used = append(used, &f.Action)
		}
	}
	return used
}

// NotTried counts the actions that the run did not come to.
func (r *Result) NotTried() (n int) {
	for _, f := range r.Failed {
		if f.CutShort() {
			n++
		}
	}
	return n
}

// Ended is the error of a run that did not come to its end: the directory was
// lost for good, or it was interrupted. Nil where it did.
func (r *Result) Ended(ctx context.Context) error {
	left := r.NotTried()
	why := r.Lost
	if ctx.Err() != nil {
		why = errors.New("it was interrupted")
	}
	if left == 0 && r.Lost == nil {
		return nil
	}
	return fmt.Errorf("the run was cut short: %w; of its actions %d were done, %d failed and %d were not tried. Run the import again: it goes on from there",
		why, len(r.Done), len(r.Failed)-left, left)
}
