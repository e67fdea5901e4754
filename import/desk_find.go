package importer

import (
	"context"
	"slices"
	"strings"

	"ad-user-sync/import/observe"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
)

// mostFound is how many accounts a person is shown at once.
const mostFound = 20

// Find looks for managed accounts by what their people are called; every word has to
// be there. Who they are is at most a few minutes old; what may be done about them is
// decided from what the directory says of each now. All is how many were found.
func (d *Desk) Find(ctx context.Context, text string) (found []plan.Found, all int, err error) {
	if err := d.onlyProlongs(); err != nil {
		return nil, 0, err
	}
	words := strings.Fields(strings.ToLower(text))
	if len(words) == 0 {
		return nil, 0, nil
	}
	if d.looked == nil || d.im.Clock().Sub(d.lookedAt) > remembered {
		if _, err := d.Look(ctx); err != nil {
			return nil, 0, err
		}
	}
	s := *d.looked
	people := slices.DeleteFunc(s.managed(), func(p plan.Person) bool {
		called := strings.ToLower(strings.Join([]string{p.CN, p.DisplayName, p.AccountName, p.UPN, p.Mail}, "\n"))
		return slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(called, w) })
	})
	slices.SortFunc(people, func(a, b plan.Person) int { return strings.Compare(strings.ToLower(a.CN), strings.ToLower(b.CN)) })
	all, people = len(people), people[:min(mostFound, len(people))]
	s.sought = nil
	for _, p := range people {
		s.sought = append(s.sought, p.GUID)
	}
	if err := d.im.decide(ctx, d.dir, &s, nil); err != nil {
		d.looked = nil // of a controller that may be lost
		return nil, 0, err
	}
	for _, f := range s.plan.Found {
		d.ask(f.Offers)
	}
	found = s.plan.Found
	slices.SortFunc(found, func(a, b plan.Found) int {
		return strings.Compare(strings.ToLower(a.Person.CN), strings.ToLower(b.Person.CN))
	})
	return found, all, d.knowPolicies(ctx, found)
}

// managed are the people of all managed accounts, as they are called now.
func (s *situation) managed() (people []plan.Person) {
	managed := map[adrules.GUID]bool{}
	for _, p := range s.plan.Managed {
		managed[p.GUID] = true
	}
	for i := range s.obs.Accounts {
		if a := &s.obs.Accounts[i]; managed[a.GUID] {
			people = append(people, plan.Person{GUID: a.GUID, CN: a.CN, AccountName: a.AccountName, UPN: a.UPN, Mail: a.Mail, DisplayName: a.DisplayName})
		}
	}
	return people
}

// seek adds what the directory says now of the accounts that a person looks for, or
// decides about.
func (im *Import) seek(ctx context.Context, dir Directory, s *situation, answers []plan.Answer) (err error) {
	sought := slices.Clone(s.sought)
	for _, a := range answers {
		if !a.Account.IsZero() {
			sought = append(sought, a.Account)
		}
	}
	if s.input.Sought = nil; len(sought) > 0 {
		s.input.Sought, err = observe.Logons(ctx, dir, sought)
	}
	return err
}
