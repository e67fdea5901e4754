package config

import (
	"strings"

	"ad-user-sync/internal/template"
	"ad-user-sync/schema"
)

// template checks one that the configuration has; nil where it cannot be used.
func (d *draft) template(path []string, text string, numbers bool) *template.Template {
	t, err := template.Parse(text, numbers)
	if err != nil {
		d.fault(path, `%s is the template %s: %s`, schema.Quoted(strings.Join(path, ".")), schema.Quoted(text), schema.Visible(err.Error()))
		return nil
	}
	return t
}

// names checks the templates of names. What users write themselves decides none,
// since they could choose whom they are taken for.
func (d *draft) names(c *schema.ImportConfig) {
	n := c.Names
	if n.CommonName != "" {
		d.template(at("names", "common_name"), n.CommonName, false)
	}
	for key, text := range map[string]string{"account_name": n.AccountName, "upn": n.UPN} {
		if text == "" {
			continue
		}
		path := at("names", key)
		if c.AnchorAttribute == "" {
			d.fault(path, `"names.%s" needs an "anchor_attribute", by which people are known whatever they are called`, key)
		}
		t := d.template(path, text, true)
		if t == nil || n.SelfWritten {
			continue
		}
		for _, field := range t.Fields() {
			if schema.SelfWritable(field) {
				d.fault(path, `"names.%s" takes %s, which users may write themselves, who could choose their own account name so; take another attribute, or set "self_written" in "names"`, key, schema.Quoted(field))
			}
		}
	}
	if n.UPN != "" && c.UPN.FromFile {
		d.fault(at("names", "upn"), `"names.upn" is a template, and "upn.from_file" takes the user principal name from the user file: take one of the two`)
	}
}
