package plan

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"ad-user-sync/internal/adrules"
)

// wantedCN is the prefix and the file's CN as a directory takes it: NFC, without
// code points that can not be seen, at most 64 characters.
func (m *maker) wantedCN(p *person) string {
	return adrules.TruncateCommonName(m.cfg.PrefixCommonNames+cleanCN(p.user.CN), "")
}

// namesakeCN tells a person apart by the account name (row 10).
func (m *maker) namesakeCN(p *person) string {
	return adrules.TruncateCommonName(m.cfg.PrefixCommonNames+cleanCN(p.user.CN), " ("+p.name+")")
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
	return strings.TrimSpace(seen)
}

// commonNames gives everybody a CN that is free in their container. Whoever
// bears the wanted one keeps it; of newcomers the first gets it.
func (m *maker) commonNames() {
	taken := m.restingCNs()
	var wanting []*person
	for _, p := range m.people {
		switch {
		case p.settled || p.name == "":
		case p.stampOnly || !p.active:
			// stays as it is; restingCNs counted it
		case p.account != nil && m.keys.same(p.account.CN, m.wantedCN(p)):
			p.cn = m.wantedCN(p)
			taken[m.place(p, p.cn)] = true
		default:
			wanting = append(wanting, p)
		}
	}
	for _, p := range wanting {
		m.giveCN(p, taken)
	}
}

func (m *maker) giveCN(p *person, taken map[string]bool) {
	for _, cn := range []string{m.wantedCN(p), m.namesakeCN(p)} {
		if adrules.CheckCommonName(cn) == nil && !taken[m.place(p, cn)] {
			p.cn = cn
			taken[m.place(p, cn)] = true
			return
		}
	}
	if p.account != nil {
		p.cn = p.account.CN
		taken[m.place(p, p.cn)] = true
	} else {
		p.settled = true
	}
	p.touched = true
	m.plan.Failed = append(m.plan.Failed, Note{m.display(p), Namesake,
		fmt.Sprintf("the common names %q and %q can not be used or are taken. Rename what bears them in the managed container", m.wantedCN(p), m.namesakeCN(p))})
}

// restingCNs are borne by objects that this plan does not rename.
func (m *maker) restingCNs() map[string]bool {
	taken := map[string]bool{}
	for i := range m.obs.Accounts {
		a := &m.obs.Accounts[i]
		if p := m.byTarget[a.GUID]; p == nil || p.settled || p.stampOnly || !p.active {
			taken[a.Parent+"\x00"+m.keys.of(a.CN)] = true
		}
	}
	return taken
}

// place is a CN in the container where the person's account is or will be.
func (m *maker) place(p *person, cn string) string {
	parent := m.obs.Container.DN
	if p.account != nil && p.account.InContainer {
		parent = p.account.Parent
	}
	return parent + "\x00" + m.keys.of(cn)
}
