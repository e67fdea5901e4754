package plan_test

import (
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

func sortStrings(list []string) { slices.Sort(list) }

// Pools are small, so that everything collides.
var (
	poolNames = []string{"a", "b", "A", "c", "jose", "d1", "d2", "not valid", "krbtgt", "e", "f", "á"}
	poolCNs   = []string{"Jane", "jane", "Jané", "Max", "Jane (a)", "Jane (b)", "Max (c)", "Doe, J\\", "José", "Jose", "\u200b", "X"}
	poolMails = []string{"x@corp.example", "X@corp.example", "y@corp.example", "z@plant.example", "no mail", "a@b@c"}
	poolWho   = []string{"1", "2", "3", "4", "5", "6", "7"}
)

func pick[V any](t *rapid.T, list []V, what string) V { return rapid.SampledFrom(list).Draw(t, what) }

// chance is true in one of n cases.
func chance(t *rapid.T, n int, what string) bool { return rapid.IntRange(1, n).Draw(t, what) == n }

// drawWorld makes a domain, a ledger and a file, hostile ones included.
func drawWorld(t *rapid.T) *world {
	w := newWorld()
	anchored := !chance(t, 4, "older")
	w.memory.Finished = rapid.Bool().Draw(t, "finished")
	w.cfg.PrefixCommonNames = pick(t, []string{"", "", "P "}, "prefix")
	w.cfg.Approve = schema.Approve{Disable: chance(t, 5, "ask disable"), Leave: chance(t, 5, "ask leave")}
	w.cfg.UPN.FromFile = chance(t, 4, "upn from file")
	if chance(t, 6, "no anchor attribute") {
		w.cfg.AnchorAttribute = ""
	}
	if chance(t, 5, "group missing") {
		w.groups[1].Missing, w.groups[1].SID = "gone", ""
	}
	w.groups[0].Listed = chance(t, 4, "listed")
	if !anchored {
		w.source = nil
	}
	drawLedger(t, w)
	drawAccounts(t, w)
	drawUsers(t, w, anchored)
	drawKept(t, w)
	return w
}

// drawLedger is what a run left behind that was killed, what was done within a
// day, and limits on that.
func drawLedger(t *rapid.T, w *world) {
	for _, who := range rapid.SliceOfDistinct(rapid.SampledFrom(poolWho), rapid.ID[string]).Draw(t, "meant") {
		if chance(t, 3, "was killed") {
			w.memory.Intended[anchor(who)] = now.Add(-2 * time.Minute)
		}
	}
	for _, kind := range plan.Limited {
		if chance(t, 3, "limited") {
			l := schema.Limit{Count: number(rapid.IntRange(0, 2).Draw(t, "count")), Percent: number(rapid.IntRange(0, 60).Draw(t, "percent"))}
			if chance(t, 3, "max") {
				l.Max = number(rapid.IntRange(0, 3).Draw(t, "max"))
			}
			w.cfg.Limits[string(kind)] = l
		}
		for _, who := range rapid.SliceOfN(rapid.SampledFrom(poolWho), 0, 2).Draw(t, "recent") {
			if w.memory.Recent.Acted[kind] == nil {
				w.memory.Recent.Acted[kind] = map[string]bool{}
			}
			w.memory.Recent.Acted[kind][anchor(who)] = true
			if kind == plan.Disable && chance(t, 2, "surely") {
				w.memory.Recent.Disabled[anchor(who)] = true
			}
		}
	}
}

func drawUsers(t *rapid.T, w *world, anchored bool) {
	seen := map[string]bool{}
	for _, who := range rapid.SliceOfNDistinct(rapid.SampledFrom(poolWho), 0, 6, rapid.ID[string]).Draw(t, "people") {
		u := &schema.User{CN: pick(t, poolCNs, "cn"), SAMAccountName: pick(t, poolNames, "name"), Attributes: schema.Attributes{}}
		if anchored {
			u.ObjectGUID = anchor(who)
			if fold := lower(u.SAMAccountName); seen[fold] {
				continue // refused when the file is read
			} else {
				seen[fold] = true
			}
		}
		u.Disabled = chance(t, 5, "disabled")
		if chance(t, 6, "ends") {
			end := now.AddDate(0, 0, pick(t, []int{-3, 3, 400}, "end"))
			u.AccountExpires = &end
		}
		u.MemberOf = rapid.SliceOfDistinct(rapid.SampledFrom([]string{"t-View", "CN=t-Edit", "t-Admin", "other"}), rapid.ID[string]).Draw(t, "groups")
		u.Attributes.Set("Department", value(pick(t, []string{"IT", "", "HR"}, "department")))
		if chance(t, 2, "has mail") {
			u.Attributes.Set("mail", value(pick(t, poolMails, "mail")))
		}
		if anchored && chance(t, 2, "has manager") {
			u.Attributes.Set("manager", value(anchor(pick(t, poolWho, "manager"))))
		}
		if chance(t, 3, "has upn") {
			u.Attributes.Set("userPrincipalName", value(pick(t, []string{"a@plant.example", "q@plant.test", "q@evil.example"}, "upn")))
		}
		w.users = append(w.users, u)
	}
}

// drawAccounts makes objects that can stand beside one another in a directory.
func drawAccounts(t *rapid.T, w *world) {
	taken, keys := map[string]bool{}, adrules.NewCollation()
	for i := range rapid.IntRange(0, 9).Draw(t, "accounts") {
		cn, name := pick(t, []string{"", w.cfg.PrefixCommonNames}, "prefixed")+pick(t, poolCNs, "account cn"), pick(t, poolNames, "account name")
		a := newAccount(cn, name)
		a.GUID = guid(fmt.Sprint("account ", i))
		a.InContainer = !chance(t, 4, "outside")
		switch {
		case !a.InContainer:
			a.Parent = "OU=Staff,DC=plant,DC=example"
		case chance(t, 4, "in a sub-container"):
			a.Parent = "OU=Sub," + containerDN
		}
		a.DN = "CN=" + cn + "," + a.Parent
		if cnKey, nameKey := a.Parent+keys.Key(cn), "name "+keys.Key(name); taken[cnKey] || taken[nameKey] || adrules.CheckCommonName(cn) != nil {
			continue
		} else {
			taken[cnKey], taken[nameKey] = true, true
		}
		drawState(t, w, a)
		if a.InContainer {
			w.accounts = append(w.accounts, a)
		} else {
			w.elsewhere = append(w.elsewhere, a)
		}
	}
}

func drawState(t *rapid.T, w *world, a *plan.Account) {
	if chance(t, 3, "disabled") {
		a.Control |= adrules.AccountDisable
	}
	if chance(t, 10, "protected") {
		a.Protected, a.GivesWay = "adminCount is 1", !chance(t, 3, "for ever")
	}
	if chance(t, 10, "administers") {
		a.Administers = "Domain Admins"
	}
	if chance(t, 12, "other class") {
		a.Class, a.UPN = pick(t, []string{"group", "computer", "contact"}, "class"), ""
	}
	if chance(t, 6, "other upn") {
		a.UPN = pick(t, []string{"", "own." + a.AccountName + "@plant.test"}, "upn")
	}
	a.PasswordLastSet = pick(t, []int64{0, 1}, "password")
	a.Expires = pick(t, []int64{0, adrules.NeverExpires, lease, lease - days(5), lease - days(60)}, "expires")
	a.Created = pick(t, []time.Time{longAgo, now.Add(-time.Minute)}, "created")
	for _, g := range w.groups {
		a.MemberOf[g.SID] = g.SID != "" && chance(t, 3, "member")
	}
	if g := w.groups[0]; a.MemberOf[g.SID] && chance(t, 4, "primary") {
		a.Primary = g.SID
	}
	if chance(t, 3, "has mail") {
		a.Mail = pick(t, poolMails, "mail")
		a.Values.Set("mail", schema.Value{List: []string{a.Mail}})
	}
	drawAnchor(t, w, a)
}

// drawAnchor makes right, forged, copied, foreign and unknown anchors.
func drawAnchor(t *rapid.T, w *world, a *plan.Account) {
	who := anchor(pick(t, poolWho, "anchored for"))
	if w.cfg.AnchorAttribute != "" {
		a.Anchor = pick(t, []plan.Anchor{{}, {ObjectGUID: who, Domain: sourceName}, {ObjectGUID: who, Domain: sourceName}, {ObjectGUID: who},
			{ObjectGUID: who, Domain: "other.example"}, {Other: "something"}}, "anchor")
	}
	known := plan.Remembered{Anchor: a.Anchor.ObjectGUID, How: plan.HowCreated, Expires: pick(t, []int64{0, a.Expires, lease}, "wrote"), WasEnabled: a.Enabled()}
	if chance(t, 3, "we disabled it") && !a.Enabled() {
		known.DisabledFor, known.DisabledAt = plan.MissingInFile, now.AddDate(0, 0, -1)
	}
	known.How = pick(t, []string{plan.HowCreated, plan.HowCreated, plan.HowAdopted, plan.HowFound}, "how")
	switch rapid.IntRange(0, 5).Draw(t, "ledger") {
	case 0:
		return
	case 1:
		known.Anchor = ""
	case 2:
		known.Anchor = anchor(pick(t, poolWho, "known for"))
	}
	for _, g := range w.groups {
		if a.MemberOf[g.SID] && chance(t, 2, "joined by us") {
			known.Joined = plan.Joins{}.With(g.SID, pick(t, []plan.Joined{{}, {By: "somebody"}, {Before: true}}, "asked"))
		}
	}
	w.memory.Accounts[a.GUID] = known
}

func drawKept(t *rapid.T, w *world) {
	for range rapid.IntRange(0, 4).Draw(t, "kept") {
		r := schema.Resolution{Type: pick(t, []string{"enable", "disable", "join", "leave", "name", "adopt"}, "type"),
			User: pick(t, poolCNs, "user"), Timestamp: pick(t, []time.Time{now.Add(-time.Hour), longAgo.AddDate(-1, 0, 0)}, "when")}
		r.Name, r.Group = pick(t, poolNames, "about"), "p-View"
		if chance(t, 2, "with anchor") {
			r.Anchor = anchor(pick(t, poolWho, "of"))
		}
		if r.Type == "name" && rapid.Bool().Draw(t, "accept") {
			r.Accept, r.NewName = true, pick(t, poolNames, "new name")
		}
		w.kept = append(w.kept, r)
	}
}
