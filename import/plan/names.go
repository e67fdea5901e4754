package plan

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"ad-user-sync/internal/adrules"
)

// naming is what everybody will be called (rows 10, 13 to 19 and 21).
type naming struct {
	*facts
	draft  *draft
	owners *owners
	claims claims
	asking map[string]*person // by ID of a name question
	former map[string]FormerName
}

// nameEverybody settles that before anything is written: account names and UPNs
// first, then common names, which may contain the account name of a namesake.
func nameEverybody(matched *matching) *naming {
	m := &naming{facts: matched.facts, draft: matched.draft, owners: matched.owners, asking: map[string]*person{}}
	for _, p := range m.roster.people {
		m.want(p)
	}
	m.settleNames()
	(&commonNaming{m.facts, m.draft, m.owners}).commonNames()
	(&mailNaming{m.facts, m.owners}).settleMails()
	return m
}

// want sets the account name and UPN that the file, or an answer, asks for. A
// person who is disabled, protected, or was found by name just now, keeps their
// names.
func (m *naming) want(p *person) {
	given, by := "", ""
	if len(m.draft.kept.entries) > 0 {
		given, by = m.draft.kept.newName(m.show.person(p), p.account, m.names.wantedName(p)) // also so that it stays in force
	}
	switch {
	case p.settled, p.account == nil && !p.active:
	case p.account != nil && (p.anchorOnly || !p.active || p.spared()):
		m.keepNames(p)
	default:
		p.naming = true
		if s := m.attrs.sourceOf(p); s.keepsCN(p) {
			p.wantedCN, m.roster.bearers = p.account.CN, nil
		}
		if s := m.attrs.sourceOf(p); given == "" && s.keepsName(p) {
			given = p.account.AccountName
		}
		m.nameAs(p, cmp.Or(given, m.names.wantedName(p)), by)
	}
}

// keepNames leaves a person the names their account has.
func (m *naming) keepNames(p *person) {
	p.cn, p.name, p.upn = p.account.CN, p.account.AccountName, p.account.UPN
}

// wantUPN follows the account name; an account that exists keeps a UPN that
// did not follow before (rule 16).
func (m *naming) wantUPN(p *person) {
	p.upn = p.name + "@" + m.names.suffix()
	if m.cfg.UPN.FromFile {
		p.upn = m.upnFromFile(p)
	}
	if m.names.templates.upn != nil {
		p.upn = m.upnByTemplate(p)
	}
	if a := p.account; a != nil && (!m.names.follows(a) || p.name == a.AccountName && m.attrs.sourceOf(p).keepsName(p)) {
		p.upn = a.UPN
	}
}

// upnByTemplate leaves the one that an account has, and stands back where a person
// gave the account name and the template has nothing for them.
func (m *naming) upnByTemplate(p *person) string {
	if !m.names.makes(p) {
		return p.account.UPN
	}
	if upn, _, usable := m.names.templateUPN(p, p.number); usable {
		return upn
	}
	return p.upn
}

// follows reports whether an account's UPN is made of its account name.
func (k *names) follows(a *account) bool { return sameFold(a.UPN, a.AccountName+"@"+k.suffix()) }

func (k *names) suffix() string { return cmp.Or(k.cfg.UPN.Suffix, k.obs.Domain.Name) }

func (m *naming) upnFromFile(p *person) string {
	upn, usable := m.names.fileUPN(p)
	switch {
	case usable:
		return upn
	case upn != "":
		m.draft.noticeOf(p, fmt.Sprintf("user principal names that are reserved, that look like others, or whose suffix is none of %s, are not taken from the file", m.obs.Domain.Name))
	}
	return p.name + "@" + m.names.suffix()
}

// fileUPN is what the file has, and whether it can be written.
func (k *names) fileUPN(p *person) (upn string, usable bool) {
	value, ok := k.attrs.fileValue(p.user, "userPrincipalName")
	if !ok || len(value.List) != 1 || value.Binary {
		return "", false
	}
	upn = value.List[0]
	local, suffix, _ := strings.Cut(upn, "@")
	return upn, k.ownSuffix(suffix) && k.logonName(local) && adrules.UTF16Len(upn) <= adrules.MaxUPN
}

// plainLocalPart is a dot-atom without its subtleties (RFC 5322 section 3.2.3).
var plainLocalPart = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+$")

// logonName reports whether the first part of a UPN may be typed at a logon and
// taken for no one else: what account_name_pattern allows, or plain letters.
func (k *names) logonName(local string) bool {
	domain := sameFold(local, k.obs.Domain.NetBIOS) || sameFold(local, k.obs.Domain.Name)
	return !domain && !adrules.ReservedAccountName(local) && (plainLocalPart.MatchString(local) || k.checkName(local) == nil)
}

func invisible(r rune) bool { return unicode.IsSpace(r) || !unicode.IsGraphic(r) }

func (k *names) ownSuffix(suffix string) bool {
	return k.keys.same(suffix, k.obs.Domain.Name) ||
		slices.ContainsFunc(k.obs.Domain.UPNSuffixes, func(s string) bool { return k.keys.same(s, suffix) })
}

// settleNames finds every name that cannot be had, and asks about it (rows 13
// to 15). Who has a name already goes first, then who has an account, then
// those who are new, each in the order of people.
func (m *naming) settleNames() {
	var having, renamed, fresh []*person
	for _, p := range m.roster.people {
		switch {
		case !p.naming:
		case p.account == nil:
			fresh = append(fresh, p)
		default:
			if m.names.has(p, p.name) {
				having = append(having, p)
			}
			if !m.keepsNames(p) {
				renamed = append(renamed, p)
			}
		}
	}
	queue := slices.Concat(renamed, fresh)
	if len(queue) == 0 {
		return
	}
	m.newClaims()
	for _, p := range having {
		upn := ""
		if m.keepsNames(p) { // else it is open
			upn = p.upn
		}
		m.grant(p, upn)
	}
	for ; len(queue) > 0; queue = queue[1:] {
		queue = append(queue, m.settleName(queue[0])...)
	}
	m.propose()
}

// keepsNames reports whether a person is to be called as their account is.
func (m *naming) keepsNames(p *person) bool {
	return m.names.has(p, p.name) && m.keys.same(p.account.UPN, p.upn) && (p.name == p.account.AccountName || m.names.checkName(p.name) == nil)
}

// settleName assigns a person their names, or leaves them without. It returns
// those who must be looked at again.
func (m *naming) settleName(p *person) (again []*person) {
	c, found := m.settle(p)
	v := agreed
	if found {
		v = m.answerName(p, c)
	}
	if v == agreed {
		return m.grant(p, p.upn)
	}
	return m.withhold(p, v)
}

// withhold leaves a person without the name they cannot have: an account that
// exists keeps its names, one that doesn't is not created.
func (m *naming) withhold(p *person, v verdict) (again []*person) {
	if p.account != nil {
		m.keepNames(p)
		p.cn = ""
		p.touched = p.touched || v == open
		return m.grant(p, p.upn)
	}
	p.settled, p.touched, p.naming = true, true, false
	if v == refused {
		m.draft.skip(p, Rejected, "the account name "+m.names.wantedName(p)+" cannot be had, and to answer otherwise was rejected")
	}
	return nil
}

// has reports whether the person's account has this account name already, in
// whatever case.
func (k *names) has(p *person, name string) bool {
	return p.account != nil && k.keys.same(p.account.AccountName, name)
}
