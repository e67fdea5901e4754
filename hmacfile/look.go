package hmacfile

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"unicode/utf8"
)

// chunkSize is how much of a file is in memory at a time.
const chunkSize = 64 << 10

// undefined are the bytes that Windows-1252 leaves undefined, and whose decoder would
// let pass as control characters.
var undefined = []byte{0x81, 0x8d, 0x8f, 0x90, 0x9d}

// look is what the first reading of all bytes showed. Whatever is read later is held
// against it.
type look struct {
	from io.ReaderAt
	size int64
	sums [][sha256.Size]byte // of the chunks
	sum  [sha256.Size]byte   // of all bytes

	begin       [3]byte
	first, last int64 // of the bytes that are no blanks, and behind the last of them
	crlf        bool
	utf8        bool
	windows1252 bool
}

// lookThrough reads all bytes once.
func lookThrough(from io.ReaderAt) (*look, error) {
	l := &look{from: from, first: -1, utf8: true, windows1252: true}
	all, buffer := sha256.New(), make([]byte, chunkSize)
	text := runes{}
	for before := byte(0); ; {
		n, err := from.ReadAt(buffer, l.size)
		chunk := buffer[:n]
		if n > 0 {
			l.crlf = l.crlf || before == '\r' && chunk[0] == '\n' || bytes.Contains(chunk, crlf)
			l.utf8 = l.utf8 && text.valid(chunk)
			l.windows1252 = l.windows1252 && !containsAny(chunk, undefined)
			l.add(chunk)
			all.Write(chunk)
			before = chunk[n-1]
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, &ReadError{err}
		}
	}
	l.utf8 = l.utf8 && text.complete()
	all.Sum(l.sum[:0])
	return l, nil
}

func (l *look) add(chunk []byte) {
	if l.size < int64(len(l.begin)) {
		copy(l.begin[l.size:], chunk)
	}
	if solid := bytes.TrimLeft(chunk, blanks); len(solid) > 0 {
		if l.first < 0 {
			l.first = l.size + int64(len(chunk)-len(solid))
		}
		l.last = l.size + int64(len(bytes.TrimRight(chunk, blanks)))
	}
	l.sums = append(l.sums, sha256.Sum256(chunk))
	l.size += int64(len(chunk))
}

func containsAny(text, some []byte) bool {
	for _, c := range some {
		if bytes.IndexByte(text, c) >= 0 {
			return true
		}
	}
	return false
}

// runes looks at UTF-8 in pieces.
type runes struct {
	rest  [utf8.UTFMax]byte // the begin of a rune that the next piece goes on with
	count int
}

func (r *runes) valid(piece []byte) bool {
	for r.count > 0 && len(piece) > 0 {
		r.rest[r.count] = piece[0]
		r.count++
		piece = piece[1:]
		if utf8.FullRune(r.rest[:r.count]) {
			if !utf8.Valid(r.rest[:r.count]) {
				return false
			}
			r.count = 0
		}
	}
	for n := 1; n < utf8.UTFMax && n <= len(piece); n++ {
		if tail := piece[len(piece)-n:]; utf8.RuneStart(tail[0]) {
			if !utf8.FullRune(tail) {
				r.count = copy(r.rest[:], tail)
				piece = piece[:len(piece)-n]
			}
			break
		}
	}
	return utf8.Valid(piece)
}

func (r *runes) complete() bool { return r.count == 0 }
