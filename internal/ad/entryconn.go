package ad

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"net"

	"github.com/go-ldap/ldap/v3"
)

// entryConn hands each entry of a search to go-ldap in one piece: as an entry
// without attributes, whose name is the encoded entry. go-ldap copies every value
// once for each level that it is nested in, which is most of the work of a large
// search; newEntry takes the piece apart instead. All other messages pass as they
// come, and so does what is no message, for go-ldap to refuse.
type entryConn struct {
	net.Conn
	in      *bufio.Reader
	passing int          // bytes of the present message that pass as they come
	piece   bytes.Buffer // an entry in one piece, not read yet
}

func newEntryConn(conn net.Conn) *entryConn {
	return &entryConn{Conn: conn, in: bufio.NewReaderSize(conn, 1<<15)}
}

func (c *entryConn) Read(p []byte) (int, error) {
	if c.piece.Len() == 0 && c.passing == 0 {
		if err := c.next(); err != nil {
			return 0, err
		}
	}
	if c.piece.Len() > 0 {
		return c.piece.Read(p)
	}
	n, err := c.in.Read(p[:min(len(p), c.passing)])
	c.passing -= n
	return n, err
}

// next looks at the head of a message: its length, its number, its kind.
func (c *entryConn) next() error {
	head, length := c.header(0, tagSequence)
	if length < 0 {
		c.passing = math.MaxInt // no message, or the end
		return nil
	}
	c.passing = head + length
	if length < leastEntry || length > maxEntry {
		return nil
	}
	number, size := c.header(head, tagInteger)
	if number += size; size < 1 || size > 4 {
		return nil
	}
	b, err := c.in.Peek(number + 1)
	if err != nil || b[number] != tagEntry {
		return nil
	}
	return c.pack(bytes.Clone(b[head:number]), head+length-number)
}

// Sizes of the content of a message with an entry.
const (
	leastEntry = 9             // a number, an empty name, no attributes
	maxEntry   = math.MaxInt32 // go-ldap's, of any message
)

// header returns the size of a tag and its length, and the length; -1 where it
// is another tag, or the length is not a definite one.
func (c *entryConn) header(at int, tag byte) (head, length int) {
	b, err := c.in.Peek(at + 2)
	if err != nil || b[at] != tag {
		return at, -1
	}
	if more := int(b[at+1]) - 0x80; more > 0 && more <= 8 {
		if b, err = c.in.Peek(at + 2 + more); err != nil {
			return at, -1
		}
	}
	_, rest, length := elementHead(b[at:])
	return len(b) - len(rest), length
}

// keptPiece is the size beyond which the room of an entry is not kept for the next.
const keptPiece = 1 << 20

// pack reads size bytes of an entry and wraps them.
func (c *entryConn) pack(number []byte, size int) error {
	if c.piece.Cap() > keptPiece {
		c.piece = bytes.Buffer{}
	}
	name := appendHead(nil, tagOctets, size)
	entry := appendHead(nil, tagEntry, len(name)+size+2)
	head := appendHead(nil, tagSequence, len(number)+len(entry)+len(name)+size+2)
	for _, part := range [][]byte{head, number, entry, name} {
		c.piece.Write(part)
	}
	skipped := c.passing - size
	c.passing = 0
	if _, err := c.in.Discard(skipped); err != nil {
		return err
	}
	if _, err := io.CopyN(&c.piece, c.in, int64(size)); err != nil {
		c.piece.Reset()
		return err
	}
	c.piece.Write([]byte{tagSequence, 0})
	return nil
}

// Tags of an entry (RFC 4511, 4.5.2).
const (
	tagInteger  = 0x02
	tagOctets   = 0x04
	tagSequence = 0x30
	tagSet      = 0x31
	tagEntry    = 0x60 | ldap.ApplicationSearchResultEntry
)

// appendHead appends a tag and a length (X.690, 8.1.3.5).
func appendHead(b []byte, tag byte, length int) []byte {
	if length < 0x80 {
		return append(b, tag, byte(length))
	}
	return binary.BigEndian.AppendUint32(append(b, tag, 0x84), uint32(length))
}

// elementHead cuts a tag and a length off; length is -1 where they are not both
// there, or the length is not a definite one that fits.
func elementHead(b []byte) (tag byte, rest []byte, length int) {
	if len(b) < 2 {
		return 0, b, -1
	}
	tag, first, rest := b[0], int(b[1]), b[2:]
	if first < 0x80 {
		return tag, rest, first
	}
	n := first - 0x80
	if n == 0 || n > 8 || n > len(rest) {
		return tag, rest, -1
	}
	for _, digit := range rest[:n] {
		if length > math.MaxInt32>>8 {
			return tag, rest, -1
		}
		length = length<<8 | int(digit)
	}
	return tag, rest[n:], length
}
