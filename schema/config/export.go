package config

import (
	"cmp"
	"strings"

	"ad-user-sync/schema"
)

// LoadExport reads the configuration of the source side. Warnings are
// sentences for a person. What is wrong in the file is a *Error.
func LoadExport(path string) (*schema.ExportConfig, []string, error) {
	return load(path, "export_config", defaultExportConfig(), (*draft).export)
}

// DecodeExport is LoadExport for text; relative paths start at
// folder.
func DecodeExport(body []byte, folder string) (*schema.ExportConfig, []string, error) {
	return decode(body, folder, "export_config", "export_config", defaultExportConfig(), (*draft).export)
}

func defaultExportConfig() *schema.ExportConfig {
	return &schema.ExportConfig{SourceAnchor: true, Log: defaultLog()}
}

func (d *draft) export(c *schema.ExportConfig) {
	switch {
	case d.given["user_path"] && len(c.Queries) > 0:
		d.fault(at("queries"), `give either "user_path" or "queries", not both`)
	case !d.given["user_path"] && len(c.Queries) == 0:
		d.fault(nil, `the key "user_path" is missing: it names where the users are ("queries" names several places)`)
	}
	if len(c.SearchGroups) > 0 && !d.given["group_path"] {
		d.fault(at("search_groups"), `"search_groups" needs "group_path", to which the groups are relative`)
	}
	for i := range c.Queries {
		c.Queries[i].Scope = cmp.Or(c.Queries[i].Scope, "subtree")
	}
	d.keys(c.Keys())
	c.Attributes = d.exported(c.Attributes)
	d.directory("directory", c.Directory)
	d.absolute(&c.ExportFile, &c.HMACFile, &c.LogFile)
}

// exported leaves out names that are exported anyhow or listed twice.
func (d *draft) exported(names []string) []string {
	var kept []string
	seen := map[string]bool{}
	for _, name := range names {
		lower := strings.ToLower(name)
		switch {
		case schema.IsUserKey(name):
			d.warn(`"attributes" lists %s, which is exported in any case`, schema.Quoted(name))
		case seen[lower]:
			d.warn(`"attributes" lists %s twice`, schema.Quoted(name))
		default:
			kept = append(kept, name)
		}
		seen[lower] = true
	}
	return kept
}
