package plan

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"ad-user-sync/internal/template"
	"ad-user-sync/schema"
)

// attributeRule is one entry of the configuration's attributes, resolved.
type attributeRule struct {
	name    string // of the target
	key     string // the same in lower case
	from    source
	of      Attribute // of the target's schema
	mapped  map[string]string
	words   *template.Template   // nil: from says it
	country func(country) string // which part of a country it is; nil: of none
	written bool                 // by what users may write themselves in the source, so that it proves nothing
	schema.AttributeRule
}

// referenceRule is one whose values are other people of the file.
type referenceRule struct {
	*attributeRule
	schema.Reference
}

// sources are the attributes of the file that it takes values from.
func (r *attributeRule) sources() []string {
	switch {
	case r.Value != nil, r.OnCreate != nil:
		return nil
	case r.words != nil:
		return r.words.Fields()
	}
	return []string{cmp.Or(r.From, r.name)}
}

// made is what the rule makes of a user's values. ok is false where the file says
// nothing; why tells what there is no value for (rule 35).
func (x *attributes) made(r *attributeRule, u *schema.User) (v schema.Value, ok bool, why string) {
	if r.Value != nil {
		return schema.Value{List: []string{*r.Value}}, true, ""
	}
	if r.words != nil {
		return x.byTemplate(r, u)
	}
	if v, ok = r.from.of(u); !ok {
		return v, false, ""
	}
	if r.mapped != nil && !v.Binary {
		v.List, why = each(v.List, r.byMap)
	}
	if r.country != nil && why == "" {
		v.List, why = each(v.List, r.ofCountry)
	}
	v.List, ok = r.values(v.List), why == ""
	if r.country != nil && r.key != "c" {
		why = "" // said of c
	}
	return v, ok, why
}

// byTemplate changes nothing where a part is empty.
func (x *attributes) byTemplate(r *attributeRule, u *schema.User) (v schema.Value, ok bool, why string) {
	text, empty := x.expand(r.words, u, 1, 0)
	if empty != "" {
		return v, false, "the part " + empty + " of its template has nothing for this person"
	}
	return schema.Value{List: r.values([]string{text})}, true, ""
}

// each converts values, and stops at the first that has no counterpart.
func each(list []string, convert func(string) (string, string)) (converted []string, why string) {
	for _, text := range list {
		to := ""
		if text != "" {
			if to, why = convert(text); why != "" {
				return nil, why
			}
		}
		converted = append(converted, to)
	}
	return converted, ""
}

func (r *attributeRule) byMap(text string) (to, why string) {
	to, known := r.mapped[folded(text)]
	if !known {
		return "", fmt.Sprintf(`the rule's "map" has no entry for %s`, schema.Quoted(text))
	}
	return to, ""
}

func (r *attributeRule) ofCountry(text string) (to, why string) {
	c, known := countryOf(text)
	if !known {
		return "", fmt.Sprintf(`%s is no country of ISO 3166. Give its code by the rule's "map"`, schema.Quoted(text))
	}
	return r.country(c), ""
}

// values are those of the file as a directory holds them: none empty or twice, and
// the prefix once.
func (r *attributeRule) values(list []string) (values []string) {
	if len(list) == 1 && list[0] != "" && r.Prefix == "" {
		return list
	}
	seen := make(map[string]bool, len(list))
	for _, text := range list {
		if text == "" {
			continue
		}
		if !strings.HasPrefix(text, r.Prefix) {
			text = r.Prefix + text
		}
		if !seen[text] {
			seen[text] = true
			values = append(values, text)
		}
	}
	return values
}

// foldedKeys are those of a rule's map, which compares as names do.
func foldedKeys(m map[string]string) map[string]string {
	if m == nil {
		return nil
	}
	list := make(map[string]string, len(m))
	for _, from := range slices.Sorted(maps.Keys(m)) { // the configuration has none twice
		list[folded(from)] = m[from]
	}
	return list
}
