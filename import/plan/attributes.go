package plan

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"ad-user-sync/schema"
)

// attributeRule is one entry of the configuration's attributes, resolved.
type attributeRule struct {
	name string // of the target
	from string // of the file
	schema.AttributeRule
}

// referenceRule is one whose values are other people of the file.
type referenceRule struct {
	attributeRule
	schema.Reference
}

// Rules that are more than copying a value.
const (
	photoAttribute = "thumbnailPhoto"
	mailAttribute  = "mail"
)

func (x *attributes) resolve() {
	for _, name := range slices.Sorted(maps.Keys(x.cfg.Attributes)) {
		rule := attributeRule{name, name, x.cfg.Attributes[name]}
		if rule.From != "" {
			rule.from = rule.From
		}
		if x.schemaOf(name).Missing {
			x.notice("the target domain's schema has no attribute " + name + "; it is not imported")
			continue
		}
		if why := cmp.Or(x.schemaOf(name).Barred, schema.BarredAttribute(name), x.anchorBarred(name)); why != "" {
			x.notice("attribute " + name + " is not imported: " + why)
			continue
		}
		if ref, is := schema.ReferenceOf(name); is {
			x.refs = append(x.refs, referenceRule{rule, ref})
			continue
		}
		x.rules = append(x.rules, rule)
	}
	x.noticeBarred()
}

func (x *attributes) notice(text string) { x.notices = append(x.notices, text) }

// anchorBarred keeps the anchor attribute out of the file's reach.
func (x *attributes) anchorBarred(name string) string {
	if sameFold(name, x.cfg.AnchorAttribute) {
		return "it is the anchor attribute"
	}
	return ""
}

// noticeBarred lists once what a file must not bring (rule 13).
func (x *attributes) noticeBarred() {
	found := map[string]bool{}
	for _, spellings := range x.spellings {
		for _, name := range spellings {
			why := cmp.Or(schema.BarredAttribute(name), x.anchorBarred(name))
			if why != "" && !sameFold(name, "userPrincipalName") {
				found[name] = true
			}
		}
	}
	if len(found) > 0 {
		x.notice("the file holds attributes that are never imported: " + strings.Join(slices.Sorted(maps.Keys(found)), ", "))
	}
}

// spell lists how the file writes each attribute name, by lower case.
func (x *attributes) spell() {
	seen := map[string]bool{}
	for i := range x.in.File.Users {
		for name := range x.in.File.Users[i].Attributes {
			if !seen[name] {
				seen[name] = true
				lower := strings.ToLower(name)
				x.spellings[lower] = append(x.spellings[lower], name)
			}
		}
	}
	for _, list := range x.spellings {
		slices.Sort(list)
	}
	for _, a := range x.obs.Attributes {
		x.schema[strings.ToLower(a.Name)] = a
	}
}

// UnusedSources are the attributes that rules take their values from and that no
// user in the file has, each with its rule: most likely misspelt, or not exported.
func UnusedSources(cfg *schema.ImportConfig, file *schema.UserFile) []string {
	given := map[string]bool{"cn": true, "samaccountname": true}
	for i := range file.Users {
		for name := range file.Users[i].Attributes {
			given[strings.ToLower(name)] = true
		}
	}
	var unused []string
	for _, name := range slices.Sorted(maps.Keys(cfg.Attributes)) {
		if from := cfg.Attributes[name].From; from != "" && !given[strings.ToLower(from)] {
			unused = append(unused, from+" (for "+name+")")
		}
	}
	return unused
}

func (m *closing) noticeUnusedSources() {
	if unused := UnusedSources(m.cfg, m.in.File); len(unused) > 0 {
		m.draft.notice("no user in the file has these attributes, which rules of attributes take values from: " + strings.Join(unused, ", "))
	}
}

func (x *attributes) schemaOf(name string) Attribute {
	if a, ok := x.schema[strings.ToLower(name)]; ok {
		return a
	}
	return Attribute{Name: name, Single: true}
}

// fileValue finds an attribute of a user, whatever the case of its name.
func (x *attributes) fileValue(u *schema.User, name string) (schema.Value, bool) {
	switch lower := strings.ToLower(name); lower {
	case "cn":
		return schema.Value{List: []string{u.CN}}, true
	case "samaccountname":
		return schema.Value{List: []string{u.SAMAccountName}}, true
	default:
		for _, spelling := range x.spellings[lower] {
			if v, ok := u.Attributes[spelling]; ok {
				return v, true
			}
		}
	}
	return schema.Value{}, false
}

// wanted is what an attribute is to hold. ok is false where the file, or the
// rule, has nothing to say about it; why tells what is not accepted.
func (x *attributes) wanted(p *person, rule attributeRule, creating bool) (values []string, ok bool, why string) {
	if rule.OnCreate != nil {
		return []string{*rule.OnCreate}, creating, ""
	}
	if rule.Keep && p.account != nil && len(p.account.value(rule.name)) > 0 {
		return nil, false, ""
	}
	v, given := x.fileValue(p.user, rule.from)
	if !given {
		return nil, false, ""
	}
	for _, text := range v.List {
		if text != "" && !slices.Contains(values, rule.Prefix+text) { // a directory holds none empty or twice
			values = append(values, rule.Prefix+text)
		}
	}
	if p.account != nil && sameValues(p.account.value(rule.name), values) {
		return values, true, ""
	}
	if rule.Keep && p.account != nil && p.account.Unread[strings.ToLower(rule.name)] {
		return nil, false, "it looks empty, and may have values that the bound account may not read, which the rule's \"keep\" leaves. Give it the right to read the attribute"
	}
	if why := x.refuses(p, rule.name, values, v.Binary); why != "" {
		return nil, false, why
	}
	return values, true, ""
}

// differing lists the attributes that the file changes (row 20).
func (m *deciding) differing(p *person) []Change {
	var changes []Change
	for _, rule := range m.attrs.rules {
		values, ok, why := m.attrs.wanted(p, rule, false)
		if why != "" {
			m.draft.leaveOut(p, rule.name+": "+why)
		}
		before := p.account.value(rule.name)
		if ok && !sameValues(before, values) {
			changes = append(changes, Change{Attribute: rule.name, Before: before, After: values, Binary: m.attrs.schemaOf(rule.name).Binary, Keep: rule.Keep})
		}
	}
	return changes
}

func (m *deciding) attributesAtCreate(p *person) []Change {
	var changes []Change
	for _, rule := range m.attrs.rules {
		values, ok, why := m.attrs.wanted(p, rule, true)
		if why != "" {
			m.draft.leaveOut(p, rule.name+": "+why)
		}
		if ok && len(values) > 0 {
			changes = append(changes, Change{Attribute: rule.name, After: values, Binary: m.attrs.schemaOf(rule.name).Binary})
		}
	}
	return changes
}

// after is what a single-valued attribute will hold, for display.
func (x *attributes) after(p *person, name string) string {
	var now string
	if p.account != nil {
		now = first(p.account.value(name))
	}
	for _, rule := range x.rules {
		if sameFold(rule.name, name) {
			if values, ok, _ := x.wanted(p, rule, p.account == nil); ok {
				return first(values)
			}
		}
	}
	return now
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
