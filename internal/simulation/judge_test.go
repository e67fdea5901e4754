package simulation

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/memad"
	"ad-user-sync/schema"
	"ad-user-sync/schema/userfile"
)

// judge remembers what is whose and what people said, and looks at what every
// run did. Nothing here asks the program what it thinks.
type judge struct {
	*world
	own       map[string]string    // account to anchor: made or taken over by the program, and not let go since
	adopted   map[string]bool      // of these, who was there before
	hand      map[string]bool      // account and group: put in by hand
	begun     map[string]bool      // accounts that a person gave to this program, which may be cut short there
	agreed    map[string]bool      // anchor and group: a person said yes, ever
	logins    map[string][]string  // that a person's accounts have had, by anchor
	worked    map[string]bool      // own accounts that were enabled when a run saw them last
	met       map[string]bool      // of these, who was seen by a run that was not killed
	sights    map[string]ad.DN     // and where such a run saw them last
	replaced  map[string]bool      // own accounts that runs do not see, and in whose place a person wanted another one
	gone      map[string]time.Time // own accounts that runs do not see, since when
	rejected  []rejection
	perhaps   map[string]bool     // joins, by anchor and group, that a person rejected once; it may have lapsed
	denied    map[string]bool     // people of whom someone rejected, ever, that an account is theirs
	put       map[string]bool     // accounts and groups into which this program put them, as long as it saw them there
	finished  bool                // a first run has
	gifts     map[string]gift     // ends that people gave
	endedHere map[string]string   // and that others set by hand
	firsts    map[string]firstEnd // of accounts that match offered
	lost      bool                // the ledger was lost, on any day
	went      map[string]string   // accounts to anchor: own ones that another source's import took over, until that was told
}

// consent is an answer that was given at a desk.
type consent struct {
	kind, anchor, guid, group string
	first                     bool // an end at least 60 days off (match)
}

type rejection struct {
	kind, anchor, group string
	until               time.Time // zero: no end
}

func newJudge(w *world) *judge {
	return &judge{world: w, own: map[string]string{}, adopted: map[string]bool{}, hand: map[string]bool{}, agreed: map[string]bool{}, logins: map[string][]string{}, worked: map[string]bool{}, gone: map[string]time.Time{}, replaced: map[string]bool{}, begun: map[string]bool{}, perhaps: map[string]bool{}, denied: map[string]bool{}, put: map[string]bool{}, met: map[string]bool{}, sights: map[string]ad.DN{}, gifts: map[string]gift{}, endedHere: map[string]string{}, went: map[string]string{}, firsts: map[string]firstEnd{}}
}

func (j *judge) byHand(e ad.Entry, group string) { j.hand[guidOf(e)+" "+group] = true }

// active is A of the manual: here and now this person may work.
func (x *run) active(u *schema.User) bool {
	return u != nil && !u.Disabled && (x.settings.Expiry == "ignore" || u.AccountExpires == nil || u.AccountExpires.After(x.after.now))
}

func find(f *schema.UserFile, anchor string) *schema.User {
	for i := range f.Users {
		if strings.EqualFold(f.Users[i].ObjectGUID, anchor) {
			return &f.Users[i]
		}
	}
	return nil
}

// gives reports whether the file gives a target group to a person.
func (s settings) gives(u *schema.User, group string) bool {
	return u != nil && slices.ContainsFunc(u.MemberOf, func(from string) bool {
		return slices.Contains(s.mapped(strings.TrimPrefix(from, "CN=")), group)
	})
}

// leads reports whether a group is mapped at all.
func (s settings) leads(group string) bool {
	return slices.ContainsFunc(sourceGroups, func(from string) bool { return slices.Contains(s.mapped(from), group) })
}

// exported compares a user file with the domain it is of, read by another hand.
func (j *judge) exported(data []byte, of *memad.Directory) {
	body, _, _ := bytes.Cut(data, []byte("\nHMAC"))
	file, err := userfile.Decode(body[:bytes.LastIndexByte(body, '}')+1])
	must(err)
	j.mapped(file)
	want := map[string]string{}
	for _, e := range users(of, j.people()) {
		groups := []string{}
		for _, g := range sourceGroups {
			if slices.Contains(e.Texts("memberOf"), j.sourceGroup(g).String()) {
				groups = append(groups, "CN="+g)
			}
		}
		if len(groups) > 0 {
			control, _ := e.Int("userAccountControl")
			want[guidOf(e)] = fmt.Sprint(e.Text("cn"), e.Text("sAMAccountName"), control&2 != 0, groups)
		}
	}
	for _, u := range file.Users {
		if got := fmt.Sprint(u.CN, u.SAMAccountName, u.Disabled, u.MemberOf); want[u.ObjectGUID] != got {
			j.breach("export", "%s is exported as %s, and is %s", u.CN, got, want[u.ObjectGUID])
		}
		delete(want, u.ObjectGUID)
	}
	for _, who := range want {
		j.breach("export", "%s is left out", who)
	}
}

// run judges an import.
func (j *judge) run(x *run) {
	j.beginsAnew(x)
	j.safe(x)
	j.refusedRows(x)
	j.limits(x)
	j.migrates(x)
	if x.result != nil && !x.stale && !x.partial {
		j.reconcile(x)
	}
	if j.onlyLooks(x) {
		return
	}
	if x.result != nil {
		j.toldOver(x, x.result.Report)
	}
	written := j.target.HighestUSN() != x.usn
	switch {
	case x.code == 3 || x.code == 4 || x.code == 2 || x.code == 1 && x.result == nil:
		if written {
			j.breach("refused", "exit %d, and something was written", x.code)
		}
	case x.idle && written:
		j.breach("nothing new", "a second run wrote again:%s", j.summary(x))
	case x.idle && len(x.result.Report.Changes) > 0:
		j.breach("nothing new", "a second run reports changes: %v", x.result.Report.Changes.Entries())
	}
	j.remember(x)
	if x.code != 0 && x.code != 5 || x.stale || x.partial || x.result.Report.Behind != "" { // told that all else waits
		return
	}
	j.finished = true
	t := j.toldBy(x.result.Report)
	j.leavers(x, t)
	j.handsOver(x, t)
	j.everybody(x, t)
	j.addsUp(x, x.result.Report)
	j.lapse(x)
}

// remember learns from what was done whose accounts are.
func (j *judge) remember(x *run) {
	defer j.begin(x)
	defer j.holds(x)
	for guid, a := range x.after.accounts {
		b := x.before.accounts[guid]
		if anchor := j.anchorOf(a.stamp); b == nil || b.stamp != a.stamp || anchor != "" && x.gave(guid, b.usn != a.usn) {
			for i, r := range j.rejected { // what was rejected goes with the account (row 41)
				if former := j.own[guid]; former != "" && r.anchor == former && b != nil && j.anchorOf(b.stamp) == former {
					j.rejected[i].anchor = anchor
				}
			}
			if former := j.own[guid]; former != "" && anchor != "" && former != anchor {
				j.inherits(former, anchor)
			}
			j.own[guid], j.adopted[guid] = anchor, b != nil
			delete(j.went, guid)
			j.wentOver(guid)
			delete(j.replaced, guid)
			for other, whose := range j.own {
				if unseen := x.before.accounts[other] == nil || j.hidden[other] != ""; whose == anchor && other != guid && unseen {
					j.replaced[other] = true
				}
			}
			for group := range a.groups {
				if b != nil && b.groups[group] {
					j.hand[guid+" "+group] = true
				}
			}
		}
	}
	for guid, anchor := range j.own {
		if a := x.after.accounts[guid]; a != nil && !slices.Contains(j.logins[anchor], a.sam) {
			j.logins[anchor] = append(j.logins[anchor], a.sam)
		}
		if a := x.after.accounts[guid]; a != nil && !a.inside && j.anchorOf(a.stamp) != j.own[guid] {
			delete(j.own, guid) // let go by hand; what was deleted may be restored
		}
	}
	j.forget(x)
}

// gave reports whether an account was taken over, or may have been: not where a person
// was told that it was not, and nothing had gone wrong on the way.
func (x *run) gave(guid string, changed bool) bool {
	of := func(c consent) bool { return (c.kind == "adopt" || c.kind == "name") && c.guid == guid }
	refused := !x.disturbed && slices.ContainsFunc(x.failed, of)
	return slices.ContainsFunc(x.done, of) || changed && !refused && x.taken(guid) && (x.killed || x.begun[guid])
}

// begin notes which takings over were agreed to, and may be finished later: until
// they are said to be done, or a run finds nothing left to do.
func (j *judge) begin(x *run) {
	for _, c := range x.agreed {
		if (c.kind == "adopt" || c.kind == "name") && c.guid != "" {
			j.begun[c.guid] = true
		}
	}
	for guid := range j.begun {
		b, a := x.before.accounts[guid], x.after.accounts[guid]
		rests := a == nil || a.inside && b != nil && b.usn == a.usn && x.result != nil && (x.code == 0 || x.code == 5) && !x.killed && !x.stale
		if j.own[guid] != "" && (rests || !x.killed && x.gave(guid, false)) {
			delete(j.begun, guid)
		}
	}
}

// forget: who was disabled and then was seen nowhere for 180 days comes back no
// more, and is forgotten; not so who is named by a mapped group, and so is out of sight.
func (j *judge) forget(x *run) {
	j.cameBack(x)
	for guid := range j.own {
		switch a := x.after.accounts[guid]; {
		case x.stale:
		case a != nil && j.hidden[guid] != "unseen":
			if j.hidden[guid] != "" && !a.enabled() {
				j.slept[guid] = true
			}
			if !x.killed && !x.disturbed && x.code != 1 { // what was lost on the way may be known to no one
				j.worked[guid], j.sights[guid] = a.enabled(), a.dn
				j.met[guid] = j.met[guid] || !x.unheard()
			}
			delete(j.gone, guid)
		case j.gone[guid].IsZero():
			j.gone[guid] = j.now
		case !j.worked[guid] && j.now.Sub(j.gone[guid]) > 180*24*time.Hour && !j.named(x, a):
			delete(j.own, guid)
		}
	}
}

// named reports whether a mapped group shows runs that an account is there still, by
// the name under which they saw it last.
func (j *judge) named(x *run, a *account) bool {
	return a != nil && a.inside && a.dn.Equal(j.sights[a.guid]) && slices.ContainsFunc(targetGroups, func(group string) bool {
		return a.groups[group] && x.settings.leads(group) && x.after.groups[group] != ""
	})
}

// cameBack: whose account is there again before a run has met the other one, which a
// session made that was killed, keeps it; the other one is nobody's.
func (j *judge) cameBack(x *run) {
	if x.killed || x.stale || x.code == 1 {
		return
	}
	for guid, anchor := range j.own {
		if x.after.accounts[guid] == nil || !j.replaced[guid] || j.hidden[guid] != "" {
			continue
		}
		for other, whose := range j.own {
			if whose == anchor && other != guid && !j.met[other] && x.after.accounts[other] != nil {
				delete(j.replaced, guid)
				j.replaced[other] = true
			}
		}
	}
}

// lapse forgets rejections whose reason the file has taken away.
func (j *judge) lapse(x *run) {
	j.rejected = slices.DeleteFunc(j.rejected, func(r rejection) bool {
		u := find(x.file(), r.anchor)
		switch r.kind {
		case "join":
			return x.settings.leads(r.group) && x.active(u) && !x.settings.gives(u, r.group) // of who is away it says nothing
		case "leave":
			return x.active(u) && x.settings.gives(u, r.group)
		case "disable":
			return x.active(u)
		case "adopt":
			return u == nil
		}
		return true
	})
}

func (j *judge) refused(kind, anchor, group string) bool {
	return slices.ContainsFunc(j.rejected, func(r rejection) bool {
		return r.kind == kind && r.anchor == anchor && r.group == group && (r.until.IsZero() || r.until.After(j.now))
	})
}
