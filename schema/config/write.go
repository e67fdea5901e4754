package config

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"ad-user-sync/schema"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
)

// Item is one key of a configuration that is to be written.
type Item struct {
	Key     string // nested keys with a dot: "directory.domain"
	Value   any    // text, true or false, a number, a list, or a map
	Comment string // sentences, put before the key
}

// commentWidth is how long the lines of comments become.
const commentWidth = 90

// Write returns a configuration as YAML with comments, its keys in the
// order in which the first item of each comes.
func Write(head string, items []Item) ([]byte, error) {
	root := &yaml.Node{Kind: yaml.MappingNode}
	for _, item := range items {
		if err := put(root, strings.Split(item.Key, "."), item); err != nil {
			return nil, fmt.Errorf("write %s: %w", item.Key, err)
		}
	}
	var out bytes.Buffer
	out.WriteString(comment(head) + "\n")
	for i := 0; i < len(root.Content); i += 2 {
		out.WriteString("\n")
		encoder := yaml.NewEncoder(&out)
		encoder.SetIndent(4)
		if err := encoder.Encode(&yaml.Node{Kind: yaml.MappingNode, Content: root.Content[i : i+2]}); err != nil {
			return nil, err
		}
	}
	return out.Bytes(), nil
}

// put finds or makes the mappings on the way to a value.
func put(n *yaml.Node, path []string, item Item) error {
	for i := 0; i < len(n.Content); i += 2 {
		if n.Content[i].Value == path[0] && len(path) > 1 && n.Content[i+1].Kind == yaml.MappingNode {
			return put(n.Content[i+1], path[1:], item)
		}
	}
	key, value := &yaml.Node{}, &yaml.Node{Kind: yaml.MappingNode}
	key.SetString(path[0])
	n.Content = append(n.Content, key, value)
	if len(path) > 1 {
		return put(value, path[1:], item)
	}
	key.HeadComment = comment(item.Comment)
	return value.Encode(item.Value)
}

// comment breaks sentences into lines.
func comment(text string) string {
	var lines []string
	for paragraph := range strings.SplitSeq(text, "\n") {
		for _, line := range Wrap(schema.Visible(paragraph), commentWidth-len("# ")) {
			lines = append(lines, strings.TrimRight("# "+line, " "))
		}
	}
	if text == "" {
		return ""
	}
	return strings.Join(lines, "\n")
}

// Wrap breaks text into lines of this length, as far as its words are shorter.
func Wrap(text string, width int) []string {
	lines := []string{""}
	for word := range strings.FieldsSeq(text) {
		switch last := &lines[len(lines)-1]; {
		case *last == "":
			*last = word
		case utf8.RuneCountInString(*last)+1+utf8.RuneCountInString(word) > width:
			lines = append(lines, word)
		default:
			*last += " " + word
		}
	}
	return lines
}

// ParseValue reads the text of a value as a person writes it for a key of
// "export_config" or "import_config": text as it is, a list as "a; b" or
// "[a, b]", an object as "a: b; c: d" or "{a: b}". A key that the schema does
// not have is an error.
func ParseValue(document, key, text string) (any, error) {
	s, err := ofKey(document, key)
	if err != nil {
		return nil, err
	}
	switch trimmed := strings.TrimSpace(text); {
	case trimmed == "null":
		return nil, nil
	case wantsText(s):
		return text, nil
	case allows(s, "array") && !strings.HasPrefix(trimmed, "["):
		return parseList(text), nil
	case allows(s, "object") && !strings.HasPrefix(trimmed, "{"):
		return parseObject(text)
	}
	var value any
	if err := yaml.Unmarshal([]byte(text), &value); err != nil {
		return nil, fmt.Errorf("%s is not %s", schema.Quoted(text), typeNames(types(s)))
	}
	return value, nil
}

// ofKey is the schema of a key with dots.
func ofKey(document, key string) (*jsonschema.Schema, error) {
	s, location := compiled(document), strings.Split(key, ".")
	for i, step := range location {
		next := property(s, step)
		if next == nil {
			return nil, errors.New(unknownKey(location[:i+1], s))
		}
		s = next
	}
	return s, nil
}

func parseList(text string) []string {
	list := []string{}
	for part := range strings.SplitSeq(text, ";") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}

func parseObject(text string) (map[string]string, error) {
	object := map[string]string{}
	for _, part := range parseList(text) {
		name, value, found := strings.Cut(part, ":")
		if !found {
			return nil, fmt.Errorf(`%s has no ":" between name and value; an object is written as "a: b; c: d"`, schema.Quoted(part))
		}
		object[strings.TrimSpace(name)] = strings.TrimSpace(value)
	}
	return object, nil
}
