package schema

import (
	"bytes"
	"cmp"
	"embed"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/agext/levenshtein"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

//go:embed *.schema.json
var schemaFiles embed.FS

const schemaSuffix = ".schema.json"

// SchemaNames lists the documents that have a JSON Schema, sorted.
func SchemaNames() []string {
	files, _ := schemaFiles.ReadDir(".") // embedded
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = strings.TrimSuffix(f.Name(), schemaSuffix)
	}
	return names
}

// Schema is the JSON Schema (2020-12) of a document.
func Schema(name string) ([]byte, error) {
	if !slices.Contains(SchemaNames(), name) {
		return nil, fmt.Errorf("there is no schema %s; there are %s", quoted(name), strings.Join(SchemaNames(), ", "))
	}
	return schemaFiles.ReadFile(name + schemaSuffix)
}

// compiled gives the compiled schema of a document that exists.
var compiled = func() func(string) *jsonschema.Schema {
	var mutex sync.Mutex
	known := map[string]*jsonschema.Schema{}
	return func(name string) *jsonschema.Schema {
		mutex.Lock()
		defer mutex.Unlock()
		if known[name] == nil {
			known[name] = compile(name)
		}
		return known[name]
	}
}()

func compile(name string) *jsonschema.Schema {
	text, err := Schema(name)
	if err != nil {
		panic(err) // names are constants
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		panic(err) // embedded and tested
	}
	c := jsonschema.NewCompiler()
	c.RegisterFormat(&jsonschema.Format{Name: "duration", Validate: checkDuration})
	c.AssertFormat()
	if err := c.AddResource(name, document); err != nil {
		panic(err)
	}
	return c.MustCompile(name)
}

func checkDuration(v any) error {
	text, ok := v.(string)
	if !ok {
		return nil
	}
	_, err := ParsePeriod(text)
	return err
}

// validate fits the tree to the schema and finds what is wrong with it.
func validate(name string, root *node) *validation {
	s := compiled(name)
	root.fit(s)
	v := &validation{root: root, schema: s}
	var invalid *jsonschema.ValidationError
	if errors.As(s.Validate(root.any()), &invalid) {
		v.collect(invalid)
	}
	return v
}

type validation struct {
	root   *node
	schema *jsonschema.Schema
	faults []Fault
	bad    []*node // whose value is of no use
}

func (v *validation) add(line int, format string, values ...any) {
	v.faults = append(v.faults, Fault{line, fmt.Sprintf(format, values...)})
}

func (v *validation) collect(e *jsonschema.ValidationError) {
	n, s := v.at(e.InstanceLocation)
	within := func(key string) []string { return append(slices.Clone(e.InstanceLocation), key) }
	switch k := e.ErrorKind.(type) {
	case *kind.AdditionalProperties:
		for _, name := range k.Properties {
			v.add(n.member(name).line, "%s", unknownKey(within(name), s))
		}
	case *kind.Required:
		for _, name := range k.Missing {
			v.add(n.line, "the key %s is missing: %s", keyPath(within(name)), property(s, name).Description)
		}
	default:
		if len(e.Causes) > 0 {
			for _, cause := range e.Causes {
				v.collect(cause)
			}
			return
		}
		v.add(n.line, "%s %s", keyPath(e.InstanceLocation), mismatch(e))
		v.bad = append(v.bad, n)
	}
}

// at follows a location in the tree and in the schema.
func (v *validation) at(location []string) (*node, *jsonschema.Schema) {
	n, s := v.root, v.schema
	for _, step := range location {
		if n.kind == listNode {
			i, _ := strconv.Atoi(step)
			n, s = n.items[i], items(s)
			continue
		}
		m := n.member(step)
		n, s = m.value, property(s, step)
	}
	return n, s
}

// mismatch never shows the value: it may be a secret.
func mismatch(e *jsonschema.ValidationError) string {
	switch k := e.ErrorKind.(type) {
	case *kind.Type:
		return fmt.Sprintf("must be %s, not %s", typeNames(k.Want), typeName(k.Got))
	case *kind.Enum:
		return "must be " + enumNames(k.Want) + enumHint(e.InstanceLocation, k.Got)
	case *kind.Pattern:
		return "is malformed" + patternHint(e.InstanceLocation)
	case *kind.Format:
		return "is wrong: " + k.Err.Error()
	case *kind.MinLength:
		return "must not be empty"
	case *kind.MaxLength:
		return fmt.Sprintf("must not be longer than %d characters", k.Want)
	case *kind.Minimum:
		return "must be at least " + k.Want.RatString()
	case *kind.Maximum:
		return "must be at most " + k.Want.RatString()
	}
	return "is not allowed: " + e.ErrorKind.LocalizedString(message.NewPrinter(language.English))
}

func enumHint(location []string, got any) string {
	if len(location) > 0 && location[len(location)-1] == "auth" && got == "ntlm" {
		return "; NTLM is not supported because it can neither be sealed nor bound to the TLS channel: use kerberos, or simple over ldaps"
	}
	return ""
}

func patternHint(location []string) string {
	switch key := location[len(location)-1]; {
	case strings.HasSuffix(key, "_path"), key == "base":
		return ": it must be a distinguished name such as OU=Staff,DC=corp,DC=example"
	case len(location) > 1 && location[len(location)-2] == "servers":
		return ": it must be a URL such as ldaps://dc1.corp.example:636"
	case key == "suffix", len(location) > 1 && location[len(location)-2] == "mail_domains":
		return ": it must be a domain such as corp.example, without @"
	}
	return ": it must be the name of an attribute as the directory's schema has it"
}

// unknownKey says which key may have been meant.
func unknownKey(location []string, s *jsonschema.Schema) string {
	name := location[len(location)-1]
	switch {
	case name == "":
		return "the key " + keyPath(location) + " is empty"
	case s != nil && len(s.PatternProperties) > 0:
		return keyPath(location) + " is not the name of an attribute as the directory's schema has it"
	}
	text := fmt.Sprintf("the key %s is not known", keyPath(location))
	if near := nearest(name, propertyNames(s)); near != "" {
		text += fmt.Sprintf("; did you mean %q?", near)
	}
	return text
}

// nearest gives the name that may have been meant, or "" where none is similar.
func nearest(name string, names []string) string {
	const longest = 64
	if len(name) > longest {
		return ""
	}
	plain := func(s string) string { return strings.ReplaceAll(strings.ToLower(s), "-", "_") }
	best, distance := "", 1+max(2, len(name)/3)
	for _, candidate := range names {
		if strings.HasPrefix(plain(candidate), plain(name)+"_") {
			return candidate
		}
		if d := levenshtein.Distance(plain(name), plain(candidate), nil); d < distance {
			best, distance = candidate, d
		}
	}
	return best
}

// keyPath is a location as people write it: "directory.servers[2]".
func keyPath(location []string) string {
	if len(location) == 0 {
		return "the document"
	}
	var b strings.Builder
	for i, step := range location {
		if _, err := strconv.Atoi(step); err == nil && i > 0 {
			n, _ := strconv.Atoi(step)
			fmt.Fprintf(&b, "[%d]", n+1)
			continue
		}
		if i > 0 {
			b.WriteByte('.')
		}
		b.WriteString(step)
	}
	return quoted(b.String())
}

func typeName(t string) string {
	names := map[string]string{
		"string": "text", "number": "a number", "integer": "a whole number", "boolean": "true or false",
		"array": "a list", "object": "an object", "null": "null",
	}
	return cmp.Or(names[t], path.Base(t))
}

func typeNames(types []string) string {
	var names []string
	for _, t := range types {
		if t != "null" || len(types) == 1 {
			names = append(names, typeName(t))
		}
	}
	return strings.Join(names, " or ")
}

func enumNames(values []any) string {
	var names []string
	for _, value := range values {
		if value != nil {
			names = append(names, fmt.Sprintf("%q", value))
		}
	}
	return "one of " + strings.Join(names, ", ")
}
