package plan

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// attributeRule is one entry of the configuration's attributes, resolved.
type attributeRule struct {
	name string // of the target
	from string // of the file
	schema.AttributeRule
}

// Rules that are more than copying a value.
const (
	managerAttribute = "manager"
	photoAttribute   = "thumbnailPhoto"
	mailAttribute    = "mail"
)

// maxPhoto is the rangeUpper of thumbnailPhoto (MS-ADA3).
const maxPhoto = 102400

func (m *maker) attributeRules() []attributeRule {
	var rules []attributeRule
	for _, name := range slices.Sorted(maps.Keys(m.cfg.Attributes)) {
		rule := attributeRule{name, name, m.cfg.Attributes[name]}
		if rule.From != "" {
			rule.from = rule.From
		}
		if m.schemaOf(name).Missing {
			m.notice("the target domain's schema has no attribute " + name + "; it is not imported")
			continue
		}
		if why := m.schemaOf(name).Barred; why != "" {
			m.notice("attribute " + name + " is not imported: " + why)
			continue
		}
		rules = append(rules, rule)
	}
	m.noticeBarred()
	return rules
}

// noticeBarred lists once what a file must not bring (rule 13).
func (m *maker) noticeBarred() {
	found := map[string]bool{}
	for i := range m.in.File.Users {
		for name := range m.in.File.Users[i].Attributes {
			if schema.BarredAttribute(name) != "" && !sameFold(name, "userPrincipalName") {
				found[name] = true
			}
		}
	}
	if len(found) > 0 {
		m.notice("the file holds attributes that are never imported: " + strings.Join(slices.Sorted(maps.Keys(found)), ", "))
	}
}

func (m *maker) schemaOf(name string) Attribute {
	for _, a := range m.obs.Attributes {
		if sameFold(a.Name, name) {
			return a
		}
	}
	return Attribute{Name: name, Single: true}
}

// fileValue finds an attribute of a user, whatever the case of its name.
func fileValue(u *schema.User, name string) (schema.Value, bool) {
	switch strings.ToLower(name) {
	case "cn":
		return schema.Value{List: []string{u.CN}}, true
	case "samaccountname":
		return schema.Value{List: []string{u.SAMAccountName}}, true
	}
	if v, ok := u.Attributes[name]; ok {
		return v, true
	}
	for key, v := range u.Attributes {
		if sameFold(key, name) {
			return v, true
		}
	}
	return schema.Value{}, false
}

// wanted is what an attribute is to hold. ok is false where the file, or the
// rule, has nothing to say about it; why tells what is not accepted.
func (m *maker) wanted(p *person, rule attributeRule, creating bool) (values []string, ok bool, why string) {
	if rule.OnCreate != nil {
		return []string{*rule.OnCreate}, creating, ""
	}
	if rule.Keep && p.account != nil && len(p.account.value(rule.name)) > 0 {
		return nil, false, ""
	}
	v, given := fileValue(p.user, rule.from)
	if !given {
		return nil, false, ""
	}
	for _, text := range v.List {
		if text != "" { // a directory holds no empty values
			values = append(values, rule.Prefix+text)
		}
	}
	if why := m.refuses(p, rule.name, values, v.Binary); why != "" {
		return nil, false, why
	}
	return values, true, ""
}

// refuses tells why the target would not take these values (rules 12 to 14).
func (m *maker) refuses(p *person, name string, values []string, binary bool) string {
	a := m.schemaOf(name)
	if a.Single && len(values) > 1 {
		return fmt.Sprintf("it takes one value, the file has %d", len(values))
	}
	if sameFold(name, photoAttribute) {
		return photoFault(values)
	}
	for _, v := range values {
		length := adrules.UTF16Len(v)
		if a.Binary {
			length = len(v)
		}
		switch {
		case binary != a.Binary:
			return "the file's value is of another syntax"
		case a.RangeUpper > 0 && length > a.RangeUpper:
			return fmt.Sprintf("it takes at most %d characters, the file has %d", a.RangeUpper, length)
		case length < a.RangeLower:
			return fmt.Sprintf("it takes at least %d characters, the file has %d", a.RangeLower, length)
		}
	}
	if sameFold(name, mailAttribute) {
		return m.mailFault(p, values)
	}
	return ""
}

func photoFault(values []string) string {
	for _, v := range values {
		switch {
		case !bytes.HasPrefix([]byte(v), []byte{0xFF, 0xD8, 0xFF}):
			return "it is no JPEG picture"
		case len(v) > maxPhoto:
			return fmt.Sprintf("a picture has at most %d bytes, this one has %d", maxPhoto, len(v))
		}
	}
	return ""
}

// mailFault is rule 14: an address of the target's own domains, or of somebody
// else, would let the exporting side receive another person's mail.
func (m *maker) mailFault(p *person, values []string) string {
	for _, mail := range values {
		domain := strings.ToLower(mail[strings.LastIndexByte(mail, '@')+1:])
		allowed := slices.ContainsFunc(m.cfg.MailDomains, func(d string) bool { return sameFold(d, domain) })
		if m.ownSuffix(domain) && !allowed {
			return "mail addresses of " + domain + " are this domain's own (see mail_domains)"
		}
		for _, list := range [][]Account{m.obs.Accounts, m.obs.Elsewhere} {
			for i := range list {
				if other := &list[i]; m.hasMail(other, mail) && (p.account == nil || other.GUID != p.account.GUID) && m.keepsMail(other, mail) {
					return "the address is that of " + other.DN
				}
			}
		}
	}
	return ""
}

func (m *maker) hasMail(a *Account, mail string) bool {
	return sameFold(a.Mail, mail) || slices.Contains(a.Proxies, strings.ToLower(mail))
}

// keepsMail is false for a managed account whose own address changes away in
// this file.
func (m *maker) keepsMail(a *Account, mail string) bool {
	p := m.byTarget[a.GUID]
	if p == nil || slices.Contains(a.Proxies, strings.ToLower(mail)) {
		return true
	}
	v, given := fileValue(p.user, mailAttribute)
	return !given || slices.ContainsFunc(v.List, func(x string) bool { return sameFold(x, mail) })
}

// differing lists the attributes that the file changes (row 20).
func (m *maker) differing(p *person) []Change {
	var changes []Change
	for _, rule := range m.attrs {
		if sameFold(rule.name, managerAttribute) {
			continue
		}
		values, ok, why := m.wanted(p, rule, false)
		if why != "" {
			m.fail(p, BadValue, rule.name+": "+why)
		}
		before := p.account.value(rule.name)
		if ok && !sameValues(before, values) {
			changes = append(changes, Change{Attribute: rule.name, Before: before, After: values, Binary: m.schemaOf(rule.name).Binary})
		}
	}
	return changes
}

func (m *maker) attributesAtCreate(p *person) []Change {
	var changes []Change
	for _, rule := range m.attrs {
		if sameFold(rule.name, managerAttribute) {
			continue
		}
		values, ok, why := m.wanted(p, rule, true)
		if why != "" {
			m.fail(p, BadValue, rule.name+": "+why)
		}
		if ok && len(values) > 0 {
			changes = append(changes, Change{Attribute: rule.name, After: values, Binary: m.schemaOf(rule.name).Binary})
		}
	}
	return changes
}

// after is what a single-valued attribute will hold, for display.
func (m *maker) after(p *person, name string) string {
	var now string
	if p.account != nil {
		now = first(p.account.value(name))
	}
	for _, rule := range m.attrs {
		if sameFold(rule.name, name) {
			if values, ok, _ := m.wanted(p, rule, p.account == nil); ok {
				return first(values)
			}
		}
	}
	return now
}

// manager is the second pass: a reference to another person of the file.
func (m *maker) manager(p *person) {
	for _, rule := range m.attrs {
		if !sameFold(rule.name, managerAttribute) {
			continue
		}
		value, given := fileValue(p.user, rule.from)
		if !given {
			return
		}
		boss := m.byKey[first(value.List)]
		if len(value.List) > 0 && (boss == nil || boss.account == nil && !boss.willBeCreated()) {
			m.notice("managers who have no account here are left out")
			boss = nil
		}
		m.setManager(p, boss)
	}
}

// willBeCreated tells whether this plan makes an account for the person.
func (p *person) willBeCreated() bool { return !p.settled && p.active && p.cn != "" }

func (m *maker) setManager(p, boss *person) {
	var before, after []string
	if p.account != nil {
		before = p.account.value(managerAttribute)
	}
	switch {
	case boss == nil && len(before) == 0:
		return
	case boss != nil && boss.account != nil && first(before) == boss.account.DN:
		return
	case boss != nil:
		after = []string{m.personKey(boss)}
	}
	m.act(p, Update, Differs, Change{Attribute: managerAttribute, Before: before, After: after, People: true})
}

func (a *Account) value(name string) []string { return a.Values[strings.ToLower(name)] }

func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

// sameValues compares as sets, value by value, byte for byte (rule 15).
func sameValues(a, b []string) bool {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(slices.Compact(a), slices.Compact(b))
}
