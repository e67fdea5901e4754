package config

import (
	"regexp"
	"strings"
	"time"

	"ad-user-sync/internal/template"
	"ad-user-sync/schema"
)

// controllers is the container of the domain controllers (MS-ADTS 6.1.1.4.1).
var controllers = regexp.MustCompile(`(?i)(^|,)\s*OU\s*=\s*Domain Controllers\s*,\s*DC\s*=`)

// match checks what needs no directory. How far away its end is only a run can say.
func (d *draft) match(c *schema.ImportConfig) {
	if c.Match == nil {
		return
	}
	if c.AnchorAttribute == "" {
		d.fault(at("match"), `"match" needs an "anchor_attribute": whose an account is has to be kept in it`)
	}
	if _, err := time.Parse(time.DateOnly, c.Match.Until); err != nil && c.Match.Until != "" {
		d.fault(at("match", "until"), `"match.until" %s is not a day such as 2026-12-31`, schema.Quoted(c.Match.Until))
	}
	for _, key := range c.Match.Keys {
		for _, from := range sourcesOf(c, key) {
			if schema.SelfWritable(from) {
				d.fault(at("match", "keys"), `"match.keys" has %s, which "attributes" takes from %s: users may write that themselves, who could choose whose account is offered as theirs; take it from another attribute, or leave the key out`,
					schema.Quoted(key), schema.Quoted(from))
			}
		}
	}
	for _, dn := range c.Match.Within {
		if controllers.MatchString(dn) {
			d.fault(at("match", "within"), `"match.within" has %s; accounts of domain controllers are no one's to take over`, schema.Quoted(dn))
		}
	}
}

// sourcesOf are the attributes of the user file that an attribute of the target is made of.
func sourcesOf(c *schema.ImportConfig, attribute string) (names []string) {
	for name, rule := range c.Attributes {
		if !strings.EqualFold(name, attribute) {
			continue
		}
		if t, err := template.Parse(rule.Template, false); err == nil {
			return t.Fields()
		}
		names = append(names, rule.From)
	}
	return names
}
