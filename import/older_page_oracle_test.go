package importer

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// sight is what the directory has of one account.
type sight struct {
	dn                          ad.DN
	cn, sam, upn, anchor, ends  string
	password                    string
	enabled                     bool
	direct, reached, privileged map[adrules.SID]bool // groups; at any height, those that guard
}

// picture is the directory at one moment, read without the product.
type picture struct {
	accounts map[adrules.GUID]sight
	leads    map[adrules.SID]map[adrules.SID]bool // a group, and the guarding ones that it is or leads into
}

// grouping is what groups there are, by the key of their DN.
type grouping map[string]ad.Entry

func (g grouping) above(e ad.Entry, found map[adrules.SID]ad.Entry) {
	for _, text := range e.Texts("memberOf") {
		dn, _ := ad.ParseDN(text)
		if in, known := g[dn.Key()]; known && !found[in.SID()].Has("objectSid") {
			found[in.SID()] = in
			g.above(in, found)
		}
	}
}

// take reads everything. A group guards that gives administrative rights, or that
// any configuration of this test has listed.
func (s *scene) take(listed map[adrules.SID]bool) picture {
	base, _ := ad.ParseDN("DC=plant,DC=example")
	p, groups := picture{map[adrules.GUID]sight{}, map[adrules.SID]map[adrules.SID]bool{}}, grouping{}
	attributes := []string{"objectGUID", "objectSid", "memberOf", "adminCount", "cn", "sAMAccountName", "userPrincipalName", "adminDescription",
		"accountExpires", "pwdLastSet", "userAccountControl"}
	for _, e := range s.find(base, ad.ScopeSubtree, ad.Equal("objectClass", "group"), attributes...) {
		groups[e.DN.Key()] = e
	}
	privileged := func(e ad.Entry) bool {
		_, yes := e.SID().Privileged()
		return yes || e.Text("adminCount") == "1"
	}
	for _, e := range groups {
		found := map[adrules.SID]ad.Entry{e.SID(): e}
		groups.above(e, found)
		p.leads[e.SID()] = map[adrules.SID]bool{}
		for sid, in := range found {
			if listed[sid] || privileged(in) {
				p.leads[e.SID()][sid] = true
			}
		}
	}
	for _, e := range s.find(base, ad.ScopeSubtree, ad.Equal("objectCategory", "person"), attributes...) {
		control, _ := e.Int("userAccountControl")
		_, cn := e.DN.Name()
		a := sight{dn: e.DN, cn: cn, sam: e.Text("sAMAccountName"), upn: e.Text("userPrincipalName"), ends: strings.Replace(e.Text("accountExpires"), "9223372036854775807", "0", 1),
			password: e.Text("pwdLastSet"), enabled: !adrules.UserAccountControl(uint32(control)).Disabled(),
			direct: map[adrules.SID]bool{}, reached: map[adrules.SID]bool{}, privileged: map[adrules.SID]bool{}}
		if anchor, ours := strings.CutPrefix(e.Text("adminDescription"), "ad-user-sync:"); ours {
			a.anchor, _, _ = strings.Cut(anchor, "@")
		}
		for _, text := range e.Texts("memberOf") {
			dn, _ := ad.ParseDN(text)
			sid := groups[dn.Key()].SID()
			a.direct[sid] = true
			maps.Copy(a.reached, p.leads[sid])
		}
		for _, in := range groups {
			if a.reached[in.SID()] && privileged(in) {
				a.privileged[in.SID()] = true
			}
		}
		p.accounts[e.GUID()] = a
	}
	return p
}

// within reports whether everything in a set is in another.
func within(set, other map[adrules.SID]bool) bool {
	for sid := range set {
		if !other[sid] {
			return false
		}
	}
	return true
}

// verdictOn is what was written for an answer, held against what the page showed.
type verdictOn struct {
	q                    plan.Question
	answer               plan.Answer
	shown, before, after picture
	done                 bool
	settled              bool // by an import: else it goes with the answer what that would do for the person, too
	breaks               []string
}

func (v *verdictOn) say(format string, values ...any) {
	v.breaks = append(v.breaks, fmt.Sprintf(format, values...))
}

func (v *verdictOn) judge() []string {
	for guid, a := range v.after.accounts {
		b, was := v.before.accounts[guid]
		if !was {
			v.created(a)
			continue
		}
		v.rights(guid, b, a)
		if a.enabled && !b.enabled {
			v.enabled(guid, b, a)
		}
		if b.enabled && !a.enabled {
			v.disabled(guid, a)
		}
		if a.anchor != b.anchor {
			v.taken(guid, b, a)
		}
		for sid := range b.direct {
			if !a.direct[sid] && !v.mayLeave(guid, sid) {
				v.say("%s was taken out of %s", a.cn, sid)
			}
		}
		if (a.dn.String() != b.dn.String() || a.sam != b.sam || a.upn != b.upn) && !v.mayName(guid, a) {
			v.say("%s (%s, %s) is now %s (%s, %s)", b.dn, b.sam, b.upn, a.dn, a.sam, a.upn)
		}
	}
	slices.Sort(v.breaks)
	return v.breaks
}

func (v *verdictOn) created(a sight) {
	asked := v.q.Kind == plan.Create || v.q.Kind == plan.Name && v.answer.NewName != ""
	name := v.q.Person.AccountName
	if v.q.Kind == plan.Name {
		name = v.answer.NewName
	}
	if !v.done || !asked || a.enabled || a.anchor != v.q.Person.Anchor || !v.called(a) || a.sam != name || len(a.reached) > 0 {
		v.say("%s (%s) was made", a.dn, a.sam)
	}
}

// rights: only who was shown gets only what was shown of the group that was shown.
func (v *verdictOn) rights(guid adrules.GUID, b, a sight) {
	gained := maps.Clone(a.reached)
	maps.DeleteFunc(gained, func(sid adrules.SID, _ bool) bool { return b.reached[sid] })
	if len(gained) == 0 {
		return
	}
	agreed := v.done && v.q.Kind == plan.Join && guid == v.q.Person.GUID && a.anchor == v.q.Person.Anchor && a.anchor == v.shown.accounts[guid].anchor
	if !agreed || !within(gained, v.shown.leads[v.q.Group.SID]) {
		v.say("%s came into guarded groups: %v", a.cn, slices.Collect(maps.Keys(gained)))
	}
	if agreed && a.cn != v.q.Person.CN {
		v.say("the page called %s %s", a.cn, v.q.Person.CN)
	}
}

func (v *verdictOn) enabled(guid adrules.GUID, b, a sight) {
	s := v.shown.accounts[guid]
	switch {
	case !v.done || v.q.Kind != plan.Enable || guid != v.q.Person.GUID || a.anchor != v.q.Person.Anchor || a.anchor != s.anchor:
		v.say("%s was enabled", a.cn)
	case a.cn != v.q.Person.CN || a.sam != v.q.Person.AccountName || a.upn != v.q.Person.UPN:
		v.say("%s (%s, %s) was enabled under other names than %s (%s, %s)", a.cn, a.sam, a.upn, v.q.Person.CN, v.q.Person.AccountName, v.q.Person.UPN)
	case v.answer.Keep && b.password != s.password:
		v.say("%s was enabled with a password that was set meanwhile", a.cn)
	case b.ends != s.ends && a.ends != b.ends:
		v.say("%s was enabled in spite of an end that was set meanwhile", a.cn)
	case !within(b.privileged, s.privileged):
		v.say("%s was enabled with more rights than were shown", a.cn)
	}
}

func (v *verdictOn) disabled(guid adrules.GUID, a sight) {
	asked := v.q.Kind == plan.Disable && guid == v.q.Person.GUID || v.takes(guid) && v.answer.Keeps != nil && !v.answer.Keeps.Password
	if !v.done || !asked {
		v.say("%s was disabled", a.cn)
	}
}

func (v *verdictOn) goesAlong(guid adrules.GUID) bool { return !v.settled && guid == v.q.Person.GUID }

func (v *verdictOn) takes(guid adrules.GUID) bool {
	return v.q.Holder != nil && guid == v.q.Holder.GUID && (v.q.Kind == plan.Adopt || v.answer.TakeOver)
}

// taken: whose account becomes someone's is as it was shown.
func (v *verdictOn) taken(guid adrules.GUID, b, a sight) {
	s := v.shown.accounts[guid]
	switch {
	case !v.done || !v.takes(guid) || a.anchor != v.q.Person.Anchor:
		v.say("%s was given from %q to %q", a.dn, b.anchor, a.anchor)
	case b.dn.String() != s.dn.String() || b.sam != s.sam || b.upn != s.upn || b.anchor != s.anchor:
		v.say("%s was taken over under other names", b.dn)
	case b.enabled != s.enabled || b.ends != s.ends:
		v.say("%s was taken over in another state", b.dn)
	case !maps.Equal(b.direct, s.direct) || !within(b.reached, s.reached):
		v.say("%s was taken over with other memberships", b.dn)
	}
}

func (v *verdictOn) mayLeave(guid adrules.GUID, sid adrules.SID) bool {
	leaves := v.q.Kind == plan.Leave && guid == v.q.Person.GUID && sid == v.q.Group.SID
	losing := slices.ContainsFunc(v.q.Losing, func(g *plan.Group) bool { return g.SID == sid })
	return v.done && (leaves || v.takes(guid) && losing || v.goesAlong(guid))
}

// mayName: an account that is taken over is called as the page said; so is whoever
// was given another name.
func (v *verdictOn) mayName(guid adrules.GUID, a sight) bool {
	if v.goesAlong(guid) {
		return v.done && v.called(a)
	}
	if v.q.Kind == plan.Name && guid == v.q.Person.GUID {
		return v.done && a.sam == v.answer.NewName && v.called(a)
	}
	if v.answer.Keeps != nil && v.answer.Keeps.Names {
		was := v.shown.accounts[guid]
		return v.done && v.takes(guid) && a.cn == was.cn && a.sam == was.sam && a.upn == was.upn
	}
	return v.done && v.takes(guid) && a.sam == v.q.Wanted && v.called(a)
}

// called: who is new in the file, too, may have got the common name.
func (v *verdictOn) called(a sight) bool {
	return a.cn == v.q.Person.CN || a.cn == v.q.Person.CN+" ("+a.sam+")"
}
