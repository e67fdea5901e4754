package ad

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"

	"github.com/jcmturner/gokrb5/v8/crypto"
	"github.com/jcmturner/gokrb5/v8/iana/keyusage"
)

// Wrap tokens (RFC 4121, 4.2.6.2).
const (
	tokenHeader = 16

	flagFromAcceptor, flagSealed, flagAcceptorSubkey = 1, 2, 4

	maxToken      = 1 << 24 // what this client offered to take (RFC 4752, 3.1)
	tokenOverhead = 128     // header, confounder, padding and checksum, generously
)

// sealedConn passes bytes on until it is armed; then each write travels in wrap
// tokens behind four bytes of length (RFC 4752, 3.1), and so does each read.
// The peer may arm first: its first sealed bytes do not begin as an LDAP
// message (0x30) does, as long as a token is shorter than 768 MB.
type sealedConn struct {
	net.Conn

	mu       sync.Mutex // guards all below but rest
	context  *securityContext
	received uint64
	first    bool

	rest []byte // unsealed, not yet read; used by the one reader alone
}

// arm seals everything from now on.
func (c *sealedConn) arm(context *securityContext) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.context, c.first = context, true
}

func (c *sealedConn) armed() *securityContext {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.context
}

// Write seals p in as many tokens as the controller's limit asks for.
func (c *sealedConn) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.context == nil {
		return c.Conn.Write(p)
	}
	room := c.context.maxSize - tokenOverhead
	if room <= 0 {
		return 0, fmt.Errorf("the controller takes only %d bytes at a time", c.context.maxSize)
	}
	written := 0
	for len(p) > 0 {
		n := min(len(p), room)
		token, err := c.wrap(p[:n])
		if err != nil {
			return written, err
		}
		if _, err := c.Conn.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(token))), token...)); err != nil {
			return written, err
		}
		written, p = written+n, p[n:]
	}
	return written, nil
}

func (c *sealedConn) wrap(p []byte) ([]byte, error) {
	header := wrapHeader(flagSealed, c.context.useSubkey, c.context.sequence)
	kind, err := crypto.GetEtype(c.context.key.KeyType)
	if err != nil {
		return nil, err
	}
	plain := append(append(make([]byte, 0, len(p)+tokenHeader), p...), header...)
	_, sealed, err := kind.EncryptMessage(c.context.key.KeyValue, plain, keyusage.GSSAPI_INITIATOR_SEAL)
	if err != nil {
		return nil, err
	}
	c.context.sequence++
	return append(header, sealed...), nil
}

// Read unseals. What comes in the clear after the first sealed token is an
// attack, or a fault, and ends the connection.
func (c *sealedConn) Read(p []byte) (int, error) {
	for len(c.rest) == 0 {
		var length [4]byte
		if _, err := io.ReadFull(c.Conn, length[:1]); err != nil {
			return 0, err
		}
		if length[0] == 0x30 {
			return c.readPlain(p, length[0])
		}
		if _, err := io.ReadFull(c.Conn, length[1:]); err != nil {
			return 0, err
		}
		size := binary.BigEndian.Uint32(length[:])
		if size > maxToken {
			return 0, fmt.Errorf("a sealed message of %d bytes is too large", size)
		}
		token := make([]byte, size)
		if _, err := io.ReadFull(c.Conn, token); err != nil {
			return 0, err
		}
		plain, err := c.unwrap(token)
		if err != nil {
			return 0, err
		}
		c.rest = plain
	}
	n := copy(p, c.rest)
	c.rest = c.rest[n:]
	return n, nil
}

// readPlain passes on what is not sealed yet.
func (c *sealedConn) readPlain(p []byte, first byte) (int, error) {
	if c.armed() != nil {
		return 0, errors.New("the connection is sealed, and something came in the clear")
	}
	p[0] = first
	if len(p) == 1 {
		return 1, nil
	}
	n, err := c.Conn.Read(p[1:])
	return n + 1, err
}

func (c *sealedConn) unwrap(token []byte) ([]byte, error) {
	context := c.armed()
	if context == nil || len(token) < tokenHeader || token[0] != 5 || token[1] != 4 ||
		token[2]&flagSealed == 0 || token[2]&flagFromAcceptor == 0 {
		return nil, errors.New("what the controller sent is not sealed")
	}
	if err := c.checkSequence(binary.BigEndian.Uint64(token[8:])); err != nil {
		return nil, err
	}
	filler := int(binary.BigEndian.Uint16(token[4:]))
	body := rotateLeft(token[tokenHeader:], int(binary.BigEndian.Uint16(token[6:])))
	plain, err := crypto.DecryptMessage(body, context.key, keyusage.GSSAPI_ACCEPTOR_SEAL)
	if err != nil {
		return nil, fmt.Errorf("what the controller sent was changed on the way: %w", err)
	}
	if len(plain) < tokenHeader+filler {
		return nil, errors.New("a sealed message is too short")
	}
	// The header travels inside, too, with the rotation left out.
	inside := plain[len(plain)-tokenHeader:]
	if string(inside[:6]) != string(token[:6]) || string(inside[8:]) != string(token[8:tokenHeader]) {
		return nil, errors.New("the head of a sealed message was changed on the way")
	}
	return plain[:len(plain)-tokenHeader-filler], nil
}

// checkSequence refuses what was left out, repeated or reordered.
func (c *sealedConn) checkSequence(number uint64) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.first && number != c.received+1 {
		return fmt.Errorf("sealed message %d came after %d", number, c.received)
	}
	c.first, c.received = false, number
	return nil
}

func wrapHeader(flags byte, subkey bool, sequence uint64) []byte {
	header := []byte{5, 4, flags, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
	if subkey {
		header[2] |= flagAcceptorSubkey
	}
	binary.BigEndian.PutUint64(header[8:], sequence)
	return header
}

func rotateLeft(b []byte, n int) []byte {
	if len(b) == 0 {
		return b
	}
	n %= len(b)
	return append(append(make([]byte, 0, len(b)), b[n:]...), b[:n]...)
}
