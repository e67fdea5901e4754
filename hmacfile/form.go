package hmacfile

import (
	"bytes"
	"iter"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// How the bytes of a file were read.
const (
	FormExact           = "exact"
	FormCRLF            = "CRLF"
	FormWindows1252     = "Windows-1252"
	FormCRLFWindows1252 = "CRLF, Windows-1252"
)

var crlf, lf = []byte("\r\n"), []byte("\n")

// forms yields the readings of data, the exact bytes first. A reading that
// does not differ from an earlier one is left out.
func forms(data []byte) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		ends := bytes.Contains(data, crlf)
		if !yield(FormExact, data) {
			return
		}
		if ends && !yield(FormCRLF, bytes.ReplaceAll(data, crlf, lf)) {
			return
		}
		if utf8.Valid(data) {
			return
		}
		text, ok := windows1252(data)
		if !ok || !yield(FormWindows1252, text) {
			return
		}
		if ends {
			yield(FormCRLFWindows1252, bytes.ReplaceAll(text, crlf, lf))
		}
	}
}

// windows1252 is false for bytes that the code page leaves undefined, which
// the decoder would let pass as control characters.
func windows1252(data []byte) ([]byte, bool) {
	for _, undefined := range []byte{0x81, 0x8d, 0x8f, 0x90, 0x9d} {
		if bytes.IndexByte(data, undefined) >= 0 {
			return nil, false
		}
	}
	text, err := charmap.Windows1252.NewDecoder().Bytes(data)
	return text, err == nil
}
