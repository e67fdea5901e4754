package text

import (
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"

	json "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	v1 "github.com/go-json-experiment/json/v1"

	"ad-user-sync/schema"
)

// ReportJSON writes the report for programs: lists sorted, none of them null, and a
// line end at the end. It is written as a stream, since that of a first run is large.
func ReportJSON(w io.Writer, r schema.Report) error { return writeJSON(w, "report", r.Sorted()) }

// CheckJSON writes the check for programs, likewise.
func CheckJSON(w io.Writer, c schema.Check) error {
	if c.Steps == nil {
		c.Steps = []schema.CheckStep{}
	}
	return writeJSON(w, "check", c)
}

// streamed are the lists of a report that are made as they are written.
var streamed = json.JoinMarshalers(json.MarshalToFunc(stream[schema.Action]), json.MarshalToFunc(stream[schema.Change]))

func stream[T schema.Entry](out *jsontext.Encoder, list schema.List[T]) error {
	if err := out.WriteToken(jsontext.BeginArray); err != nil {
		return err
	}
	for entry := range list.All() {
		if err := json.MarshalEncode(out, entry); err != nil {
			return err
		}
	}
	return out.WriteToken(jsontext.EndArray)
}

// Plainly writes JSON to w, in which code points that a terminal would obey, or no one
// would see, are JSON escapes.
func Plainly(w io.Writer) io.Writer { return &plainly{out: w} }

func writeJSON(w io.Writer, what string, value any) error {
	out := Plainly(w)
	err := json.MarshalWrite(out, value, v1.DefaultOptionsV1(), json.FormatNilSliceAsNull(false), json.WithMarshalers(streamed), jsontext.EscapeForHTML(false), jsontext.WithIndent("    "))
	if err == nil {
		_, err = w.Write([]byte{'\n'})
	}
	if err != nil {
		return fmt.Errorf("writing the %s as JSON: %w", what, err)
	}
	return nil
}

// plainly writes code points that a terminal would obey, or no one would see, as JSON
// escapes. They occur within strings alone.
type plainly struct {
	out  io.Writer
	rest []byte // of a code point that is not complete yet
	buf  []byte
}

func (p *plainly) Write(text []byte) (int, error) {
	whole := text
	if len(p.rest) > 0 {
		whole = append(p.rest, text...)
	}
	p.buf = p.buf[:0]
	for len(whole) > 0 && utf8.FullRune(whole) {
		if n := seen(whole); n > 0 { // mostly all
			p.buf, whole = append(p.buf, whole[:n]...), whole[n:]
			continue
		}
		r, size := utf8.DecodeRune(whole)
		if !schema.Hidden(r) {
			p.buf = append(p.buf, whole[:size]...)
		} else {
			for _, unit := range utf16.Encode([]rune{r}) {
				p.buf = fmt.Appendf(p.buf, "\\u%04x", unit)
			}
		}
		whole = whole[size:]
	}
	p.rest = append(p.rest[:0], whole...)
	if _, err := p.out.Write(p.buf); err != nil {
		return 0, err
	}
	return len(text), nil
}

// seen is how many bytes at the beginning are characters of ASCII that are shown, or ends of
// lines.
func seen(text []byte) int {
	for i, c := range text {
		if (c < ' ' || c > '~') && c != '\n' {
			return i
		}
	}
	return len(text)
}
