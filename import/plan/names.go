package plan

import (
	"fmt"
	"regexp"
	"strings"

	"ad-user-sync/internal/adrules"
)

// nameAll settles what everybody will be called, before anything is written:
// account names and UPNs first, then common names, which may bear the account
// name of a namesake.
func (m *maker) nameAll() {
	for _, p := range m.people {
		if p.settled {
			continue
		}
		if p.account != nil && (p.stampOnly || !p.active) {
			m.keepNames(p)
			continue
		}
		if p.account == nil && !p.active {
			continue
		}
		m.want(p)
	}
	m.resolveConflicts()
	m.commonNames()
}

// keepNames leaves a person the names their account bears.
func (m *maker) keepNames(p *person) {
	p.cn, p.name, p.upn, p.kept = p.account.CN, p.account.AccountName, p.account.UPN, true
}

// want sets the account name and UPN that the file, or an answer, asks for.
func (m *maker) want(p *person) {
	p.name = p.user.SAMAccountName
	if given := m.kept.newName(m.display(p), p.user.SAMAccountName); given != "" {
		p.name, p.answered = given, true
	}
	m.wantUPN(p)
}

// wantUPN follows the account name; an account that exists keeps a UPN that
// did not follow before (rule 16).
func (m *maker) wantUPN(p *person) {
	p.upn = p.name + "@" + m.suffix()
	if m.cfg.UPN.FromFile {
		p.upn = m.upnFromFile(p)
	}
	if a := p.account; a != nil && !sameFold(a.UPN, a.AccountName+"@"+m.suffix()) {
		p.upn = a.UPN
	}
}

func (m *maker) suffix() string {
	if m.cfg.UPN.Suffix != "" {
		return m.cfg.UPN.Suffix
	}
	return m.obs.Domain.Name
}

func (m *maker) upnFromFile(p *person) string {
	if value, ok := fileValue(p.user, "userPrincipalName"); ok && len(value.List) == 1 && !value.Binary {
		upn := value.List[0]
		if i := strings.LastIndexByte(upn, '@'); i > 0 && m.ownSuffix(upn[i+1:]) {
			return upn
		}
		m.notice(fmt.Sprintf("user principal names whose suffix is none of %s are not taken from the file", m.obs.Domain.Name))
	}
	return p.name + "@" + m.suffix()
}

func (m *maker) ownSuffix(suffix string) bool {
	if sameFold(suffix, m.obs.Domain.Name) {
		return true
	}
	for _, s := range m.obs.Domain.UPNSuffixes {
		if sameFold(s, suffix) {
			return true
		}
	}
	return false
}

// resolveConflicts asks about every name that can not be had (rows 13 to 15).
// A name that a managed account gives up in this plan is free, unless that
// account has to keep it: so it goes round until nothing changes any more.
func (m *maker) resolveConflicts() {
	for changed := true; changed; {
		changed = false
		claims := m.claims()
		for _, p := range m.people {
			if p.settled || p.kept || p.name == "" {
				continue
			}
			changed = m.resolve(p, claims) || changed
		}
	}
}

// resolve tells whether it changed what the person will be called.
func (m *maker) resolve(p *person, claims claims) bool {
	conflict, found := m.conflict(p, claims)
	if !found {
		return false
	}
	for {
		given := p.answered
		v, answer := m.ask(m.nameQuestion(p, conflict, claims))
		switch {
		case v != agreed:
			m.withhold(p, v)
			return true
		case answer.TakeOver:
			m.takeOver(p, conflict, answer)
			return true
		case given:
			m.withhold(p, open)
			m.fail(p, NameTaken, fmt.Sprintf("the name %s can not be used: %s", p.name, conflict.why))
			return true
		}
		p.name, p.answered = answer.NewName, true
		m.wantUPN(p)
		conflict, found = m.conflict(p, claims)
		if !found {
			return true
		}
	}
}

// withhold leaves a person without the name they can not have: an account that
// exists keeps its names, one that doesn't is not created.
func (m *maker) withhold(p *person, v verdict) {
	if p.account != nil {
		cn := p.cn
		m.keepNames(p)
		p.cn = cn
		p.touched = true
		return
	}
	p.settled, p.touched = true, true
	if v == refused {
		m.skip(p, Rejected, "")
	}
}

func (m *maker) takeOver(p *person, c conflict, answer *Answer) {
	if c.holder == nil || p.account != nil {
		p.settled = true
		m.fail(p, Answered, "there is no account to take over")
		return
	}
	if m.adopted(p, c.holder, answer); p.settled {
		return
	}
	p.name = p.user.SAMAccountName
	m.wantUPN(p)
}

// conflict is why a name can not be had.
type conflict struct {
	kind   string // "sAMAccountName", "userPrincipalName", "invalid"
	why    string
	holder *Account // nil where nobody holds it
}

func (m *maker) conflict(p *person, claims claims) (conflict, bool) {
	if p.account == nil || p.name != p.account.AccountName {
		if err := m.checkName(p.name); err != nil {
			return conflict{kind: "invalid", why: err.Error()}, true
		}
	}
	if holder, who, taken := claims.holder(claims.names, m.keys.of(p.name), p); taken && !m.bears(p, p.name) {
		return conflict{"sAMAccountName", "the account name is that of " + who, holder}, true
	}
	if p.upn == "" || (p.account != nil && m.keys.same(p.account.UPN, p.upn)) {
		return conflict{}, false
	}
	if holder, who, taken := claims.holder(claims.upns, m.keys.of(p.upn), p); taken {
		return conflict{"userPrincipalName", "the user principal name is that of " + who, holder}, true
	}
	return conflict{}, false
}

// bears tells whether the person's account has this account name already, in
// whatever case.
func (m *maker) bears(p *person, name string) bool {
	return p.account != nil && m.keys.same(p.account.AccountName, name)
}

// checkName is row 15: what this side accepts as an account name.
func (m *maker) checkName(name string) error {
	if err := adrules.CheckAccountName(name); err != nil {
		return err
	}
	if sameFold(name, m.obs.Domain.NetBIOS) || sameFold(name, m.obs.Domain.Name) {
		return fmt.Errorf("the account name is that of the domain")
	}
	if pattern, err := regexp.Compile(m.cfg.AccountNamePattern); err != nil || !pattern.MatchString(name) {
		return fmt.Errorf("the account name does not match account_name_pattern %s", m.cfg.AccountNamePattern)
	}
	return nil
}

func (m *maker) nameQuestion(p *person, c conflict, claims claims) Question {
	q := Question{
		Kind: Name, Reason: NameTaken, Person: m.display(p), Holder: c.holder,
		Proposal: m.proposal(p, claims),
		Context:  []Field{{Name: "why", After: []string{c.why}}},
		Decision: []Field{
			{Name: "account name", After: []string{p.name}},
			{Name: "conflict", After: []string{c.kind}},
		},
	}
	if c.kind == "invalid" {
		q.Reason = NameInvalid
	}
	q.Barred = "nobody else has the name"
	if c.holder != nil {
		q.Decision = append(q.Decision,
			Field{Name: "account", After: []string{c.holder.GUID.String()}},
			Field{Name: "distinguished name", After: []string{c.holder.DN}})
		q.Barred = m.barred(p, c.holder)
	}
	return q
}

// proposal is an account name that nobody holds, made from the file's: cut to
// what fits, and numbered.
func (m *maker) proposal(p *person, claims claims) string {
	for _, name := range proposals(p.user.SAMAccountName) {
		_, _, taken := claims.holder(claims.names, m.keys.of(name), p)
		_, _, upnTaken := claims.holder(claims.upns, m.keys.of(name+"@"+m.suffix()), p)
		if !taken && !upnTaken && m.checkName(name) == nil {
			return name
		}
	}
	return ""
}

// proposals are the names that are tried, best first.
func proposals(name string) []string {
	var clean strings.Builder
	for _, r := range name {
		if r < 0x80 && (r == '.' || r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z') {
			clean.WriteRune(r)
		}
	}
	base := strings.Trim(clean.String(), ".-_")
	if base == "" {
		base = "user"
	}
	list := []string{base[:min(len(base), adrules.MaxAccountName)]}
	for n := 2; n <= 9; n++ {
		list = append(list, fmt.Sprintf("%s%d", base[:min(len(base), adrules.MaxAccountName-1)], n))
	}
	return list
}
