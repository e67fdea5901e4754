package export

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

// Inventory tells which attributes carry values among the selected users.
type Inventory struct {
	Domain     string           `json:"domain"`
	Controller string           `json:"controller"`
	Users      int              `json:"users"`
	Attributes []AttributeCount `json:"attributes"` // by what an import may do with them, then by how many have one
	System     []string         `json:"system"`     // kept or constructed by the directory, and hence not listed
	Empty      []string         `json:"empty"`      // named in the configuration, without a value among these users
}

// AttributeCount is one attribute of an Inventory.
type AttributeCount struct {
	Name     string  `json:"name"` // lDAPDisplayName
	Users    int     `json:"users"`
	Percent  float64 `json:"percent"`
	Example  string  `json:"example"` // one value, shortened, what cannot be seen shown
	Import   Carried `json:"import"`
	Reason   string  `json:"reason"` // why never
	Exported bool    `json:"exported"`
}

// Carried says what an import may do with an attribute of a user file.
type Carried string

// As the configuration of the import has to have it.
const (
	CarriedAlways  Carried = "always"  // the account itself: names, expiry, groups
	CarriedDefault Carried = "default" // where the configuration names no attributes
	CarriedByRule  Carried = "rule"    // where "attributes" has a rule for it
	CarriedNever   Carried = "never"
)

// TakeInventory reads every attribute of the users that cfg selects, in one
// search for each query, and keeps none but the examples. progress may be nil.
func TakeInventory(ctx context.Context, dir Directory, cfg *schema.ExportConfig, progress func(users int)) (*Inventory, error) {
	w, err := read(cfg)
	if err != nil {
		return nil, err
	}
	s, err := open(ctx, dir, w)
	if err != nil {
		return nil, err
	}
	c := &counter{run: newRun(s, Options{}), progress: progress, users: map[string]int{}, first: map[string][]byte{}}
	for _, q := range w.queries {
		if err := c.search(ctx, q); err != nil {
			return nil, fmt.Errorf("%s: %w", q.key, err)
		}
	}
	if err := c.run.unjudged.err(); err != nil {
		return nil, err
	}
	if c.total == 0 {
		return nil, c.run.noUsers()
	}
	if err := c.define(ctx); err != nil {
		return nil, err
	}
	return c.inventory(), nil
}

// counter counts the users with a value, by lower-case attribute name.
type counter struct {
	run      *run
	progress func(int)
	total    int
	users    map[string]int
	first    map[string][]byte // a value of each
}

func (c *counter) search(ctx context.Context, q query) error {
	_, err := c.run.source.dir.Search(ctx, ad.Search{
		Base: q.base, Scope: q.scope, Filter: q.users(c.run.source.membership.filter()),
		Attributes: append(c.run.source.attributes(nil, true), "*"),
	}, func(e ad.Entry) error {
		if c.run.again(e) {
			return nil
		}
		v := c.run.source.judge(e)
		if c.run.note(e, v); v.leftOut == "" {
			c.count(e)
		}
		return nil
	})
	c.run.result.Searches = append(c.run.result.Searches, schema.SearchResult{Base: q.base.String()})
	return err
}

func (c *counter) count(e ad.Entry) {
	c.total++
	for _, name := range e.Names() {
		if strings.EqualFold(name, accessList) {
			continue // was asked for
		}
		if c.users[name]++; c.users[name] == 1 {
			c.first[name] = slices.Clone(e.Values(name)[0])
		}
	}
	if c.progress != nil {
		c.progress(c.total)
	}
}

// define looks up what the schema says of everything that was found.
func (c *counter) define(ctx context.Context) error {
	var one []ad.Filter
	for _, name := range slices.Sorted(maps.Keys(c.users)) {
		one = append(one, ad.Equal("lDAPDisplayName", name))
	}
	return c.run.source.searchSchema(ctx, ad.Or(one...), c.run.source.define)
}

func (c *counter) inventory() *Inventory {
	domain := c.run.source.dir.Domain()
	v := &Inventory{Domain: domain.Name, Controller: domain.Controller, Users: c.total, System: []string{}, Empty: []string{}}
	exported := map[string]bool{}
	for _, name := range c.run.source.wanted.attributes {
		exported[strings.ToLower(name)] = true
		if c.users[strings.ToLower(name)] == 0 {
			v.Empty = append(v.Empty, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.users)) {
		d := c.run.source.definitions[name]
		a := AttributeCount{
			Name: cmp.Or(d.Name, name), Users: c.users[name], Percent: percent(c.users[name], c.total),
			Example: example(d, c.first[name]), Exported: exported[name] || schema.IsUserKey(name),
		}
		if ofTheDirectory(d, name) {
			v.System = append(v.System, a.Name)
			continue
		}
		a.Import, a.Reason = carried(d, name)
		v.Attributes = append(v.Attributes, a)
	}
	slices.SortStableFunc(v.Attributes, func(a, b AttributeCount) int {
		return cmp.Or(slices.Index(carriedOrder, a.Import)-slices.Index(carriedOrder, b.Import), b.Users-a.Users)
	})
	return v
}

var carriedOrder = []Carried{CarriedAlways, CarriedDefault, CarriedByRule, CarriedNever}

// percent has one digit behind the point.
func percent(part, whole int) float64 { return float64(part*1000/whole) / 10 }

// ofTheDirectory are attributes that say nothing to a person.
func ofTheDirectory(d definition, name string) bool {
	return !schema.IsUserKey(name) && (d.SystemOnly || d.Constructed || schema.KeptByDirectory(name))
}

// carried judges by the tables of this program and by the domain's schema.
func carried(d definition, name string) (Carried, string) {
	switch why := cmp.Or(schema.BarredAttribute(name), d.Barred(schema.IsReference(name))); {
	case schema.IsUserKey(name):
		return CarriedAlways, ""
	case secretAttributes[name]:
		return CarriedNever, "holds passwords"
	case why != "":
		return CarriedNever, why
	case strings.EqualFold(name, schema.DefaultAnchorAttribute):
		return CarriedNever, "keeps the source anchor in the target, unless anchor_attribute names another"
	case slices.ContainsFunc(schema.SafeAttributes(), func(safe string) bool { return strings.EqualFold(safe, name) }):
		return CarriedDefault, ""
	}
	return CarriedByRule, ""
}

// longestExample in characters.
const longestExample = 40

// example never shows secrets, nor bytes that are no text.
func example(d definition, value []byte) string {
	text := string(value)
	switch {
	case d.Confidential || secretAttributes[strings.ToLower(d.Name)] || schema.MayHoldSecrets(d.Name):
		return "(not shown)"
	case d.Binary() || !utf8.ValidString(text):
		return fmt.Sprintf("(%d bytes)", len(value))
	}
	if runes := []rune(text); len(runes) > longestExample {
		text = string(runes[:longestExample]) + "..."
	}
	return schema.Visible(text)
}
