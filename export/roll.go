package export

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"slices"
	"strings"

	"ad-user-sync/internal/ad"
)

// roll is who the search groups say are their members, so that no one is left
// out without a word: 8 bytes of hash for each.
type roll struct {
	seed    maphash.Seed
	found   map[uint64]bool // by hash of the DN's key: whether a search found that member
	silent  []ad.Entry      // groups that show no member
	partial bool            // the members of one of them may not be read
}

func newRoll() *roll { return &roll{seed: maphash.MakeSeed(), found: map[uint64]bool{}} }

func (r *roll) hash(dn ad.DN) uint64 { return maphash.String(r.seed, dn.Key()) }

// add reads the members of a group.
func (r *roll) add(group ad.Entry) {
	for _, text := range group.Texts("member") {
		if dn, err := ad.ParseDN(text); err == nil {
			r.found[r.hash(dn)] = false
		}
	}
	if !group.Has("member") {
		r.silent = append(r.silent, group)
	}
}

// lists reports whether a user is, or may be, a member.
func (r *roll) lists(dn ad.DN) bool {
	_, is := r.found[r.hash(dn)]
	return is || r.partial
}

// meet notes that a search found a user.
func (r *roll) meet(dn ad.DN) {
	if len(r.found) == 0 {
		return
	}
	h := r.hash(dn)
	if _, is := r.found[h]; is {
		r.found[h] = true
	}
}

// settleRoll looks, once the schema is known, whose members may not be read.
func (s *source) settleRoll() {
	for _, group := range s.membership.roll.silent {
		if s.hidden(group, "member") {
			s.membership.roll.partial = true
			s.warnings = append(s.warnings, fmt.Sprintf("search_groups: %s may not read who is in %s, so that members who do not go cannot be counted", s.dir.Domain().Identity, group.DN))
		}
	}
}

// Rules that leave out a member of a search group whom no search found.
const (
	nestedGroup = `a group in a search group; its members go only where "nested_groups" is true`
	contact     = "a contact, which has no account"
	foreign     = "an account of another domain"
	noAccount   = "neither a person's account nor a group"
	elsewhere   = "outside of user_path and of every query's base"
	filtered    = "not matched by the filter of a query"
)

// overlooked is for a user whom a search did not return, though nothing keeps the
// user from being found.
var overlooked = doubt{"%s, a member of a search group, was not found by the search", "a member of a search group who was not found by the search",
	"what the search returned was incomplete, or it was changed while the export was reading: export again"}

func leftOut(rule string) verdict { return verdict{leftOut: rule, rule: rule} }

// missed tells of each member whom no search found. It reads the groups again,
// so that who was renamed or taken out in the meantime is not told of.
func (e *run) missed(ctx context.Context, tell func(ad.Entry, verdict)) error {
	names, err := e.unmet(ctx)
	if err != nil {
		return err
	}
	for chunk := range slices.Chunk(names, mostGroupsInFilter) {
		if err := e.lookUp(ctx, chunk, tell); err != nil {
			return fmt.Errorf("search_groups: look who the members are that do not go: %w", err)
		}
	}
	return nil
}

func (e *run) unmet(ctx context.Context) (names []ad.DN, err error) {
	r := e.source.membership.roll
	open := 0
	for _, found := range r.found {
		if !found {
			open++
		}
	}
	for i := 0; i < len(e.source.membership.dns) && open > 0; i++ {
		group, err := e.source.one(ctx, ad.Search{Base: e.source.membership.dns[i], Filter: ad.Anything, Attributes: []string{"member"}})
		if errors.Is(err, ad.ErrNotFound) {
			continue
		} else if err != nil {
			return nil, fmt.Errorf("search_groups: %w", err)
		}
		for _, text := range group.Texts("member") {
			dn, err := ad.ParseDN(text)
			if err != nil {
				continue
			}
			if found, known := r.found[r.hash(dn)]; known && !found {
				names = append(names, dn)
				r.found[r.hash(dn)] = true
			}
		}
	}
	return names, nil
}

func (e *run) lookUp(ctx context.Context, names []ad.DN, tell func(ad.Entry, verdict)) error {
	var one []ad.Filter
	seen := map[string]bool{}
	for _, dn := range names {
		one = append(one, ad.Equal("distinguishedName", dn.String()))
	}
	_, err := e.source.dir.Search(ctx, ad.Search{
		Base: e.source.dir.Domain().Base, Filter: ad.Or(one...), Attributes: append(e.source.attributes(nil, true), "objectClass", "objectCategory"),
	}, func(entry ad.Entry) error {
		seen[entry.DN.Key()] = true
		if e.source.membership.byDN[entry.DN.Key()] == nil { // else a group whose members go
			tell(entry, e.judgeMissed(entry))
		}
		return nil
	})
	for _, dn := range names {
		if err == nil && !seen[dn.Key()] {
			tell(ad.NewEntry(dn, nil), e.judgeUnseen(dn))
		}
	}
	return err
}

func (e *run) judgeMissed(entry ad.Entry) verdict {
	is := func(class string) bool {
		return slices.ContainsFunc(entry.Texts("objectClass"), func(c string) bool { return strings.EqualFold(c, class) })
	}
	covering := e.covering(entry.DN)
	switch {
	case is("group"):
		return leftOut(nestedGroup)
	case is("contact"):
		return leftOut(contact)
	case is("foreignSecurityPrincipal"):
		return leftOut(foreign)
	case is("computer"):
		return leftOut(noPerson)
	case !is("user"), !strings.HasPrefix(strings.ToLower(entry.Text("objectCategory")), "cn=person,"): // as ad.People has it
		return leftOut(noAccount)
	case len(covering) == 0:
		return leftOut(elsewhere)
	}
	v := e.source.judge(entry)
	for _, q := range covering {
		if v.leftOut == "" {
			v = e.source.judgeFilter(q, entry, v)
		}
	}
	switch {
	case v.leftOut != "":
		return v
	case slices.ContainsFunc(covering, func(q query) bool { return q.filter == "" }):
		v.doubted(overlooked)
		return v
	}
	return leftOut(filtered)
}

// judgeUnseen is for a member of whom nothing but the name can be seen.
func (e *run) judgeUnseen(dn ad.DN) verdict {
	v := verdict{}
	v.leftOut, v.rule = e.source.wanted.excluded(ad.NewEntry(dn, nil), e.source.membership)
	switch {
	case v.leftOut != "":
	case !dn.Within(e.source.dir.Domain().Base):
		return leftOut(foreign)
	case len(e.covering(dn)) == 0:
		return leftOut(elsewhere)
	default:
		v.doubted(doubt{"%s, a member of a search group, cannot be seen", "a member of a search group that cannot be seen",
			`%s needs the right to list and to read that object; or leave it out by its distinguishedName in "exclude"`})
	}
	return v
}

// covering are the queries in whose place an object is.
func (e *run) covering(dn ad.DN) []query {
	return slices.DeleteFunc(slices.Clone(e.source.wanted.queries), func(q query) bool { return !q.covers(dn) })
}

func (q query) covers(dn ad.DN) bool {
	switch q.scope {
	case ad.ScopeBase:
		return dn.Equal(q.base)
	case ad.ScopeOneLevel:
		return dn.Parent().Equal(q.base)
	}
	return dn.Within(q.base)
}
