package plan

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"ad-user-sync/schema"
)

// Rules that are more than copying a value.
const (
	photoAttribute = "thumbnailPhoto"
	mailAttribute  = "mail"
)

func (x *attributes) resolve() {
	x.anchor = x.schemaOf(x.cfg.AnchorAttribute)
	for _, name := range slices.Sorted(maps.Keys(x.cfg.Attributes)) {
		rule := &attributeRule{name: name, key: strings.ToLower(name), of: x.schemaOf(name), AttributeRule: x.cfg.Attributes[name]}
		rule.from, rule.mapped = x.source(cmp.Or(rule.From, name)), foldedKeys(rule.Map)
		rule.words = parsed(rule.Template, false)
		rule.written = slices.ContainsFunc(rule.sources(), schema.SelfWritable)
		if rule.Country {
			rule.country = countryParts[rule.key]
		}
		if rule.of.Missing {
			x.notice("the target domain's schema has no attribute " + name + "; it is not imported")
			continue
		}
		if why := cmp.Or(rule.of.Barred, schema.BarredAttribute(name), x.anchorBarred(name)); why != "" {
			x.notice("attribute " + name + " is not imported: " + why)
			continue
		}
		if ref, is := schema.ReferenceOf(name); is {
			x.refs = append(x.refs, &referenceRule{rule, ref})
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
	for name := range schema.NamesOf(x.in.File.Users) {
		lower := strings.ToLower(name)
		x.spellings[lower] = append(x.spellings[lower], name)
	}
	for _, list := range x.spellings {
		slices.Sort(list)
	}
	for _, a := range x.obs.Attributes {
		x.schema[strings.ToLower(a.Name)] = a
	}
}

// UnusedSources are the attributes that rules and templates take their values from and that no
// user in the file has, each with its rule: most likely misspelt, or not exported.
func UnusedSources(cfg *schema.ImportConfig, file *schema.UserFile) []string {
	given := map[string]bool{"cn": true, "samaccountname": true}
	for name := range schema.NamesOf(file.Users) {
		given[strings.ToLower(name)] = true
	}
	var unused []string
	for _, name := range slices.Sorted(maps.Keys(cfg.Attributes)) {
		if from := cfg.Attributes[name].From; from != "" && !given[strings.ToLower(from)] {
			unused = append(unused, from+" (for "+name+")")
		}
	}
	sources := templateSources(cfg)
	for _, name := range slices.Sorted(maps.Keys(sources)) {
		for _, from := range sources[name] {
			if !given[strings.ToLower(from)] {
				unused = append(unused, from+" (for "+name+")")
			}
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

// source is an attribute of the file, whatever the case of its name.
type source struct {
	key       string   // in lower case
	spellings []string // in the file
}

func (x *attributes) source(name string) source {
	key := strings.ToLower(name)
	return source{key, x.spellings[key]}
}

// of is what a user has.
func (s source) of(u *schema.User) (schema.Value, bool) {
	switch s.key {
	case "cn":
		return schema.Value{List: []string{u.CN}}, true
	case "samaccountname":
		return schema.Value{List: []string{u.SAMAccountName}}, true
	}
	for _, spelling := range s.spellings {
		if v, ok := u.Attributes.Get(spelling); ok {
			return v, true
		}
	}
	return schema.Value{}, false
}

func (x *attributes) fileValue(u *schema.User, name string) (schema.Value, bool) {
	return x.source(name).of(u)
}

// wanted is what an attribute is to hold. ok is false where the file, or the
// rule, has nothing to say about it, or the account keeps what it has; why tells what is not accepted.
func (x *attributes) wanted(p *person, rule *attributeRule, creating bool) (values []string, ok bool, why string) {
	if rule.OnCreate != nil {
		return []string{*rule.OnCreate}, creating, ""
	}
	var before []string
	if p.account != nil {
		before = p.account.Values.List(rule.key)
	}
	if rule.Keep && len(before) > 0 {
		return nil, false, ""
	}
	v, given, why := x.made(rule, p.user)
	if !given {
		return nil, false, why
	}
	values = v.List
	if p.account != nil && sameValues(before, values) {
		return values, true, ""
	}
	if x.sourceOf(p).keepsValue(rule.key, values) {
		return nil, false, ""
	}
	if rule.Keep && p.account != nil && p.account.Unread[rule.key] {
		return nil, false, "it looks empty, and may have values that the bound account may not read, which the rule's \"keep\" leaves. Give it the right to read the attribute"
	}
	if why := rule.of.refuses(p, values, v.Binary); why != "" {
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
		before := p.account.Values.List(rule.key)
		if ok && !sameValues(before, values) {
			changes = append(changes, Change{Attribute: rule.name, Before: before, After: values, Binary: rule.of.Binary, Keep: rule.Keep})
		}
	}
	return changes
}

func (m *deciding) attributesAtCreate(changes []Change, p *person) []Change {
	for _, rule := range m.attrs.rules {
		values, ok, why := m.attrs.wanted(p, rule, true)
		if why != "" {
			m.draft.leaveOut(p, rule.name+": "+why)
		}
		if ok && len(values) > 0 {
			changes = append(changes, Change{Attribute: rule.name, After: values, Binary: rule.of.Binary})
		}
	}
	return changes
}

// shownAttribute is a single-valued attribute of people, for display.
type shownAttribute struct {
	*attributes
	name string
	key  string         // in lower case
	rule *attributeRule // nil where none writes it
}

func (x *attributes) shown(name string) shownAttribute {
	return shownAttribute{x, name, strings.ToLower(name), x.ruleOf(name)}
}

// after is what it will hold.
func (s shownAttribute) after(p *person) string {
	if s.rule != nil {
		if values, ok, _ := s.wanted(p, s.rule, p.account == nil); ok {
			return first(values)
		}
	}
	if p.account == nil {
		return ""
	}
	return first(p.account.Values.List(s.key))
}

// ruleOf is the rule for an attribute of the target; nil where there is none.
func (x *attributes) ruleOf(name string) *attributeRule {
	i := slices.IndexFunc(x.rules, func(r *attributeRule) bool { return sameFold(r.name, name) })
	if i < 0 {
		return nil
	}
	return x.rules[i]
}

func (a *Account) value(name string) []string { return a.Values.List(strings.ToLower(name)) }

func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

// sameValues compares as sets, value by value, byte for byte (rule 15).
func sameValues(a, b []string) bool {
	switch {
	case slices.Equal(a, b):
		return true
	case len(a) == 0, len(b) == 0, len(a) == 1 && len(b) == 1:
		return false
	}
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(slices.Compact(a), slices.Compact(b))
}
