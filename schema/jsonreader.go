package schema

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// maxDepth is how deep arrays and objects of a document may be nested.
const maxDepth = 16

// jsonReader reads the tokens of one JSON document and knows their lines. It
// refuses duplicate keys unless told otherwise, lone surrogates, text that is
// not UTF-8, and nesting beyond maxDepth.
type jsonReader struct {
	decoder *jsontext.Decoder
	body    []byte
	counted int // bytes of body whose line ends are in lines
	lines   int
}

func newJSONReader(body []byte, options ...jsontext.Options) *jsonReader {
	return &jsonReader{decoder: jsontext.NewDecoder(bytes.NewBuffer(body), options...), body: body}
}

// next reads one token. It is valid until the next call. An error is a *Fault.
func (r *jsonReader) next() (jsontext.Token, error) {
	token, err := r.decoder.ReadToken()
	switch {
	case err != nil:
		return token, r.syntax(err)
	case r.decoder.StackDepth() > maxDepth:
		return token, r.stop(fmt.Sprintf("nested more than %d levels deep", maxDepth))
	}
	return token, nil
}

// peek tells which kind of token comes next; 0 where there is an error.
func (r *jsonReader) peek() jsontext.Kind { return r.decoder.PeekKind() }

// line is where the last token stands.
func (r *jsonReader) line() int { return r.lineAt(r.decoder.InputOffset()) }

func (r *jsonReader) lineAt(offset int64) int {
	to := int(min(max(offset, 0), int64(len(r.body))))
	if to < r.counted {
		return 1 + bytes.Count(r.body[:to], []byte("\n"))
	}
	r.lines += bytes.Count(r.body[r.counted:to], []byte("\n"))
	r.counted = to
	return 1 + r.lines
}

// leave reads to the end of the array or object whose begin was the last token.
func (r *jsonReader) leave() error {
	for depth := r.decoder.StackDepth(); r.decoder.StackDepth() >= depth; {
		if _, err := r.next(); err != nil {
			return err
		}
	}
	return nil
}

// end makes sure that nothing but white space follows.
func (r *jsonReader) end() error {
	_, err := r.decoder.ReadToken()
	switch {
	case errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
		return nil
	default:
		r.line()
		return r.stop("something follows the end of the JSON document")
	}
}

// stop is a fault after which reading makes no sense.
func (r *jsonReader) stop(text string) *stopped {
	return &stopped{Fault{Line: r.line(), Text: text}}
}

// stopped is the fault at which reading ended.
type stopped struct{ Fault }

func (s *stopped) Error() string { return s.Fault.String() }

// syntax puts a decoder's complaint in words.
func (r *jsonReader) syntax(err error) *stopped {
	var syntactic *jsontext.SyntacticError
	offset := int64(len(r.body))
	if errors.As(err, &syntactic) {
		offset = syntactic.ByteOffset
	}
	return &stopped{Fault{Line: r.lineAt(offset), Text: syntaxText(err, syntactic)}}
}

func syntaxText(err error, syntactic *jsontext.SyntacticError) string {
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return "the document ends in the middle: it is truncated"
	case errors.Is(err, jsontext.ErrDuplicateName):
		return fmt.Sprintf("the key %s appears twice", quoted(syntactic.JSONPointer.LastToken()))
	case errors.Is(err, jsontext.ErrNonStringName):
		return "a key must be text in double quotes"
	case syntactic != nil && strings.Contains(syntactic.Err.Error(), "invalid UTF-8"):
		return "the text is not valid UTF-8"
	case syntactic != nil && strings.Contains(syntactic.Err.Error(), "surrogate"):
		return "a \\u escape is half of a surrogate pair"
	case syntactic != nil && strings.Contains(syntactic.Err.Error(), "escape sequence"):
		return "not valid JSON: " + Visible(syntactic.Err.Error()) + "; " + wayOutOfEscapes
	case syntactic != nil:
		return "not valid JSON: " + Visible(syntactic.Err.Error())
	}
	return "not valid JSON: " + Visible(err.Error())
}

// kindName is the word for a kind of token.
func kindName(k jsontext.Kind) string {
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
