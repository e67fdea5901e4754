package plan

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// Input is everything the decision depends on. Equal inputs give equal plans.
type Input struct {
	File     *schema.UserFile
	FileHash string // SHA-256 of the bytes of the file, hexadecimal
	SameFile bool   // a run with this very file has finished before
	Config   *schema.ImportConfig
	Observed *Observation
	Memory   Memory
	Kept     []schema.Resolution // of the resolutions file
	Answers  []Answer            // given by a person in this session
	Released string              // digest of the plan whose brakes were let go
	Now      time.Time           // the controller's clock, read once
}

// Make decides. It reads nothing but its input and changes none of it.
func Make(in Input) Plan {
	m := newMaker(in)
	m.match()
	m.nameAll()
	for _, p := range m.people {
		m.decide(p)
	}
	for _, a := range m.missing {
		m.retireMissing(a)
	}
	m.listManaged()
	m.reportRest()
	m.finishAnswers()
	m.order()
	m.brake()
	m.plan.Digest = m.planDigest()
	m.expiring()
	return m.plan
}

// maker holds the decision while it is being made.
type maker struct {
	in     Input
	cfg    *schema.ImportConfig
	obs    *Observation
	keys   keys
	kept   *keptAnswers
	groups groupIndex
	attrs  []attributeRule
	answer map[string]Answer // by question ID

	people   []*person // of the file, in an order of their own
	byTarget map[adrules.GUID]*person
	byKey    map[string]*person
	missing  []*Account // managed, and not in the file
	resting  map[adrules.GUID]bool

	plan Plan
}

// person is a user of the file on the way through the decision.
type person struct {
	user      *schema.User
	active    bool     // A of the decision table: neither disabled nor expired
	account   *Account // nil where there is none (yet)
	stampOnly bool     // row 7: adopted, and nothing else in this run
	settled   bool     // nothing further is decided
	touched   bool     // named by an action, a question or a note
	takeOver  *Answer  // consent to adopt account

	cn, name, upn string // as they will be
	kept          bool   // a name question is open or rejected: the present names stay
	answered      bool   // name is a person's answer, not the file's
}

func newMaker(in Input) *maker {
	m := &maker{
		in: in, cfg: in.Config, obs: in.Observed,
		keys:     newKeys(),
		answer:   map[string]Answer{},
		byTarget: map[adrules.GUID]*person{},
		byKey:    map[string]*person{},
		resting:  map[adrules.GUID]bool{},
	}
	for _, a := range in.Answers {
		m.answer[a.ID] = a
	}
	m.kept = newKeptAnswers(in.Kept, in.Now)
	m.groups = indexGroups(in.Config, in.Observed.Groups)
	m.attrs = m.attributeRules()
	for i := range in.File.Users {
		u := &in.File.Users[i]
		m.people = append(m.people, &person{user: u, active: m.active(u)})
	}
	slices.SortFunc(m.people, func(a, b *person) int {
		return cmp.Or(cmp.Compare(a.user.ObjectGUID, b.user.ObjectGUID),
			cmp.Compare(a.user.CN, b.user.CN),
			cmp.Compare(a.user.SAMAccountName, b.user.SAMAccountName))
	})
	return m
}

func (m *maker) active(u *schema.User) bool {
	if u.Disabled {
		return false
	}
	expired := u.AccountExpires != nil && !u.AccountExpires.After(m.in.Now)
	return m.cfg.SourceExpiry == "ignore" || !expired
}

// decide carries one person of the file through rows 11 to 36.
func (m *maker) decide(p *person) {
	switch {
	case p.settled:
	case p.account == nil && !p.active:
		m.skip(p, DisabledInSource, "")
	case p.account == nil:
		m.create(p)
	case p.stampOnly:
		m.stamp(p)
	case p.active:
		m.maintain(p)
	default:
		m.retire(p)
	}
	if !p.touched {
		m.plan.Unchanged = append(m.plan.Unchanged, m.display(p))
	}
}

// display is the person as the plan will leave them.
func (m *maker) display(p *person) Person {
	d := Person{Anchor: p.user.ObjectGUID, CN: p.cn, AccountName: p.name, UPN: p.upn,
		Mail: m.after(p, "mail"), DisplayName: m.after(p, "displayName")}
	if p.account != nil {
		d.GUID = p.account.GUID
	}
	if d.CN == "" {
		d.CN = m.wantedCN(p)
	}
	if d.AccountName == "" {
		d.AccountName = p.user.SAMAccountName
	}
	return d
}

// displayAccount is somebody who is not in the file.
func (m *maker) displayAccount(a *Account) Person {
	anchor := a.Stamp.Anchor
	if known, ok := m.in.Memory.Accounts[a.GUID]; ok && anchor == "" {
		anchor = known.Anchor
	}
	return Person{Anchor: anchor, GUID: a.GUID, CN: a.CN, AccountName: a.AccountName,
		UPN: a.UPN, Mail: a.Mail, DisplayName: a.DisplayName}
}

// listManaged names what the ledger is to know from now on; accounts that wait
// for an answer, or are protected, are not among them.
func (m *maker) listManaged() {
	for _, p := range m.people {
		if p.account != nil && p.account.Protected == "" && p.takeOver == nil && m.byTarget[p.account.GUID] == p {
			m.plan.Managed = append(m.plan.Managed, m.display(p))
		}
	}
	for _, a := range m.missing {
		m.plan.Managed = append(m.plan.Managed, m.displayAccount(a))
	}
}

func (m *maker) act(p *person, kind Kind, why Reason, changes ...Change) *Action {
	p.touched = true
	return m.add(Action{Kind: kind, Reason: why, Person: m.display(p), Changes: changes})
}

func (m *maker) add(a Action) *Action {
	a.ID = m.actionID(a)
	m.plan.Actions = append(m.plan.Actions, a)
	return &m.plan.Actions[len(m.plan.Actions)-1]
}

func (m *maker) skip(p *person, why Reason, detail string) {
	p.touched, p.settled = true, true
	m.plan.Skipped = append(m.plan.Skipped, Note{m.display(p), why, detail})
}

func (m *maker) fail(p *person, why Reason, detail string) {
	p.touched = true
	m.plan.Failed = append(m.plan.Failed, Note{m.display(p), why, detail})
}

func (m *maker) notice(text string) {
	if !slices.Contains(m.plan.Notices, text) {
		m.plan.Notices = append(m.plan.Notices, text)
	}
}

// keys remembers collation keys: making one is the dear part of comparing.
type keys struct {
	collation *adrules.Collation
	known     map[string]string
}

func newKeys() keys {
	return keys{collation: adrules.NewCollation(), known: map[string]string{}}
}

// of is equal for names that a controller may take for one another.
func (k keys) of(name string) string {
	key, ok := k.known[name]
	if !ok {
		key = k.collation.Key(name)
		k.known[name] = key
	}
	return key
}

func (k keys) same(a, b string) bool { return a == b || k.of(a) == k.of(b) }

func sameFold(a, b string) bool { return strings.EqualFold(a, b) }
