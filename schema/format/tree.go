package format

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"ad-user-sync/schema"

	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/text/encoding/charmap"
)

// Node is a value of a configuration with the line it stands at, read from
// JSON or YAML.
type Node struct {
	Kind    jsontext.Kind
	Line    int
	Text    string // as JSON has it, without quotes; of no list and no object
	Plain   string // of a YAML scalar without quotes: as written; it may be meant as text
	Members []Member
	again   []Member // those whose name is there already
	Items   []*Node
}

type Member struct {
	Name  string
	Line  int
	Value *Node
}

// The kinds of nodes. KindName has the words for them.
const (
	NullNode   jsontext.Kind = 'n'
	BoolNode   jsontext.Kind = 't' // false, too
	NumberNode jsontext.Kind = '0'
	TextNode   jsontext.Kind = '"'
	ListNode   jsontext.Kind = '['
	ObjectNode jsontext.Kind = '{'
)

// NullAt is what stands where there is no value of use.
func NullAt(line int) *Node { return &Node{Kind: NullNode, Line: line, Text: "null"} }

// Get is the value of a key, nil where it is not given or null.
func (n *Node) Get(key string) *Node {
	if m := n.Member(key); m != nil && m.Value.Kind != NullNode {
		return m.Value
	}
	return nil
}

func (n *Node) Member(key string) *Member {
	if n == nil || n.Kind != ObjectNode {
		return nil
	}
	for i := range n.Members {
		if n.Members[i].Name == key {
			return &n.Members[i]
		}
	}
	return nil
}

// Any is the value for a validator: numbers are json.Number.
func (n *Node) Any() any {
	switch n.Kind {
	case BoolNode:
		return n.Text == "true"
	case NumberNode:
		return json.Number(wholeNumber(n.Text))
	case TextNode:
		return n.Text
	case ListNode:
		list := make([]any, len(n.Items))
		for i, item := range n.Items {
			list[i] = item.Any()
		}
		return list
	case ObjectNode:
		object := make(map[string]any, len(n.Members))
		for _, m := range n.Members {
			object[m.Name] = m.Value.Any()
		}
		return object
	}
	return nil
}

// ToUTF8 removes a byte order mark and reads what is not UTF-8 as
// Windows-1252, in which the older tool wrote on Windows.
func ToUTF8(body []byte) (text []byte, recoded bool) {
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

func ReadTree(body []byte) (*Node, []schema.Fault) {
	b := &jsonTree{in: NewReader(bytes.NewReader(body), jsontext.AllowDuplicateNames(true))}
	n, err := b.read()
	if err == nil {
		err = b.in.End()
	}
	if stop, ok := err.(*Stopped); ok {
		return nil, []schema.Fault{stop.Fault}
	}
	return n, nil
}

type jsonTree struct {
	in *Reader
}

func (b *jsonTree) read() (*Node, error) {
	token, err := b.in.Next()
	if err != nil {
		return nil, err
	}
	n := &Node{Kind: token.Kind(), Line: b.in.Line()}
	switch n.Kind {
	case ListNode:
		return n, b.list(n)
	case ObjectNode:
		return n, b.object(n)
	case 'f':
		n.Kind = BoolNode
	}
	n.Text = token.String()
	return n, nil
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

func (b *jsonTree) list(n *Node) error {
	for b.in.Peek() != ']' {
		item, err := b.read()
		if err != nil {
			return err
		}
		n.Items = append(n.Items, item)
	}
	_, err := b.in.Next()
	return err
}

func (b *jsonTree) object(n *Node) error {
	for {
		token, err := b.in.Next()
		if err != nil || token.Kind() == '}' {
			return err
		}
		m := Member{Name: token.String(), Line: b.in.Line()}
		if m.Value, err = b.read(); err != nil {
			return err
		}
		n.Add(m)
	}
}

// Add appends a member.
func (n *Node) Add(m Member) {
	if n.Member(m.Name) != nil {
		n.again = append(n.again, m)
		return
	}
	n.Members = append(n.Members, m)
}

// Doubles visits the members whose name is there already, with the fault that
// this is, and where they are.
func (n *Node) Doubles(path []string, each func(path []string, first *Member, again Member, fault schema.Fault)) {
	for _, m := range n.again {
		first := n.Member(m.Name)
		each(path, first, m, schema.Fault{Line: m.Line, Text: fmt.Sprintf("the key %s appears twice, first on line %d", schema.Quoted(m.Name), first.Line)})
	}
	for _, m := range n.Members {
		m.Value.Doubles(append(slices.Clone(path), m.Name), each)
	}
	for _, item := range n.Items {
		item.Doubles(append(slices.Clone(path), "[]"), each)
	}
}

// JSON is the value in one line, keys in their order.
func (n *Node) JSON() string {
	switch n.Kind {
	case TextNode:
		quoted, _ := jsontext.AppendQuote(nil, n.Text) // is valid UTF-8
		return string(quoted)
	case ListNode:
		parts := make([]string, len(n.Items))
		for i, item := range n.Items {
			parts[i] = item.JSON()
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case ObjectNode:
		parts := make([]string, len(n.Members))
		for i, m := range n.Members {
			name, _ := jsontext.AppendQuote(nil, m.Name)
			parts[i] = string(name) + ": " + m.Value.JSON()
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return n.Text
}
