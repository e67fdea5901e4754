package hmacfile

import (
	"bufio"
	"io"

	"golang.org/x/text/encoding/charmap"
)

// How the bytes of a file were read.
const (
	FormExact           = "exact"
	FormCRLF            = "CRLF"
	FormWindows1252     = "Windows-1252"
	FormCRLFWindows1252 = "CRLF, Windows-1252"
)

var crlf = []byte("\r\n")

// form is one reading of the bytes.
type form struct {
	name                  string
	unixEnds, windows1252 bool
}

// forms are the readings of a file, the exact bytes first. One that does not differ
// from an earlier one is left out.
func (l *look) forms() []form {
	list := []form{{name: FormExact}}
	if l.crlf {
		list = append(list, form{name: FormCRLF, unixEnds: true})
	}
	if l.utf8 || !l.windows1252 {
		return list
	}
	list = append(list, form{name: FormWindows1252, windows1252: true})
	if l.crlf {
		list = append(list, form{name: FormCRLFWindows1252, unixEnds: true, windows1252: true})
	}
	return list
}

// read is the beginning of a file in a form.
func (l *look) read(f form, end int64) io.Reader {
	var r io.Reader = l.part(0, end)
	if f.windows1252 {
		r = charmap.Windows1252.NewDecoder().Reader(r)
	}
	if f.unixEnds {
		r = unixLines{bufio.NewReader(r)}
	}
	return r
}
