package config

import (
	"slices"
	"strings"

	"ad-user-sync/schema"
)

// rule checks that the parts of one attribute rule go together.
func (d *draft) rule(path []string, name string, rule schema.AttributeRule) {
	ref, isReference := schema.ReferenceOf(name)
	if rule.Template != "" {
		d.template(append(slices.Clone(path), "template"), rule.Template, false)
	}
	changes := rule.Template != "" || rule.Prefix != "" || rule.Map != nil || rule.Country
	switch constant := rule.OnCreate != nil || rule.Value != nil; {
	case isReference && (constant || changes):
		d.fault(path, `the rule of %q can have "from" and "keep" only: %[2]s %[3]s is a user of the user file, not text; "keep" leaves %[2]s %[3]s who was set here`, ref.Attribute, ref.Article, ref.Noun)
	case rule.OnCreate != nil && (rule.From != "" || changes || rule.Keep || rule.Value != nil):
		d.fault(path, `the rule of %s has "on_create", which is a constant; no other key goes with it`, schema.Quoted(name))
	case rule.Value != nil && (rule.From != "" || changes):
		d.fault(path, `the rule of %s has "value", which is a constant; only "keep" goes with it`, schema.Quoted(name))
	case rule.Template != "" && (rule.From != "" || rule.Map != nil || rule.Country):
		d.fault(path, `the rule of %s has "template", which names its attributes itself; "from", "map" and "country" do not go with it`, schema.Quoted(name))
	case rule.Country && rule.Prefix != "":
		d.fault(path, `the rule of %s has "country" and "prefix": what the codes of a country are is not for a rule to say`, schema.Quoted(name))
	case rule.Country && !strings.EqualFold(name, schema.CountryAttributes[0]):
		d.fault(path, `the rule of %s has "country", which only the one of "c" may have: it writes c, co and countryCode`, schema.Quoted(name))
	}
	seen := map[string]string{}
	for from := range rule.Map {
		lower := strings.ToLower(strings.ToUpper(from)) // ς and σ are one, too
		if other, twice := seen[lower]; twice {
			d.fault(path, `the rule of %s maps %s and %s, which differ in case only`, schema.Quoted(name), schema.Quoted(min(from, other)), schema.Quoted(max(from, other)))
		}
		seen[lower] = from
	}
}

// country makes one rule with "country" three.
func (d *draft) country(rules map[string]schema.AttributeRule) {
	for name, rule := range rules {
		if !rule.Country || !strings.EqualFold(name, schema.CountryAttributes[0]) {
			continue
		}
		for other := range rules {
			if other != name && isCountry(other) {
				d.fault(at("attributes", other), `"attributes" has a rule of %s beside the one of "c" with "country", which writes c, co and countryCode`, schema.Quoted(other))
			}
		}
		if rule.From == "" {
			rule.From = name
		}
		for _, part := range schema.CountryAttributes[1:] {
			rules[part] = rule
		}
		return
	}
}

func isCountry(name string) bool {
	for _, part := range schema.CountryAttributes {
		if strings.EqualFold(part, name) {
			return true
		}
	}
	return false
}
