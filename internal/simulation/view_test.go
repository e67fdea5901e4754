package simulation

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/internal/memad"
)

// account is what the judge sees of one.
type account struct {
	guid, cn, sam, upn, stamp, usn, number string
	dn                                     ad.DN
	control                                int64
	expires                                int64
	protected                              bool            // it administers, or runs services
	inside                                 bool            // in the managed container
	groups                                 map[string]bool // by CN
}

func (a *account) enabled() bool { return a.control&2 == 0 }

// idle reports whether no one works by it, and it gives nothing of what is mapped.
func (a *account) idle(s settings) bool {
	return !a.enabled() && !slices.ContainsFunc(slices.Collect(maps.Keys(a.groups)), s.leads)
}

// ends tells when; zero: never.
func (a *account) ends() time.Time {
	t, _ := adrules.TimeFromFileTime(a.expires)
	return t
}

// view is the target domain at one moment.
type view struct {
	now        time.Time
	accounts   map[string]*account // by objectGUID
	order      []string
	others     map[string]string   // uSNChanged of all that is not an account, by DN
	within     map[string][]string // the groups that a group is in, at any depth, by CN
	privileged map[string]bool     // groups, by CN
	groups     map[string]string   // DNs by CN

	of  *memad.Directory
	usn int64
}

// look sees the domain, once between two changes.
func (w *world) look() view {
	usn := w.target.HighestUSN()
	if w.seen.of != w.target || w.seen.usn != usn {
		w.seen = w.lookAnew()
		w.seen.of, w.seen.usn = w.target, usn
	}
	w.seen.now = w.now
	return w.seen
}

func (w *world) lookAnew() view {
	v := view{accounts: map[string]*account{}, others: map[string]string{}, privileged: map[string]bool{}, within: map[string][]string{}, groups: map[string]string{}}
	groups := map[string]ad.Entry{}
	_, err := w.target.Search(ctx, ad.Search{Base: dn("DC=plant,DC=example"), Scope: ad.ScopeSubtree, Filter: ad.Anything,
		Attributes: []string{"objectClass", "objectGUID", "objectSid", "cn", "sAMAccountName", "userPrincipalName", "adminDescription", "uSNChanged",
			"userAccountControl", "accountExpires", "memberOf", "adminCount", "servicePrincipalName", "employeeID"}}, func(e ad.Entry) error {
		switch {
		case e.Has("userAccountControl"):
			v.add(e, w.managed)
		case slices.Contains(e.Texts("objectClass"), "group"):
			groups[e.DN.Key()] = e
			v.groups[e.Text("cn")] = e.DN.String()
			fallthrough
		default:
			v.others[e.DN.String()] = e.Text("uSNChanged")
		}
		return nil
	})
	must(err)
	for _, e := range groups {
		group := groupName(e.DN)
		above(groups, e, func(g ad.Entry) { v.within[group] = append(v.within[group], groupName(g.DN)) })
		if administers(groups, e) {
			v.privileged[group] = true
		}
	}
	v.order = slices.Sorted(maps.Keys(v.accounts))
	for _, a := range v.accounts {
		for group := range a.groups {
			a.protected = a.protected || v.privileged[group]
		}
	}
	return v
}

func (v *view) add(e ad.Entry, managed ad.DN) {
	a := &account{guid: guidOf(e), cn: e.Text("cn"), sam: e.Text("sAMAccountName"), upn: e.Text("userPrincipalName"), stamp: e.Text("adminDescription"),
		usn: e.Text("uSNChanged"), number: e.Text("employeeID"), dn: e.DN, inside: e.DN.Within(managed), groups: map[string]bool{},
		protected: e.Text("adminCount") == "1" || e.Has("servicePrincipalName")}
	a.control, _ = e.Int("userAccountControl")
	a.expires, _ = strconv.ParseInt(e.Text("accountExpires"), 10, 64)
	for _, text := range e.Texts("memberOf") {
		a.groups[groupName(dn(text))] = true
	}
	v.accounts[a.guid] = a
}

// groupName is what the configuration calls a group, which may have another name by
// now.
func groupName(at ad.DN) string {
	_, cn := at.Name()
	return strings.TrimPrefix(cn, formerly)
}

// unique reports whether no other account has the common name of this one.
func (v view) unique(a *account) bool {
	for _, other := range v.accounts {
		if other != a && other.cn == a.cn {
			return false
		}
	}
	return true
}

// above visits every group that one is in.
func above(groups map[string]ad.Entry, g ad.Entry, visit func(ad.Entry)) {
	seen := map[string]bool{g.DN.Key(): true}
	for queue := []ad.Entry{g}; len(queue) > 0; queue = queue[1:] {
		for _, text := range queue[0].Texts("memberOf") {
			if up, ok := groups[dn(text).Key()]; ok && !seen[up.DN.Key()] {
				seen[up.DN.Key()] = true
				visit(up)
				queue = append(queue, up)
			}
		}
	}
}

// administers reports whether a group gives power over the domain, by itself or by
// one that it is in.
func administers(groups map[string]ad.Entry, g ad.Entry) bool {
	yes := false
	judge := func(g ad.Entry) {
		yes = yes || g.Text("adminCount") == "1"
		for _, ending := range []string{"-512", "-518", "-519", "-544", "-548", "-549", "-550", "-551"} {
			yes = yes || strings.HasSuffix(string(g.SID()), ending)
		}
	}
	judge(g)
	above(groups, g, judge)
	return yes
}

// anchorOf is the person of this source that an anchor names, as long as its domain is that of
// the configuration; "" for others' anchors.
func (w *world) anchorOf(stamp string) string {
	anchor, domain := namedBy(stamp)
	if domain != "" && domain != w.domain && domain != w.migration.from {
		return ""
	}
	return anchor
}

// namedBy is the person that an anchor names, of whatever domain.
func namedBy(stamp string) (anchor, domain string) {
	rest, ours := strings.CutPrefix(stamp, "ad-user-sync:")
	if !ours {
		return "", ""
	}
	anchor, domain, _ = strings.Cut(rest, "@")
	return strings.ToLower(anchor), domain
}
