package importer

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/rs/zerolog"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/files"
	"ad-user-sync/schema"
)

// lockWait is how long a run waits for another one to end (rule 24).
const lockWait = 60 * time.Second

// Options of an import.
type Options struct {
	Config    *schema.ImportConfig
	Directory Directory
	Input     *Input
	DryRun    bool
	Confirm   string // digest of the plan whose brakes are let go
	Accept    string // SHA-256 of the file that is accepted although it is not fresh
	Log       zerolog.Logger
	Progress  func(done, total int)
	Clock     func() time.Time // of this machine; nil: the system's
}

// Import is one user file on its way into one managed container.
type Import struct {
	Options
	id      string
	started time.Time
	report  schema.Report
}

// Result of a run.
type Result struct {
	Plan   plan.Plan
	Report schema.Report
}

// New prepares an import; nothing is read yet.
func New(options Options) *Import {
	if options.Progress == nil {
		options.Progress = func(int, int) {}
	}
	if options.Clock == nil {
		options.Clock = time.Now
	}
	im := &Import{Options: options, id: rand.Text(), started: options.Clock()}
	im.report = im.newReport()
	return im
}

// Run reads, plans, and, unless it is a dry run or a guard stops it, applies.
// Errors are *Refusal where the file is not accepted; a guard is no error but
// part of the report.
func (im *Import) Run(ctx context.Context) (*Result, error) {
	unlock, err := im.lock(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	s, err := im.read(ctx, im.Directory, nil)
	if err != nil {
		return nil, err
	}
	stopped := s.plan.Stopped(im.Confirm)
	switch {
	case stopped:
		im.reportStop(s)
	case im.DryRun:
		im.reportPlanned(s)
	default:
		if err := im.apply(ctx, im.Directory, s); err != nil {
			return nil, err
		}
	}
	im.reportPlan(s)
	return &Result{Plan: s.plan, Report: im.finished(im.Directory)}, nil
}

func (im *Import) lock(ctx context.Context) (unlock func(), err error) {
	if im.DryRun {
		return func() {}, nil
	}
	return files.Lock(ctx, im.Config.ResolutionsFile+".lock", lockWait)
}

// situation is everything that one decision was made from, and the decision.
type situation struct {
	now     time.Time
	obs     *plan.Observation
	ledger  *Ledger
	record  Record
	kept    []schema.Resolution
	input   plan.Input
	plan    plan.Plan
	fresh   freshness
	notices []string
}

// read reads the directory, the ledger and the resolutions, and plans.
func (im *Import) read(ctx context.Context, dir Directory, answers []plan.Answer) (*situation, error) {
	s := &situation{}
	var err error
	if s.now, err = im.clock(ctx, dir); err != nil {
		return nil, err
	}
	if s.kept, err = LoadResolutions(im.Config.ResolutionsFile); err != nil {
		return nil, err
	}
	if err = checkFuture(s.kept, s.now); err != nil {
		return nil, err
	}
	ledger, ledgerErr := loadLedger(LedgerPath(im.Config.ResolutionsFile))
	if s.obs, err = observe(ctx, dir, im.Config); err != nil {
		return nil, err
	}
	if err = im.checkFile(s, ledger, ledgerErr); err != nil {
		return nil, err
	}
	if err = im.checkGroups(s); err != nil {
		return nil, err
	}
	return s, im.decide(ctx, dir, s, answers)
}

// clock is the controller's time, once this machine's was found to agree.
func (im *Import) clock(ctx context.Context, dir Directory) (time.Time, error) {
	now, err := dir.Now(ctx)
	if err != nil {
		return now, err
	}
	local := im.Clock()
	if local.Sub(now).Abs() > localClockDistance {
		return now, fmt.Errorf("this machine's clock says %s, that of domain controller %s says %s; set the clock before anything is imported", when(local), dir.Domain().Controller, when(now))
	}
	return now.UTC(), nil
}

// checkFile refuses a file that is not fresh; a ledger that can not be read
// counts as lost.
func (im *Import) checkFile(s *situation, ledger *Ledger, ledgerErr error) error {
	container := s.obs.Container.GUID
	if ledgerErr != nil {
		im.Log.Warn().Err(ledgerErr).Msg("the ledger counts as lost")
		ledger = &Ledger{Version: ledgerVersion, Containers: map[containerID]Record{}}
	}
	s.ledger, s.record = ledger, ledger.record(container)
	in := im.Input
	s.fresh = freshness{file: in.File, sha256: in.SHA256, signed: in.Signed, cfg: im.Config, known: ledger.known(container),
		record: s.record, accounts: s.obs.Accounts, now: s.now, accept: im.Accept}
	letThrough, err := s.fresh.check()
	if err != nil {
		if warning := im.leaseWarning(s); warning != "" {
			im.Log.Warn().Msg(warning)
		}
		return err
	}
	for _, doubt := range letThrough {
		s.notices = append(s.notices, "accepted by --accept-file: "+doubt)
	}
	if len(letThrough) > 0 && !s.fresh.known {
		s.record.trustStamps(s.obs.Accounts, in.File.Source)
	}
	s.record.reconcile(s.obs.Accounts)
	return nil
}

// checkGroups takes a mapped group that never existed for a mistake in the
// configuration; one that vanished fails its own joins and leaves only.
func (im *Import) checkGroups(s *situation) error {
	for _, g := range s.obs.Groups {
		if _, before := s.record.Groups[plan.RelativeName(g.Name)]; g.Missing != "" && !before {
			return fmt.Errorf("group_map: %s. Create it, or correct group_map and group_path", g.Missing)
		}
	}
	return nil
}

// decide makes the plan. Names that it finds to be new are looked up, until it
// knows them all.
func (im *Import) decide(ctx context.Context, dir Directory, s *situation, answers []plan.Answer) error {
	s.input = plan.Input{
		File: im.Input.File, FileHash: im.Input.SHA256, SameFile: s.record.File.SHA256 == im.Input.SHA256 && s.record.Run.Finished,
		Config: im.Config, Observed: s.obs, Memory: s.record.memory(s.now), Kept: s.kept, Answers: answers, Now: s.now,
	}
	reader := newObserver(dir, im.Config, s.obs)
	var known plan.Lookup
	for {
		more := plan.Unknown(s.input).Minus(known)
		if more.Empty() {
			break
		}
		if err := reader.lookUp(ctx, s.obs, more, s.fresh.sourceDomain()); err != nil {
			return err
		}
		known = known.Plus(more)
	}
	s.plan = plan.Make(s.input)
	return nil
}

// apply carries out the whole plan.
func (im *Import) apply(ctx context.Context, dir Directory, s *situation) error {
	_, err := im.applyTo(ctx, dir, s, s.plan.Actions, func(*applier) {})
	return err
}

// applyTo writes the ledger, then the directory, then what was learned. step is
// called after every action.
func (im *Import) applyTo(ctx context.Context, dir Directory, s *situation, actions []plan.Action, step func(*applier)) (*applier, error) {
	s.record.File = s.fresh.accepted()
	s.record.Run = RunMark{ID: im.id, Controller: dir.Domain().Controller, Started: s.now}
	s.record.intend(actions, s.now)
	if err := s.save(im.Config.ResolutionsFile); err != nil {
		return nil, err
	}
	x := newApplier(dir, im.Config, s, im.Log)
	x.progress = func(done, total int) {
		im.Progress(done, total)
		step(x)
	}
	x.run(ctx, actions)
	s.record.learn(x, &s.plan, s.now)
	s.record.Run.Finished = x.lost == nil && ctx.Err() == nil
	s.record.Finished = s.record.Finished || s.record.Run.Finished
	im.reportApplied(x)
	var err error
	if kept := settle(s.plan.Kept, x.done); !reflect.DeepEqual(kept, s.kept) {
		err = SaveResolutions(im.Config.ResolutionsFile, kept)
	}
	return x, errors.Join(err, s.save(im.Config.ResolutionsFile))
}

func (s *situation) save(resolutions string) error {
	s.ledger.Containers[s.obs.Container.GUID] = s.record
	return s.ledger.save(LedgerPath(resolutions))
}

// settle marks the accepted entries that were carried out, and forgets their
// passwords.
func settle(kept []schema.Resolution, done []plan.Action) []schema.Resolution {
	list := append([]schema.Resolution(nil), kept...)
	for _, a := range done {
		if a.Answer == nil || a.Answer.Entry == 0 {
			continue
		}
		for i := range list {
			if r := &list[i]; r.Accept && r.Type == string(a.Kind) && (r.Anchor == a.Person.Anchor && r.Anchor != "" || r.User == a.Person.CN) {
				blank := schema.Secret("")
				r.Done, r.Password = true, &blank
			}
		}
	}
	return list
}
