package importer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/rs/zerolog"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

// mappedGroups looks at every group that somebody may be led to.
func (c *checker) mappedGroups(ctx context.Context) bool {
	if err := c.observer.readGroups(ctx, c.obs); err != nil {
		return c.fail("groups", err)
	}
	known := Record{}
	if ledger, err := loadLedger(LedgerPath(c.Config.ResolutionsFile)); err == nil {
		known = ledger.record(c.obs.Container.GUID)
	}
	sound := true
	for i := range c.obs.Groups {
		sound = c.group(&c.obs.Groups[i], known) && sound
	}
	if len(c.obs.Groups) == 0 {
		c.fine("groups", "group_map names none")
	}
	return sound
}

func (c *checker) group(g *plan.Group, known Record) bool {
	if g.Missing != "" {
		if _, before := known.Groups[plan.RelativeName(g.Name)]; before {
			c.warn("group", "create it again, or take it out of group_map", "%s; joining and leaving it will fail", g.Missing)
			return true
		}
		return c.fail("group", fmt.Errorf("group_map: %s. Create it, or correct group_map and group_path", g.Missing))
	}
	switch {
	case g.EverybodysPrimary():
		return c.fine("group", "%s is the primary group of every new account already: nobody is put into it, and nobody is taken out as long as it is that", g.CN)
	case g.Why != "" && !g.Listed:
		c.warn("group", "list it under restricted_groups to say that this is meant, or map people to another one",
			"%s is guarded, though not listed: %s; joining it waits for a person", g.CN, g.Why)
		return true
	case g.Why != "":
		return c.fine("group", "%s is guarded: %s; joining it waits for a person", g.CN, g.Why)
	case g.Under != "" && !g.Listed:
		c.warn("group", "list it under restricted_groups to say that this is meant, or take it out of that group",
			"%s is guarded, though not listed: %s; joining it waits for a person", g.CN, g.Under)
		return true
	case g.Listed:
		return c.fine("group", "%s is guarded, since restricted_groups lists it; joining it waits for a person", g.CN)
	}
	return c.fine("group", "%s exists; people are put into it unasked", g.CN)
}

// accounts reads the container as every run does.
func (c *checker) accounts(ctx context.Context) bool {
	if err := c.observer.readAccounts(ctx, c.obs); err != nil {
		return c.fail("accounts", err)
	}
	if err := c.usersHold(ctx); err != nil {
		return c.fail("attributes", err)
	}
	if c.obs.Container.Unfit != "" {
		return c.fail("container", errors.New(c.obs.Container.Unfit))
	}
	if silent := c.observer.silent(c.obs); len(silent) > 0 {
		c.warn("members", "give it the right to read member of these groups", "the bound account may not read the members of %s, so nothing would tell should it lose the right to read memberOf of an account", strings.Join(silent, ", "))
	}
	for _, u := range c.obs.Unseen {
		c.say("accounts", schema.CheckFailed, u.Text(), "")
	}
	users, stamped, enabled := 0, 0, 0
	for i := range c.obs.Accounts {
		a := &c.obs.Accounts[i]
		if a.Class != "user" {
			continue
		}
		users++
		if a.Enabled() {
			enabled++
		}
		if a.Stamp.Anchor != "" {
			stamped++
		}
	}
	return c.fine("accounts", "%d in the container, %d of them enabled, %d stamped with a source anchor", users, enabled, stamped)
}

// replication reports whether this controller knows what was written through others.
func (c *checker) replication(ctx context.Context, s *situation) (err error) {
	s.here.name = c.Directory.Domain().Controller
	if s.here.Replica, err = ad.ReadReplica(ctx, c.Directory); err != nil {
		return err
	}
	s.compare("")
	if text := cmp.Or(s.lag.stuck, s.lag.behind); text != "" {
		c.warn("replication", "wait until the controllers have replicated, or name one controller under \"servers\"", "%s", text)
	}
	return nil
}

// usersHold warns of mapped attributes that no right helps to write.
func (c *checker) usersHold(ctx context.Context) error {
	if err := c.observer.readClass(ctx, c.obs); err != nil {
		return err
	}
	var names []string
	for _, a := range c.obs.Attributes {
		if a.NotOfUsers {
			names = append(names, a.Name)
		}
	}
	if len(names) > 0 {
		slices.Sort(names)
		c.warn("attributes", "take their rules out of attributes", "a user cannot have %s, whatever its rights; their values are left out", strings.Join(names, ", "))
	}
	return nil
}

// file judges the user file and the ledger, as far as they are there.
func (c *checker) file(ctx context.Context) bool {
	ledger, err := loadLedger(LedgerPath(c.Config.ResolutionsFile))
	if err != nil && !errors.Is(err, errDamaged) {
		return c.fail("ledger", err)
	}
	if err != nil {
		c.warn("ledger", "put it back from a backup; a run that goes on without it asks for --accept-file", "%v", err)
	}
	if c.Input == nil {
		return true
	}
	im := New(Options{Config: c.Config, Directory: c.Directory, Input: c.Input, DryRun: true, Clock: c.Clock, Log: zerolog.Nop()})
	now, clockErr := im.clock(context.Background(), c.Directory)
	if clockErr != nil {
		return c.fail("clock", clockErr)
	}
	s := &situation{now: now, obs: c.obs, reader: c.observer}
	var readErr error
	if s.onDisk, readErr = LoadResolutions(c.Config.ResolutionsFile); readErr != nil {
		return c.fail("resolutions", readErr)
	}
	if err := im.checkFile(ctx, s, ledger, err); err != nil {
		return c.fail("user file", err)
	}
	if err := c.replication(ctx, s); err != nil {
		return c.fail("replication", err)
	}
	others, err := s.others(ctx, c.observer)
	if err != nil {
		return c.fail("container", err)
	}
	for _, other := range others {
		if behind := other.LeftBehind(c.obs); behind != "" && other.Left.IsZero() {
			c.say("container", schema.CheckFailed, "the next import stops with exit code 4: "+behind, "correct managed_user_path, or confirm the plan once")
		}
	}
	for _, notice := range s.notices { // of the kept answers
		c.warn("resolutions", "", "%s", notice)
	}
	f := c.Input.File
	if unused := plan.UnusedGroups(c.Config, f); len(unused) > 0 {
		c.warn("group_map", "correct their names, as the user file has them, or take them out", "nobody in the file is in %s", schema.Visible(strings.Join(unused, ", ")))
	}
	if unused := plan.UnusedSources(c.Config, f); len(unused) > 0 {
		c.warn("attributes", "correct \"from\", as the user file has the name, or export the attribute", "no user in the file has %s", schema.Visible(strings.Join(unused, ", ")))
	}
	fate := "would be accepted"
	if s.record.File.SHA256 == c.Input.SHA256 {
		fate = "was imported before"
	}
	text := fmt.Sprintf("%s has %d users and %s", schema.Visible(c.Input.Name), len(f.Users), fate)
	if f.Source != nil {
		text += "; it is from " + schema.Visible(f.Source.Domain)
	}
	if !f.Timestamp.IsZero() {
		text += ", of " + when(f.Timestamp)
	}
	if !c.Input.Signed {
		c.warn("user file", "give both sides the same key (ad-user-sync keygen)", "%s; it is not signed, so whoever can write it decides who gets an account", text)
		return true
	}
	return c.fine("user file", "%s", strings.TrimSpace(text))
}
