package importer

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"ad-user-sync/import/ledger"
	"ad-user-sync/import/observe"
	"ad-user-sync/import/plan"
	"ad-user-sync/import/words"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// situation is everything that one decision was made from, and the decision.
type situation struct {
	now             time.Time
	history         ledger.History
	reader          *observe.Observer
	obs             *plan.Observation
	ledger          *ledger.Ledger
	record          ledger.Record
	kept            []schema.Resolution // as the plan was told
	onDisk          []schema.Resolution // as the resolutions file holds them
	input           plan.Input
	plan            plan.Plan
	fresh           freshness
	here            ledger.Copy
	lag             ledger.Lag // as the plan was told
	otherContainers []plan.OtherContainer
	past            bool // what was read is older than what the ledger knows
	forced          bool // the file is let through by --accept-file
	old             bool // the file is too old for anything but giving more time (rule 37)
	notices         []string
	questions       map[string]*plan.Question // open, offered, or agreed to, by ID
	sought          []adrules.GUID            // accounts that a person looks for
	tabled          *plan.Tabled              // what the table of match comes to; nil: there is none
}

// read reads the directory, the ledger and the resolutions, and plans.
func (im *Import) read(ctx context.Context, dir Directory, answers []plan.Answer, ours string) (*situation, error) {
	s := &situation{}
	var err error
	if s.now, err = im.clock(ctx, dir); err != nil {
		return nil, err
	}
	if err = checkMatch(im.Config, s.now); err != nil {
		return nil, err
	}
	s.here.Name = dir.Domain().Controller
	if s.here.Replica, err = ad.ReadReplica(ctx, dir); err != nil {
		return nil, fmt.Errorf("read which domain controller this is: %w", err)
	}
	if s.kept, err = LoadResolutions(im.Config.ResolutionsFile); err != nil {
		return nil, err
	}
	if err = checkFuture(s.kept, s.now); err != nil {
		return nil, err
	}
	s.onDisk = s.kept
	if s.history, err = im.recall(s.now); err != nil {
		return nil, err
	}
	s.history.Answers = s.onDisk
	people := s.history.Ledger.People()
	if im.Input != nil {
		people = max(people, len(im.Input.File.Users))
	}
	im.Sized(people)
	s.reader = observe.New(dir, im.Config, im.identities(dir), s.history)
	if s.obs, err = s.reader.Observe(ctx); err != nil {
		return nil, err
	}
	im.Sized(max(people, len(s.obs.Accounts)+len(s.obs.Elsewhere)))
	if err = im.checkFile(s); err != nil {
		return nil, err
	}
	s.compare(ours)
	s.otherContainers = s.others()
	if err = im.checkGroups(s); err != nil {
		return nil, err
	}
	s.noticeUnmapped()
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
		return now, fmt.Errorf("this machine's clock says %s, that of domain controller %s says %s; set the clock before anything is imported", words.When(local), dir.Domain().Controller, words.When(now))
	}
	return now.UTC(), nil
}

// checkFile refuses a file that is not fresh.
func (im *Import) checkFile(s *situation) error {
	container, h, in := s.obs.Container.GUID, s.history, im.Input
	s.ledger, s.record = h.Ledger, h.Ledger.Record(container)
	im.recollect(s)
	s.fresh = freshness{file: in.File, sha256: in.SHA256, signed: in.Signed, cfg: im.Config, known: h.Ledger.Known(container), damaged: h.Damaged, answered: h.Answered(),
		record: s.record, accounts: s.obs.Accounts, outside: h.Unknown(s.obs), shared: h.OtherSources(container), now: s.now, named: im.Accept, accept: im.honoured(s.record, im.Accept)}
	if before, found := im.startedBefore(); found {
		s.fresh.started = before.At
	}
	s.fresh.agreed = s.fresh.agreedBefore()
	letThrough, err := s.fresh.check()
	s.old = im.prolonging && s.fresh.old() && err != nil
	if err != nil && !s.old {
		im.lease = im.leaseWarning(s)
		return err
	}
	s.forced = len(letThrough) > 0
	for _, doubt := range letThrough {
		s.notices = append(s.notices, "accepted by --accept-file: "+doubt.text)
	}
	hidden := func(a plan.Account) bool { return a.AnchorUnread }
	if !s.fresh.known && (len(s.fresh.anchored())+len(s.fresh.outside) > 0 || slices.ContainsFunc(s.obs.Accounts, hidden)) {
		if im.Config.AnchorAttribute != "" && in.File.Anchored() {
			s.record.BeginAnew(s.obs.Accounts, in.File.Source)
			s.record.TrustAnchors(s.fresh.outside, in.File.Source, plan.HowOutside)
		} else {
			s.record.TrustAnchors(s.obs.Accounts, in.File.Source, plan.HowFound)
			s.record.TrustAnchors(s.fresh.outside, in.File.Source, plan.HowFound)
		}
	}
	if s.fresh.known && im.Config.AnchorAttribute != "" && in.File.Anchored() {
		if met := s.record.MeetOutside(s.fresh.outside, in.File.Source); len(met) > 0 {
			s.notices = append(s.notices, "the ledger is older than accounts in the container, put back from a backup most likely; these, which are elsewhere, it knows from now on: "+strings.Join(met, "; "))
		}
	}
	if text := s.fresh.otherController(); text != "" {
		s.notices = append(s.notices, text)
	}
	s.noticeAnswersGone(im.Config.ResolutionsFile)
	return nil
}

// compare puts what this controller shows beside what the ledger knows: whichever
// is newer holds.
func (s *situation) compare(ours string) {
	s.lag = s.record.LagOf(s.here, ours, s.now)
	s.past = s.record.LagOf(s.here, "", s.now).Behind != ""
	s.record.Meet(s.here)
	if !s.past {
		s.record.Reconcile(s.obs.Accounts)
		if from := s.fresh.migrating().From; from != "" {
			s.record.MeetFormer(s.obs, from)
		}
		s.reconcileJoins()
	}
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
		Config: im.Config, Memory: s.record.Memory(s.obs.Accounts, s.now, dir.Domain().Controller, s.lag), Kept: s.kept, Answers: answers, Now: s.now,
		Silent: s.silent(im.Config), Grant: im.grant, Migrating: s.fresh.migrating(), Wishes: im.wishes(s),
	}
	s.input.Memory.Others = s.otherContainers
	s.input.Memory.Elsewhere = s.elsewhere()
	if err := im.seek(ctx, dir, s, answers); err != nil {
		return err
	}
	s.input.Memory.Apart, s.input.Memory.Moved = s.apart()
	var known plan.Lookup
	for {
		s.input.Observed = observe.Protecting(s.obs, s.record.Accounts)
		sketch := plan.Begin(s.input)
		more := sketch.Unknown().Minus(known)
		if more.Empty() {
			s.plan = sketch.Make()
			s.input.Memory.Accounts = nil // a copy of what the record has
			im.hold(s)
			s.indexQuestions()
			return nil
		}
		obs, err := s.reader.LookUp(ctx, s.obs, more, s.fresh.sourceDomain())
		if err != nil {
			return err
		}
		s.obs, known = obs, known.Plus(more)
	}
}

func (s *situation) indexQuestions() {
	s.questions = map[string]*plan.Question{}
	for _, list := range [][]plan.Question{s.plan.Agreed, s.plan.Questions} {
		for i := range list {
			s.questions[list[i].ID] = &list[i]
		}
	}
	for _, f := range s.plan.Found {
		for i := range f.Offers {
			s.questions[f.Offers[i].ID] = &f.Offers[i]
		}
	}
}

// recall reads the ledger.
func (im *Import) recall(now time.Time) (ledger.History, error) {
	source := ""
	if im.Input != nil {
		source = sourceDomain(im.Input.File)
	}
	h, err := ledger.Recall(im.Config.ResolutionsFile, source, now)
	if h.Damaged != nil {
		im.Log.Warn().Err(h.Damaged).Msg("the ledger counts as lost")
	}
	return h, err
}

func (s *situation) reconcileJoins() {
	if n := s.record.ReconcileJoins(s.obs); n > 0 {
		s.notices = append(s.notices, fmt.Sprintf("from now on it is recorded who agrees that a person joins a guarded group; what is there already counts as agreed; memberships of guarded groups: %d", n))
	}
}
