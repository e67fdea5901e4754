package plan

import (
	"cmp"
	"slices"
	"strings"

	"ad-user-sync/internal/adrules"
)

// Lookup is what must be looked up outside the managed container before the
// plan can be trusted. All lists are sorted and without doubles.
type Lookup struct {
	AccountNames []string // also as a computer's, with "$"
	UPNs         []string
	Mails        []string // as mail or proxyAddresses
	Anchors      []string // source anchors, in the anchor attribute
	Keys         []Key    // of match, but for names and addresses
}

// Key is a value that tells whose an account may be, in the form that is compared.
type Key struct{ Attribute, Value string }

// Empty reports whether there is nothing to look up.
func (l Lookup) Empty() bool {
	return len(l.AccountNames)+len(l.UPNs)+len(l.Mails)+len(l.Anchors)+len(l.Keys) == 0
}

// Unknown lists the names, addresses and anchors that no matched account has
// yet. On a run without changes there are none.
func (s Sketch) Unknown() Lookup {
	n := s.named
	m := &lookingUp{facts: n.facts}
	m.makeRoom()
	for _, p := range m.roster.people {
		if m.ledger.anchors() && !m.ledger.knownFor(p) && (p.active || len(m.index.byAnchor[p.user.ObjectGUID]) > 0) {
			m.list.Anchors = append(m.list.Anchors, p.user.ObjectGUID)
		}
		if p.active {
			m.lookUpNames(p)
			m.lookUpMail(p)
			m.lookUpKeys(p)
		}
	}
	for _, a := range n.in.Answers {
		m.lookUpName(a.NewName)
	}
	for _, q := range n.draft.plan.Questions {
		if q.Kind == Name {
			m.lookUpProposals(n.asking[q.ID], q.Wanted)
		}
	}
	l := m.list
	slices.SortFunc(l.Keys, compareKeys)
	return Lookup{once(l.AccountNames), once(l.UPNs), once(l.Mails), once(l.Anchors), slices.Compact(l.Keys)}
}

// makeRoom is for the names of who is new, which are many in a first run.
func (m *lookingUp) makeRoom() {
	fresh := 0
	for _, p := range m.roster.people {
		if p.isNew() {
			fresh++
		}
	}
	if fresh <= few {
		return
	}
	for _, list := range []*[]string{&m.list.AccountNames, &m.list.UPNs, &m.list.Anchors} { // of mails there may be none
		*list = slices.Grow(*list, fresh)
	}
}

func (m *lookingUp) lookUpProposals(p *person, wanted string) {
	list := proposals(wanted)
	if p != nil {
		list = m.names.proposals(p)
	}
	for _, name := range list {
		m.lookUpName(name)
	}
}

// lookingUp lists what is not known, in any order, and some of it twice.
type lookingUp struct {
	*facts
	list Lookup
}

// knownFor reports whether the ledger vouches for the person's account, so that
// no other one can be theirs.
func (l *ledger) knownFor(p *person) bool {
	return p.account != nil && p.account.listed && p.account.known.Anchor == p.user.ObjectGUID
}

// lookUpName leaves out what no one can be called: a controller ends the
// connection over a request of some hundred kilobytes.
func (m *lookingUp) lookUpName(name string) {
	if m.names.checkName(name) != nil {
		return
	}
	m.list.AccountNames = append(m.list.AccountNames, name)
	m.lookUpUPN(name + "@" + m.obs.Domain.Name)
	if suffix := m.names.suffix(); suffix != m.obs.Domain.Name {
		m.lookUpUPN(name + "@" + suffix)
	}
}

func (m *lookingUp) lookUpUPN(upn string) {
	if adrules.UTF16Len(upn) <= adrules.MaxUPN {
		m.list.UPNs = append(m.list.UPNs, upn)
	}
}

func (m *lookingUp) lookUpNames(p *person) {
	wanted := m.names.wantedName(p)
	if !m.names.has(p, wanted) {
		m.lookUpName(wanted)
	}
	if p.name != wanted && !m.names.has(p, p.name) {
		m.lookUpName(p.name)
	}
	if p.account == nil && p.number > 1 {
		m.lookUpNumbers(p)
	}
	for _, base := range m.names.withoutNumbers(p) {
		m.lookUpName(base)
	}
	if p.upn != "" && (p.account == nil || !m.keys.same(p.account.UPN, p.upn)) {
		if len(m.list.UPNs) == 0 || m.list.UPNs[len(m.list.UPNs)-1] != p.upn { // mostly it is what goes with the name
			m.lookUpUPN(p.upn)
		}
		if name := m.names.implicitName(p.upn); adrules.UTF16Len(p.upn) <= adrules.MaxUPN && name != "" && name != p.name && !m.names.has(p, name) {
			m.list.AccountNames = append(m.list.AccountNames, name)
		}
	}
}

// lookUpNumbers asks for the next ones, too, so that many namesakes take few rounds.
func (m *lookingUp) lookUpNumbers(p *person) {
	for n := p.number; n <= p.number+someNumbers; n++ {
		if m.names.templates.account != nil {
			if name, empty := m.names.numberedName(p, n); empty == "" {
				m.lookUpName(name)
			}
		}
		if m.names.templates.upn != nil {
			if upn, _, usable := m.names.templateUPN(p, n); usable {
				m.lookUpUPN(upn)
			}
		}
	}
}

func (m *lookingUp) lookUpMail(p *person) {
	rule := m.attrs.ruleOf(mailAttribute)
	if rule == nil {
		return
	}
	v, _, _ := m.attrs.made(rule, p.user)
	for _, mail := range v.List {
		has := p.account != nil && sameFold(p.account.Mail, mail)
		wanted := strings.ToLower(mail)
		if !has && m.names.mailForm(wanted) == "" && rule.of.refuses(p, []string{wanted}, v.Binary) == "" {
			m.list.Mails = append(m.list.Mails, wanted)
		}
	}
}

// lookUpKeys lists what match goes by.
func (m *lookingUp) lookUpKeys(p *person) {
	if p.account != nil || !m.matchable(p) {
		return
	}
	for _, key := range m.cfg.Match.Keys {
		value := m.attrs.keyOf(p, key)
		switch {
		case m.names.placeholder(key, value):
		case sameFold(key, accountNameAttribute):
			m.lookUpName(value)
		case sameFold(key, upnAttribute):
			m.lookUpUPN(value)
		case sameFold(key, mailAttribute):
			m.list.Mails = append(m.list.Mails, strings.ToLower(value))
		default:
			m.list.Keys = append(m.list.Keys, Key{key, KeyForm(value)})
		}
	}
}

func compareKeys(a, b Key) int {
	return cmp.Or(cmp.Compare(a.Attribute, b.Attribute), cmp.Compare(a.Value, b.Value))
}

// Minus leaves out what was looked up before.
func (l Lookup) Minus(before Lookup) Lookup {
	return Lookup{without(l.AccountNames, before.AccountNames), without(l.UPNs, before.UPNs),
		without(l.Mails, before.Mails), without(l.Anchors, before.Anchors), without(l.Keys, before.Keys)}
}

// Plus joins two lists of look-ups.
func (l Lookup) Plus(more Lookup) Lookup {
	return Lookup{slices.Concat(l.AccountNames, more.AccountNames), slices.Concat(l.UPNs, more.UPNs),
		slices.Concat(l.Mails, more.Mails), slices.Concat(l.Anchors, more.Anchors),
		slices.Concat(l.Keys, more.Keys)}
}

func without[V comparable](all, these []V) []V {
	gone := map[V]bool{}
	for _, s := range these {
		gone[s] = true
	}
	return slices.DeleteFunc(slices.Clone(all), func(s V) bool { return gone[s] })
}

// once sorts, and leaves out what is there twice.
func once(list []string) []string {
	sortTexts(list)
	return slices.Compact(list)
}
