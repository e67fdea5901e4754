package importer

import (
	"errors"
	"fmt"
	"strings"

	"ad-user-sync/import/ledger"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// This file is the start of an import that has only looked (rule 40).

// Begun reports whether this run is the one that a person started the import with.
func (im *Import) Begun() bool { return im.looking.begun }

// startedBefore is what is remembered, beside the ledger, of a start; under another name
// of the container, too.
func (im *Import) startedBefore() (s ledger.Started, found bool) {
	if s, found = im.looking.all.Started[ledger.PlaceOf(im.Config.ManagedUserPath)]; found || im.Input == nil {
		return s, found
	}
	for _, s := range im.looking.all.Started {
		if source := sourceDomain(im.Input.File); source != "" && strings.EqualFold(s.Domain, source) {
			return s, true
		}
	}
	return s, false
}

// isAnother reports whether a person started another plan than this one.
func (im *Import) isAnother(s *situation) bool {
	return im.Start != "" && !strings.EqualFold(im.Start, s.plan.Digest)
}

// unstarted is why a person can decide nothing at a page that a limit opened: with the
// first answer the import would have begun, by whatever plan there is by then.
func (im *Import) unstarted() error {
	if !im.looking.waits {
		return nil
	}
	return errors.New("no one has started this import yet: override the limit first, or end this session and start it anew")
}

// another says what changed since the plan that a person started.
func (im *Import) another(s *situation) *schema.Guard {
	g := &schema.Guard{Name: GuardObserve, Reason: fmt.Sprintf("--start names another plan than that of now, %s", s.plan.Digest),
		WayOn: "Read the plan of now in this report, and start it with import --start " + s.plan.Digest}
	last := im.looking.last
	if !strings.EqualFold(last.Plan, im.Start) {
		g.Reason += "; what the named one would have done is not remembered"
		return g
	}
	if last.File.SHA256 != s.fresh.sha256 {
		g.Reason += "; the user file is another one"
	}
	more, less, other := last.Changed(&s.plan)
	for _, c := range []struct {
		what string
		list []string
	}{{"it would do more", more}, {"not any more", less}, {"otherwise", other}} {
		if len(c.list) > 0 {
			g.Reason += fmt.Sprintf("; %s: %s", c.what, someOf(c.list))
		}
	}
	moved := last.Moved(s.standings())
	if len(moved) > 0 {
		g.Reason += "; accounts that carry an anchor are not as they were: " + someOf(s.called(moved))
	}
	if len(more)+len(less)+len(other) == 0 {
		g.Reason += "; it would do the same"
		if last.File.SHA256 == s.fresh.sha256 && len(moved) == 0 {
			g.Reason += ", but what the configuration says of ends or passwords"
		}
	}
	return g
}

// standings is how the accounts stand that only carry an anchor.
func (s *situation) standings() map[adrules.GUID]string {
	return plan.Standings(s.obs.Accounts, s.record.Unconfirmed(s.obs.Accounts))
}

// called has the DNs of accounts, and the objectGUID of who is not there any more.
func (s *situation) called(guids []string) []string {
	var names []string
	for _, guid := range guids {
		name := guid
		for i := range s.obs.Accounts {
			if a := &s.obs.Accounts[i]; a.GUID.String() == guid {
				name = a.DN
			}
		}
		names = append(names, name)
	}
	return names
}

// begin marks that a person started an import that had only looked.
func (im *Import) begin(s *situation) {
	if im.Start == "" || s.record.Started != nil {
		return
	}
	s.record.Started = &ledger.Started{At: s.now, Plan: s.plan.Digest, Domain: s.fresh.sourceDomain()}
	if im.Config.Observe != nil {
		s.record.Started.Observe = *im.Config.Observe
	}
}

// hasBegun ends the looking, which the ledger has ended already. As long as observe is in
// the configuration, it is remembered beside the ledger, too, that it has: should the
// ledger be lost, that tells such an import from one that only looks.
func (im *Import) hasBegun(s *situation) {
	path, place, started := ledger.LooksPath(im.Config.ResolutionsFile), ledger.PlaceOf(im.Config.ManagedUserPath), s.record.Started
	if all, err := ledger.LoadLooks(path); err == nil { // a page may have been open for days
		im.looking.all = all
	}
	_, seen := im.looking.all.Containers[place]
	_, told := im.startedBefore()
	var err error
	switch {
	case im.Config.Observe == nil && im.looking.kept && (started != nil || told):
		err = im.looking.all.Forget(place, s.fresh.sourceDomain(), path)
	case im.Config.Observe != nil && started != nil && (seen || !told):
		err = im.looking.all.Begin(place, *started, path)
	}
	if err != nil {
		im.Log.Warn().Str("error", schema.Visible(err.Error())).Msg("what was looked at before the start is kept; the import goes on all the same")
	}
}
