package plan

import (
	"cmp"
	"fmt"
	"maps"
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
	Now      time.Time           // the controller's clock, read once
	Silent   bool                // this file is the last accepted one, and a newer one has not come for long
	Grant    *Grant              // more time that a person gives in this session; nil: none

	Migrating Migrating // zero: no one comes from another domain

	Wishes Wishes // of a table: nothing that contradicts them is taken over unasked

	Sought map[adrules.GUID]Logon // accounts that a person looks for; nil: none
}

// Make decides. It reads nothing but its input and changes none of it.
func Make(in Input) Plan { return Begin(in).Make() }

// Sketch is a plan as far as whose account is whose, and what everybody is to be
// called: enough to know what has to be looked up before anything is decided.
type Sketch struct{ named *naming }

// Begin makes a sketch.
func Begin(in Input) Sketch {
	matched := match(newFacts(in))
	return Sketch{nameEverybody(matched)}
}

// Make decides, once for a sketch. Each phase needs what the one before it found out.
func (s Sketch) Make() Plan {
	left := findLeavers(s.named)
	decided := decide(left)
	concluded := conclude(decided)
	ordered := order(concluded)
	return limit(ordered)
}

// deciding is what is done, and asked, for everybody.
type deciding struct {
	*facts
	draft     *draft
	owners    *owners
	leaving   *leaving
	following *following
	reviving  *reviving
	creating  []Change // memory for those of one account after the other
}

func decide(l *leaving) *deciding {
	m := &deciding{facts: l.facts, draft: l.draft, owners: l.owners, leaving: l,
		following: &following{l.facts, l.draft}, reviving: &reviving{l.facts, l.draft}}
	m.show.final = true
	waits := m.hold(m.askNotMigrated(), m.askUnregained())
	m.makeRoom()
	for _, p := range m.roster.people {
		if !waits[p] {
			m.decide(p)
		}
	}
	for _, a := range l.missing {
		if !m.ledger.former(a) {
			m.retireMissing(a)
		}
	}
	m.handOver()
	m.offer()
	return m
}

// hold finds who waits before anyone is decided about: no one is to refer to them.
func (m *deciding) hold(formers, lost int) map[*person]bool {
	waits := map[*person]bool{}
	if formers+lost == 0 {
		return waits
	}
	for _, p := range m.roster.people {
		switch {
		case formers > 0 && m.mayBeFormer(p):
			m.waitForOthers(p, formers)
		case lost > 0 && p.isNew():
			m.waitForRegained(p, lost)
		default:
			continue
		}
		waits[p] = true
	}
	return waits
}

// few need no room made for them.
const few = 100

// makeRoom has the lists of actions and questions begin as long as they become where most
// people are new, or wait to be enabled: a list that grows is in memory twice.
func (m *deciding) makeRoom() {
	var actions, questions int
	for _, p := range m.roster.people {
		switch {
		case !p.active || p.settled:
		case p.account == nil:
			actions++
			for _, rule := range m.attrs.refs {
				if value, _ := rule.from.of(p.user); len(value.List) > 0 {
					actions++
				}
			}
			questions++
			given := m.groups.given(p)
			for _, g := range m.groups.all {
				switch {
				case given[g] == nil:
				case g.Guarded():
					questions++
				default:
					actions++
				}
			}
		case !p.account.Enabled():
			questions++
		}
	}
	if actions > few {
		m.draft.plan.Actions = slices.Grow(m.draft.plan.Actions, actions)
	}
	if questions > few {
		m.draft.plan.Questions = slices.Grow(m.draft.plan.Questions, questions)
		asked := make(map[string]bool, questions+len(m.draft.asked))
		maps.Copy(asked, m.draft.asked)
		m.draft.asked = asked
	}
}

// person is a user of the file on the way through the decision.
type person struct {
	user         *schema.User
	place        int      // in the order of people
	active       bool     // A of the decision table: neither disabled nor expired
	account      *account // nil where there is none (yet)
	anchorOnly   bool     // row 7: adopted, and nothing else in this run
	settled      bool     // nothing further is decided
	skipped      bool     // and is not, as long as no one says otherwise
	touched      bool     // named by an action, an open question or a note
	failed       bool
	followed     bool                 // the groups were decided about
	migrated     *schema.MigratedUser // who they were in the former domain, as the file says; nil where it says nothing
	formerAnchor string               // of the account, where the person was made anew
	matched      bool                 // the account was taken over as match offered it
	takeOver     *Answer              // consent to adopt account

	wantedCN      string
	templateName  string // what a template makes of them, see wantedName
	number        int    // that a template's names have
	cn, name, upn string // as they will be
	naming        bool   // this plan decides what they are called
	answered      bool   // name is a person's answer, not the file's
	namedBy       string // whose
	nameQuestion  string // ID of the question that it answers
	readdressed   bool   // their address is written in this run
	mailKey       string // of that address
	mailFault     string // why the file's mail is not accepted
	given         map[*Group][]string
	shown         *Person   // as they were shown last
	final         bool      // and will be called
	moment        time.Time // see spread
	held          []string  // what is not done, since the account is protected
}

func (r *roster) list() {
	type anchored struct {
		prefix uint64 // of the anchor
		user   *schema.User
	}
	users := make([]anchored, len(r.in.File.Users))
	for i := range users {
		u := &r.in.File.Users[i]
		users[i] = anchored{prefixOf(u.ObjectGUID), u}
	}
	slices.SortFunc(users, func(a, b anchored) int {
		if a.prefix != b.prefix {
			return cmp.Compare(a.prefix, b.prefix)
		}
		return compareUsers(a.user, b.user)
	})
	people := make([]person, len(users)) // beside one another in memory, in the order in which they are looked at
	r.people = make([]*person, len(users))
	for i, u := range users {
		p := &people[i]
		p.user, p.place, p.active = u.user, i, r.calendar.active(u.user)
		r.people[i] = p
		if p.user.ObjectGUID != "" {
			r.byAnchor[strings.ToLower(p.user.ObjectGUID)] = p
		}
	}
}

func compareUsers(a, b *schema.User) int {
	order := cmp.Or(cmp.Compare(a.ObjectGUID, b.ObjectGUID), cmp.Compare(a.CN, b.CN), cmp.Compare(a.SAMAccountName, b.SAMAccountName))
	if order == 0 { // rare: only files without anchors have doubles
		return cmp.Compare(allOf(a), allOf(b))
	}
	return order
}

// allOf is equal for users who are.
func allOf(u *schema.User) string {
	ends := "never"
	if u.AccountExpires != nil {
		ends = u.AccountExpires.UTC().String()
	}
	return fmt.Sprintf("%v %s %v %s %q", u.Disabled, ends, u.MemberOf, u.Attributes, u.MemberOf)
}

func (c *calendar) active(u *schema.User) bool {
	if u.Disabled {
		return false
	}
	expired := u.AccountExpires != nil && !u.AccountExpires.After(c.in.Now)
	return c.cfg.SourceExpiry == "ignore" || !expired
}

// expiredInSource tells since when a person is not active who is not disabled
// but expired in the source; "" for all others.
func expiredInSource(p *person) string {
	if p == nil || p.active || p.user.Disabled || p.user.AccountExpires == nil {
		return ""
	}
	return "expired there on " + p.user.AccountExpires.UTC().Format(time.DateOnly)
}

// decide carries one person of the file through rows 11 to 36.
func (m *deciding) decide(p *person) {
	switch {
	case p.settled:
	case p.account == nil && !p.active:
		m.draft.skip(p, DisabledInSource, expiredInSource(p))
	case p.account == nil && m.roster.goneOf[p] != nil:
		m.askAnew(p, m.roster.goneOf[p])
	case p.account == nil:
		m.create(p)
	case p.anchorOnly, p.takeOver != nil && !p.active:
		m.anchorOnly(p)
	case p.active:
		m.maintain(p)
	default:
		m.retire(p)
	}
	if !p.touched {
		m.draft.plan.Unchanged = append(m.draft.plan.Unchanged, m.show.shared(p))
	}
}
