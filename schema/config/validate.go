package config

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"ad-user-sync/schema"
	"ad-user-sync/schema/format"
)

// validate fits the tree to the schema and finds what is wrong with it.
func validate(name string, root *format.Node) *validation {
	s := compiled(name)
	fit(root, s)
	v := &validation{root: root, schema: s}
	if invalid, ok := errors.AsType[*jsonschema.ValidationError](s.Validate(root.Any())); ok {
		v.collect(invalid)
	}
	return v
}

type validation struct {
	root   *format.Node
	schema *jsonschema.Schema
	faults []schema.Fault
	bad    []*format.Node // whose value is of no use
}

func (v *validation) add(line int, format string, values ...any) {
	v.faults = append(v.faults, schema.Fault{Line: line, Text: fmt.Sprintf(format, values...)})
}

func (v *validation) collect(e *jsonschema.ValidationError) {
	n, s := v.at(e.InstanceLocation)
	within := func(key string) []string { return append(slices.Clone(e.InstanceLocation), key) }
	switch k := e.ErrorKind.(type) {
	case *kind.AdditionalProperties:
		for _, name := range k.Properties {
			v.add(n.Member(name).Line, "%s", unknownKey(within(name), s))
		}
	case *kind.Required:
		for _, name := range k.Missing {
			v.add(n.Line, "the key %s is missing: %s", keyPath(within(name)), property(s, name).Description)
		}
	default:
		if len(e.Causes) > 0 {
			for _, cause := range e.Causes {
				v.collect(cause)
			}
			return
		}
		v.add(n.Line, "%s %s", keyPath(e.InstanceLocation), mismatch(e))
		v.bad = append(v.bad, n)
	}
}

// at follows a location in the tree and in the schema.
func (v *validation) at(location []string) (*format.Node, *jsonschema.Schema) {
	n, s := v.root, v.schema
	for _, step := range location {
		if n.Kind == format.ListNode {
			i, _ := strconv.Atoi(step)
			n, s = n.Items[i], items(s)
			continue
		}
		m := n.Member(step)
		n, s = m.Value, property(s, step)
	}
	return n, s
}

// mayHoldControls are keys whose values are neither names nor paths.
var mayHoldControls = map[string]bool{"exclude": true, "filter": true, "hmac": true, "password_suffix": true}

// controls finds invisible characters in names and paths: the tab in
// "CORP\tina", the line break in "C:\new.json".
func (d *draft) controls(location []string, n *format.Node) {
	switch n.Kind {
	case format.TextNode:
		d.control(location, n.Line, n.Text)
	case format.ListNode:
		for i, item := range n.Items {
			d.controls(within(location, strconv.Itoa(i)), item)
		}
	case format.ObjectNode:
		for _, m := range n.Members {
			if !mayHoldControls[m.Name] {
				d.control(within(location, m.Name), m.Line, m.Name)
				d.controls(within(location, m.Name), m.Value)
			}
		}
	}
}

func within(location []string, step string) []string {
	return append(location[:len(location):len(location)], step)
}

func (d *draft) control(location []string, line int, text string) {
	at := strings.IndexFunc(text, func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' })
	if at < 0 {
		return
	}
	d.faults = append(d.faults, schema.Fault{Line: line, Text: fmt.Sprintf("%s holds %s, which is not seen: %s", keyPath(location), controlName(text[at:]), format.WayOutOfEscapes)})
}

func controlName(text string) string {
	switch r, _ := utf8.DecodeRuneInString(text); r {
	case '\t':
		return "a tab"
	case '\n', '\r', '\u2028', '\u2029', '\u0085':
		return "a line break"
	default:
		return fmt.Sprintf("the control character U+%04X", r)
	}
}
