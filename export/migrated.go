package export

import (
	"fmt"
	"slices"
	"strings"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// evidence is read of every user where they come from a former domain.
var evidence = []string{schema.BySIDHistory, schema.ByEmployeeID}

// migration finds out which users are those of a former domain.
type migration struct {
	former   *Former
	bySID    map[adrules.SID]*formerUser
	byNumber map[string][]*formerUser
	met      []*migrant
	numbered map[string]int // users of this domain
}

// migrant is a user of this domain who goes.
type migrant struct {
	anchor, cn, name, number string
	sids                     []adrules.SID // former ones
	found                    *formerUser
	by                       string
	doubt                    string // why it cannot be told who it was
}

func newMigration(f *Former) *migration {
	m := &migration{former: f, bySID: map[adrules.SID]*formerUser{}, byNumber: map[string][]*formerUser{}, numbered: map[string]int{}}
	for _, u := range f.people {
		if u.sid != "" {
			m.bySID[u.sid] = u
		}
		if u.number != "" {
			m.byNumber[u.number] = append(m.byNumber[u.number], u)
		}
	}
	return m
}

// check refuses a file that is not that of another domain.
func (m *migration) check(domain string) error {
	if strings.EqualFold(m.former.domain, domain) {
		return fmt.Errorf("--migrated-from: %s comes from %s, the domain that is exported; name a user file of the domain that the users were in before", m.former.Path, domain)
	}
	return nil
}

// meet notes a user who goes.
func (m *migration) meet(u schema.User, e ad.Entry) {
	n := &migrant{anchor: u.ObjectGUID, cn: u.CN, name: u.SAMAccountName, number: numberOf(e.Text(schema.ByEmployeeID))}
	for _, raw := range e.Values(schema.BySIDHistory) {
		if sid, err := adrules.SIDFromBytes(raw); err == nil {
			n.sids = append(n.sids, sid)
		}
	}
	if n.number != "" {
		m.numbered[n.number]++
	}
	m.met = append(m.met, n)
}

// result is the map, and a line for everybody whom it leaves out.
func (m *migration) result() (*schema.Migrated, []string) {
	claims := map[*formerUser][]*migrant{}
	for _, n := range m.met {
		if m.judge(n); n.found != nil {
			claims[n.found] = append(claims[n.found], n)
		}
	}
	for u, all := range claims {
		if len(all) < 2 {
			continue
		}
		for _, n := range all {
			n.found, n.doubt = nil, fmt.Sprintf("several users of this domain may be %s", u.shown())
		}
	}
	out := &schema.Migrated{From: m.former.domain, File: m.former.sha256, Users: []schema.MigratedUser{}}
	taken, doubted := map[*formerUser]bool{}, []string{}
	for _, n := range m.met {
		switch {
		case n.found != nil:
			taken[n.found] = true
			out.Users = append(out.Users, schema.MigratedUser{ObjectGUID: n.anchor, Former: n.found.anchor, By: n.by})
		case n.doubt != "":
			doubted = append(doubted, fmt.Sprintf("--migrated-from: %s (%s) is left out of the map: %s", n.cn, n.name, n.doubt))
		}
	}
	slices.SortFunc(out.Users, func(a, b schema.MigratedUser) int { return strings.Compare(a.ObjectGUID, b.ObjectGUID) })
	slices.Sort(doubted)
	return out, append(doubted, m.missing(taken)...)
}

// judge finds who a user was: the SID goes first, and both must not disagree.
func (m *migration) judge(n *migrant) {
	var held []*formerUser
	for _, sid := range n.sids {
		if u := m.bySID[sid]; u != nil && !slices.Contains(held, u) {
			held = append(held, u)
		}
	}
	same := m.byNumber[n.number]
	unique := len(same) == 1 && m.numbered[n.number] == 1
	switch {
	case len(held) > 1:
		n.doubt = fmt.Sprintf("its sIDHistory has the SIDs of %s and %s", held[0].shown(), held[1].shown())
	case len(held) == 1 && unique && same[0] != held[0]:
		n.doubt = fmt.Sprintf("its sIDHistory has the SID of %s, and its employeeID %s is that of %s", held[0].shown(), n.number, same[0].shown())
	case len(held) == 1:
		n.found, n.by = held[0], schema.BySIDHistory
	case n.number == "" || len(same) == 0: // perhaps someone new
	case !unique:
		n.doubt = fmt.Sprintf("the employeeID %s is that of %d users there and %d here", n.number, len(same), m.numbered[n.number])
	default:
		n.found, n.by = same[0], schema.ByEmployeeID
	}
}

func (u *formerUser) shown() string { return fmt.Sprintf("%s (%s)", u.cn, u.name) }

// missing tells of whom nothing is found here.
func (m *migration) missing(taken map[*formerUser]bool) []string {
	const most = 20
	var names []string
	for _, u := range m.former.people {
		if !taken[u] {
			names = append(names, u.shown())
		}
	}
	if len(names) == 0 {
		return nil
	}
	slices.Sort(names)
	count := len(names)
	if count > most {
		names = append(names[:most], fmt.Sprintf("%d more", count-most))
	}
	return []string{fmt.Sprintf("--migrated-from: no user of this export is known to be one of %d of %s: %s", count, m.former.domain, strings.Join(names, ", "))}
}
