package main

import (
	"github.com/rs/zerolog"

	"ad-user-sync/schema"
)

// logReport ends a run in the log, which is all that a scheduler keeps: what a
// person should read, and what the run came to.
func logReport(log zerolog.Logger, r schema.Report, code int) {
	for _, notice := range r.Notices {
		log.Warn().Msg(schema.Visible(notice))
	}
	for _, o := range r.LeftOut {
		if o.New {
			about(log.Warn(), o.User, o.Code, o.Subject).Str("reason", schema.Visible(o.Reason)).Msg("left out")
		}
	}
	for _, held := range r.HeldBack {
		about(log.Warn(), held.User, held.Code, held.Subject).Str("reason", schema.Visible(held.Reason)).Msg("held back")
	}
	if g := r.Guard; g != nil {
		log.Warn().Str("limit", g.Name).Str("brake", g.Name).Str("reason", schema.Visible(g.Reason)).Str("way_on", g.WayOn).Str("run", r.Run).Int("exit", code).
			Msg("stopped by a limit; nothing was written")
		return
	}
	event := log.Info()
	if len(r.Failed) > 0 {
		event = log.Warn()
	}
	for _, d := range r.Done() {
		event.Int(d.Name, d.N)
	}
	event.Int("rejected", len(r.Rejected)).Int("failed", len(r.Failed)).Int("left_out", len(r.LeftOut)).Int("held_back", len(r.HeldBack)).Int("open_questions", len(r.RequiredInteractions)).
		Bool("dry_run", r.DryRun).Str("run", r.Run).Int("exit", code).Msg("the import is over")
}

func about(e *zerolog.Event, user, code string, s schema.Subject) *zerolog.Event {
	return e.Str("user", schema.Visible(user)).Str("code", code).Str("account", schema.Visible(s.AccountName)).
		Str("anchor", s.Anchor).Str("objectGUID", s.ObjectGUID).Str("dn", schema.Visible(s.DN))
}
