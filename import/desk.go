package importer

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"time"

	"ad-user-sync/import/apply"
	"ad-user-sync/import/ledger"
	"ad-user-sync/import/plan"
	"ad-user-sync/import/report"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// Desk carries out what one person decides about an import. Every call reads
// the directory afresh; nothing is locked while the person thinks.
type Desk struct {
	im       *Import
	dir      Directory  // bound as the person who decides
	operator string     // who that is, as kept answers name them
	read     *situation // by the import just now; nil once it was shown
	looked   *situation
	lookedAt time.Time // by this machine's clock

	asked   map[string]plan.Question    // every one that was shown, by ID
	shown   map[string]time.Time        // when that was first
	refused map[string]schema.Rejected  // by ID: what was rejected here and is kept
	failed  map[string][]schema.Outcome // by ID: what the report says of a decision that failed
	moot    map[string]string           // by ID: a notice about a decision that changed nothing, since something else had changed
	beyond  []schema.Outcome            // what no one can do, as the last reading saw it

	policies   map[adrules.GUID]*plan.PasswordPolicy // of accounts that were asked about; nil: the domain's, or not readable
	policiesAt time.Time
}

// NewDesk lets a person decide about the questions of an import that has run.
func (im *Import) NewDesk(dir Directory, operator string) *Desk {
	return &Desk{im: im, dir: dir, operator: operator, asked: map[string]plan.Question{}, shown: map[string]time.Time{}, refused: map[string]schema.Rejected{}, failed: map[string][]schema.Outcome{}, moot: map[string]string{}}
}

// After lets the first look show what the import read, and wrote nothing since,
// where the person who decides sees as much as the import does.
func (d *Desk) After(result *Result) *Desk {
	if result != nil && d.dir == d.im.Directory {
		d.read = result.read
	}
	return d
}

// Look reads and plans, and writes nothing.
func (d *Desk) Look(ctx context.Context) (plan.View, error) {
	s, unlock, err := d.read, func() {}, error(nil)
	if d.read = nil; s == nil {
		if s, unlock, err = d.sit(ctx, nil); err != nil {
			return plan.View{}, err
		}
	}
	defer unlock()
	d.looked, d.lookedAt = s, d.im.Clock()
	if d.im.prolonging {
		return d.offerOnly(s), nil
	}
	d.ask(s.plan.Questions)
	domain := d.dir.Domain()
	view := plan.View{
		Domain: domain.Name, Controller: domain.Controller, Container: s.obs.Container.DN, Identity: domain.Identity,
		File: *d.im.Input.report(), Source: s.fresh.sourceDomain(), Plan: s.plan.Digest, Password: s.obs.Domain.Password, MustChange: d.im.Config.UsersMustChangePassword,
		Questions: s.waiting(), Refusals: s.plan.Refusals, Notices: slices.Concat(d.im.moves, s.notices, s.plan.Notices),
	}
	view.Current = s.current()
	view.Offer, view.Tabled = s.plan.Offer, s.tabled
	if d.im.stopped(s) {
		view.Offer = plan.Offer{}
		view.Trips, view.Planned = s.plan.Trips, report.Readable(s.plan.Actions)
		d.im.report.Guard = d.im.guard(s) // also where it was an answer of this session that exceeded a limit
	}
	if view.OwnPolicy, err = d.ownPolicies(ctx, s.plan.Questions); err != nil {
		return plan.View{}, err
	}
	d.tell(s, nil, s.plan.Questions)
	view.Report = d.Report()
	return view, nil
}

// waiting are the open questions, with since when they have been asked.
func (s *situation) waiting() []plan.Question {
	questions := slices.Clone(s.plan.Questions)
	waits := s.record.WaitsSince()
	for i := range questions {
		if since := waits(questions[i]); !since.IsZero() {
			q := &questions[i]
			q.Context = append(slices.Clip(q.Context), plan.Field{Code: plan.FieldAskedSince, After: []string{since.UTC().Format(time.DateOnly)}})
		}
	}
	return questions
}

// current is what the accounts that are asked about, or offered more time, are called now.
func (s *situation) current() map[adrules.GUID]plan.LogonNames {
	asked, names := map[adrules.GUID]bool{}, map[adrules.GUID]plan.LogonNames{}
	for _, q := range s.plan.Questions {
		asked[q.Person.GUID] = true
	}
	for _, o := range s.plan.Offer.People {
		asked[o.Person.GUID] = true
	}
	for _, a := range s.obs.Accounts {
		if asked[a.GUID] {
			names[a.GUID] = plan.LogonNames{AccountName: a.AccountName, UPN: a.UPN}
		}
	}
	return names
}

// remembered is how long a look that is only for display may be used again: what
// is decided is checked against a fresh one.
const remembered = 5 * time.Minute

// Report is what the import and this desk have done so far, and what was open
// at the last look.
func (d *Desk) Report() schema.Report {
	r := d.im.finished(d.dir)
	r.Failed, r.Notices = d.withBeyond(r.Failed), slices.Concat(r.Notices, slices.Sorted(maps.Values(d.moot)))
	r.Rejected = slices.Collect(maps.Values(d.refused)) // sorted where it is written
	if d.dir != d.im.Directory {
		also := d.im.Directory.Operations()
		r.Operations.Searches += also.Searches
		r.Operations.Adds += also.Adds
		r.Operations.Modifies += also.Modifies
		r.Operations.Renames += also.Renames
	}
	return r
}

// sit locks, reads and plans.
func (d *Desk) sit(ctx context.Context, answers []plan.Answer) (*situation, func(), error) {
	if err := d.reconfigured(); err != nil {
		return nil, nil, err
	}
	unlock, err := d.im.lock(ctx)
	if err != nil {
		return nil, nil, err
	}
	s, err := d.im.situation(ctx, d.dir, answers, "")
	if d.renewed(err) {
		s, err = d.im.situation(ctx, d.dir, answers, "")
	}
	if err != nil {
		unlock()
		return nil, nil, err
	}
	return s, unlock, nil
}

// renewed takes the file that another run has imported meanwhile, where this
// desk's is refused because of it.
func (d *Desk) renewed(refused error) bool {
	var refusal *Refusal
	if d.im.Reopen == nil || !errors.As(refused, &refusal) {
		return false
	}
	in, err := d.im.Reopen()
	if err != nil || in.SHA256 == d.im.Input.SHA256 || !d.im.imported(in) {
		return false
	}
	d.im.Log.Info().Str("file", schema.Visible(in.Name)).Str("sha256", in.SHA256).Msg("a newer user file was imported meanwhile and is used from now on")
	d.im.Input = in
	return true
}

// reconfigured refuses to go on by a configuration that is not that of the imports any
// more: by it a group may be guarded no longer, or lead elsewhere.
func (d *Desk) reconfigured() error {
	if d.im.Reload == nil {
		return nil
	}
	cfg, err := d.im.Reload()
	if err != nil {
		return fmt.Errorf("read the configuration again, which may have changed since this session began: %w", err)
	}
	if !reflect.DeepEqual(cfg, d.im.Config) {
		return &Refusal{Reason: "the configuration changed since this session began, and nothing more is done by the former one",
			WayOn: "End this session and start it again, so that it asks by the configuration of today"}
	}
	return nil
}

// imported reports whether a file is the last that was accepted.
func (im *Import) imported(in *Input) bool {
	known, err := ledger.Load(ledger.Path(im.Config.ResolutionsFile))
	return err == nil && slices.ContainsFunc(slices.Collect(maps.Values(known.Containers)), func(r ledger.Record) bool { return r.File.SHA256 == in.SHA256 })
}

// AskAgain forgets the kept rejection of a question, and what else the resolutions
// file has about it: an older consent must not come to count again.
func (d *Desk) AskAgain(ctx context.Context, id string) error {
	if err := errors.Join(d.onlyProlongs(), d.im.unstarted()); err != nil {
		return err
	}
	s, unlock, err := d.sit(ctx, nil)
	if err != nil {
		return err
	}
	defer unlock()
	for _, refusal := range s.plan.Refusals {
		if refusal.Question.ID == id {
			return d.forget(s, refusal)
		}
	}
	return errors.New("this rejection is not kept any more")
}

func (d *Desk) forget(s *situation, gone plan.Refusal) error {
	d.im.Log.Info().Str("action", "forget rejection").Str("question", gone.Answer.Type).Str("user", schema.Visible(gone.Answer.User)).
		Str("anchor", gone.Answer.Anchor).Str("by", schema.Visible(d.operator)).Msg("forgotten")
	if err := SaveResolutions(d.im.Config.ResolutionsFile, without(s.kept, s.plan.About[gone.Question.ID])); err != nil {
		return err
	}
	delete(d.refused, gone.Question.ID)
	return nil
}

// Release overrides the limits for one plan and carries out what it stopped;
// progress, where it is not nil, is called after every action.
func (d *Desk) Release(ctx context.Context, digest string, accounts int, progress func(done, total int)) error {
	if err := d.onlyProlongs(); err != nil {
		return err
	}
	s, unlock, err := d.sit(ctx, nil)
	if err != nil {
		return err
	}
	defer unlock()
	switch {
	case len(s.plan.Trips) == 0:
		return errors.New("no limit stops this plan any more; look at it again")
	case s.plan.Digest != digest:
		return errors.New("the plan changed meanwhile; look at it again")
	case d.im.looking.waits && d.im.isAnother(s):
		return errors.New("--start names another plan than that of now: end this session, look at import --dry-run, and start the import with the plan that it shows")
	case s.plan.Stopped(digest):
		return errors.New("this limit cannot be overridden; correct the configuration")
	case plan.Stopping(s.plan.Trips) != accounts:
		return fmt.Errorf("the number typed, %d, is not the number of accounts", accounts)
	}
	d.im.Log.Info().Str("action", "override limits").Str("plan", digest).Int("accounts", accounts).Str("by", schema.Visible(d.operator)).Msg("released")
	carried := 0
	x, err := d.im.applyTo(ctx, d.dir, s, s.plan.Actions, func(*apply.Result) {
		if carried++; progress != nil {
			progress(min(carried, len(s.plan.Actions)), len(s.plan.Actions))
		}
	})
	if x == nil && err != nil {
		return fmt.Errorf("nothing was done: %w", err)
	}
	if x != nil {
		d.im.report.Guard = s.migrationGuard()
		d.tell(s, x, s.plan.Questions)
		if err == nil {
			d.im.hasBegun(s)
		}
	}
	return err
}

// CheckName tells why a name cannot be the answer to a question. It looks up
// the name alone; what else the plan knows is at most a few minutes old, and
// read again before anything is done.
func (d *Desk) CheckName(ctx context.Context, id, name string) (string, error) {
	if d.looked == nil || d.im.Clock().Sub(d.lookedAt) > remembered {
		if _, err := d.Look(ctx); err != nil {
			return "", err
		}
	}
	s := *d.looked
	if err := d.im.decide(ctx, d.dir, &s, []plan.Answer{{ID: id, Accept: true, NewName: name}}); err != nil {
		d.looked = nil // of a controller that may be lost
		return "", err
	}
	q, stands := s.question(plan.Answer{ID: id})
	if !stands {
		return "the question no longer stands", nil
	}
	for _, n := range s.plan.Failed {
		if n.Person.Key() == q.Person.Key() && n.Reason == plan.NameTaken {
			return n.Detail, nil
		}
	}
	return "", nil
}
