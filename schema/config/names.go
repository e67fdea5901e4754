package config

import (
	"ad-user-sync/internal/template"
	"ad-user-sync/schema"
)

// template checks one that the configuration has; nil where it cannot be used.
func (d *draft) template(path []string, text string, numbers bool) *template.Template {
	t, err := template.Parse(text, numbers)
	if err != nil {
		d.fault(path, `the template %s: %s`, schema.Quoted(text), schema.Visible(err.Error()))
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
			d.fault(path, `a template of names needs an "anchor_attribute", by which people are known whatever they are called`)
		}
		t := d.template(path, text, true)
		if t == nil || n.SelfWritten {
			continue
		}
		for _, field := range t.Fields() {
			if schema.SelfWritable(field) {
				d.fault(path, `the template takes %s, which users may write themselves, who could choose their own account name so; take another attribute, or set "self_written" in "names"`, schema.Quoted(field))
			}
		}
	}
	if n.UPN != "" && c.UPN.FromFile {
		d.fault(at("names", "upn"), `the user principal name comes either from a template or, by "from_file" in "upn", from the user file`)
	}
}
