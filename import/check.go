package importer

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/rs/zerolog"

	"ad-user-sync/import/check"
	"ad-user-sync/import/observe"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// CheckOptions say what is checked.
type CheckOptions struct {
	Config    *schema.ImportConfig
	Directory Directory // bound as the import
	Approver  Directory // bound as approval_directory says; nil where that is not given, or could not log on
	Input     *Input    // the user file; nil where there is none yet
	Clock     func() time.Time
}

// Check looks, without writing anything, whether an import with this
// configuration would work, and tells of one thing after the other. What keeps
// a run from working is told as failed; some of it ends the check.
func Check(ctx context.Context, o CheckOptions, tell func(schema.CheckStep)) {
	im := New(Options{Config: o.Config, Directory: o.Directory, Input: o.Input, DryRun: true, Clock: o.Clock, Log: zerolog.Nop()})
	s := &situation{obs: &plan.Observation{}}
	t := check.Target{Tell: tell, Config: o.Config, Domain: o.Directory.Domain(), Observed: s.obs}
	if c := (&checking{im: im, s: s, target: t}); !c.recall(ctx) || !c.domain(ctx) || !c.input(ctx) {
		return
	}
	t.Rights(ctx, o.Directory)
	var approver ad.Searcher
	if o.Approver != nil {
		approver = o.Approver
	}
	t.Approver(ctx, approver, o.Directory)
}

// checking reads what an import reads before it decides, and has it told.
type checking struct {
	im              *Import
	s               *situation
	target          check.Target
	ledger, answers error // why what earlier imports left cannot be read; told after the domain
}

// recall reads the clock, and what earlier imports left.
func (c *checking) recall(ctx context.Context) bool {
	im, s, err := c.im, c.s, error(nil)
	if s.now, err = im.clock(ctx, im.Directory); err != nil {
		return c.target.Fail("clock", err)
	}
	c.target.Clocks(im.Clock().Sub(s.now))
	if err := checkMatch(im.Config, s.now); err != nil {
		return c.target.Fail("match", err)
	}
	s.history, c.ledger = im.recall(s.now)
	if im.Input != nil {
		s.onDisk, c.answers = LoadResolutions(im.Config.ResolutionsFile)
		s.history.Answers = s.onDisk
	}
	return true
}

// domain tells of what an import observes, reading by reading.
func (c *checking) domain(ctx context.Context) bool {
	s, t := c.s, c.target
	reader := observe.New(c.im.Directory, c.im.Config, []adrules.SID{t.Domain.SID}, s.history)
	say := map[string]func() bool{
		"container":  t.Container,
		"domain":     func() bool { t.Names(); return c.quota(ctx) },
		"attributes": func() bool { t.Attributes(); return true },
		"groups":     func() bool { return t.Groups(s.history.Groups(s.obs.Container.GUID)) },
		"match":      func() bool { t.Match(s.now); return true },
		"accounts":   func() bool { return t.Accounts(reader.Silent(s.obs)) && c.matchKeys(ctx, reader) },
		"class":      func() bool { t.Class(); return true },
	}
	for about, err := range reader.Steps(ctx, s.obs) {
		if err != nil {
			return t.Fail(about, err)
		}
		if say[about] != nil && !say[about]() {
			return false
		}
	}
	return true
}

func (c *checking) matchKeys(ctx context.Context, reader *observe.Observer) bool {
	if !c.im.Config.Match.Open(c.s.now, c.im.Config.TimeZone) {
		return true
	}
	if err := reader.ReadUnread(ctx, c.s.obs); err != nil {
		return c.target.Fail("match", err)
	}
	c.target.MatchKeys()
	return true
}

func (c *checking) quota(ctx context.Context) bool {
	const quota = "ms-DS-MachineAccountQuota"
	head, _, err := ad.ReadObject(ctx, c.im.Directory, c.target.Domain.Base, quota)
	if err != nil {
		return c.target.Fail("quota", fmt.Errorf("read the head of the domain: %w", err))
	}
	computers, _ := head.Int(quota)
	c.target.Quota(computers)
	return true
}

// input judges the user file and the ledger, as far as they are there.
func (c *checking) input(ctx context.Context) bool {
	im, s, t := c.im, c.s, c.target
	switch {
	case c.ledger != nil:
		return t.Fail("ledger", c.ledger)
	case s.history.Damaged != nil:
		t.Damaged(s.history.Damaged)
	}
	if im.Input == nil {
		t.Sources("", nil)
		return true
	}
	t.Sources(sourceDomain(im.Input.File), s.history.OtherSources(s.obs.Container.GUID))
	if c.answers != nil {
		return t.Fail("resolutions", c.answers)
	}
	err := im.checkFile(s)
	if err != nil {
		return t.Fail("user file", err)
	}
	s.here.Name = t.Domain.Controller
	if s.here.Replica, err = ad.ReadReplica(ctx, im.Directory); err != nil {
		return t.Fail("replication", err)
	}
	s.compare("")
	if text := cmp.Or(s.lag.Stuck, s.lag.Behind); text != "" {
		t.Lag(text)
	}
	f := check.File{UserFile: im.Input.File, Name: im.Input.Name, Signed: im.Input.Signed, Before: s.record.File.SHA256 == im.Input.SHA256, Notices: s.notices}
	for _, other := range s.others() {
		if behind := other.LeftBehind(s.obs); behind != "" && other.Left.IsZero() {
			f.LeftBehind = append(f.LeftBehind, behind)
		}
	}
	t.File(f)
	return true
}
