package plan

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"ad-user-sync/internal/adrules"
)

// wantedCN is the prefix and the file's CN as a directory takes it: NFC, without
// code points that cannot be seen, at most 64 characters.
func (k *names) wantedCN(p *person) string {
	if p.wantedCN == "" {
		p.wantedCN = k.prefixedCN(p, "")
	}
	return p.wantedCN
}

// prefixedCN is cut before its tail. Where nothing of the file's CN can be seen,
// the account name stands for it; where nothing of that, either, there is none.
func (k *names) prefixedCN(p *person, tail string) string {
	made, _ := k.templateCN(p)
	cn := cmp.Or(made, cleanCN(p.user.CN), cleanCN(p.user.SAMAccountName))
	if cn == "" {
		return ""
	}
	if !strings.HasPrefix(cn, k.cfg.PrefixCommonNames) { // it is put once
		cn = k.cfg.PrefixCommonNames + cn
	}
	return adrules.TruncateCommonName(cn, tail)
}

// namesakeCN tells a person apart by the account name (row 10).
func (k *names) namesakeCN(p *person, name string) string {
	return k.prefixedCN(p, " ("+name+")")
}

func cleanCN(cn string) string {
	seen := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsGraphic(r) || unicode.In(r, unicode.C):
			return -1
		}
		return r
	}, norm.NFC.String(cn))
	return norm.NFC.String(strings.TrimSpace(seen))
}

// commonNaming assigns CNs.
type commonNaming struct {
	*facts
	draft  *draft
	owners *owners
}

// cnClaims tells who will have which CN in which container.
type cnClaims struct {
	resting map[place]bool // held by objects that this plan does not rename
	granted map[place]*person
}

// place is a CN in a container.
type place struct{ parent, cn string }

// commonNames assigns everyone a CN that is free in their container. Whoever
// has the wanted one keeps it; then come those whose account had it and is seen
// nowhere, then those who have an account, then those who are new. Who finds none free keeps what they have, and whoever was
// to get that looks again.
func (m *commonNaming) commonNames() {
	var having, former, renamed, fresh []*person
	for _, p := range m.roster.people {
		switch {
		case !p.naming:
		case m.names.atHome(p) && m.keys.same(p.account.CN, m.names.wantedCN(p)) && adrules.CheckCommonName(m.names.wantedCN(p)) == nil:
			p.cn = m.names.wantedCN(p)
			having = append(having, p)
		case m.names.atHome(p):
			renamed = append(renamed, p)
		case m.roster.goneOf[p] != nil && m.keys.same(m.roster.goneOf[p].known.Seen.CN, m.names.wantedCN(p)):
			former = append(former, p)
		default:
			fresh = append(fresh, p)
		}
	}
	queue := slices.Concat(former, renamed, fresh)
	if len(queue) == 0 {
		return
	}
	c := cnClaims{m.restingCNs(), make(map[place]*person, len(m.roster.people))}
	for _, p := range having {
		c.granted[m.names.placeOf(p, p.cn)] = p
	}
	for ; len(queue) > 0; queue = queue[1:] {
		if again := m.giveCN(queue[0], c); again != nil {
			queue = append(queue, again)
		}
	}
}

// atHome reports whether the person has an account whose CN counts.
func (k *names) atHome(p *person) bool { return p.account != nil && p.account.InContainer }

// giveCN returns who has to give way.
func (m *commonNaming) giveCN(p *person, c cnClaims) (again *person) {
	for cn := range m.candidates(p) {
		at := m.names.placeOf(p, cn)
		if adrules.CheckCommonName(cn) != nil || c.resting[at] {
			continue
		}
		other := c.granted[at]
		switch {
		case other == nil, other == p:
			p.cn, c.granted[at] = cn, p
			return nil
		case m.names.hasCN(p, at) && !m.names.hasCN(other, at):
			p.cn, c.granted[at] = cn, p
			return other
		case m.names.hasCN(p, at): // both do: the directory tells them apart
			p.cn = p.account.CN
			return nil
		}
	}
	return m.withoutCN(p, c)
}

// candidates are the CNs a person may get, best first. An account that is moved
// in must get one: its other names count on it.
func (m *commonNaming) candidates(p *person) iter.Seq[string] {
	return func(yield func(string) bool) {
		if yield(m.names.wantedCN(p)) && yield(m.names.namesakeCN(p, p.name)) && p.account != nil && !m.names.atHome(p) {
			yield(m.names.namesakeCN(p, p.name+" "+p.account.GUID.String()[:8]))
		}
	}
}

// withoutCN leaves a person the CN they have; who has no account gets none.
func (m *commonNaming) withoutCN(p *person, c cnClaims) (again *person) {
	m.draft.plan.Failed = append(m.draft.plan.Failed, Note{m.show.person(p), Namesake,
		fmt.Sprintf("the common names %q and %q cannot be used or are taken. Rename what has them in the managed container",
			m.names.wantedCN(p), m.names.namesakeCN(p, p.name))})
	p.touched, p.failed = true, true
	if !m.names.atHome(p) {
		p.cn, p.settled, p.naming = "", true, false
		return nil
	}
	p.cn = p.account.CN
	at := m.names.placeOf(p, p.cn)
	if again = c.granted[at]; again == p || again != nil && m.names.hasCN(again, at) {
		return nil
	}
	c.granted[at] = p
	return again
}

func (k *names) hasCN(p *person, at place) bool {
	return k.atHome(p) && k.placeOf(p, p.account.CN) == at
}

// restingCNs are held by objects that this plan does not rename.
func (m *commonNaming) restingCNs() map[place]bool {
	taken := map[place]bool{}
	for _, a := range m.index.inside {
		if p := a.person; p == nil || !p.naming {
			taken[m.names.place(a.Parent, a.CN)] = true
		}
	}
	for _, u := range m.obs.Unseen {
		taken[m.names.place(u.Parent, u.CN)] = true
	}
	return taken
}

// placeOf is a CN in the container where the person's account is or will be.
func (k *names) placeOf(p *person, cn string) place {
	if k.atHome(p) {
		return k.place(p.account.Parent, cn)
	}
	return k.place(k.obs.Container.DN, cn)
}

func (k *names) place(parent, cn string) place {
	same, known := k.parents[parent]
	if !known {
		same = exact(parent)
		k.parents[parent] = same
	}
	return place{same, k.keys.of(cn)}
}
