package importer

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

// applier carries out the actions of one plan, in their order. It decides
// nothing: what is not in the plan is not done.
type applier struct {
	dir       Directory
	cfg       *schema.ImportConfig
	obs       *plan.Observation
	container ad.DN
	log       zerolog.Logger
	progress  func(done, total int)
	through   string // controller that this import has written through

	created map[string]adrules.GUID // by Person key
	unmet   map[string]newcomer     // made, by Person key
	managed map[string]adrules.GUID // by Person key: whom others may name as their manager
	names   map[adrules.GUID]ad.DN  // current DNs, of all that was observed
	called  map[adrules.GUID]string // their account names
	stayed  map[adrules.GUID]bool   // accounts whose leave failed
	strange map[adrules.GUID]bool   // accounts whose taking over failed
	denied  map[adrules.GUID]bool   // accounts whose users this program forbade to change the password
	unruled map[string]string       // by Person key: a group with a password policy that could not be joined
	left    map[string]int          // actions still to be tried, by Person key
	actions []plan.Action
	lost    error           // why nothing further is tried
	past    bool            // what was read is older than what the ledger knows
	before  *applier        // of a controller that was lost; nil: none was
	unsure  map[string]bool // by task: what a lost controller may have done, and this one does not know

	policies map[adrules.GUID]*plan.PasswordPolicy // of their own; nil map: not read yet

	done         []plan.Action
	former       int       // how many of them a lost controller did
	formerFailed int       // and how many failures are from its time
	open         []failure // what another controller may do, since this one was lost
	failed       []failure
	values       []schema.Outcome // attributes that may not be written

	leftOut []plan.Note // values that the directory does not take
}

// failure is an action that was not carried out.
type failure struct {
	action plan.Action
	err    error
}

func newApplier(dir Directory, cfg *schema.ImportConfig, s *situation, log zerolog.Logger) *applier {
	obs := s.input.Observed
	container, _ := ad.ParseDN(obs.Container.DN)
	x := &applier{dir: dir, cfg: cfg, obs: obs, past: s.past, container: container, log: log, progress: func(int, int) {},
		created: map[string]adrules.GUID{}, unmet: map[string]newcomer{}, managed: map[string]adrules.GUID{}, names: map[adrules.GUID]ad.DN{}, called: map[adrules.GUID]string{}, stayed: map[adrules.GUID]bool{}, strange: map[adrules.GUID]bool{}, denied: s.record.denied(), unruled: map[string]string{}, unsure: map[string]bool{}, left: map[string]int{}}
	for _, list := range [][]plan.Account{obs.Accounts, obs.Elsewhere} {
		for i := range list {
			x.names[list[i].GUID], _ = ad.ParseDN(list[i].DN)
			x.called[list[i].GUID] = list[i].AccountName
		}
	}
	for _, p := range slices.Concat(s.plan.Unchanged, s.plan.Managed) {
		x.managed[p.Key()] = p.GUID
	}
	for _, n := range slices.Concat(s.plan.Skipped, s.plan.Failed) {
		if _, managed := x.managed[n.Person.Key()]; !managed && !n.Person.GUID.IsZero() {
			x.managed[n.Person.Key()] = n.Person.GUID
		}
	}
	return x
}

// run carries out all actions. A refused one does not stop the others; a lost
// directory does.
func (x *applier) run(ctx context.Context, actions []plan.Action) {
	x.actions = actions
	for _, a := range actions {
		x.left[a.Person.Key()]++
	}
	for i := 0; i < len(actions); {
		if i > 0 && actions[i].Kind != actions[i-1].Kind {
			x.meet(ctx)
		}
		if kind := actions[i].Kind; kind == plan.Join || kind == plan.Leave {
			end := i
			for end < len(actions) && actions[end].Kind == kind {
				end++
			}
			x.memberships(ctx, actions[i:end])
			i = end
		} else {
			x.note(actions[i], x.try(ctx, actions[i]))
			i++
		}
		x.progress(i, len(actions))
	}
	x.meet(ctx)
}

// try carries out one action, unless the directory was lost before.
func (x *applier) try(ctx context.Context, a plan.Action) error {
	if err := x.halted(ctx); err != nil {
		return err
	}
	ctx, done := lasting(ctx)
	defer done()
	err := x.notOurs(a)
	if err == nil {
		err = x.one(ctx, a)
	}
	if err != nil && doubtful(a, err) {
		err = x.readBack(ctx, a, err)
	}
	if err == nil {
		x.rememberName(a)
	}
	return x.explained(ctx, a, err)
}

// notOurs keeps an account as it is that could not be taken over.
func (x *applier) notOurs(a plan.Action) error {
	if a.Kind != plan.Adopt && x.strange[a.Person.GUID] && !a.Person.GUID.IsZero() {
		return fmt.Errorf("%w, since the account was not taken over", errNotTried)
	}
	return nil
}

func (x *applier) halted(ctx context.Context) error {
	switch {
	case ctx.Err() != nil:
		return cutShort{"it was interrupted", ctx.Err()}
	case x.lost != nil:
		return cutShort{"the directory was lost", x.lost}
	}
	return nil
}

// errNotTried is a failure that surely left the directory as it was.
var errNotTried = errors.New("not tried")

// uncertain reports whether a write that failed may have been carried out.
func uncertain(err error) bool {
	return !errors.Is(err, errNotTried) && (errors.Is(err, ad.ErrUnreachable) || errors.Is(err, ad.ErrOutcomeUnknown))
}

// one carries out one action. Another controller than the one written through
// before may not know yet what was done there (rule 22).
func (x *applier) one(ctx context.Context, a plan.Action) error {
	names := a.Kind == plan.Create || a.Kind == plan.Rename || a.Kind == plan.Adopt
	if now := x.dir.Domain().Controller; names && now != x.through {
		wayOn := "import again, or let both connect to the same domain controller"
		if x.before != nil {
			wayOn = "the next import does it"
		}
		return fmt.Errorf("%w: %s may not know yet what was written through %s; %s", errNotTried, now, x.through, wayOn)
	}
	switch a.Kind {
	case plan.Create:
		return x.create(ctx, a)
	case plan.Adopt, plan.Rename:
		return x.rename(ctx, a)
	case plan.Enable:
		return x.enable(ctx, a)
	case plan.Update:
		return x.update(ctx, a)
	default: // extend, disable
		return x.modify(ctx, a)
	}
}

// note keeps what came of an action. With a lost controller nothing has come of
// it yet.
func (x *applier) note(a plan.Action, err error) {
	gone := errors.Is(err, ad.ErrUnreachable) || errors.Is(err, ad.ErrIdentity)
	if gone && x.lost == nil {
		x.lost = err
	}
	if x.lost != nil && (gone || errors.Is(err, errNotTried)) {
		x.open = append(x.open, failure{a, err})
		return
	}
	x.conclude(a, err)
}

// conclude keeps and logs what came of an action in the end.
func (x *applier) conclude(a plan.Action, err error) {
	x.left[a.Person.Key()]--
	event := x.log.Info()
	switch {
	case errors.Is(err, errLeftOut):
	case err != nil:
		event = x.log.Warn().Str("error", schema.Visible(err.Error()))
		x.failed = append(x.failed, failure{a, err})
		switch a.Kind {
		case plan.Leave:
			x.stayed[a.Person.GUID] = true
		case plan.Adopt:
			x.strange[a.Person.GUID] = true
		case plan.Join:
			if a.Group.Policy {
				x.unruled[a.Person.Key()] = a.Group.CN
			}
		}
	default:
		x.done = append(x.done, a)
	}
	if errors.Is(err, errCutShort) {
		return // all of them are logged as one
	}
	if a.Group != nil {
		event = event.Str("group", schema.Visible(a.Group.CN))
	}
	x.about(event.Str("action", string(a.Kind)).Str("reason", words.Because(a.Reason, a.Detail)).Str("code", string(a.Reason)), a.Person).
		Str("id", a.ID).Bool("approved", a.Answer != nil).Msg(outcomeText(err))
}

// about names an account in the log.
func (x *applier) about(e *zerolog.Event, p plan.Person) *zerolog.Event {
	who := x.present(p)
	return e.Str("user", schema.Visible(who.CN)).Str("account", schema.Visible(who.AccountName)).Str("anchor", who.Anchor).
		Str("objectGUID", subject(who).ObjectGUID).Str("dn", schema.Visible(who.DN))
}

func outcomeText(err error) string {
	if err != nil {
		return "not done"
	}
	return "done"
}

// over reports whether every action of a person was tried.
func (x *applier) over(key string) bool { return x.left[key] == 0 }

// target is the account of an action, by its objectGUID.
func (x *applier) target(p plan.Person) (adrules.GUID, error) {
	if !p.GUID.IsZero() {
		return p.GUID, nil
	}
	if guid, ok := x.created[p.Key()]; ok {
		return guid, nil
	}
	if made, ok := x.unmet[p.Key()]; ok {
		return adrules.GUID{}, fmt.Errorf("%w: the new account %s cannot be found yet; the next run goes on", errNotTried, made.dn)
	}
	return adrules.GUID{}, errors.New("the account was not created")
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
