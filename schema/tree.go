package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/text/encoding/charmap"
)

// node is a value of a configuration with the line it stands at, read from
// JSON or YAML.
type node struct {
	kind    nodeKind
	line    int
	text    string // of a text, number or boolean: as JSON has it, without quotes
	plain   string // of a YAML scalar without quotes: as written; it may be meant as text
	members []member
	again   []member // those whose name is there already
	items   []*node
}

type member struct {
	name  string
	line  int
	value *node
}

type nodeKind int

const (
	nullNode nodeKind = iota
	boolNode
	numberNode
	textNode
	listNode
	objectNode
)

// String is the word for a kind of value.
func (k nodeKind) String() string {
	return [...]string{"null", "true or false", "a number", "text", "a list", "an object"}[k]
}

// get is the value of a key, nil where it is not given or null.
func (n *node) get(key string) *node {
	if m := n.member(key); m != nil && m.value.kind != nullNode {
		return m.value
	}
	return nil
}

func (n *node) member(key string) *member {
	if n == nil || n.kind != objectNode {
		return nil
	}
	for i := range n.members {
		if n.members[i].name == key {
			return &n.members[i]
		}
	}
	return nil
}

// any is the value for a validator: numbers are json.Number.
func (n *node) any() any {
	switch n.kind {
	case boolNode:
		return n.text == "true"
	case numberNode:
		return json.Number(wholeNumber(n.text))
	case textNode:
		return n.text
	case listNode:
		list := make([]any, len(n.items))
		for i, item := range n.items {
			list[i] = item.any()
		}
		return list
	case objectNode:
		object := make(map[string]any, len(n.members))
		for _, m := range n.members {
			object[m.name] = m.value.any()
		}
		return object
	}
	return nil
}

// readTree reads a document: JSON where it begins with a brace, else YAML.
// Where there are faults, the tree is nil.
func readTree(body []byte) (*node, []Fault) {
	switch first := bytes.TrimLeft(body, " \t\r\n"); {
	case len(first) == 0:
		return nil, []Fault{{Text: "the file is empty"}}
	case !utf8.Valid(body):
		return nil, []Fault{{Text: "the text is neither UTF-8 nor Windows-1252; save the file as UTF-8"}}
	case first[0] == '{':
		return readJSONTree(body)
	}
	return readYAMLTree(body)
}

// toUTF8 removes a byte order mark and reads what is not UTF-8 as
// Windows-1252, in which the older tool wrote on Windows.
func toUTF8(body []byte) (text []byte, recoded bool) {
	body = bytes.TrimPrefix(body, []byte("\ufeff"))
	if utf8.Valid(body) || bytes.IndexByte(body, 0) >= 0 {
		return body, false
	}
	text, err := charmap.Windows1252.NewDecoder().Bytes(body)
	if err != nil || bytes.ContainsRune(text, utf8.RuneError) {
		return body, false
	}
	return text, true
}

func readJSONTree(body []byte) (*node, []Fault) {
	b := &jsonTree{in: newJSONReader(body, jsontext.AllowDuplicateNames(true))}
	n, err := b.read()
	if err == nil {
		err = b.in.end()
	}
	if stop, ok := err.(*stopped); ok {
		return nil, []Fault{stop.Fault}
	}
	return n, nil
}

type jsonTree struct {
	in *jsonReader
}

func (b *jsonTree) read() (*node, error) {
	token, err := b.in.next()
	if err != nil {
		return nil, err
	}
	n := &node{line: b.in.line()}
	switch token.Kind() {
	case 't', 'f':
		n.kind, n.text = boolNode, token.String()
	case '0':
		n.kind, n.text = numberNode, token.String()
	case '"':
		n.kind, n.text = textNode, token.String()
	case '[':
		n.kind = listNode
		err = b.list(n)
	case '{':
		n.kind = objectNode
		err = b.object(n)
	}
	return n, err
}

// wholeNumber writes 1.0 and 1e3 without point and exponent.
func wholeNumber(text string) string {
	const exact = 1 << 53
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || v != math.Trunc(v) || math.Abs(v) >= exact {
		return text
	}
	return strconv.FormatInt(int64(v), 10)
}

func (b *jsonTree) list(n *node) error {
	for b.in.peek() != ']' {
		item, err := b.read()
		if err != nil {
			return err
		}
		n.items = append(n.items, item)
	}
	_, err := b.in.next()
	return err
}

func (b *jsonTree) object(n *node) error {
	for {
		token, err := b.in.next()
		if err != nil || token.Kind() == '}' {
			return err
		}
		m := member{name: token.String(), line: b.in.line()}
		if m.value, err = b.read(); err != nil {
			return err
		}
		n.add(m)
	}
}

// add appends a member.
func (n *node) add(m member) {
	if n.member(m.name) != nil {
		n.again = append(n.again, m)
		return
	}
	n.members = append(n.members, m)
}

// doubles visits the members whose name is there already, with the fault that
// this is, and where they are.
func (n *node) doubles(path []string, each func(path []string, first *member, again member, fault Fault)) {
	for _, m := range n.again {
		first := n.member(m.name)
		each(path, first, m, Fault{m.line, fmt.Sprintf("the key %s appears twice, first on line %d", quoted(m.name), first.line)})
	}
	for _, m := range n.members {
		m.value.doubles(append(slices.Clone(path), m.name), each)
	}
	for _, item := range n.items {
		item.doubles(append(slices.Clone(path), "[]"), each)
	}
}
