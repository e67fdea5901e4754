package plan

import (
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// mailNaming assigns addresses.
type mailNaming struct {
	*facts
	owners *owners
}

// settleMails is rule 14: an address of the target's own domains, or of
// another person, would let the exporting side receive another person's mail.
// Who keeps an address goes first, then the order of people.
func (m *mailNaming) settleMails() {
	rule := m.attrs.ruleOf(mailAttribute)
	if rule == nil || !slices.ContainsFunc(m.roster.people, func(p *person) bool { return m.changes(p, rule) }) {
		return
	}
	var queue []*person
	for _, p := range m.roster.people {
		if values, ok, _ := m.attrs.wanted(p, rule, p.account == nil); ok && m.updates(p) {
			p.readdressed, p.mailKey = true, m.names.mailKey(first(values))
			if p.mailFault = m.names.mailForm(first(values)); p.mailFault == "" && p.mailKey != "" {
				queue = append(queue, p)
			}
		}
	}
	slices.SortStableFunc(queue, func(a, b *person) int {
		return compareFlags(m.names.hasMail(b.account, b.mailKey), m.names.hasMail(a.account, a.mailKey))
	})
	m.grantMails(queue)
}

// changes reports whether the person is to get another address than they have.
func (m *mailNaming) changes(p *person, rule *attributeRule) bool {
	values, ok, _ := m.attrs.wanted(p, rule, p.account == nil)
	return ok && m.updates(p) && (p.account == nil || !sameValues(p.account.Values.List(rule.key), values))
}

// updates reports whether attributes of the person are written in this run.
func (m *mailNaming) updates(p *person) bool {
	return !p.settled && p.active && !p.anchorOnly && (p.account == nil || p.naming)
}

// grantMails assigns each person the address that is free once the others have
// theirs. Who is refused keeps the present one, and whoever was to get that is
// looked at again.
func (m *mailNaming) grantMails(queue []*person) {
	keeping, granted := m.restingMails(), map[string]*person{}
	for ; len(queue) > 0; queue = queue[1:] {
		p := queue[0]
		mail := p.mailKey
		other := granted[mail]
		switch holder := otherHolder(keeping[mail], p); {
		case holder != nil:
			p.mailFault = "the address is that of " + holder.DN
		case other != nil && other != p:
			p.mailFault = "the address is that of " + other.user.CN + " in the file, too"
		default:
			granted[mail] = p
			continue
		}
		if p.account == nil || p.account.Mail == "" {
			continue
		}
		kept := m.names.mailKey(p.account.Mail)
		keeping[kept] = append(keeping[kept], p.account)
		if other := granted[kept]; other != nil && other != p {
			delete(granted, kept)
			queue = append(queue, other)
		}
	}
}

// restingMails are the addresses that no one gives up in this plan.
func (m *mailNaming) restingMails() map[string][]*account {
	held := map[string][]*account{}
	for _, a := range m.index.all() {
		for _, proxy := range a.Proxies {
			held[m.names.mailKey(proxy)] = append(held[m.names.mailKey(proxy)], a)
		}
		mail := m.names.mailKey(a.Mail)
		p := a.person
		if p == nil || !p.readdressed || p.mailFault != "" || p.mailKey == mail {
			held[mail] = append(held[mail], a)
		}
	}
	return held
}

func otherHolder(holders []*account, p *person) *account {
	for _, a := range holders {
		if p.account == nil || a.GUID != p.account.GUID {
			return a
		}
	}
	return nil
}

func (k *names) hasMail(a *account, key string) bool { return a != nil && k.mailKey(a.Mail) == key }

// mailKey is equal for addresses that mail takes for one another, with "smtp:"
// before it, as proxyAddresses has it, or not.
func (k *names) mailKey(address string) string {
	return k.keys.of(strings.TrimRight(strings.TrimPrefix(strings.ToLower(address), "smtp:"), "."))
}

// fullStops are taken for the dot of a domain (RFC 3490 section 3.1).
var fullStops = strings.NewReplacer("\u3002", ".", "\uff0e", ".", "\uff61", ".")

// asDelivered is an address as a program may read it that prepares it for delivery (UTS 46).
func asDelivered(address string) string {
	for i := range len(address) {
		if address[i] >= utf8.RuneSelf {
			return norm.NFKC.String(fullStops.Replace(address))
		}
	}
	return address
}

// plainAddress reports whether an address is dot-atom@dot-atom (RFC 5322 3.4.1), with the
// characters of RFC 6532.
func plainAddress(address string) bool {
	local, domain, found := strings.Cut(address, "@")
	return found && dotAtom(local) && dotAtom(domain)
}

func dotAtom(text string) bool {
	ends := true // an atom, of one character at least
	for i := range len(text) {
		c := text[i]
		if c == '.' && ends || c <= ' ' || c == 0x7f || strings.IndexByte(`()<>@,;:\"[]`, c) >= 0 {
			return false
		}
		ends = c == '.'
	}
	return !ends
}

// mailForm refuses what is not one plain address (RFC 5322 addr-spec), since some
// programs would read another one in it, and the domains of the target.
func (k *names) mailForm(address string) string {
	if address == "" {
		return ""
	}
	read := asDelivered(address)
	domain := strings.Trim(read[strings.LastIndexByte(read, '@')+1:], ". ")
	if !plainAddress(address) || !plainAddress(read) || strings.Count(read, ".") != strings.Count(address, ".") || strings.ContainsFunc(address, invisible) {
		return "it is not one plain mail address"
	}
	allowed := slices.ContainsFunc(k.cfg.MailDomains, func(d string) bool { return sameFold(d, domain) })
	if k.ownSuffix(domain) && !allowed {
		return "mail addresses of " + domain + " are this domain's own (see mail_domains)"
	}
	return ""
}
