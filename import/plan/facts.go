package plan

import (
	"time"

	"ad-user-sync/schema"
)

// facts are what does not change while a plan is made: the input, in an order of its
// own, and rules about it that look at nothing else. Each part sees those above it.
type facts struct {
	in    Input
	cfg   *schema.ImportConfig
	obs   *Observation
	keys  *keys
	index *accountIndex
	slabs *slabs

	ledger   *ledger
	calendar *calendar
	attrs    *attributes
	names    *names
	groups   *groupIndex
	roster   *roster
	show     *portraits

	matching bool // the window of match is open
}

// ledger is what is known of accounts: whose they are, and what may be done to them.
type ledger struct {
	in        Input
	cfg       *schema.ImportConfig
	obs       *Observation
	keys      *keys
	index     *accountIndex
	container string          // objectGUID
	present   map[string]bool // anchors of the file; only where the source domain changes
	formers   map[string]bool // anchors of the former domain, as the file says; likewise
	vouched   map[string]bool // see vouchedFor; nil until it is asked for
	digest    digesting
}

// calendar is when accounts end.
type calendar struct {
	in      Input
	cfg     *schema.ImportConfig
	dates   map[string]string
	memory  [len(time.DateOnly)]byte // for one
	zone    *time.Location
	spanned *span
}

// attributes are the file's values, as the configuration and the target's schema
// take them.
type attributes struct {
	in        Input
	cfg       *schema.ImportConfig
	obs       *Observation
	ledger    *ledger
	slabs     *slabs
	rules     []*attributeRule
	refs      []*referenceRule
	schema    map[string]Attribute // by lower-case name
	anchor    Attribute            // that holds the anchors
	spellings map[string][]string  // of the file's attributes, by lower-case name
	notices   []string
	byAnchor  map[string]*person // the roster's
}

// roster is the people of the file, and whom the ledger knows besides.
type roster struct {
	*facts
	people   []*person // of the file, in an order of their own
	byAnchor map[string]*person
	migrated map[string]*person // by the anchor of the former domain, as the file says
	gone     []*gone            // known, and seen nowhere
	goneOf   map[*person]*gone
	goneAt   map[string]*gone // by the name that they were seen by last
	unseenAt map[string]bool  // names of what cannot be read

	// Nil until they are asked for.
	callers map[string][]*person      // by the account name of the file
	bearers map[string][]*person      // by the common name that is wanted for them
	anchors map[string]bool           // of the accounts that the ledger knows
	foreign map[string]bool           // anchors of accounts of other sources
	sharing map[string]map[string]int // how many active people have a value, by attribute
}

// portraits are people and accounts as they are shown.
type portraits struct {
	*facts
	mail, displayName shownAttribute
	besides           []shownAttribute // beside a question
	final             bool             // what people are called is settled
}

func newFacts(in Input) *facts {
	f := &facts{in: in, cfg: in.Config, obs: in.Observed, keys: newKeys(), slabs: &slabs{}}
	f.ledger = &ledger{in: in, cfg: f.cfg, obs: f.obs, keys: f.keys, container: f.obs.Container.GUID.String(),
		digest: digesting{groups: map[*Group][]fieldValue{}}}
	f.ledger.listPresent()
	f.ledger.indexAccounts()
	f.index = f.ledger.index
	f.calendar = &calendar{in: in, cfg: f.cfg, dates: map[string]string{}, zone: f.cfg.TimeZone.Location()}
	f.attrs = &attributes{in: in, cfg: f.cfg, obs: f.obs, ledger: f.ledger, slabs: f.slabs, schema: map[string]Attribute{}, spellings: map[string][]string{}}
	f.attrs.spell()
	f.attrs.resolve()
	f.names = &names{cfg: f.cfg, obs: f.obs, keys: f.keys, attrs: f.attrs, pattern: namePattern(f.cfg.AccountNamePattern), templates: newTemplates(f.cfg.Names), parents: map[string]string{}}
	f.groups = indexGroups(f.cfg, in.Observed.Groups)
	f.groups.asked = in.Memory.Asked
	f.roster = &roster{facts: f, byAnchor: make(map[string]*person, len(in.File.Users)), goneOf: map[*person]*gone{}, sharing: map[string]map[string]int{}}
	f.attrs.byAnchor = f.roster.byAnchor
	f.roster.list()
	f.roster.listMigrated()
	f.roster.findGone()
	f.roster.indexUnseen()
	f.matching = f.ledger.anchors() && f.cfg.Match.Open(in.Now, f.cfg.TimeZone)
	f.show = &portraits{facts: f, mail: f.attrs.shown("mail"), displayName: f.attrs.shown("displayName")}
	for _, code := range []FieldCode{FieldDepartment, FieldTitle, FieldCompany} {
		f.show.besides = append(f.show.besides, f.attrs.shown(string(code)))
	}
	return f
}

// owners tells whose each account is, as far as that is settled.
type owners struct {
	*facts
	draft    *draft
	told     map[*Unseen]bool // with their person
	replaced map[string]bool  // anchors of people who may have been made anew: what is kept of them waits
}

func newOwners(f *facts, d *draft) *owners {
	return &owners{
		facts: f, draft: d,
		told:     map[*Unseen]bool{},
		replaced: map[string]bool{},
	}
}

// draft is the plan as far as it is made, and the questions with their answers.
type draft struct {
	*facts
	plan      Plan
	kept      *keptAnswers
	answer    map[string]Answer // by question ID
	asked     map[string]bool   // by question ID
	agreed    map[string]bool   // likewise
	noticed   map[string]bool
	concerned map[string]map[*person]bool // by text of a notice
}

func newDraft(f *facts) *draft {
	d := &draft{
		facts:     f,
		kept:      newKeptAnswers(f.in, f.obs.Groups),
		answer:    map[string]Answer{},
		asked:     map[string]bool{},
		agreed:    map[string]bool{},
		noticed:   map[string]bool{},
		concerned: map[string]map[*person]bool{},
	}
	d.plan.Asked = Asked{}
	d.kept.countBearers(f.index.inside)
	for _, a := range f.in.Answers {
		d.answer[a.ID] = a
	}
	for _, text := range f.attrs.notices {
		d.notice(text)
	}
	for _, p := range f.roster.people {
		if p.active {
			d.plan.Active++
		}
	}
	return d
}
