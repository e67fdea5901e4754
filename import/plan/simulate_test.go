package plan_test

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"time"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// simulation applies plans to an observation and a ledger as an import would,
// and refuses what a directory refuses.
type simulation struct {
	in      plan.Input
	keys    *adrules.Collation
	created map[string]adrules.GUID // by Person.Key
	managed map[string]adrules.GUID
	problem string
}

// simulate copies the input, so that the one that was planned from stays.
func simulate(in plan.Input) *simulation {
	s := &simulation{in: in, keys: adrules.NewCollation(), created: map[string]adrules.GUID{}, managed: map[string]adrules.GUID{}}
	obs := *in.Observed
	obs.Accounts, obs.Elsewhere = copied(obs.Accounts), copied(obs.Elsewhere)
	s.in.Observed = &obs
	s.in.Memory.Accounts = maps.Clone(in.Memory.Accounts)
	s.in.Memory.Intended = maps.Clone(in.Memory.Intended)
	return s
}

func copied(list []plan.Account) []plan.Account {
	var out []plan.Account
	for _, a := range list {
		a.MemberOf = maps.Clone(a.MemberOf)
		out = append(out, a)
	}
	return out
}

// run carries out the first n actions; fewer than all is a run that was killed.
func (s *simulation) run(p plan.Plan, n int) plan.Input {
	for _, a := range p.Actions {
		known := s.in.Memory.Accounts[a.Person.GUID]
		switch a.Kind {
		case plan.Create:
			s.in.Memory.Intended[a.Person.Key()] = s.in.Now
		case plan.Adopt:
			known.Meant, known.MeantKeeps = a.Person.Anchor, a.Keeps
			s.in.Memory.Accounts[a.Person.GUID] = known
		}
	}
	for _, who := range p.Managed {
		s.managed[who.Key()] = who.GUID
	}
	for _, a := range p.Actions[:n] {
		s.apply(a)
	}
	if n == len(p.Actions) {
		s.learn(p)
	}
	s.reconcile()
	s.in.Kept, s.in.Answers = p.Kept, nil
	return s.in
}

func (s *simulation) refuse(a plan.Action, format string, values ...any) {
	s.problem = fmt.Sprintf("%s %s: %s", a.Kind, a.Person.CN, fmt.Sprintf(format, values...))
}

func (s *simulation) find(p plan.Person) *plan.Account {
	id := p.GUID
	if id.IsZero() {
		id = s.created[p.Key()]
	}
	for _, list := range [][]plan.Account{s.in.Observed.Accounts, s.in.Observed.Elsewhere} {
		for i := range list {
			if list[i].GUID == id {
				return &list[i]
			}
		}
	}
	return nil
}

func (s *simulation) apply(a plan.Action) {
	if a.Kind == plan.Create {
		s.create(a)
		return
	}
	account := s.find(*a.Person)
	switch {
	case account == nil:
		s.refuse(a, "there is no such account")
		return
	case account.Protected != "" && (!account.GivesWay || a.Kind != plan.Disable && a.Kind != plan.Leave && a.Kind != plan.Extend && a.Kind != plan.Enable),
		account.Class != "user", !account.InContainer && !a.MoveIn:
		s.refuse(a, "it touches %s (%s, %s)", account.DN, account.Protected, account.Class)
		return
	}
	switch a.Kind {
	case plan.Join, plan.Leave:
		if a.Stays {
			return
		}
		if a.Group.Missing != "" || account.MemberOf[a.Group.SID] == (a.Kind == plan.Join) {
			s.refuse(a, "membership of %s", a.Group.Name)
		}
		account.MemberOf[a.Group.SID] = a.Kind == plan.Join
		return
	}
	old := *account
	for _, c := range a.Changes {
		s.change(account, c)
	}
	if a.MoveIn {
		account = s.moveIn(account)
	}
	s.rename(a, account, old)
}

func (s *simulation) change(a *plan.Account, c plan.Change) {
	after := ""
	if len(c.After) > 0 {
		after = c.After[0]
	}
	switch strings.ToLower(c.Attribute) {
	case "cn":
		a.CN = after
	case "samaccountname":
		a.AccountName = after
	case "userprincipalname":
		a.UPN = after
	case "useraccountcontrol":
		n, _ := strconv.Atoi(after)
		a.Control = adrules.UserAccountControl(n)
	case "accountexpires":
		a.Expires, _ = strconv.ParseInt(after, 10, 64)
		if known, ok := s.in.Memory.Accounts[a.GUID]; ok { // meant, and then seen
			known.Expires = a.Expires
			s.in.Memory.Accounts[a.GUID] = known
		}
	case "admindescription":
		a.Anchor = plan.ParseAnchor([]byte(after))
	case "manager":
		a.Values.Set("manager", schema.Value{})
		if after != "" {
			boss := s.find(s.person(after))
			if boss == nil {
				s.problem = "no manager " + after
				return
			}
			a.Values.Set("manager", schema.Value{List: []string{boss.DN}})
		}
	default:
		a.Values.Set(strings.ToLower(c.Attribute), schema.Value{List: c.After})
		if strings.EqualFold(c.Attribute, "mail") {
			a.Mail = after
		}
	}
}

// person finds who a key stands for.
func (s *simulation) person(key string) plan.Person {
	if id, ok := s.created[key]; ok {
		return plan.Person{GUID: id}
	}
	for _, a := range s.in.Observed.Accounts {
		if a.GUID == s.managed[key] {
			return plan.Person{GUID: a.GUID}
		}
	}
	return plan.Person{}
}

func (s *simulation) moveIn(a *plan.Account) *plan.Account {
	obs := s.in.Observed
	moved := *a
	for i := range obs.Elsewhere {
		if obs.Elsewhere[i].GUID == a.GUID {
			obs.Elsewhere = append(obs.Elsewhere[:i:i], obs.Elsewhere[i+1:]...)
			break
		}
	}
	moved.InContainer, moved.Parent = true, containerDN
	obs.Accounts = append(obs.Accounts, moved)
	return &obs.Accounts[len(obs.Accounts)-1]
}

func (s *simulation) create(a plan.Action) {
	sum := sha256.Sum256([]byte(a.Person.Key() + a.Person.CN))
	var id adrules.GUID
	copy(id[:], sum[:])
	s.created[a.Person.Key()] = id
	account := plan.Account{GUID: id, Parent: containerDN, InContainer: true, Class: "user", Created: s.in.Now.Truncate(time.Second),
		MemberOf: map[adrules.SID]bool{}}
	for _, c := range a.Changes {
		s.change(&account, c)
	}
	if !account.Control.Disabled() {
		s.refuse(a, "it is enabled")
	}
	s.in.Observed.Accounts = append(s.in.Observed.Accounts, account)
	s.rename(a, &s.in.Observed.Accounts[len(s.in.Observed.Accounts)-1], plan.Account{})
}

// rename returns the account its DN and looks for collisions it brought about.
func (s *simulation) rename(a plan.Action, account *plan.Account, old plan.Account) {
	account.DN = "CN=" + account.CN + "," + account.Parent
	for _, list := range [][]plan.Account{s.in.Observed.Accounts, s.in.Observed.Elsewhere} {
		for i := range list {
			other := &list[i]
			for j, manager := range other.Values.List("manager") {
				if manager == old.DN {
					other.Values.List("manager")[j] = account.DN
				}
			}
			if other.GUID == account.GUID {
				continue
			}
			if s.collide(account.AccountName, other.AccountName) && !s.collide(account.AccountName, old.AccountName) {
				s.refuse(a, "account name of %s", other.DN)
			}
			if s.collide(account.CN, other.CN) && account.Parent == other.Parent && !(s.collide(account.CN, old.CN) && account.Parent == old.Parent) {
				s.refuse(a, "CN of %s", other.DN)
			}
			if account.UPN != "" && s.collide(account.UPN, other.UPN) && !s.collide(account.UPN, old.UPN) {
				s.refuse(a, "UPN of %s", other.DN)
			}
		}
	}
}

func (s *simulation) collide(a, b string) bool { return s.keys.Key(a) == s.keys.Key(b) }

// state is the directory as text, the same for whichever way led to it.
func state(obs *plan.Observation) string {
	var lines []string
	for _, a := range append(copied(obs.Accounts), obs.Elsewhere...) {
		groups := []string{}
		for _, g := range obs.Groups {
			if a.MemberOf[g.SID] && g.Missing == "" {
				groups = append(groups, g.Name)
			}
		}
		lines = append(lines, fmt.Sprintf("%s name=%s upn=%s uac=%d expires=%d anchor=%v mail=%s department=%v manager=%v groups=%v",
			a.DN, a.AccountName, a.UPN, a.Control, a.Expires, a.Anchor, a.Mail, a.Values.List("department"), a.Values.List("manager"), groups))
	}
	sortStrings(lines)
	return strings.Join(lines, "\n")
}
