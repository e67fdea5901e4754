package config

import (
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"

	"ad-user-sync/schema"
	"ad-user-sync/schema/format"
)

// DefaultAccountNamePattern is what account names match, unless the configuration says
// otherwise.
const DefaultAccountNamePattern = `^[A-Za-z0-9][A-Za-z0-9._-]{0,19}$`

// LoadImport reads the configuration of the target side. Warnings are
// sentences for a person. What is wrong in the file is a *Error.
func LoadImport(path string) (*schema.ImportConfig, []string, error) {
	return load(path, "import_config", defaultImportConfig(), (*draft).imported)
}

// DecodeImport is LoadImport for text; relative paths start at
// folder.
func DecodeImport(body []byte, folder string) (*schema.ImportConfig, []string, error) {
	return decode(body, folder, "import_config", "import_config", defaultImportConfig(), (*draft).imported)
}

func defaultImportConfig() *schema.ImportConfig {
	return &schema.ImportConfig{
		ExpirationTime:     &schema.Period{Months: 1, Days: 1},
		TimeZone:           "UTC",
		ExpirationRefresh:  schema.Period{Days: 1},
		SourceExpiry:       "cap",
		ResolutionsFile:    "resolutions.json",
		AnchorAttribute:    schema.DefaultAnchorAttribute,
		AccountNamePattern: DefaultAccountNamePattern,
		ReportDays:         15,
		Session:            schema.Session{HeartbeatInterval: 2, TerminateOnBrowserClose: true, PasswordWordCount: 3},
		Log:                defaultLog(),
	}
}

func (d *draft) imported(c *schema.ImportConfig) {
	d.groups(c)
	d.expiry(c)
	d.anchor(c)
	d.expect(c.Expect)
	d.match(c)
	d.observe(c.Observe)
	d.rules(c)
	d.names(c)
	c.Limits = d.limits(c.Limits)
	d.keys(c.HMAC)
	if c.UsersCanNotChangePassword && c.UsersMustChangePassword {
		d.fault(at("users_must_change_password"), `"users_can_not_change_password" and "users_must_change_password" exclude each other`)
	}
	if c.UPN.FromFile && c.UPN.Suffix != "" {
		d.fault(at("upn", "from_file"), `"upn" takes either "suffix" or "from_file", not both`)
	}
	if _, err := regexp.Compile(c.AccountNamePattern); err != nil {
		d.fault(at("account_name_pattern"), `"account_name_pattern" is not a regular expression: %s`, schema.Visible(err.Error()))
	}
	d.directory("directory", c.Directory)
	d.directory("approval_directory", c.ApprovalDirectory)
	d.notify(c.Notify)
	d.onFinish(c.OnFinish)
	d.absolute(&c.InputFile, &c.ResolutionsFile, &c.ReportDir, &c.HMACFile, &c.LogFile)
	if c.WordFile() != "" {
		d.absolute(&c.PasswordWordlist)
	}
	if c.LetterFile() != "" {
		d.absolute(&c.LetterTemplate)
	}
}

// expect wants both domains to be named while one takes the place of the other.
func (d *draft) expect(e schema.Expect) {
	if e.MigratedFrom != "" && (e.Domain == "" || strings.EqualFold(e.Domain, e.MigratedFrom)) {
		d.fault(at("expect", "migrated_from"), `"expect.migrated_from" is the domain of before: it needs "expect.domain", the new one, and is another`)
	}
}

// groups checks the group map, and that each restricted group is a target of
// it: otherwise a misspelt name would let everybody in.
func (d *draft) groups(c *schema.ImportConfig) {
	if len(c.GroupMap) > 0 && !d.given["group_path"] {
		d.fault(at("group_map"), `"group_map" needs "group_path", to which the target groups are relative`)
	}
	if len(c.RestrictedGroups) > 0 && !d.given["group_path"] {
		d.fault(at("restricted_groups"), `"restricted_groups" needs "group_path", to which the groups are relative`)
	}
	plain := func(group string) string { return strings.TrimPrefix(strings.ToLower(group), "cn=") }
	for _, restricted := range c.RestrictedGroups {
		mapped := false
		for _, targets := range c.GroupMap {
			mapped = mapped || slices.ContainsFunc(targets, func(t string) bool { return plain(t) == plain(restricted) })
		}
		if !mapped {
			d.warn(`"restricted_groups" lists %s, which no entry of "group_map" leads to; is it misspelt?`, schema.Quoted(restricted))
		}
	}
}

func (d *draft) expiry(c *schema.ImportConfig) {
	if c.ExpirationTime != nil && c.ExpirationTime.IsZero() {
		d.fault(at("expiration_time"), `"expiration_time" must be longer than nothing; null leaves accountExpires alone`)
	}
	if c.MaxAge != nil && c.MaxAge.IsZero() {
		d.fault(at("max_age"), `"max_age" must be longer than nothing; null accepts a file of any age`)
	}
	if _, err := time.LoadLocation(string(c.TimeZone)); err != nil || c.TimeZone == "Local" {
		d.fault(at("time_zone"), `"time_zone" %s is no name of the IANA time zone database, such as Europe/Berlin`, schema.Quoted(string(c.TimeZone)))
	}
	if c.ExpectEvery != nil && c.ExpectEvery.IsZero() {
		d.fault(at("expect_every"), `"expect_every" must be longer than nothing; null expects no file`)
	}
	if d.root.Member("max_age") == nil && c.ExpirationTime != nil {
		same := *c.ExpirationTime
		c.MaxAge = &same
	}
	some := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	if c.MaxAge != nil && c.ExpectEvery != nil && c.MaxAge.After(some).Before(c.ExpectEvery.After(some)) {
		d.warn(`"max_age" %s is shorter than "expect_every" %s: a file is refused before the next one has to come`, c.MaxAge, c.ExpectEvery)
	}
	d.refresh(c, some)
}

// refresh looks whether accounts are extended before they end: by the first file whose
// lease is longer than the written one by more than expiration_refresh.
func (d *draft) refresh(c *schema.ImportConfig, from time.Time) {
	if c.ExpirationTime == nil || c.ExpirationTime.IsZero() {
		return
	}
	lease, refresh := schema.ShortestLease(*c.ExpirationTime, from).Sub(from), c.ExpirationRefresh.After(from).Sub(from)
	switch {
	case !c.ExpirationRefresh.After(from).Before(c.ExpirationTime.After(from)):
		d.fault(at("expiration_refresh"), `"expiration_refresh" must be shorter than "expiration_time", or accounts expire before they are extended`)
	case refresh >= lease:
		d.fault(at("expiration_refresh"), `"expiration_refresh" must be shorter than "expiration_time" with what is taken off so that not all end at once (four days, or a tenth), or accounts expire before they are extended`)
	case c.ExpectEvery != nil && !c.ExpectEvery.IsZero():
		every := c.ExpectEvery.After(from).Sub(from)
		if files := refresh/every + 1; files > 1 && files*every >= lease {
			d.fault(at("expiration_refresh"), `"expiration_refresh" must be shorter: with a file each "expect_every" it takes %d files until an account is extended, and it expires before the last of them comes`, files)
		}
	}
}

func (d *draft) anchor(c *schema.ImportConfig) {
	if m := d.root.Member("anchor_attribute"); m != nil && m.Value.Kind == format.NullNode {
		c.AnchorAttribute = ""
		return
	}
	if why := schema.UnfitAnchor(c.AnchorAttribute); why != "" {
		d.fault(at("anchor_attribute"), `"anchor_attribute" %s %s; use adminDescription or an extensionAttribute`, schema.Quoted(c.AnchorAttribute), why)
	}
}

// rules checks the attribute rules, and makes those that one stands for, or makes one for every safe attribute.
func (d *draft) rules(c *schema.ImportConfig) {
	if !d.given["attributes"] {
		c.Attributes = map[string]schema.AttributeRule{}
		for _, name := range schema.SafeAttributes() {
			c.Attributes[name] = schema.AttributeRule{}
		}
		return
	}
	seen := map[string]string{}
	table := d.root.Get("attributes")
	if table == nil {
		return
	}
	for _, m := range table.Members {
		rule, lower := c.Attributes[m.Name], strings.ToLower(m.Name)
		path := at("attributes", m.Name)
		if other, twice := seen[lower]; twice {
			d.fault(path, `"attributes" has %s and %s, which differ in case only`, schema.Quoted(other), schema.Quoted(m.Name))
		}
		seen[lower] = m.Name
		if why := schema.BarredAttribute(m.Name); why != "" {
			d.fault(path, "the attribute %s %s; no rule may write it", schema.Quoted(m.Name), why)
		}
		if strings.EqualFold(m.Name, c.AnchorAttribute) {
			d.fault(path, "the attribute %s keeps the source anchor; no rule may write it", schema.Quoted(m.Name))
		}
		d.rule(path, m.Name, rule)
	}
	d.country(c.Attributes)
}

// limits puts the parts that were given over the defaults.
func (d *draft) limits(given map[string]schema.Limit) map[string]schema.Limit {
	all := defaultLimits()
	table := d.root.Get("limits")
	for kind, limit := range all {
		parts, wanted := table.Get(kind), given[kind]
		if parts.Member("count") != nil {
			limit.Count = wanted.Count
		}
		if parts.Member("percent") != nil {
			limit.Percent = wanted.Percent
		}
		if parts.Member("max") != nil {
			limit.Max = wanted.Max
		}
		all[kind] = limit
	}
	return all
}

// defaultLimits are those of the JSON Schema.
func defaultLimits() map[string]schema.Limit {
	all := map[string]schema.Limit{}
	for kind, s := range compiled("import_config").Properties["limits"].Properties {
		var limit schema.Limit
		text, err := json.Marshal(*s.Default)
		if err := errors.Join(err, json.Unmarshal(text, &limit)); err != nil { // embedded and tested
			panic(err)
		}
		all[kind] = limit
	}
	return all
}
