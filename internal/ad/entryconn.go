package ad

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"net"
	"sync"

	"github.com/go-ldap/ldap/v3"
)

// entryConn keeps the entries of searches back from go-ldap, which copies every
// value once for each level that it is nested in: most of the work of a large
// search. In the place of those that come one behind the other it hands on one
// entry without attributes, whose name is a ticket for what was kept. All other
// messages pass as they come, and so does what is no message, for go-ldap to refuse.
type entryConn struct {
	net.Conn
	in      *bufio.Reader
	passing int          // bytes of the present message that pass as they come
	held    [][]byte     // entries that no stub stands for yet
	number  []byte       // of the answer that they belong to
	stub    bytes.Buffer // of entries that were kept, not read yet

	mu      sync.Mutex
	kept    map[string][][]byte // by ticket
	tickets uint64
}

func newEntryConn(conn net.Conn) *entryConn {
	return &entryConn{Conn: conn, in: bufio.NewReaderSize(conn, 1<<15), kept: map[string][][]byte{}}
}

// take returns what was kept, once.
func (c *entryConn) take(ticket string) ([][]byte, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	entries, known := c.kept[ticket]
	delete(c.kept, ticket)
	return entries, known
}

func (c *entryConn) Read(p []byte) (int, error) {
	for c.stub.Len() == 0 && c.passing == 0 {
		if err := c.next(); err != nil {
			return 0, err
		}
	}
	if c.stub.Len() > 0 {
		return c.stub.Read(p)
	}
	n, err := c.in.Read(p[:min(len(p), c.passing)])
	c.passing -= n
	return n, err
}

// next goes on by one message, or puts a stub before it.
func (c *entryConn) next() error {
	size, number, entry := c.look()
	switch {
	case len(c.held) > 0 && !bytes.Equal(number, c.number):
		c.putStub()
		return nil
	case number == nil:
		c.passing = size
		return nil
	}
	if c.number == nil {
		c.number = bytes.Clone(number)
	}
	if _, err := c.in.Discard(size - entry); err != nil {
		return err
	}
	b, err := readBytes(c.in, entry)
	if err == nil {
		c.held = append(c.held, b)
	}
	return err
}

// look returns the size of the message that comes, and, where it holds an entry,
// its number as it was written and the size of that entry.
func (c *entryConn) look() (size int, number []byte, entry int) {
	head, length := c.header(0, tagSequence)
	if length < 0 {
		return math.MaxInt, nil, 0 // no message, or the end
	}
	size = head + length
	if length < leastEntry || length > maxEntry {
		return size, nil, 0
	}
	end, digits := c.header(head, tagInteger)
	if end += digits; digits < 1 || digits > 4 {
		return size, nil, 0
	}
	b, err := c.in.Peek(end + 1)
	if err != nil || b[end] != tagEntry {
		return size, nil, 0
	}
	return size, b[head:end], size - end
}

// putStub puts an entry that is a ticket in the place of those that are held.
func (c *entryConn) putStub() {
	c.mu.Lock()
	c.tickets++
	ticket := binary.BigEndian.AppendUint64(nil, c.tickets)
	c.kept[string(ticket)] = c.held
	c.mu.Unlock()
	name := append(appendHead(nil, tagOctets, len(ticket)), ticket...)
	stub := appendHead(c.number, tagEntry, len(name)+2)
	stub = append(append(stub, name...), tagSequence, 0)
	c.stub.Write(appendHead(nil, tagSequence, len(stub)))
	c.stub.Write(stub)
	c.held, c.number = nil, nil
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

// readAtOnce is what is believed of a length before the bytes are there.
const readAtOnce = 1 << 16

func readBytes(r io.Reader, size int) ([]byte, error) {
	if size <= readAtOnce {
		b := make([]byte, size)
		_, err := io.ReadFull(r, b)
		return b, err
	}
	var b bytes.Buffer
	_, err := io.CopyN(&b, r, int64(size))
	return b.Bytes(), err
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
