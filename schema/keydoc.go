package schema

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// KeyDoc explains one key of a configuration.
type KeyDoc struct {
	Name        string // nested keys with a dot: "directory.domain"
	Type        string // "text", "list", "text or null", or the values allowed
	Default     string // JSON, or "required"
	Description string
	Example     string // JSON
}

// ConfigKeys lists the keys of "export_config" or "import_config" in the order
// of the JSON Schema. Keys of a part that occurs again are listed once.
func ConfigKeys(name string) []KeyDoc {
	text, err := Schema(name)
	if err != nil {
		return nil
	}
	root, _ := readTree(text) // embedded and tested
	l := &keyLister{root: root, seen: map[string]bool{}}
	l.object(root, "")
	return l.keys
}

type keyLister struct {
	root *node
	keys []KeyDoc
	seen map[string]bool // $refs
}

// object lists the properties of a schema and what is within them.
func (l *keyLister) object(s *node, prefix string) {
	required := map[string]bool{}
	if list := s.get("required"); list != nil {
		for _, name := range list.items {
			required[name.text] = true
		}
	}
	properties := s.get("properties")
	if properties == nil {
		return
	}
	for _, m := range properties.members {
		if m.name == "$schema" {
			continue
		}
		doc := keyDoc(prefix+m.name, m.value)
		if required[m.name] {
			doc.Default = "required"
		}
		l.keys = append(l.keys, doc)
		l.within(m.value, prefix+m.name)
	}
}

func (l *keyLister) within(s *node, name string) {
	if ref := s.get("$ref"); ref != nil && !l.seen[ref.text] {
		l.seen[ref.text] = true
		l.object(l.root.get("$defs").get(strings.TrimPrefix(ref.text, "#/$defs/")), name+".")
	}
	l.object(s, name+".")
	if items := s.get("items"); items != nil {
		l.within(items, name+"[]")
	}
	if patterns := s.get("patternProperties"); patterns != nil {
		l.within(patterns.members[0].value, name+".NAME")
	}
}

func keyDoc(name string, s *node) KeyDoc {
	doc := KeyDoc{Name: name, Type: typeDoc(s), Default: "null"}
	if n := s.get("description"); n != nil {
		doc.Description = n.text
	}
	if n := s.get("default"); n != nil {
		doc.Default = n.json()
	}
	if n := s.get("examples"); n != nil {
		doc.Example = n.items[0].json()
	}
	return doc
}

func typeDoc(s *node) string {
	if values := s.get("enum"); values != nil {
		var names []string
		for _, v := range values.items {
			if v.kind == textNode {
				names = append(names, v.text)
			}
		}
		return strings.Join(names, ", ")
	}
	n := s.get("type")
	if n.kind == textNode {
		return typeName(n.text)
	}
	var names []string
	for _, t := range n.items {
		names = append(names, typeName(t.text))
	}
	return strings.Join(names, " or ")
}

// json is the value in one line, keys in their order.
func (n *node) json() string {
	switch n.kind {
	case nullNode:
		return "null"
	case textNode:
		quoted, _ := jsontext.AppendQuote(nil, n.text) // is valid UTF-8
		return string(quoted)
	case listNode:
		parts := make([]string, len(n.items))
		for i, item := range n.items {
			parts[i] = item.json()
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case objectNode:
		parts := make([]string, len(n.members))
		for i, m := range n.members {
			name, _ := jsontext.AppendQuote(nil, m.name)
			parts[i] = string(name) + ": " + m.value.json()
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return n.text
}
