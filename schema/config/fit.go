package config

import (
	"maps"
	"slices"

	"ad-user-sync/schema/format"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// fit makes a tree what its author meant: null where the schema knows no null
// counts as not given, a YAML scalar without quotes is text where only text is
// wanted (0123, 2026-11-22, on), and one text is a list where both are allowed.
func fit(n *format.Node, s *jsonschema.Schema) {
	switch n.Kind {
	case format.ObjectNode:
		kept := n.Members[:0]
		for _, m := range n.Members {
			value := property(s, m.Name)
			fit(m.Value, value)
			if m.Value.Kind != format.NullNode || value == nil || allows(value, "null") {
				kept = append(kept, m)
			}
		}
		n.Members = kept
	case format.ListNode:
		for _, item := range n.Items {
			fit(item, items(s))
		}
	case format.BoolNode, format.NumberNode:
		if n.Plain != "" && wantsText(s) {
			n.Kind, n.Text = format.TextNode, n.Plain
		}
	}
	if n.Kind == format.TextNode && s != nil && allows(s, "array") && allows(s, "string") {
		text := *n
		*n = format.Node{Kind: format.ListNode, Line: n.Line, Items: []*format.Node{&text}}
	}
}

func wantsText(s *jsonschema.Schema) bool {
	return s != nil && allows(s, "string") && !allows(s, "number") && !allows(s, "integer") && !allows(s, "boolean")
}

// allows reports whether a value of this type may stand here.
func allows(s *jsonschema.Schema, typ string) bool {
	if s.Ref != nil && !allows(s.Ref, typ) {
		return false
	}
	return s.Types == nil || slices.Contains(s.Types.ToStrings(), typ)
}

// types are the names of those that may stand here, none where any may.
func types(s *jsonschema.Schema) []string {
	switch {
	case s == nil:
		return nil
	case s.Types != nil:
		return s.Types.ToStrings()
	}
	return types(s.Ref)
}

// property is the schema of a member, nil where there is none.
func property(s *jsonschema.Schema, name string) *jsonschema.Schema {
	if s == nil {
		return nil
	}
	if p := s.Properties[name]; p != nil {
		return p
	}
	for pattern, p := range s.PatternProperties { // there is one at most
		if pattern.MatchString(name) {
			return p
		}
	}
	return property(s.Ref, name)
}

// items is the schema of the values of a list, nil where there is none.
func items(s *jsonschema.Schema) *jsonschema.Schema {
	switch {
	case s == nil:
		return nil
	case s.Items2020 != nil:
		return s.Items2020
	}
	return items(s.Ref)
}

// propertyNames are the keys that may stand here, sorted.
func propertyNames(s *jsonschema.Schema) []string {
	switch {
	case s == nil:
		return nil
	case len(s.Properties) > 0:
		return slices.Sorted(maps.Keys(s.Properties))
	}
	return propertyNames(s.Ref)
}
