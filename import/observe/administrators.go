package observe

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"ad-user-sync/import/ledger"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// administrators knows which groups give their members rights over the domain.
type administrators struct {
	nesting *nesting
	mapped  *mapped
	known   map[string]grants // by the DN of a group, or the SID of a primary one
}

// grants are what a group is, or is in.
type grants struct {
	administrative []string  // names
	guarded        []guarded // that are privileged, or guard what is mapped
}

type guarded struct {
	name string
	sid  adrules.SID
}

// read finds out which accounts administer the domain by one of their
// groups. adminCount is not relied on: controllers set it late, and Samba never.
func (w *administrators) read(ctx context.Context, accounts []plan.Account) error {
	if err := w.readGroups(ctx, accounts); err != nil {
		return fmt.Errorf("read the groups of the accounts: %w", err)
	}
	for i := range accounts {
		if a := &accounts[i]; judged(a) {
			a.Administers = strings.Join(w.administration(a), ", ")
			a.Guarded = w.guarded(a)
		}
	}
	return nil
}

func judged(a *plan.Account) bool {
	return (a.Protected == "" || a.GivesWay) && a.Class == "user"
}

// readGroups reads the groups that these accounts are in and that are not known yet.
func (w *administrators) readGroups(ctx context.Context, accounts []plan.Account) error {
	unread, primary := map[string]ad.DN{}, map[adrules.SID]bool{}
	for i := range accounts {
		if !judged(&accounts[i]) {
			continue
		}
		for _, text := range accounts[i].Groups {
			if _, known := w.known[text]; !known && unread[text].IsZero() {
				unread[text] = w.nesting.name(text).DN
			}
		}
		if sid := primaryGroup(&accounts[i]); sid != "" {
			_, known := w.known[string(sid)]
			primary[sid] = !known
		}
	}
	maps.DeleteFunc(unread, func(_ string, dn ad.DN) bool { return dn.IsZero() })
	var level []ad.DN
	for _, text := range slices.Sorted(maps.Keys(unread)) {
		level = append(level, unread[text])
	}
	if err := w.nesting.read(ctx, level); err != nil {
		return err
	}
	for text, dn := range unread {
		w.known[text] = w.grants(dn)
	}
	maps.DeleteFunc(primary, func(_ adrules.SID, unread bool) bool { return !unread })
	return w.readPrimary(ctx, slices.Sorted(maps.Keys(primary)))
}

// readPrimary reads groups that accounts are in without being among the members. What
// cannot be read grants no one knows what.
func (w *administrators) readPrimary(ctx context.Context, sids []adrules.SID) error {
	var filters []ad.Filter
	for _, sid := range sids {
		w.known[string(sid)] = grants{guarded: []guarded{{string(sid), sid}}}
		filters = append(filters, ad.Equal("objectSid", string(sid.Bytes())))
	}
	entries, err := w.nesting.search(ctx, filters, nil)
	if err != nil {
		return fmt.Errorf("read primary groups: %w", err)
	}
	if err := w.nesting.readAbove(ctx, entries); err != nil {
		return fmt.Errorf("read what primary groups are nested in: %w", err)
	}
	for _, e := range entries {
		w.known[string(e.SID())] = w.grants(e.DN)
	}
	return nil
}

// primaryGroup is "" for Domain Users: who takes an account over is in that already.
func primaryGroup(a *plan.Account) adrules.SID {
	if a.Primary == "" || a.Primary.RID() == adrules.DomainUsersRID {
		return ""
	}
	return a.Primary
}

// of are the groups that an account is in directly, what they are and are in.
func (w *administrators) of(a *plan.Account) (list []grants) {
	for _, text := range a.Groups {
		list = append(list, w.known[text])
	}
	if sid := primaryGroup(a); sid != "" {
		list = append(list, w.known[string(sid)])
	}
	return list
}

// Protecting is the observation as the plan is told of it: accounts that administer
// the domain are protected. What the ledger knows in the container, but not as ours for
// certain, stays in reach without it.
func Protecting(obs *plan.Observation, ours map[adrules.GUID]ledger.Account) *plan.Observation {
	told := *obs
	for _, list := range []*[]plan.Account{&told.Accounts, &told.Elsewhere} {
		copied := false
		for i, a := range *list {
			if a.Administers == "" {
				continue
			}
			if !copied {
				*list, copied = slices.Clone(*list), true
			}
			known, mine := ours[a.GUID]
			(*list)[i] = protected(a, mine, known.Ours())
		}
	}
	return &told
}

func protected(a plan.Account, mine, certain bool) plan.Account {
	if a.Protected == "" && (!mine || certain || !a.InContainer) {
		a.Protected, a.GivesWay = "it administers the domain, as a member of "+a.Administers, true
	}
	if !mine {
		a.Administers = ""
	}
	return a
}

// administration lists the administrative groups that an account is in, by
// nesting, too.
func (w *administrators) administration(a *plan.Account) (through []string) {
	for _, in := range w.of(a) {
		through = append(through, in.administrative...)
	}
	slices.Sort(through)
	return slices.Compact(through)
}

// guarded lists the guarded groups that an account is in by others, or that are not mapped.
func (w *administrators) guarded(a *plan.Account) (names []string) {
	for _, in := range w.of(a) {
		for _, g := range in.guarded {
			if !a.MemberOf[g.sid] {
				names = append(names, g.name)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// grants tells what a group is, and is nested in.
func (w *administrators) grants(dn ad.DN) (g grants) {
	for _, e := range append(w.nesting.above(dn), w.nesting.entry(dn)) {
		if administrative(e) {
			g.administrative = append(g.administrative, e.Text("cn"))
		}
		if w.mapped.guarded[e.SID()] || privileged(e) != "" {
			g.guarded = append(g.guarded, guarded{e.Text("cn"), e.SID()})
		}
	}
	return g
}

func administrative(e ad.Entry) bool {
	for _, name := range privilegedNames {
		if strings.EqualFold(e.Text("cn"), name) {
			return true
		}
	}
	return e.Text("adminCount") == "1" || e.SID().Administrative()
}
