package plan

import (
	"cmp"
	"fmt"
	"regexp"
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
	m.findMissing()
	m.final = true
	m.strays()
	m.backAgain()
	m.reportOutOfSight()
	m.reportGone()
	m.nameLeftBehind()
	for _, p := range m.people {
		m.decide(p)
	}
	for _, a := range m.missing {
		m.retireMissing(a)
	}
	m.showQuestions()
	m.listManaged()
	m.reportRest()
	m.noticeUnused()
	m.noticeUnusedSources()
	m.noticeMissing()
	m.noticeConcerned()
	m.rememberAsked()
	m.holdRejections()
	m.finishAnswers()
	m.holdBack()
	m.order()
	m.brake()
	m.noticeSooner()
	m.plan.Digest = m.planDigest()
	m.expiring()
	return m.plan
}

// maker holds the decision while it is being made.
type maker struct {
	in        Input
	cfg       *schema.ImportConfig
	obs       *Observation
	keys      keys
	kept      *keptAnswers
	groups    groupIndex
	attrs     []attributeRule
	schema    map[string]Attribute // by lower-case name
	spellings map[string][]string  // of the file's attributes, by lower-case name
	pattern   *regexp.Regexp       // of account names
	answer    map[string]Answer    // by question ID

	people    []*person // of the file, in an order of their own
	index     accountIndex
	claims    claims
	byTarget  map[adrules.GUID]*person
	byAnchor  map[string]*person
	missing   []*Account            // managed, and not in the file
	resting   map[adrules.GUID]bool // whose they are is open
	strayed   map[*Account]bool     // reported as out of our hands
	declined  map[adrules.GUID]bool // somebody said that it is not the person's
	told      map[*Unseen]bool      // with their person
	gone      []*gone               // known, and seen nowhere
	goneOf    map[*person]*gone
	replaced  map[string]bool    // anchors of people who may have been made anew: what is kept of them waits
	asking    map[string]*person // by ID of a name question
	asked     map[string]bool    // by question ID
	noticed   map[string]bool
	traces    map[string]*Account         // see traced
	concerned map[string]map[*person]bool // by text of a notice
	final     bool                        // everybody's names are settled

	plan Plan
}

// person is a user of the file on the way through the decision.
type person struct {
	user         *schema.User
	active       bool     // A of the decision table: neither disabled nor expired
	account      *Account // nil where there is none (yet)
	stampOnly    bool     // row 7: adopted, and nothing else in this run
	settled      bool     // nothing further is decided
	touched      bool     // named by an action, an open question or a note
	failed       bool
	followed     bool    // the groups were decided about
	formerAnchor string  // of the account, where the person was made anew
	takeOver     *Answer // consent to adopt account

	wantedCN      string
	cn, name, upn string // as they will be
	naming        bool   // this plan decides what they are called
	answered      bool   // name is a person's answer, not the file's
	namedBy       string // whose
	mailFault     string // why the file's mail is not accepted
	shown         *Person
	given         map[*Group]bool
	held          []string // what is not done, since the account is protected
}

func newMaker(in Input) *maker {
	m := &maker{
		in: in, cfg: in.Config, obs: in.Observed,
		keys:      newKeys(),
		schema:    map[string]Attribute{},
		spellings: map[string][]string{},
		pattern:   namePattern(in.Config.AccountNamePattern),
		answer:    map[string]Answer{},
		byTarget:  map[adrules.GUID]*person{},
		byAnchor:  map[string]*person{},
		resting:   map[adrules.GUID]bool{},
		strayed:   map[*Account]bool{},
		declined:  map[adrules.GUID]bool{},
		told:      map[*Unseen]bool{},
		goneOf:    map[*person]*gone{},
		replaced:  map[string]bool{},
		asking:    map[string]*person{},
		asked:     map[string]bool{},
		noticed:   map[string]bool{},
		concerned: map[string]map[*person]bool{},
	}
	for _, a := range in.Answers {
		m.answer[a.ID] = a
	}
	m.plan.Asked = Asked{}
	m.kept = newKeptAnswers(in.Kept, in.Now)
	m.groups = indexGroups(in.Config, in.Observed.Groups)
	m.spell()
	m.attrs = m.attributeRules()
	m.indexAccounts()
	m.listPeople()
	m.findGone()
	return m
}

func (m *maker) listPeople() {
	for i := range m.in.File.Users {
		u := &m.in.File.Users[i]
		p := &person{user: u, active: m.active(u)}
		if p.active {
			m.plan.Active++
		}
		m.people = append(m.people, p)
		if u.ObjectGUID != "" {
			m.byAnchor[strings.ToLower(u.ObjectGUID)] = p
		}
	}
	slices.SortFunc(m.people, func(a, b *person) int {
		order := cmp.Or(cmp.Compare(a.user.ObjectGUID, b.user.ObjectGUID),
			cmp.Compare(a.user.CN, b.user.CN),
			cmp.Compare(a.user.SAMAccountName, b.user.SAMAccountName))
		if order == 0 { // rare: only files without anchors have doubles
			return cmp.Compare(fmt.Sprintf("%+v", *a.user), fmt.Sprintf("%+v", *b.user))
		}
		return order
	})
}

func (m *maker) active(u *schema.User) bool {
	if u.Disabled {
		return false
	}
	expired := u.AccountExpires != nil && !u.AccountExpires.After(m.in.Now)
	return m.cfg.SourceExpiry == "ignore" || !expired
}

// expiredInSource tells since when somebody is not active who is not disabled
// but expired in the source; "" for all others.
func expiredInSource(p *person) string {
	if p == nil || p.active || p.user.Disabled || p.user.AccountExpires == nil {
		return ""
	}
	return "expired there on " + p.user.AccountExpires.UTC().Format(time.DateOnly)
}

// decide carries one person of the file through rows 11 to 36.
func (m *maker) decide(p *person) {
	switch {
	case p.settled:
	case p.account == nil && !p.active:
		m.skip(p, DisabledInSource, expiredInSource(p))
	case p.account == nil && m.goneOf[p] != nil:
		m.askAnew(p, m.goneOf[p])
	case p.account == nil:
		m.create(p)
	case p.stampOnly, p.takeOver != nil && !p.active:
		m.stampOnly(p)
	case p.active:
		m.maintain(p)
	default:
		m.retire(p)
	}
	if !p.touched {
		m.plan.Unchanged = append(m.plan.Unchanged, m.display(p))
	}
}
