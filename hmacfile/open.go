package hmacfile

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
)

// Why a file is not trusted.
var (
	ErrEmpty     = errors.New("the file is empty")
	ErrNoTrailer = errors.New("a key is given, but the file does not end with an HMAC trailer: it was not signed, or its end is missing; have it exported again with the key")
	ErrNoKey     = errors.New("the file ends with an HMAC trailer, but no key is given to check it; give the key that it was signed with (hmac_file in the configuration, --hmac-file FILE for verify)")
	ErrMismatch  = errors.New("the HMAC does not match: the file was changed after it was signed, or it was signed with another key; compare the keys of both sides, then carry the file across again")
	ErrChanged   = errors.New("the file was changed while it was read: something still writes to it. Start again once it is completely there")
	ErrEncoding  = errors.New("the file is neither UTF-8 nor Windows-1252 text")
	ErrUTF16     = errors.New("the file is UTF-16 text, which no export writes: Windows PowerShell makes that of what it sends to a file with >. Let the export write the file itself (export_file), and carry that one across")
	ErrBOM       = errors.New("the file begins with a byte order mark, which no export writes: an editor or Set-Content saved it again. Carry the file across as the export wrote it")
	ErrCtrlZ     = errors.New("the file ends with a Ctrl-Z character, which no export writes: the command copy adds it where it joins files as text. Carry the file across as the export wrote it, with copy /b")
)

// ReadError says that a file could not be read to its end.
type ReadError struct{ Err error }

func (e *ReadError) Error() string { return e.Err.Error() }

func (e *ReadError) Unwrap() error { return e.Err }

// File is a file that was accepted. None of it is in memory.
type File struct {
	SHA256 [sha256.Size]byte // of the bytes as they are
	Signed bool
	Key    int    // which of the keys proved it, from 1; 0 without a MAC
	Form   string // how the bytes are read, one of the constants

	look *look
	form form
	end  int64
}

// Body reads the content, without trailer; with a MAC, in the form that the MAC
// proves. What it returns is what was accepted: where the file was changed since, it
// ends with ErrChanged.
func (f *File) Body() io.Reader { return f.look.read(f.form, f.end) }

// OpenFile verifies what from holds, with any of the keys. Without keys it must carry
// no trailer, and the first form that is valid UTF-8 is taken. Errors are the
// sentinels of this package, or a *ReadError.
func OpenFile(from io.ReaderAt, keys []Key) (*File, error) {
	l, err := lookThrough(from)
	if err != nil {
		return nil, err
	}
	if l.first < 0 {
		return nil, ErrEmpty
	}
	tail, err := io.ReadAll(l.part(max(0, l.last-trailerLength), l.last))
	if err != nil {
		return nil, err
	}
	if err := rewritten(l.begin[:min(int64(len(l.begin)), l.size)], tail); err != nil {
		return nil, err
	}
	_, mac, sealed := cutTrailer(tail)
	switch {
	case sealed && len(keys) == 0:
		return nil, ErrNoKey
	case !sealed && len(keys) > 0:
		return nil, ErrNoTrailer
	case !sealed:
		return l.unsigned()
	}
	return l.signed(tail, mac, keys)
}

func (l *look) file(f form, end int64) *File {
	return &File{SHA256: l.sum, Form: f.name, look: l, form: f, end: end}
}

// unsigned takes LF for line ends, and UTF-8, where the bytes are no other text.
func (l *look) unsigned() (*File, error) {
	if !l.utf8 && !l.windows1252 {
		return nil, ErrEncoding
	}
	forms := l.forms()
	return l.file(forms[len(forms)-1], l.size), nil
}

func (l *look) signed(tail, mac []byte, keys []Key) (*File, error) {
	for _, f := range l.forms() {
		end := l.last - macLength - 1
		if f.unixEnds && bytes.HasSuffix(tail[:len(tail)-macLength], crlf) {
			end--
		}
		key, err := proves(keys, l.read(f, end), mac)
		switch {
		case err != nil:
			return nil, err
		case key > 0 && l.first >= end:
			return nil, ErrEmpty
		case key > 0:
			opened := l.file(f, end)
			opened.Signed, opened.Key = true, key
			return opened, nil
		}
	}
	return nil, ErrMismatch
}

// Opened is a File with its content in memory.
type Opened struct {
	Body   []byte
	Signed bool
	Key    int
	Form   string
}

// Open is OpenFile for what is in memory. data is not changed.
func Open(data []byte, keys []Key) (Opened, error) {
	f, err := OpenFile(bytes.NewReader(data), keys)
	if err != nil {
		return Opened{}, err
	}
	body, err := io.ReadAll(f.Body())
	if err != nil {
		return Opened{}, err
	}
	return Opened{Body: body, Signed: f.Signed, Key: f.Key, Form: f.Form}, nil
}

// rewritten names what a program that took the file for text has made of it, by how it
// begins and ends; the MAC would only say that it does not match.
func rewritten(begin, end []byte) error {
	switch {
	case bytes.HasPrefix(begin, []byte("\xff\xfe")), bytes.HasPrefix(begin, []byte("\xfe\xff")),
		bytes.Count(begin[:min(2, len(begin))], []byte{0}) == 1:
		return ErrUTF16
	case bytes.HasPrefix(begin, []byte("\xef\xbb\xbf")):
		return ErrBOM
	case bytes.HasSuffix(end, []byte("\x1a")):
		return ErrCtrlZ
	}
	return nil
}

// blanks may follow the trailer.
const blanks = " \t\r\n"

// macLength is that of a SHA-256 MAC in hexadecimal digits.
const macLength = 64

// trailerLength is that of a MAC with the line end before it.
const trailerLength = macLength + 2

// cutTrailer separates body and MAC. ok is false where there is no trailer.
func cutTrailer(data []byte) (body, mac []byte, ok bool) {
	data = bytes.TrimRight(data, blanks)
	at := len(data) - macLength
	if at < 1 || data[at-1] != '\n' {
		return nil, nil, false
	}
	for _, c := range data[at:] {
		if !isHex(c) {
			return nil, nil, false
		}
	}
	return data[:at-1], data[at:], true
}

// HasTrailer reports whether the end of a file is a trailer.
func HasTrailer(end []byte) bool {
	_, _, ok := cutTrailer(end)
	return ok
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}
