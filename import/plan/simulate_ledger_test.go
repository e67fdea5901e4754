package plan_test

import (
	"time"

	"ad-user-sync/import/plan"
)

// learn is what the ledger keeps of a run that ended.
func (s *simulation) learn(p plan.Plan) {
	memory := s.in.Memory
	for _, who := range p.Managed {
		if known, ok := memory.Accounts[who.GUID]; !ok || known.How == "" {
			how := plan.HowFound
			if _, meant := memory.Intended[who.Key()]; meant {
				how = plan.HowCreated
			}
			memory.Accounts[who.GUID] = plan.Remembered{Anchor: who.Anchor, How: how}
		}
	}
	for _, a := range p.Actions {
		account := s.find(*a.Person)
		if account == nil {
			continue
		}
		known := memory.Accounts[account.GUID]
		known.Anchor, known.Meant = a.Person.Anchor, ""
		known.Joined = joined(known.Joined, a, s.in.Now)
		switch a.Kind {
		case plan.Enable:
			known.WasEnabled, known.DisabledFor = true, ""
			if ends, ok := a.Ends(); ok {
				known.Expires, known.KeepsExpiry = ends, false
			} else if account.Expires != 0 && !known.KeepsExpiry {
				known.Expires = account.Expires
			}
		case plan.Create:
			known.How, known.Expires = plan.HowCreated, account.Expires
			delete(memory.Intended, a.Person.Key())
		case plan.Adopt:
			known = adopted(known, a.Keeps)
			if ends, ok := a.Ends(); ok {
				known.Expires = ends
			}
			if a.Keeps != nil && !a.Keeps.Password {
				known.DisabledFor, known.DisabledAt = plan.TakenOver, s.in.Now
			}
		}
		memory.Accounts[account.GUID] = known
	}
	memory.Finished, memory.Asked = true, p.Asked
	s.in.Memory = memory
	s.in.SameFile = true
	for _, a := range p.Actions {
		s.disabled(a)
	}
}

func joined(known plan.Joins, a plan.Action, now time.Time) plan.Joins {
	switch a.Kind {
	case plan.Join:
		return known.With(a.Group.SID, plan.JoinedBy(&a, now))
	case plan.Leave:
		return known.Without(a.Group.SID)
	}
	return known
}

func adopted(known plan.Remembered, keeps *plan.Keeps) plan.Remembered {
	known.Meant, known.MeantKeeps = "", nil
	if known.How != plan.HowCreated {
		known.How = plan.HowAdopted
	}
	known.KeepsExpiry = keeps != nil && keeps.Expiry
	return known
}

func (s *simulation) disabled(a plan.Action) {
	if known, ok := s.in.Memory.Accounts[a.Person.GUID]; ok && a.Kind == plan.Disable {
		known.DisabledFor, known.DisabledAt = a.Reason, s.in.Now
		s.in.Memory.Accounts[a.Person.GUID] = known
	}
}

// reconcile settles what is seen.
func (s *simulation) reconcile() {
	for _, a := range s.in.Observed.Accounts {
		known, ok := s.in.Memory.Accounts[a.GUID]
		if !ok {
			continue
		}
		if keeps := known.MeantKeeps; known.Meant != "" && a.Anchor.ObjectGUID == known.Meant {
			known.Anchor = known.Meant
			known = adopted(known, keeps)
			if keeps != nil && !keeps.Password {
				known.DisabledFor, known.DisabledAt = plan.TakenOver, s.in.Now
			}
		}
		if a.Enabled() {
			known.WasEnabled, known.DisabledFor = true, ""
		}
		s.in.Memory.Accounts[a.GUID] = known
	}
}
