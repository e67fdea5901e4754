package importer

import (
	"strconv"
	"time"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// containerID is the objectGUID of a managed container.
type containerID = adrules.GUID

// intend writes down what a run means to do, so that one that is killed leaves
// no doubt about what is ours.
func (r *Record) intend(actions []plan.Action, now time.Time) {
	for _, a := range actions {
		switch a.Kind {
		case plan.Create:
			if _, before := r.Intended[a.Person.Anchor]; !before && a.Person.Anchor != "" {
				r.Intended[a.Person.Anchor] = now.Truncate(time.Second)
			}
		case plan.Adopt:
			if _, known := r.Accounts[a.Person.GUID]; !known {
				r.Accounts[a.Person.GUID] = Account{Anchor: a.Person.Anchor, How: plan.HowAdopted}
			}
		case plan.Extend, plan.Enable:
			if known, ok := r.Accounts[a.Person.GUID]; ok {
				known.MeantExpires = expiry(a)
				r.Accounts[a.Person.GUID] = known
			}
		case plan.Disable:
			if known, ok := r.Accounts[a.Person.GUID]; ok {
				known.MeantDisable, known.DisabledAt = a.Reason, now
				r.Accounts[a.Person.GUID] = known
			}
		}
	}
}

// learn keeps what was done.
func (r *Record) learn(x *applier, p *plan.Plan, now time.Time) {
	for _, who := range p.Managed {
		if _, known := r.Accounts[who.GUID]; !known {
			r.Accounts[who.GUID] = r.firstSeen(who, x.obs)
		}
	}
	for _, a := range x.done {
		guid, err := x.target(a.Person)
		if err != nil {
			continue
		}
		r.Accounts[guid] = learned(r.Accounts[guid], a, now)
		if a.Kind == plan.Create {
			delete(r.Intended, a.Person.Anchor)
		}
	}
	for guid, a := range r.Accounts {
		a.MeantExpires, a.MeantDisable = 0, ""
		r.Accounts[guid] = a
	}
	for _, g := range x.obs.Groups {
		if g.Missing == "" {
			r.Groups[plan.RelativeName(g.Name)] = string(g.SID)
		}
	}
	r.count(x.done, now)
}

// firstSeen is an account that the plan knows to be ours and the ledger does
// not: made by a run that was killed, or marked by the prefix.
func (r *Record) firstSeen(who plan.Person, obs *plan.Observation) Account {
	if _, meant := r.Intended[who.Anchor]; !meant || who.Anchor == "" {
		return Account{Anchor: who.Anchor, How: plan.HowAdopted}
	}
	delete(r.Intended, who.Anchor)
	a := Account{Anchor: who.Anchor, How: plan.HowCreated}
	for i := range obs.Accounts {
		if obs.Accounts[i].GUID == who.GUID {
			a.Expires = obs.Accounts[i].Expires
		}
	}
	return a
}

func learned(known Account, a plan.Action, now time.Time) Account {
	known.Anchor = a.Person.Anchor
	switch a.Kind {
	case plan.Create:
		known.How, known.Expires = plan.HowCreated, expiry(a)
	case plan.Adopt:
		if known.How == "" {
			known.How = plan.HowAdopted
		}
	case plan.Extend:
		known.Expires = expiry(a)
	case plan.Enable:
		known.WasEnabled, known.DisabledFor = true, ""
		if e := expiry(a); e != 0 {
			known.Expires = e
		}
	case plan.Disable:
		known.DisabledFor, known.DisabledAt = a.Reason, now
	}
	return known
}

// expiry is the accountExpires that an action writes, 0 where it writes none.
func expiry(a plan.Action) int64 {
	for _, c := range a.Changes {
		if c.Attribute == "accountExpires" && len(c.After) == 1 {
			v, _ := strconv.ParseInt(c.After[0], 10, 64)
			return v
		}
	}
	return 0
}

// count keeps what the brakes add up over 24 hours: automatic actions alone.
func (r *Record) count(done []plan.Action, now time.Time) {
	accounts := map[plan.Kind]map[string]bool{}
	for _, a := range done {
		free := !r.Finished && (a.Kind == plan.Create || a.Kind == plan.Join) // as in the plan
		if a.Answer == nil && a.Kind != plan.Extend && a.Kind != plan.Adopt && !free {
			if accounts[a.Kind] == nil {
				accounts[a.Kind] = map[string]bool{}
			}
			accounts[a.Kind][a.Person.Key()] = true
		}
	}
	var recent []Recent
	for _, old := range r.Recent {
		if now.Sub(old.At) < 24*time.Hour {
			recent = append(recent, old)
		}
	}
	if len(accounts) > 0 {
		counts := map[plan.Kind]int{}
		for kind, who := range accounts {
			counts[kind] = len(who)
		}
		recent = append(recent, Recent{At: now, Accounts: counts})
	}
	r.Recent = recent
}

// trustStamps starts a new ledger from what the accounts bear, once a person
// accepted that.
func (r *Record) trustStamps(accounts []plan.Account, source *schema.Source) {
	for i := range accounts {
		a := &accounts[i]
		if a.Stamp.Anchor == "" || a.Class != "user" || a.Protected != "" ||
			a.Stamp.Domain != "" && source != nil && !sameDomain(a.Stamp.Domain, source.Domain) {
			continue
		}
		r.Accounts[a.GUID] = Account{Anchor: a.Stamp.Anchor, How: plan.HowAdopted, WasEnabled: a.Enabled()}
	}
	r.Finished = true
}
