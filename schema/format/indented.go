package format

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"ad-user-sync/schema"
)

// Indented writes JSON text as Python's json.dumps(indent=4) does: every member
// and item on a line of its own, empty lists as [], no newline at the end, and,
// where ascii is set, \u escapes for all that is not ASCII.
type Indented struct {
	out   *jsontext.Encoder
	ascii bool
	err   error // the first; nothing is written after it
}

// NewIndented writes to w, which has all of it once the outermost object is
// ended.
func NewIndented(w io.Writer, ascii bool) *Indented {
	out := jsontext.NewEncoder(likePython{w, ascii}, jsontext.WithIndent("    "), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	return &Indented{out: out, ascii: ascii}
}

// Err is the first error of all that was written.
func (b *Indented) Err() error { return b.err }

func (b *Indented) token(t jsontext.Token) {
	if b.err == nil {
		b.err = b.out.WriteToken(t)
	}
}

func (b *Indented) BeginObject()      { b.token(jsontext.BeginObject) }
func (b *Indented) EndObject()        { b.token(jsontext.EndObject) }
func (b *Indented) BeginList()        { b.token(jsontext.BeginArray) }
func (b *Indented) EndList()          { b.token(jsontext.EndArray) }
func (b *Indented) Key(name string)   { b.token(jsontext.String(name)) }
func (b *Indented) Text(value string) { b.token(jsontext.String(value)) }
func (b *Indented) Null()             { b.token(jsontext.Null) }
func (b *Indented) Literal(v bool)    { b.token(jsontext.Bool(v)) }
func (b *Indented) Number(n int)      { b.token(jsontext.Int(int64(n))) }

func (b *Indented) TextMember(name, value string) {
	b.Key(name)
	b.Text(value)
}

func (b *Indented) List(v schema.Value) {
	b.BeginList()
	for _, value := range v.List {
		b.Value(value, v.Binary)
	}
	b.EndList()
}

func (b *Indented) Value(value string, binary bool) {
	if !binary {
		b.Text(value)
		return
	}
	b.BeginObject()
	b.TextMember("base64", base64.StdEncoding.EncodeToString([]byte(value)))
	b.EndObject()
}

// Timestamp is without a zone where ascii is set, for old readers.
func (b *Indented) Timestamp(t time.Time) {
	zone := "Z"
	if b.ascii {
		zone = ""
	}
	b.Text(formatTimestamp(t, zone))
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
func (b *Indented) Raw(text json.RawMessage) {
	if b.err == nil {
		b.err = b.out.WriteValue(jsontext.Value(text))
	}
}

// likePython gets complete tokens. A newline at the end of what it gets is that of
// the encoder behind the last of them.
type likePython struct {
	out   io.Writer
	ascii bool
}

func (w likePython) Write(p []byte) (int, error) {
	text := bytes.TrimSuffix(p, []byte("\n"))
	if w.ascii {
		text = escapeUnicode(text)
	}
	if _, err := w.out.Write(text); err != nil {
		return 0, err
	}
	return len(p), nil
}

// escapeUnicode escapes what is not printable ASCII, which in JSON text can
// stand within strings alone.
func escapeUnicode(text []byte) []byte {
	var escaped []byte
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		switch {
		case r < 0x7f:
			escaped = append(escaped, text[0])
		case r < 0x10000:
			escaped = fmt.Appendf(escaped, `\u%04x`, r)
		default:
			high, low := utf16.EncodeRune(r)
			escaped = fmt.Appendf(escaped, `\u%04x\u%04x`, high, low)
		}
		text = text[size:]
	}
	return escaped
}
