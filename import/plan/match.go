package plan

import (
	"slices"
	"strings"

	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// stamps tells whether accounts are recognised by their stamp; otherwise by CN,
// as the older tool does.
func (m *maker) stamps() bool { return m.cfg.AnchorAttribute != "" && m.in.File.Anchored() }

// match finds the account of every person (rows 1 to 9 and 16), and the managed
// accounts that nobody in the file stands for.
func (m *maker) match() {
	index := m.indexAccounts()
	for _, p := range m.people {
		m.byKey[m.personKey(p)] = p
		if m.stamps() {
			m.matchByAnchor(p, index)
		} else {
			m.matchByCN(p, index)
		}
	}
	for _, p := range m.people { // names after stamps: a stamp is the better claim
		if p.account == nil && !p.settled {
			m.matchByName(p, index)
		}
	}
	for i := range m.obs.Accounts {
		a := &m.obs.Accounts[i]
		if m.byTarget[a.GUID] == nil && !m.resting[a.GUID] && m.managed(a) {
			m.missing = append(m.missing, a)
		}
	}
}

func (m *maker) personKey(p *person) string {
	if p.user.ObjectGUID != "" {
		return p.user.ObjectGUID
	}
	return m.cfg.PrefixCommonNames + p.user.CN
}

// accountIndex finds users of the container by what identifies them.
type accountIndex struct {
	byAnchor, byCN, byName map[string][]*Account
	outside                map[string][]*Account // by anchor
}

func (m *maker) indexAccounts() accountIndex {
	x := accountIndex{map[string][]*Account{}, map[string][]*Account{}, map[string][]*Account{}, map[string][]*Account{}}
	for i := range m.obs.Accounts {
		a := &m.obs.Accounts[i]
		if a.Class != "user" {
			continue
		}
		if a.Stamp.Anchor != "" && !m.foreign(a) {
			x.byAnchor[a.Stamp.Anchor] = append(x.byAnchor[a.Stamp.Anchor], a)
		}
		x.byCN[m.keys.of(a.CN)] = append(x.byCN[m.keys.of(a.CN)], a)
		x.byName[m.keys.of(a.AccountName)] = append(x.byName[m.keys.of(a.AccountName)], a)
	}
	for i := range m.obs.Elsewhere {
		a := &m.obs.Elsewhere[i]
		if a.Stamp.Anchor != "" && !m.foreign(a) {
			x.outside[a.Stamp.Anchor] = append(x.outside[a.Stamp.Anchor], a)
		}
	}
	return x
}

// foreign tells whether the account is stamped for another source domain.
func (m *maker) foreign(a *Account) bool {
	source := m.in.File.Source
	return a.Stamp.Domain != "" && source != nil && !sameFold(a.Stamp.Domain, source.Domain)
}

// confirmed tells whether the ledger bears the stamp out.
func (m *maker) confirmed(a *Account) bool {
	if known, ok := m.in.Memory.Accounts[a.GUID]; ok {
		return known.Anchor == a.Stamp.Anchor
	}
	since, meant := m.in.Memory.Intended[a.Stamp.Anchor]
	return meant && !a.Created.Before(since)
}

// managed tells whether the account is this tool's to keep.
func (m *maker) managed(a *Account) bool {
	if a.Class != "user" || m.foreign(a) {
		return false
	}
	known, ok := m.in.Memory.Accounts[a.GUID]
	if m.stamps() {
		if a.Stamp.Anchor != "" {
			return m.confirmed(a)
		}
		return ok && known.Anchor == ""
	}
	prefix := m.cfg.PrefixCommonNames
	return ok || (prefix != "" && strings.HasPrefix(a.CN, prefix))
}

// matchByAnchor is rows 1, 3, 5, 6 and 16.
func (m *maker) matchByAnchor(p *person, index accountIndex) {
	all := index.byAnchor[p.user.ObjectGUID]
	var sure []*Account
	for _, a := range all {
		if m.confirmed(a) {
			sure = append(sure, a)
		}
	}
	outside := index.outside[p.user.ObjectGUID]
	switch {
	case len(sure) == 1:
		m.take(p, sure[0])
	case len(all) > 1:
		m.failAnchor(p, all)
	case len(all) == 1:
		m.askAdopt(p, all[0], Unconfirmed)
	case len(outside) > 1:
		m.failAnchor(p, outside)
	case len(outside) == 1:
		m.askAdopt(p, outside[0], MovedOut)
	}
}

func (m *maker) failAnchor(p *person, all []*Account) {
	var where []string
	for _, a := range all {
		where = append(where, a.DN)
		m.resting[a.GUID] = true
	}
	slices.Sort(where)
	p.settled = true
	m.fail(p, AnchorNotUnique, "these accounts bear the same source anchor: "+strings.Join(where, "; ")+
		". Clear the anchor attribute of all but the right one")
}

// matchByCN is row 9.
func (m *maker) matchByCN(p *person, index accountIndex) {
	var found []*Account
	for _, a := range index.byCN[m.keys.of(m.wantedCN(p))] {
		if m.managed(a) && m.byTarget[a.GUID] == nil {
			found = append(found, a)
		}
	}
	switch {
	case len(found) == 1:
		m.take(p, found[0])
	case len(found) > 1:
		p.settled = true
		m.failAnchor(p, found)
	}
}

// matchByName is rows 7 and 8: an account of the container that bears no stamp.
func (m *maker) matchByName(p *person, index accountIndex) {
	free := func(a *Account) bool {
		return m.byTarget[a.GUID] == nil && a.Stamp.Anchor == "" && !m.foreign(a) && !m.resting[a.GUID]
	}
	byName := firstFree(index.byName[m.keys.of(p.user.SAMAccountName)], free)
	byCN := firstFree(index.byCN[m.keys.of(m.wantedCN(p))], free)
	switch {
	case byName != nil && byName == byCN:
		m.matchBoth(p, byName)
	case byCN != nil && m.knownUnanchored(byCN):
		m.takeByName(p, byCN)
	case byName != nil && p.active:
		m.askSame(p, byName)
	case byCN != nil && p.active:
		m.askSame(p, byCN)
	}
}

func firstFree(accounts []*Account, free func(*Account) bool) *Account {
	if i := slices.IndexFunc(accounts, free); i >= 0 {
		return accounts[i]
	}
	return nil
}

// knownUnanchored tells whether earlier files without anchors made it ours.
func (m *maker) knownUnanchored(a *Account) bool {
	known, ok := m.in.Memory.Accounts[a.GUID]
	return ok && known.Anchor == ""
}

func (m *maker) matchBoth(p *person, a *Account) {
	if a.Protected == "" && m.in.Memory.Finished && !m.knownUnanchored(a) {
		m.askSame(p, a)
		return
	}
	m.takeByName(p, a)
}

// takeByName is row 7: the account is stamped, and nothing else in this run.
func (m *maker) takeByName(p *person, a *Account) {
	if m.take(p, a); !p.settled {
		p.stampOnly = m.stamps() || !m.knownUnanchored(a)
	}
}

// take makes the account the person's, unless it is protected (row 1) or the
// stamp can not be written (rule 18).
func (m *maker) take(p *person, a *Account) {
	m.byTarget[a.GUID] = p
	p.account = a
	switch {
	case a.Protected != "":
		m.skip(p, Protected, a.Protected)
	case m.stamps() && a.Stamp.Other != "":
		p.settled = true
		m.fail(p, Unstampable, m.unstampable(a))
	}
}

func (m *maker) unstampable(a *Account) string {
	return m.cfg.AnchorAttribute + " of " + a.DN + " holds another program's value. Clear it, or choose another anchor_attribute"
}

// askSame is row 8. Rejected, the account is somebody else's, and the person
// gets one of their own.
func (m *maker) askSame(p *person, a *Account) {
	why := SamePerson
	if m.keys.same(a.AccountName, p.user.SAMAccountName) && m.keys.same(a.CN, m.wantedCN(p)) {
		why = MatchedByName
	}
	m.adoptQuestion(p, a, why)
}

// askAdopt is rows 6 and 16. Rejected, the person is left alone: two accounts
// with one stamp would come of anything else.
func (m *maker) askAdopt(p *person, a *Account, why Reason) {
	if !p.active {
		m.resting[a.GUID] = true
		m.skip(p, DisabledInSource, "")
		return
	}
	if m.adoptQuestion(p, a, why) == refused {
		m.skip(p, Rejected, "")
	}
	m.resting[a.GUID] = true
}

func (m *maker) adoptQuestion(p *person, a *Account, why Reason) verdict {
	q := Question{
		Kind: Adopt, Reason: why, Person: m.display(p), Holder: a, Single: true, Barred: m.barred(p, a),
		Decision: []Field{
			{Name: "account name", After: []string{p.user.SAMAccountName}},
			{Name: "because", After: []string{string(why)}},
			{Name: "account", After: []string{a.GUID.String()}},
			{Name: "distinguished name", After: []string{a.DN}},
		},
	}
	v, answer := m.ask(q)
	switch v {
	case open:
		p.settled, p.touched = true, true
		m.resting[a.GUID] = true
	case agreed:
		p.touched = true
		m.adopted(p, a, answer)
	}
	return v
}

// adopted is row 18: somebody agreed that this account is the person's.
func (m *maker) adopted(p *person, a *Account, answer *Answer) {
	if why := m.barred(p, a); why != "" {
		p.settled = true
		m.fail(p, Answered, "the account can not be taken over: "+why)
		return
	}
	m.byTarget[a.GUID] = p
	p.account, p.takeOver = a, answer
}

// barred tells why a person can not be given this account.
func (m *maker) barred(p *person, a *Account) string {
	known, ok := m.in.Memory.Accounts[a.GUID]
	switch {
	case a.Class != "user":
		return "it is no user but a " + a.Class
	case a.Protected != "":
		return a.Protected
	case p.account != nil && p.account != a:
		return "the person has an account already: " + p.account.DN
	case m.byTarget[a.GUID] != nil:
		return "it is the account of somebody else in the file"
	case m.foreign(a):
		return "it belongs to another source domain, " + a.Stamp.Domain
	case a.Stamp.Anchor != "" && a.Stamp.Anchor != p.user.ObjectGUID:
		return "it is stamped for somebody else"
	case ok && known.Anchor != "" && known.Anchor != p.user.ObjectGUID:
		return "it was managed for somebody else"
	case m.stamps() && a.Stamp.Other != "":
		return m.unstampable(a)
	}
	return ""
}

// stamp is row 7 carried out.
func (m *maker) stamp(p *person) {
	m.keepNames(p)
	m.act(p, Adopt, MatchedByName, m.stampChange(p)...)
}

// stampChange writes the source anchor, where one is written and missing.
func (m *maker) stampChange(p *person) []Change {
	if !m.stamps() || (p.account != nil && p.account.Stamp.Anchor == p.user.ObjectGUID) {
		return nil
	}
	change := Change{Attribute: m.cfg.AnchorAttribute, After: []string{StampText(p.user.ObjectGUID, m.in.File.Source)}}
	if m.schemaOf(m.cfg.AnchorAttribute).Binary {
		guid, _ := adrules.ParseGUID(p.user.ObjectGUID)
		change.After, change.Binary = []string{string(guid[:])}, true
	}
	return []Change{change}
}

// stampPrefix begins every stamp in a text attribute.
const stampPrefix = "ad-user-sync:"

// StampText is the stamp of a source anchor: ad-user-sync:<objectGUID>@<source
// domain>.
func StampText(anchor string, source *schema.Source) string {
	if source == nil {
		return stampPrefix + anchor
	}
	return stampPrefix + anchor + "@" + strings.ToLower(source.Domain)
}

// ParseStamp reads the value of an anchor attribute: a text, or 16 bytes.
func ParseStamp(value []byte) Stamp {
	if len(value) == 0 {
		return Stamp{}
	}
	if len(value) == len(adrules.GUID{}) {
		if guid, err := adrules.GUIDFromBytes(value); err == nil && !strings.HasPrefix(string(value), stampPrefix) {
			return Stamp{Anchor: guid.String()}
		}
	}
	rest, ours := strings.CutPrefix(string(value), stampPrefix)
	anchor, domain, _ := strings.Cut(rest, "@")
	guid, err := adrules.ParseGUID(anchor)
	if !ours || err != nil {
		return Stamp{Other: string(value)}
	}
	return Stamp{Anchor: guid.String(), Domain: strings.ToLower(domain)}
}
