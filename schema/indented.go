package schema

import (
	"fmt"
	"strconv"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

// indented builds JSON text as Python's json.dumps(indent=4) does: every member
// and item on a line of its own, empty lists as [], and, where ascii is set,
// \u escapes for all that is not ASCII.
type indented struct {
	bytes []byte
	ascii bool
	depth int
	first bool // nothing was written yet in the innermost object or list
}

func (b *indented) begin(open byte) {
	b.bytes = append(b.bytes, open)
	b.depth++
	b.first = true
}

func (b *indented) end(closing byte) {
	b.depth--
	if !b.first {
		b.newline()
	}
	b.bytes = append(b.bytes, closing)
	b.first = false
}

// item begins a value of a list.
func (b *indented) item() {
	if !b.first {
		b.bytes = append(b.bytes, ',')
	}
	b.first = false
	b.newline()
}

func (b *indented) newline() {
	b.bytes = append(b.bytes, '\n')
	for range b.depth {
		b.bytes = append(b.bytes, "    "...)
	}
}

func (b *indented) key(name string) {
	b.item()
	b.quote(name)
	b.bytes = append(b.bytes, ": "...)
}

func (b *indented) textMember(name, value string) {
	b.key(name)
	b.quote(value)
}

func (b *indented) null()          { b.bytes = append(b.bytes, "null"...) }
func (b *indented) literal(v bool) { b.bytes = strconv.AppendBool(b.bytes, v) }
func (b *indented) number(n int)   { b.bytes = strconv.AppendInt(b.bytes, int64(n), 10) }
func (b *indented) list(v Value) {
	b.begin('[')
	for _, value := range v.List {
		b.item()
		b.value(value, v.Binary)
	}
	b.end(']')
}

func (b *indented) value(value string, binary bool) {
	if !binary {
		b.quote(value)
		return
	}
	b.begin('{')
	b.textMember("base64", encodeBase64(value))
	b.end('}')
}

// timestamp is without a zone where ascii is set, for old readers.
func (b *indented) timestamp(t time.Time) {
	zone := "Z"
	if b.ascii {
		zone = ""
	}
	b.bytes = append(b.bytes, '"')
	b.bytes = appendTimestamp(b.bytes, t, zone)
	b.bytes = append(b.bytes, '"')
}

var shortEscapes = map[rune]string{'"': `\"`, '\\': `\\`, '\n': `\n`, '\r': `\r`, '\t': `\t`, '\b': `\b`, '\f': `\f`}

func (b *indented) quote(s string) {
	b.bytes = append(b.bytes, '"')
	for _, r := range s {
		short, ok := shortEscapes[r]
		switch {
		case ok:
			b.bytes = append(b.bytes, short...)
		case r < ' ', b.ascii && r >= 0x7f && r < 0x10000:
			b.bytes = fmt.Appendf(b.bytes, `\u%04x`, r)
		case b.ascii && r >= 0x10000:
			high, low := utf16.EncodeRune(r)
			b.bytes = fmt.Appendf(b.bytes, `\u%04x\u%04x`, high, low)
		default:
			b.bytes = utf8.AppendRune(b.bytes, r)
		}
	}
	b.bytes = append(b.bytes, '"')
}
