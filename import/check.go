package importer

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/rs/zerolog"

	"ad-user-sync/import/check"
	"ad-user-sync/import/ledger"
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
	s := &situation{obs: &plan.Observation{}, reader: observe.New(o.Directory, o.Config, []adrules.SID{o.Directory.Domain().SID})}
	t := check.Target{Tell: tell, Config: o.Config, Domain: o.Directory.Domain(), Observed: s.obs}
	if c := (checking{im, s, t}); !c.domain(ctx) || !c.content(ctx) || !c.input(ctx) {
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
	im     *Import
	s      *situation
	target check.Target
}

func (c checking) domain(ctx context.Context) bool {
	im, s, t := c.im, c.s, c.target
	var err error
	if s.now, err = im.clock(ctx, im.Directory); err != nil {
		return t.Fail("clock", err)
	}
	t.Clocks(im.Clock().Sub(s.now))
	if s.reader.Base.IsZero() {
		return t.Fail("container", fmt.Errorf("managed_user_path %q is not a distinguished name", im.Config.ManagedUserPath))
	}
	if err = s.reader.ReadContainer(ctx, s.obs); err != nil {
		return t.Fail("container", err)
	}
	if !t.Container() {
		return false
	}
	if err = s.reader.ReadDomain(ctx, s.obs); err != nil {
		return t.Fail("domain", err)
	}
	t.Names()
	const quota = "ms-DS-MachineAccountQuota"
	head, _, err := ad.ReadObject(ctx, im.Directory, t.Domain.Base, quota)
	if err != nil {
		return t.Fail("quota", fmt.Errorf("read the head of the domain: %w", err))
	}
	computers, _ := head.Int(quota)
	t.Quota(computers)
	return true
}

func (c checking) content(ctx context.Context) bool {
	im, s, t := c.im, c.s, c.target
	if err := s.reader.ReadSchema(ctx, s.obs); err != nil {
		return t.Fail("attributes", err)
	}
	t.Attributes()
	if err := s.reader.ReadGroups(ctx, s.obs); err != nil {
		return t.Fail("groups", err)
	}
	var known ledger.Record
	if ledger, err := ledger.Load(ledger.Path(im.Config.ResolutionsFile)); err == nil {
		known = ledger.Record(s.obs.Container.GUID)
	}
	if !t.Groups(known.Groups) {
		return false
	}
	if err := s.reader.ReadAccounts(ctx, s.obs); err != nil {
		return t.Fail("accounts", err)
	}
	if err := s.reader.ReadClass(ctx, s.obs); err != nil {
		return t.Fail("attributes", err)
	}
	return t.Accounts(s.reader.Silent(s.obs))
}

// input judges the user file and the ledger, as far as they are there.
func (c checking) input(ctx context.Context) bool {
	im, s, t := c.im, c.s, c.target
	var err error
	if s.history, err = im.recall(s.now); err != nil {
		return t.Fail("ledger", err)
	}
	if s.history.Damaged != nil {
		t.Damaged(s.history.Damaged)
	}
	if im.Input == nil {
		return true
	}
	if s.onDisk, err = LoadResolutions(im.Config.ResolutionsFile); err != nil {
		return t.Fail("resolutions", err)
	}
	s.history.Answers = s.onDisk
	s.reader.History = s.history
	if err = s.reader.FindMovedOut(ctx, s.obs); err != nil {
		return t.Fail("user file", err)
	}
	if err = im.checkFile(s); err != nil {
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
	if err = s.reader.ReadGone(ctx, s.obs); err != nil {
		return t.Fail("container", err)
	}
	others, err := s.others(ctx, im.Directory)
	if err != nil {
		return t.Fail("container", err)
	}
	f := check.File{UserFile: im.Input.File, Name: im.Input.Name, Signed: im.Input.Signed, Before: s.record.File.SHA256 == im.Input.SHA256, Notices: s.notices}
	for _, other := range others {
		if behind := other.LeftBehind(s.obs); behind != "" && other.Left.IsZero() {
			f.LeftBehind = append(f.LeftBehind, behind)
		}
	}
	t.File(f)
	return true
}
