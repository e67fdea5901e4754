package hmacfile

import (
	"bytes"
	"errors"
	"unicode/utf8"
)

// Why a file is not trusted.
var (
	ErrEmpty     = errors.New("the file is empty")
	ErrNoTrailer = errors.New("a key is given, but the file does not end with an HMAC trailer: it was not signed, or its end is missing; have it exported again with the key")
	ErrNoKey     = errors.New("the file ends with an HMAC trailer, but no key is given to check it; give the key that it was signed with (hmac_file in the configuration, --hmac-file FILE for verify)")
	ErrMismatch  = errors.New("the HMAC does not match: the file was changed after it was signed, or it was signed with another key; compare the keys of both sides, then carry the file across again")
	ErrEncoding  = errors.New("the file is neither UTF-8 nor Windows-1252 text")
	ErrUTF16     = errors.New("the file is UTF-16 text, which no export writes: Windows PowerShell makes that of what it sends to a file with >. Let the export write the file itself (export_file), and carry that one across")
	ErrBOM       = errors.New("the file begins with a byte order mark, which no export writes: an editor or Set-Content saved it again. Carry the file across as the export wrote it")
	ErrCtrlZ     = errors.New("the file ends with a Ctrl-Z character, which no export writes: the command copy adds it where it joins files as text. Carry the file across as the export wrote it, with copy /b")
)

// Opened is the content of a file that was accepted.
type Opened struct {
	// Body has no trailer. With a MAC it is the form that the MAC proves.
	Body   []byte
	Signed bool
	Key    int    // which of the keys proved it, from 1; 0 without a MAC
	Form   string // how the bytes were read, one of the constants
}

// Open verifies data with any of the keys. Without keys the file must carry no
// trailer, and the first form that is valid UTF-8 is taken. Errors are the
// sentinels of this package. data is not changed; Body may share its memory.
func Open(data []byte, keys []Key) (Opened, error) {
	if blank(data) {
		return Opened{}, ErrEmpty
	}
	if err := rewritten(data); err != nil {
		return Opened{}, err
	}
	_, _, sealed := cutTrailer(data)
	switch {
	case sealed && len(keys) == 0:
		return Opened{}, ErrNoKey
	case !sealed && len(keys) > 0:
		return Opened{}, ErrNoTrailer
	case !sealed:
		return unsigned(data)
	}
	for form, text := range forms(data) {
		body, mac, ok := cutTrailer(text)
		if !ok {
			continue
		}
		for i, key := range keys {
			if key.proves(body, mac) {
				return accept(Opened{Body: body, Signed: true, Key: i + 1, Form: form})
			}
		}
	}
	return Opened{}, ErrMismatch
}

// rewritten names what a program that took the file for text has made of it; the
// MAC would only say that it does not match.
func rewritten(data []byte) error {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")),
		bytes.Count(data[:min(2, len(data))], []byte{0}) == 1:
		return ErrUTF16
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		return ErrBOM
	case bytes.HasSuffix(bytes.TrimRight(data, blanks), []byte("\x1a")):
		return ErrCtrlZ
	}
	return nil
}

func unsigned(data []byte) (Opened, error) {
	var last Opened
	for form, text := range forms(data) {
		if !utf8.Valid(text) {
			continue
		}
		last = Opened{Body: text, Form: form}
		if !bytes.Contains(text, crlf) {
			break
		}
	}
	if last.Body == nil {
		return Opened{}, ErrEncoding
	}
	return last, nil
}

func accept(o Opened) (Opened, error) {
	if blank(o.Body) {
		return Opened{}, ErrEmpty
	}
	return o, nil
}

// blanks may follow the trailer.
const blanks = " \t\r\n"

// macLength is that of a SHA-256 MAC in hexadecimal digits.
const macLength = 64

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

func blank(data []byte) bool { return len(bytes.TrimRight(data, blanks)) == 0 }
