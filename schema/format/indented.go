package format

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"ad-user-sync/schema"
)

// Indented builds JSON text as Python's json.dumps(indent=4) does: every member
// and item on a line of its own, empty lists as [], and, where ASCII is set,
// \u escapes for all that is not ASCII.
type Indented struct {
	Bytes []byte
	ASCII bool
	depth int
	first bool // nothing was written yet in the innermost object or list
}

func (b *Indented) Begin(open byte) {
	b.Bytes = append(b.Bytes, open)
	b.depth++
	b.first = true
}

func (b *Indented) End(closing byte) {
	b.depth--
	if !b.first {
		b.newline()
	}
	b.Bytes = append(b.Bytes, closing)
	b.first = false
}

// Item begins a value of a list.
func (b *Indented) Item() {
	if !b.first {
		b.Bytes = append(b.Bytes, ',')
	}
	b.first = false
	b.newline()
}

func (b *Indented) newline() {
	b.Bytes = append(b.Bytes, '\n')
	for range b.depth {
		b.Bytes = append(b.Bytes, "    "...)
	}
}

func (b *Indented) Key(name string) {
	b.Item()
	b.quote(name)
	b.Bytes = append(b.Bytes, ": "...)
}

func (b *Indented) TextMember(name, value string) {
	b.Key(name)
	b.quote(value)
}

func (b *Indented) Null()          { b.Bytes = append(b.Bytes, "null"...) }
func (b *Indented) Literal(v bool) { b.Bytes = strconv.AppendBool(b.Bytes, v) }
func (b *Indented) Number(n int)   { b.Bytes = strconv.AppendInt(b.Bytes, int64(n), 10) }
func (b *Indented) List(v schema.Value) {
	b.Begin('[')
	for _, value := range v.List {
		b.Item()
		b.Value(value, v.Binary)
	}
	b.End(']')
}

func (b *Indented) Value(value string, binary bool) {
	if !binary {
		b.quote(value)
		return
	}
	b.Begin('{')
	b.TextMember("base64", encodeBase64(value))
	b.End('}')
}

// Timestamp is without a zone where ASCII is set, for old readers.
func (b *Indented) Timestamp(t time.Time) {
	zone := "Z"
	if b.ASCII {
		zone = ""
	}
	b.Bytes = append(b.Bytes, '"')
	b.Bytes = appendTimestamp(b.Bytes, t, zone)
	b.Bytes = append(b.Bytes, '"')
}

var shortEscapes = map[rune]string{'"': `\"`, '\\': `\\`, '\n': `\n`, '\r': `\r`, '\t': `\t`, '\b': `\b`, '\f': `\f`}

func (b *Indented) quote(s string) {
	b.Bytes = append(b.Bytes, '"')
	for _, r := range s {
		short, ok := shortEscapes[r]
		switch {
		case ok:
			b.Bytes = append(b.Bytes, short...)
		case r < ' ', b.ASCII && r >= 0x7f && r < 0x10000:
			b.Bytes = fmt.Appendf(b.Bytes, `\u%04x`, r)
		case b.ASCII && r >= 0x10000:
			high, low := utf16.EncodeRune(r)
			b.Bytes = fmt.Appendf(b.Bytes, `\u%04x\u%04x`, high, low)
		default:
			b.Bytes = utf8.AppendRune(b.Bytes, r)
		}
	}
	b.Bytes = append(b.Bytes, '"')
}

func (b *Indented) Optional(name, value string) {
	if value != "" {
		b.TextMember(name, value)
	}
}

func (b *Indented) Flag(name string, value bool) {
	if value {
		b.Key(name)
		b.Literal(true)
	}
}

func (b *Indented) Time(name string, t time.Time) {
	if !t.IsZero() {
		b.Key(name)
		b.Timestamp(t)
	}
}

// Raw writes JSON text with this indentation.
func (b *Indented) Raw(text json.RawMessage) error {
	n, faults := ReadTree(text)
	if len(faults) > 0 {
		return errors.New(faults[0].Text)
	}
	b.node(n)
	return nil
}

func (b *Indented) node(n *Node) {
	switch n.Kind {
	case ObjectNode:
		b.Begin('{')
		for _, m := range n.Members {
			b.Key(m.Name)
			b.node(m.Value)
		}
		b.End('}')
	case ListNode:
		b.Begin('[')
		for _, item := range n.Items {
			b.Item()
			b.node(item)
		}
		b.End(']')
	case TextNode:
		b.quote(n.Text)
	default:
		b.Bytes = append(b.Bytes, n.JSON()...)
	}
}

func encodeBase64(raw string) string { return base64.StdEncoding.EncodeToString([]byte(raw)) }
