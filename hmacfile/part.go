package hmacfile

import (
	"bufio"
	"crypto/sha256"
	"errors"
	"io"
)

// part reads bytes of a file again, from at to its end, and hands on only what is as
// it was at first.
type part struct {
	*look
	at, end int64
	chunk   []byte // memory for one
	ready   []byte // of it, what was not handed on yet
}

func (l *look) part(at, end int64) *part { return &part{look: l, at: at, end: end} }

func (p *part) Read(into []byte) (int, error) {
	if len(p.ready) == 0 {
		if p.at >= p.end {
			return 0, io.EOF
		}
		if err := p.next(); err != nil {
			return 0, err
		}
	}
	n := copy(into, p.ready)
	p.ready = p.ready[n:]
	return n, nil
}

// next reads the complete chunk that the next byte is in.
func (p *part) next() error {
	number := p.at / chunkSize
	from := number * chunkSize
	to := min(from+chunkSize, p.size)
	if p.chunk == nil {
		p.chunk = make([]byte, chunkSize)
	}
	chunk := p.chunk[:to-from]
	n, err := p.from.ReadAt(chunk, from)
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return &ReadError{err}
	case n < len(chunk) || sha256.Sum256(chunk) != p.sums[number]:
		return ErrChanged
	}
	p.ready = chunk[p.at-from : min(to, p.end)-from]
	p.at = min(to, p.end)
	return nil
}

// unixLines reads CRLF as LF.
type unixLines struct{ from *bufio.Reader }

func (u unixLines) Read(into []byte) (n int, err error) {
	for n < len(into) {
		c, err := u.from.ReadByte()
		if err != nil {
			if n > 0 && errors.Is(err, io.EOF) {
				return n, nil
			}
			return n, err
		}
		if c == '\r' {
			next, err := u.from.Peek(1)
			if err != nil && !errors.Is(err, io.EOF) {
				return n, err
			}
			if len(next) == 1 && next[0] == '\n' {
				continue
			}
		}
		into[n] = c
		n++
	}
	return n, nil
}
