package config

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"ad-user-sync/schema"
	"ad-user-sync/schema/format"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
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
