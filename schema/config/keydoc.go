package config

import (
	"strings"

	"ad-user-sync/schema/format"
)

// KeyDoc explains one key of a configuration.
type KeyDoc struct {
	Name        string // nested keys with a dot: "directory.domain"
	Type        string // "text", "list", "text or null", or the values allowed
	Default     string // JSON, or "required"
	Description string
	Example     string // JSON
}

// Keys lists the keys of "export_config" or "import_config" in the order
// of the JSON Schema. Keys of a part that occurs again are listed once.
func Keys(name string) []KeyDoc {
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
	root *format.Node
	keys []KeyDoc
	seen map[string]bool // $refs
}

// object lists the properties of a schema and what is within them.
func (l *keyLister) object(s *format.Node, prefix string) {
	required := map[string]bool{}
	if list := s.Get("required"); list != nil {
		for _, name := range list.Items {
			required[name.Text] = true
		}
	}
	properties := s.Get("properties")
	if properties == nil {
		return
	}
	for _, m := range properties.Members {
		if m.Name == "$schema" {
			continue
		}
		doc := keyDoc(prefix+m.Name, m.Value)
		if required[m.Name] {
			doc.Default = "required"
		}
		l.keys = append(l.keys, doc)
		l.within(m.Value, prefix+m.Name)
	}
}

func (l *keyLister) within(s *format.Node, name string) {
	if ref := s.Get("$ref"); ref != nil && !l.seen[ref.Text] {
		l.seen[ref.Text] = true
		l.object(l.root.Get("$defs").Get(strings.TrimPrefix(ref.Text, "#/$defs/")), name+".")
	}
	l.object(s, name+".")
	if items := s.Get("items"); items != nil {
		l.within(items, name+"[]")
	}
	if patterns := s.Get("patternProperties"); patterns != nil {
		l.within(patterns.Members[0].Value, name+".NAME")
	}
}

func keyDoc(name string, s *format.Node) KeyDoc {
	doc := KeyDoc{Name: name, Type: typeDoc(s), Default: "null"}
	if n := s.Get("description"); n != nil {
		doc.Description = n.Text
	}
	if n := s.Get("default"); n != nil {
		doc.Default = n.JSON()
	}
	if n := s.Get("examples"); n != nil {
		doc.Example = n.Items[0].JSON()
	}
	return doc
}

func typeDoc(s *format.Node) string {
	if values := s.Get("enum"); values != nil {
		var names []string
		for _, v := range values.Items {
			if v.Kind == format.TextNode {
				names = append(names, v.Text)
			}
		}
		return strings.Join(names, ", ")
	}
	n := s.Get("type")
	if n.Kind == format.TextNode {
		return typeName(n.Text)
	}
	var names []string
	for _, t := range n.Items {
		names = append(names, typeName(t.Text))
	}
	return strings.Join(names, " or ")
}
