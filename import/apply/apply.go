// Package apply carries out the actions of a plan, in their order, and tells what
// came of each. It decides nothing: what is not in the plan is not done.
package apply

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/rs/zerolog"

	"ad-user-sync/import/plan"
	"ad-user-sync/import/words"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// Directory is what is written to.
type Directory interface {
	Search(ctx context.Context, s ad.Search, each func(ad.Entry) error) (ad.Summary, error)
	Add(ctx context.Context, dn ad.DN, attributes []ad.Attribute) error
	Modify(ctx context.Context, dn ad.DN, changes []ad.Change) error
	Rename(ctx context.Context, dn, to ad.DN) error
	Domain() ad.Domain
}

// Options of an Applier.
type Options struct {
	Directory Directory
	Config    *schema.ImportConfig
	Observed  *plan.Observation
	Plan      *plan.Plan
	Through   string                // controller that this import has written through
	Denied    map[adrules.GUID]bool // accounts whose users this program forbade to change the password
	Log       zerolog.Logger
	Progress  func(done, total int, sofar *Result)
}

// Applier carries out actions of one plan through one controller.
type Applier struct {
	Options
	writer   *writer
	result   *Result
	accounts *accounts // of the result
}

// writer writes one action to the directory.
type writer struct {
	Options
	result   *Result
	accounts *accounts
	managed  map[string]adrules.GUID // by Person key: whom others may refer to
	unruled  map[string]string       // by Person key: a group with a password policy that could not be joined

	policies map[adrules.GUID]*plan.PasswordPolicy // of their own; nil map: not read yet
}

// New prepares to carry out what is in a plan.
func New(o Options) *Applier {
	w := &writer{Options: o, result: Nothing(o.Observed), managed: map[string]adrules.GUID{}, unruled: map[string]string{}}
	w.accounts = w.result.accounts
	x := &Applier{o, w, w.result, w.accounts}
	x.result.Denied, x.result.identity = o.Denied, o.Directory.Domain().Identity
	for _, list := range [][]*plan.Person{o.Plan.Unchanged, o.Plan.Managed} {
		for _, p := range list {
			w.managed[p.Key()] = p.GUID
		}
	}
	for _, n := range slices.Concat(o.Plan.Skipped, o.Plan.Failed) {
		if _, managed := w.managed[n.Person.Key()]; !managed && !n.Person.GUID.IsZero() {
			w.managed[n.Person.Key()] = n.Person.GUID
		}
	}
	return x
}

// Result is what has come of the actions so far.
func (x *Applier) Result() *Result { return x.result }

// Run carries out all actions. A refused one does not stop the others; a lost
// directory does.
func (x *Applier) Run(ctx context.Context, actions []plan.Action) {
	x.result.Actions = actions
	for i := range actions {
		x.result.left[actions[i].Person.Key()]++
	}
	for i := 0; i < len(actions); {
		if i > 0 && actions[i].Kind != actions[i-1].Kind {
			x.writer.meet(ctx)
		}
		if kind := actions[i].Kind; kind == plan.Join || kind == plan.Leave {
			end := i
			for end < len(actions) && actions[end].Kind == kind {
				end++
			}
			x.memberships(ctx, actions[i:end])
			i = end
		} else {
			x.note(&actions[i], x.try(ctx, actions[i]))
			i++
		}
		x.Progress(i, len(actions), x.result)
	}
	x.writer.meet(ctx)
}

// try carries out one action, unless the directory was lost before.
func (x *Applier) try(ctx context.Context, a plan.Action) error {
	if err := x.halted(ctx); err != nil {
		return err
	}
	ctx, done := lasting(ctx)
	defer done()
	err := x.notOurs(a)
	if err == nil {
		err = x.writer.one(ctx, a)
	}
	if err != nil && doubtful(a, err) {
		err = doubt{x.writer}.readBack(ctx, a, err)
	}
	if err == nil {
		x.accounts.rename(a)
	}
	return x.writer.explained(ctx, a, err)
}

// notOurs keeps an account as it is that could not be taken over.
func (x *Applier) notOurs(a plan.Action) error {
	if a.Kind != plan.Adopt && x.result.strange[a.Person.GUID] && !a.Person.GUID.IsZero() {
		return fmt.Errorf("%w, since the account was not taken over", errNotTried)
	}
	return nil
}

func (x *Applier) halted(ctx context.Context) error {
	switch {
	case ctx.Err() != nil:
		return cutShort{"it was interrupted", ctx.Err()}
	case x.result.Lost != nil:
		return cutShort{"the directory was lost", x.result.Lost}
	}
	return nil
}

// one carries out one action. Another controller than the one written through
// before may not know yet what was done there (rule 22).
func (w *writer) one(ctx context.Context, a plan.Action) error {
	names := a.Kind == plan.Create || a.Kind == plan.Rename || a.Kind == plan.Adopt
	if now := w.Directory.Domain().Controller; names && now != w.Through {
		wayOn := "import again, or let both connect to the same domain controller"
		if w.result.accounts.before != nil {
			wayOn = "the next import does it"
		}
		return fmt.Errorf("%w: %s may not know yet what was written through %s; %s", errNotTried, now, w.Through, wayOn)
	}
	switch a.Kind {
	case plan.Create:
		return w.create(ctx, a)
	case plan.Adopt, plan.Rename:
		return w.rename(ctx, a)
	case plan.Enable:
		return w.enable(ctx, a)
	case plan.NewPassword:
		return w.newPassword(ctx, a)
	case plan.Update:
		return w.update(ctx, a)
	case plan.Extend, plan.Prolong, plan.Disable, plan.Unlock:
		return w.modify(ctx, a)
	default: // joins and leaves go together
		return fmt.Errorf("%w: no one has written how to %s", errNotTried, a.Kind)
	}
}

// note keeps what came of an action. With a lost controller nothing has come of
// it yet.
func (x *Applier) note(a *plan.Action, err error) {
	gone := errors.Is(err, ad.ErrUnreachable) || errors.Is(err, ad.ErrIdentity)
	if gone && x.result.Lost == nil {
		x.result.Lost = err
	}
	if x.result.Lost != nil && (gone || errors.Is(err, errNotTried)) {
		x.result.Open = append(x.result.Open, Failure{*a, err})
		return
	}
	x.conclude(a, err)
}

// conclude keeps and logs what came of an action in the end.
func (x *Applier) conclude(a *plan.Action, err error) {
	x.result.left[a.Person.Key()]--
	event := x.Log.Info()
	switch {
	case errors.Is(err, errLeftOut):
	case err != nil:
		event = x.Log.Warn().Str("error", schema.Visible(err.Error()))
		x.result.Failed = append(x.result.Failed, Failure{*a, err})
		switch a.Kind {
		case plan.Leave:
			x.result.stayed[a.Person.GUID] = true
		case plan.Adopt:
			x.result.strange[a.Person.GUID] = true
		case plan.Join:
			if a.Group.Policy {
				x.writer.unruled[a.Person.Key()] = a.Group.CN
			}
		}
	default:
		x.result.Done = append(x.result.Done, a)
	}
	if errors.Is(err, errCutShort) {
		return // all of them are logged as one
	}
	if a.Group != nil {
		event = event.Str("group", schema.Visible(a.Group.CN))
	}
	x.result.about(event.Str("action", string(a.Kind)).Str("reason", words.Because(a.Reason, a.Detail)).Str("code", string(a.Reason)), *a.Person).
		Str("id", a.ID).Bool("approved", a.Answer != nil).Msg(outcomeText(err))
}

// about names an account in the log.
func (r *Result) about(e *zerolog.Event, p plan.Person) *zerolog.Event {
	who, guid := r.Present(p), ""
	if !who.GUID.IsZero() {
		guid = who.GUID.String()
	}
	return e.Str("user", schema.Visible(who.CN)).Str("account", schema.Visible(who.AccountName)).Str("anchor", who.Anchor).
		Str("objectGUID", guid).Str("dn", schema.Visible(who.DN))
}

func outcomeText(err error) string {
	if err != nil {
		return "not done"
	}
	return "done"
}

// Reached is how far the controller has come; 0 where that is unknown.
func (x *Applier) Reached(ctx context.Context) int64 {
	ctx, done := lasting(ctx)
	defer done()
	usn, err := ad.HighestUSN(ctx, x.Directory)
	if err != nil {
		x.Log.Warn().Str("error", schema.Visible(err.Error())).Msg("the controller did not say how far it has come after the last write; another one is taken not to have heard of it for a day")
	}
	return usn
}

// inFlight is how long the action at work may go on once the run is ended. A
// request that is given up may still be carried out.
const inFlight = 10 * time.Second

// lasting is the context of one action: the end of the run lets its requests,
// and what reads them back, finish.
func lasting(run context.Context) (ctx context.Context, done func()) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(run))
	stop := context.AfterFunc(run, func() {
		select {
		case <-time.After(inFlight):
			cancel()
		case <-ctx.Done():
		}
	})
	return ctx, func() { stop(); cancel() }
}
