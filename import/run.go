package importer

import (
	"context"
	"crypto/rand"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/rs/zerolog"

	"ad-user-sync/import/apply"
	"ad-user-sync/import/ledger"
	"ad-user-sync/import/matchtable"
	"ad-user-sync/import/plan"
	"ad-user-sync/import/report"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/files"
	"ad-user-sync/schema"
)

// Options of an import.
type Options struct {
	Config    *schema.ImportConfig
	Directory Directory // nil, with Input, only where the run ends before: Unwritten
	Input     *Input
	DryRun    bool
	Confirm   string // digest of the plan whose limits are overridden
	Accept    string // SHA-256 of the file that is accepted although it is not fresh
	Start     string // digest of the plan that an import begins with which has only looked
	Log       zerolog.Logger
	Progress  func(done, total int)
	Sized     func(people int)  // told how many an import has to do with, as far as is known: before the directory is read, and after
	Clock     func() time.Time  // of this machine; nil: the system's
	Table     *matchtable.Table // of match, edited, for a Desk; nil: none

	// Reopen reads the user file again, for a Desk whose file is no longer the
	// one that was imported last; nil where it can be read once only.
	Reopen func() (*Input, error)

	// Reload reads the configuration again, for a Desk that may be open for days;
	// nil where it cannot change.
	Reload func() (*schema.ImportConfig, error)
}

// Import is one user file on its way into one managed container.
type Import struct {
	Options
	id       string
	moves    []string // from which controller to which, and why
	started  time.Time
	report   schema.Report
	released map[plan.Kind]map[string]bool
	lockWait time.Duration
	used     map[string]bool // overrides that this import has used up
	wrote    string          // controller that something was written through
	lease    string          // the lease warning of a file that was refused

	prolonging bool        // the last file is good enough to give more time, however old it is
	grant      *plan.Grant // that a person gives right now
	looking    looking
}

// Result of a run.
type Result struct {
	Plan   plan.Plan
	Report schema.Report

	read *situation // nil where something was written since
}

// New prepares an import; nothing is read yet.
func New(options Options) *Import {
	if options.Sized == nil {
		options.Sized = func(int) {}
	}
	if options.Progress == nil {
		options.Progress = func(int, int) {}
	}
	if options.Clock == nil {
		options.Clock = time.Now
	}
	im := &Import{Options: options, id: rand.Text(), started: options.Clock(), lockWait: ledger.LockWait, used: map[string]bool{}, released: map[plan.Kind]map[string]bool{}}
	im.report = schema.Report{Run: im.id, Started: im.started.UTC(), DryRun: im.DryRun}
	return im
}

// Run reads, plans, and, unless it is a dry run or a guard stops it, applies.
// Errors are *Refusal where the file is not accepted; a guard is not an error but
// part of the report. A result beside an error tells what was done before the
// run was cut short, or before the memory of it could not be written.
func (im *Import) Run(ctx context.Context) (*Result, error) {
	unlock, err := im.lock(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	if err := im.Prepare(); err != nil && !im.DryRun {
		return nil, err
	}
	s, err := im.situation(ctx, im.Directory, nil, "")
	if err != nil {
		return nil, err
	}
	s.notices = append(s.notices, im.unneeded(s)...)
	switch {
	case s.waits():
		im.report.Guard = s.migrationGuard()
	case im.isAnother(s):
		im.looking.only = true
		im.report.Guard = im.another(s)
		im.report = report.Actions(im.report, s.plan.Actions)
	case im.stopped(s):
		im.report.Guard = im.guard(s)
		if im.onlyReads() {
			im.report = report.Actions(im.report, s.plan.Actions)
		}
	case im.onlyReads():
		im.report = report.Actions(im.report, s.plan.Actions)
		if im.report.Failed, err = im.forbidden(ctx, s); err != nil {
			return nil, err
		}
	case ctx.Err() != nil:
		return nil, errors.New("the run was interrupted, and nothing was written")
	default:
		x, err := im.carryOut(ctx, im.Directory, s, s.plan.Actions, func(*apply.Result) {})
		if x == nil {
			return nil, err
		}
		result, lease := &Result{Plan: s.plan}, im.leaseWarning(s)
		if err == nil {
			im.hasBegun(s)
		}
		if err == nil && len(s.plan.Actions) == 0 {
			result.read = s
		} else {
			s.letGo()
		}
		im.reportResult(s, x)
		im.reportPlan(s, lease)
		im.report = report.AsNow(im.report, x)
		result.Report = im.finished(im.Directory)
		return result, errors.Join(err, x.Ended(ctx))
	}
	if err := im.lookAhead(ctx, s); err != nil {
		return nil, err
	}
	im.reportPlan(s, im.leaseWarning(s))
	err = im.remember(s)
	return &Result{Plan: s.plan, Report: im.finished(im.Directory), read: s}, err
}

// onlyReads reports whether the plan is shown, and not carried out.
func (im *Import) onlyReads() bool { return im.DryRun || im.looking.only }

func (im *Import) lock(ctx context.Context) (unlock func(), err error) {
	if im.DryRun {
		return func() {}, nil
	}
	unlock, err = files.Lock(ctx, ledger.LockPath(im.Config.ResolutionsFile), im.lockWait)
	if err != nil {
		return nil, err
	}
	for _, path := range []string{im.Config.ResolutionsFile, ledger.Path(im.Config.ResolutionsFile), ledger.LooksPath(im.Config.ResolutionsFile)} { // no one else writes them now
		if err := files.RemoveLeftovers(path); err != nil {
			im.Log.Warn().Str("error", schema.Visible(err.Error())).Msg("what a killed run left behind may hold passwords; remove it by hand")
		}
	}
	return unlock, nil
}

// letGo forgets what is of no use once all is written: a report of many takes as much
// memory.
func (s *situation) letGo() {
	s.ledger, s.history, s.reader = nil, ledger.History{}, nil
	for _, r := range []*ledger.Record{&s.record, &s.fresh.record} {
		r.Accounts, r.Waiting = nil, nil
	}
}

// applyTo carries out actions and reports what came of them. The result is nil where
// nothing was tried.
func (im *Import) applyTo(ctx context.Context, dir Directory, s *situation, actions []plan.Action, step func(*apply.Result)) (*apply.Result, error) {
	r, err := im.carryOut(ctx, dir, s, actions, step)
	if r != nil {
		im.reportResult(s, r)
		im.alsoNotes(s.plan.Notices)
	}
	return r, err
}

// alsoNotes adds to the report what the run before did not say. Some of it is said once:
// by whoever writes it into the ledger.
func (im *Import) alsoNotes(notices []string) {
	for _, n := range notices {
		if !slices.Contains(im.report.Notices, n) {
			im.report.Notices = append(im.report.Notices, n)
		}
	}
}

func (im *Import) reportResult(s *situation, r *apply.Result) {
	im.report = report.LeftOut(report.Result(im.report, r), r.LeftOut, s.record.LeftOut, s.now)
}

// carryOut carries out actions, through other controllers where one is lost under
// it. step is called after every action.
func (im *Import) carryOut(ctx context.Context, dir Directory, s *situation, actions []plan.Action, step func(*apply.Result)) (*apply.Result, error) {
	whole := len(actions) == len(s.plan.Actions) && im.grant == nil && !s.waits()
	if !s.waits() {
		s.record.File = s.fresh.accepted()
	}
	if whole {
		s.leaveBehind()
		before := s.record.Run.Controller
		s.record.Run = ledger.RunMark{ID: im.id, Controller: dir.Domain().Controller, Started: s.now}
		if s.past { // what an earlier run meant was meant there
			s.record.Run.Controller = before
		}
	}
	if im.wrote == "" {
		im.wrote = dir.Domain().Controller
	}
	x := im.applier(dir, s, step)
	tried, err := im.pass(ctx, x, s, actions, whole)
	if !tried {
		return nil, err
	}
	for err == nil && x.Result().Lost != nil && im.failover(ctx, dir, x.Result().Lost) {
		var next *apply.Applier
		if next, err = im.goOn(ctx, dir, x.Result(), s, step); next != nil {
			x = next
		}
	}
	x.GiveUp()
	r := x.Result()
	if errors.Is(r.Lost, ad.ErrIdentity) {
		err = errors.Join(err, r.Lost)
	}
	if n := r.NotTried(); n > 0 {
		im.Log.Warn().Int("actions", n).Msg("not tried, since the run was cut short")
	}
	return r, err
}

func (im *Import) applier(dir Directory, s *situation, step func(*apply.Result)) *apply.Applier {
	return apply.New(apply.Options{Directory: dir, Config: im.Config, Observed: s.input.Observed, Plan: &s.plan, Through: im.wrote, Denied: s.record.Denied(), Log: im.Log,
		Progress: func(done, total int, sofar *apply.Result) {
			im.Progress(done, total)
			step(sofar)
		}})
}

// pass writes the ledger, then the directory, then what was learned. Nothing
// was tried where the ledger could not be written first.
func (im *Import) pass(ctx context.Context, x *apply.Applier, s *situation, actions []plan.Action, whole bool) (tried bool, err error) {
	im.begin(s)
	if !s.past {
		s.record.See(s.obs, s.now)
	}
	maps.Copy(im.released, plan.Released(s.plan.Trips)) // also of what goes on through another controller
	s.record.Released = im.released
	s.record.Intend(actions, s.now)
	s.record.Heed(im.rows())
	if s.lag.Stuck != "" { // and released
		s.record.LoseThePast(s.now)
	}
	if len(actions) > 0 { // else once is enough
		s.record.BeginWriting(s.here, im.id, s.now)
		if err := im.save(s); err != nil {
			return false, err
		}
	}
	if err := im.useEntries(s, actions); err != nil {
		actions = x.Withhold(actions, err)
	}
	x.Run(ctx, actions)
	r := x.Result()
	if s.waits() && len(r.Done) > 0 { // this is what it waited for
		im.report.Guard, s.record.File = nil, s.fresh.accepted()
	}
	if r.Lost == nil && len(actions) > 0 {
		s.record.EndWriting(s.here, x.Reached(ctx))
	}
	s.record.Learn(ledger.Lesson{Observed: s.input.Observed, Plan: &s.plan, Result: r, AnchorAttribute: im.Config.AnchorAttribute, Through: im.wrote, Past: s.past, Now: s.now})
	s.record.Path = s.obs.Container.DN
	if s.lag.Behind == "" && !s.past { // else nothing was asked
		s.record.Wait(s.plan.Questions, s.now)
	}
	s.record.NoteLeftOut(slices.Concat(s.plan.LeftOut, r.LeftOut), whole, s.now)
	if whole && r.Lost == nil && ctx.Err() == nil && !s.past {
		s.record.Run.Finished = true
		if !s.record.Finished && s.plan.Active > 0 { // else it was the first run of no one
			s.record.Finished, s.record.Tabled = true, nil
			s.record.Owe(r, s.now)
		}
		im.useUp(s)
	}
	kept := im.keepSettled(s, r)
	s.countAnswers(im.Config.ResolutionsFile)
	return true, errors.Join(kept, im.save(s))
}

func (im *Import) save(s *situation) error {
	s.ledger.Containers[s.obs.Container.GUID] = s.record
	err := s.ledger.Save(ledger.Path(im.Config.ResolutionsFile))
	if err == nil && im.looking.waits && s.record.Started != nil {
		im.looking.waits, im.looking.begun = false, true
	}
	return err
}

// keepSettled writes the resolutions file where it is to hold something else
// than it does.
func (im *Import) keepSettled(s *situation, x *apply.Result) error {
	kept := settle(s, slices.Values(x.Consumed()))
	if sameResolutions(kept, s.onDisk) {
		return nil
	}
	s.onDisk = kept
	return SaveResolutions(im.Config.ResolutionsFile, kept)
}
