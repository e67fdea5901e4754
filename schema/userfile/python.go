package userfile

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"ad-user-sync/schema"
	"ad-user-sync/schema/format"
)

// python writes JSON text as Python's json.dumps(indent=4) does: every member
// and item on a line of its own, empty lists as [], and no newline at the end. In
// the older shape it has \u escapes for all that is not ASCII, and times without a
// zone.
type python struct {
	out       *jsontext.Encoder
	timestamp func(time.Time) string
	err       error // the first; nothing is written after it
}

// newPython writes to w, which has all of it once the outermost object is
// ended.
func newPython(w io.Writer, old bool) *python {
	timestamp := format.Timestamp
	if old {
		timestamp = format.WithoutZone
	}
	return &python{
		out:       jsontext.NewEncoder(likePython{w, old}, jsontext.WithIndent("    "), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)),
		timestamp: timestamp,
	}
}

func (p *python) time(t time.Time) jsontext.Token { return jsontext.String(p.timestamp(t)) }

func (p *python) token(t jsontext.Token) {
	if p.err == nil {
		p.err = p.out.WriteToken(t)
	}
}

// key is followed by a value or the begin of one.
func (p *python) key(name string) { p.token(jsontext.String(name)) }

func (p *python) member(name string, value jsontext.Token) {
	p.key(name)
	p.token(value)
}

func (p *python) list(name string, texts []string) {
	p.key(name)
	p.token(jsontext.BeginArray)
	for _, text := range texts {
		p.token(jsontext.String(text))
	}
	p.token(jsontext.EndArray)
}

func (p *python) attribute(name string, v schema.Value) {
	switch {
	case v.Multi && !v.Binary:
		p.list(name, v.List)
	case v.Multi:
		p.key(name)
		p.token(jsontext.BeginArray)
		for _, raw := range v.List {
			p.binary(raw)
		}
		p.token(jsontext.EndArray)
	case v.List == nil:
		p.member(name, jsontext.Null)
	case v.Binary:
		p.key(name)
		p.binary(v.List[0])
	default:
		p.member(name, jsontext.String(v.List[0]))
	}
}

// binary is a value that is not text.
func (p *python) binary(raw string) {
	p.token(jsontext.BeginObject)
	p.member("base64", jsontext.String(base64.StdEncoding.EncodeToString([]byte(raw))))
	p.token(jsontext.EndObject)
}

// object writes what there is once in a file, by its struct tags.
func (p *python) object(name string, value any) {
	if p.key(name); p.err == nil {
		p.err = json.MarshalEncode(p.out, value)
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
