package approval

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"ad-user-sync/import/plan"
	"ad-user-sync/import/words"
	"ad-user-sync/schema"
)

// Prolonger is a desk at which accounts are given more time, while no newer user file comes.
type Prolonger interface {
	// Prolong gives it to all that are named, where each is as it was shown;
	// progress is called after each.
	Prolong(ctx context.Context, g plan.Grant, progress func(done, total int)) error
}

// longestReason is in characters.
const longestReason = 500

// offer is to whom more time may be given, as the page shows it.
type offer struct {
	Digest string    `json:"digest"`
	Most   int       `json:"most"`  // days
	Often  int       `json:"often"` // so often at most
	People []offered `json:"people"`
	Left   []outcome `json:"left"`
}

type offered struct {
	ID     string    `json:"id"`
	Person person    `json:"person"`
	Ends   time.Time `json:"ends"`
	Most   time.Time `json:"most"`
	Least  int       `json:"least"`
	Times  int       `json:"times"`
}

// offerOf is nil where nothing is offered.
func (c checker) offer(o plan.Offer) *offer {
	if len(o.People) == 0 && len(o.Left) == 0 {
		return nil
	}
	out := &offer{Digest: o.Digest, Most: plan.MostDays, Often: plan.MostTimes, People: []offered{}, Left: []outcome{}}
	for _, p := range o.People {
		if c.ownPerson(p.Person) {
			out.Left = append(out.Left, outcome{p.Person.CN, "the account you run as; another administrator has to decide"})
			continue
		}
		out.People = append(out.People, offered{p.ID, personOf(p.Person), p.Ends.UTC(), p.Most.UTC(), p.Least, p.Times})
	}
	for _, n := range o.Left {
		out.Left = append(out.Left, outcome{n.Person.CN, words.Because(n.Reason, n.Detail)})
	}
	return out
}

// prolonging is what the page sends: to whom of an offer a person gives more time.
type prolonging struct {
	Offer  string `json:"offer"` // digest
	One    string `json:"one"`   // ID; "" for all
	Fresh  bool   `json:"fresh"` // only who was given none since this file
	Days   int    `json:"days"`
	Reason string `json:"reason"`
	Typed  int    `json:"typed"` // number of accounts that the person read
}

// grant holds it against what was shown last; why says what is wrong with it.
func (in prolonging) grant(c checker) (g plan.Grant, why string) {
	g = plan.Grant{IDs: map[string]bool{}, Days: in.Days, Reason: strings.TrimSpace(in.Reason)}
	switch {
	case c.view == nil || c.view.Offer.Digest != in.Offer:
		return g, "the accounts have changed meanwhile; look at them again"
	case in.Days < 1 || in.Days > plan.MostDays:
		return g, "give 1 to 14 days"
	case g.Reason == "" || utf8.RuneCountInString(g.Reason) > longestReason:
		return g, "say why, in at most 500 characters"
	}
	for _, o := range c.view.Offer.People {
		if (in.One == "" || in.One == o.ID) && (!in.Fresh || o.Times == 0) && o.Least <= in.Days && !c.ownPerson(o.Person) {
			g.IDs[o.ID] = true
		}
	}
	if len(g.IDs) == 0 || len(g.IDs) != in.Typed {
		return g, "this is not the number of accounts; look at them again"
	}
	return g, ""
}

// prolong answers who gives more time to accounts that were shown.
func (a *api) prolong(w http.ResponseWriter, _ *http.Request, in prolonging) {
	grant, why := in.grant(a.agenda.checker())
	if why != "" {
		refuse(w, http.StatusUnprocessableEntity, why)
		return
	}
	settled(w, a.worker.prolong(grant))
}

// prolong has the desk give it, one call at a time.
func (w *worker) prolong(g plan.Grant) error {
	if err := w.begin("prolong", len(g.IDs)); err != nil {
		return err
	}
	defer w.finished()
	w.log.Warn().Int("accounts", len(g.IDs)).Int("days", g.Days).Str("reason", schema.Visible(g.Reason)).Msg("more time given")
	w.call.Lock()
	defer w.call.Unlock()
	before := countsOf(w.desk.Report())
	err := w.desk.Prolong(w.ctx, g, w.advance)
	what := fmt.Sprintf("%s more for %s (%s)", schema.Plural(g.Days, "day"), schema.Plural(len(g.IDs), "account"), schema.Visible(g.Reason))
	w.agenda.noteProlonged(what, before, countsOf(w.desk.Report()), err)
	if err != nil {
		w.log.Warn().Err(err).Msg("not all could be given more time")
	}
	return err
}

// noteProlonged keeps what came of it. What was shown has to be shown anew, unless it
// failed and nothing was done.
func (g *agenda) noteProlonged(what string, before, after counts, err error) {
	g.noteReleased("prolong", what, before, after, err)
	if err != nil && maps.Equal(before.done, after.done) && before.Failed == after.Failed {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.view != nil {
		view := *g.view
		view.Offer = plan.Offer{Left: slices.Clip(view.Offer.Left)}
		g.view = &view
	}
}
