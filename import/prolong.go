package importer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"ad-user-sync/import/apply"
	"ad-user-sync/import/ledger"
	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// This file is rule 37: while no newer user file comes, a person gives accounts more
// time.

// Prolongs reports whether an import that ended with this error may still be a desk at
// which nothing but time is given.
func Prolongs(err error) bool {
	refusal, ok := errors.AsType[*Refusal](err)
	return ok && refusal.Old
}

// NewProlongingDesk is a desk at which nothing but time is given, by the last file that
// was imported, however old it is.
func (im *Import) NewProlongingDesk(dir Directory, operator string) *Desk {
	im.prolonging = true
	return im.NewDesk(dir, operator)
}

func (d *Desk) onlyProlongs() error {
	if d.im.prolonging {
		return errors.New("the user file is too old for anything but giving accounts more time")
	}
	return nil
}

// silent reports whether a newer file than this one, the last, has not come for so long
// that accounts may be given more time.
func (s *situation) silent(cfg *schema.ImportConfig) bool {
	newest := s.record.File.Newest
	if !s.fresh.last() || cfg.ExpirationTime == nil || newest.IsZero() {
		return false
	}
	return s.old || overdue(cfg, newest, s.now) != nil || !s.now.Before(plan.HalfOf(*cfg.ExpirationTime, newest))
}

// offerOnly is what a desk shows at which nothing but time is given.
func (d *Desk) offerOnly(s *situation) plan.View {
	domain := d.dir.Domain()
	view := plan.View{
		Domain: domain.Name, Controller: domain.Controller, Container: s.obs.Container.DN, Identity: domain.Identity,
		File: *d.im.Input.report(), Source: s.fresh.sourceDomain(), Plan: s.plan.Digest, Offer: s.plan.Offer, Current: s.current(), Old: true,
		Notices: slices.Concat(d.im.moves, []string{"this user file is too old to be imported; nothing is done with it but to give accounts more time"}),
	}
	if d.im.Table != nil {
		view.Notices = append(view.Notices, "the table of match (--adopt) is left alone: none of it is done by this file")
	}
	if why := s.prolongsNot(d.im); why != "" {
		view.Offer, view.Notices = plan.Offer{}, append(view.Notices, "no time can be given: "+why)
	}
	view.Report = d.Report()
	return view
}

// prolongsNot is why no time can be given; "" where it can.
func (s *situation) prolongsNot(im *Import) string {
	switch {
	case s.lag.Behind != "":
		return s.lag.Behind
	case im.stopped(s):
		var reasons []string
		for _, t := range s.plan.Trips {
			reasons = append(reasons, t.Reason)
		}
		return "a limit stops this plan: " + strings.Join(reasons, "; ")
	case !s.input.Silent:
		return "a newer user file is not overdue"
	}
	return ""
}

// Prolong puts off the ends of the accounts that a person was shown with these IDs. All
// of them have to be as they were shown; else none is given any time. progress is called
// after each.
func (d *Desk) Prolong(ctx context.Context, g plan.Grant, progress func(done, total int)) error {
	g.By = d.operator
	d.im.grant = &g
	defer func() { d.im.grant = nil }()
	s, unlock, err := d.sit(ctx, nil)
	if err != nil {
		return err
	}
	defer unlock()
	if why := s.prolongsNot(d.im); why != "" {
		return fmt.Errorf("no time was given: %s", why)
	}
	given := slices.DeleteFunc(slices.Clone(s.plan.Actions), func(a plan.Action) bool { return a.Kind != plan.Prolong })
	if len(given) != len(g.IDs) || len(given) == 0 {
		return fmt.Errorf("no time was given: of %s, %d are not as they were shown any more; look at them again", schema.Plural(len(g.IDs), "account"), len(g.IDs)-len(given))
	}
	d.im.Log.Info().Str("action", "give more time").Int("accounts", len(given)).Int("days", g.Days).Str("why", schema.Visible(g.Reason)).Str("by", schema.Visible(g.By)).Msg("accepted")
	carried, before := 0, len(d.im.report.Failed)
	x, err := d.im.applyTo(ctx, d.dir, s, given, func(*apply.Result) {
		if carried++; progress != nil {
			progress(min(carried, len(given)), len(given))
		}
	})
	d.im.report.GivenTime = givenTime(d.im.Config)
	if x == nil && err != nil {
		return fmt.Errorf("no time was given: %w", err)
	}
	if failed := d.im.report.Failed[before:]; err == nil && x != nil && len(failed) > 0 {
		err = fmt.Errorf("%s could not be given more time; the first is %s: %s", schema.Plural(len(failed), "account"), failed[0].User, failed[0].Reason)
	}
	return err
}

// givenTime is what was given since the newest file, by the ledger.
func givenTime(cfg *schema.ImportConfig) (list []schema.GivenTime) {
	known, err := ledger.Load(ledger.Path(cfg.ResolutionsFile))
	if err != nil {
		return nil
	}
	newest, _ := leases(cfg)
	for _, r := range known.Meant(cfg.ManagedUserPath) {
		if r.File.Newest.Equal(newest) {
			list = append(list, r.Since()...)
		}
	}
	return list
}
