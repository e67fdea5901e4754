package format

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"ad-user-sync/schema"

	"github.com/go-json-experiment/json/jsontext"
)

// MaxDepth is how deep arrays and objects of a document may be nested.
const MaxDepth = 16

// Reader reads the tokens of one JSON document and knows their lines. It
// refuses duplicate keys unless told otherwise, lone surrogates, text that is
// not UTF-8, and nesting beyond MaxDepth.
type Reader struct {
	decoder *jsontext.Decoder
	lines   lines
}

// NewReader reads from, a token at a time.
func NewReader(from io.Reader, options ...jsontext.Options) *Reader {
	r := &Reader{lines: lines{from: from}}
	r.decoder = jsontext.NewDecoder(&r.lines, options...)
	r.lines.done = r.decoder.InputOffset
	return r
}

// Next reads one token. It is valid until the next call, also of Peek. An error is a
// *Stopped, or that of what is read from.
func (r *Reader) Next() (jsontext.Token, error) {
	token, err := r.decoder.ReadToken()
	switch {
	case err != nil && r.lines.fail != nil:
		return token, r.lines.fail
	case err != nil:
		return token, r.syntax(err)
	case r.decoder.StackDepth() > MaxDepth:
		return token, r.Stop(fmt.Sprintf("nested more than %d levels deep", MaxDepth))
	}
	return token, nil
}

// Peek tells which kind of token comes next; 0 where there is an error.
func (r *Reader) Peek() jsontext.Kind { return r.decoder.PeekKind() }

// Blank reports, after an error, whether there is nothing but white space.
func (r *Reader) Blank() bool {
	for rest := make([]byte, 512); !r.lines.text; {
		if _, err := r.lines.Read(rest); err != nil {
			return r.lines.fail == nil
		}
	}
	return false
}

// Line is where the last token stands.
func (r *Reader) Line() int { return r.lines.at(r.decoder.InputOffset()) }

// Leave reads to the end of the array or object whose begin was the last token.
func (r *Reader) Leave() error {
	for depth := r.decoder.StackDepth(); r.decoder.StackDepth() >= depth; {
		if _, err := r.Next(); err != nil {
			return err
		}
	}
	return nil
}

// End makes sure that nothing but white space follows.
func (r *Reader) End() error {
	_, err := r.decoder.ReadToken()
	switch {
	case r.lines.fail != nil:
		return r.lines.fail
	case errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
		return nil
	default:
		return r.Stop("something follows the end of the JSON document")
	}
}

// Stop is a fault after which reading makes no sense.
func (r *Reader) Stop(text string) *Stopped {
	return &Stopped{schema.Fault{Line: r.Line(), Text: text}}
}

// Stopped is the fault at which reading ended.
type Stopped struct{ schema.Fault }

func (s *Stopped) Error() string { return s.Fault.String() }

// syntax puts a decoder's complaint in words.
func (r *Reader) syntax(err error) *Stopped {
	var syntactic *jsontext.SyntacticError
	offset := r.lines.read
	if errors.As(err, &syntactic) {
		offset = syntactic.ByteOffset
	}
	return &Stopped{schema.Fault{Line: r.lines.at(offset), Text: syntaxText(err, syntactic)}}
}

func syntaxText(err error, syntactic *jsontext.SyntacticError) string {
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return "the document ends in the middle: it is truncated"
	case errors.Is(err, jsontext.ErrDuplicateName):
		return fmt.Sprintf("the key %s appears twice", schema.Quoted(syntactic.JSONPointer.LastToken()))
	case errors.Is(err, jsontext.ErrNonStringName):
		return "a key must be text in double quotes"
	case syntactic != nil && strings.Contains(syntactic.Err.Error(), "invalid UTF-8"):
		return "the text is not valid UTF-8"
	case syntactic != nil && strings.Contains(syntactic.Err.Error(), "surrogate"):
		return "a \\u escape is half of a surrogate pair"
	case syntactic != nil && strings.Contains(syntactic.Err.Error(), "escape sequence"):
		return "not valid JSON: " + schema.Visible(syntactic.Err.Error()) + "; " + WayOutOfEscapes
	case syntactic != nil:
		return "not valid JSON: " + schema.Visible(syntactic.Err.Error())
	}
	return "not valid JSON: " + schema.Visible(err.Error())
}

// KindName is the word for a kind of token.
func KindName(k jsontext.Kind) string {
	switch k {
	case 'n':
		return "null"
	case 't', 'f':
		return "true or false"
	case '"':
		return "text"
	case '0':
		return "a number"
	case '{':
		return "an object"
	case '[':
		return "a list"
	}
	return "nothing"
}

// WayOutOfEscapes is what to do about a backslash that was taken as the begin of
// an escape.
const WayOutOfEscapes = `in double quotes a backslash begins an escape: write \\ for one backslash, or / in a path`
