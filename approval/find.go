package approval

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"time"

	"ad-user-sync/import/plan"
)

// Finder is a desk at which a person looks for accounts, to help who cannot log on.
type Finder interface {
	// Find tells of the managed accounts that are called so, the first of all that were
	// found, what may be done about each now.
	Find(ctx context.Context, text string) (found []plan.Found, all int, err error)
}

// sought is what a person typed.
type sought struct {
	Text string `json:"text"`
}

// foundAccount is an account as the page shows it.
type foundAccount struct {
	Person person     `json:"person"`
	Locked *time.Time `json:"locked"` // since when; nil: it is not
	Barred string     `json:"barred"`
	Offers []question `json:"offers"`
}

// find looks for accounts. What it answers holds passphrases.
func (a *api) find(w http.ResponseWriter, r *http.Request, in sought) {
	found, all, err := a.worker.find(r.Context(), in.Text)
	if a.outlived(w, r) {
		return
	}
	if err != nil {
		settled(w, err)
		return
	}
	accounts, err := a.agenda.offer(found)
	if err != nil {
		refuse(w, http.StatusInternalServerError, err.Error())
		return
	}
	send(w, http.StatusOK, struct {
		Accounts []foundAccount `json:"accounts"`
		All      int            `json:"all"`
	}{accounts, all})
}

// find waits for no other call.
func (w *worker) find(ctx context.Context, text string) ([]plan.Found, int, error) {
	if w.working() || !w.call.TryLock() {
		return nil, 0, errBusy
	}
	defer w.call.Unlock()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(w.ctx, cancel)() // the end of the session does not wait for it
	return w.desk.Find(ctx, text)
}

// offer takes what may be done about accounts in place of what was found before.
func (g *agenda) offer(found []plan.Found) ([]foundAccount, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.found, g.offered = found, map[string]plan.Question{}
	for _, q := range g.offers() {
		g.offered[q.ID], g.known[q.ID] = q, q
	}
	view := g.sight()
	if err := g.vault.propose(view, g.offers()); err != nil {
		return nil, err
	}
	checker := checker{view: view, operator: g.operator, vault: g.vault}
	accounts := []foundAccount{}
	for _, f := range found {
		a := foundAccount{Person: personOf(f.Person), Barred: sentence(f.Barred), Offers: []question{}}
		if since, locked := f.Logon.LockedSince(); locked {
			a.Locked = &since
		}
		for _, q := range f.Offers {
			a.Offers = append(a.Offers, g.troubles.of(q, checker.question(q)))
		}
		accounts = append(accounts, a)
	}
	return accounts, nil
}

func (g *agenda) offers() (list []plan.Question) {
	for _, f := range g.found {
		list = append(list, f.Offers...)
	}
	return list
}

// sight is what was read, and the policies of what was found. The caller holds mu.
func (g *agenda) sight() *plan.View {
	if g.view == nil || len(g.found) == 0 {
		return g.view
	}
	return g.view.WithPolicies(g.found)
}

// open is what may be answered: what is asked, and what is offered.
func (g *agenda) open() map[string]plan.Question {
	open := maps.Clone(g.shown)
	maps.Copy(open, g.offered)
	return open
}

// proposable are the questions that get a passphrase.
func proposable(view *plan.View, offers []plan.Question) []plan.Question {
	return slices.DeleteFunc(slices.Concat(view.Questions, offers), func(q plan.Question) bool { return !q.SetsPassword() })
}
