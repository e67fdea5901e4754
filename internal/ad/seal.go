package ad

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
)

const (
	maxToken      = 1 << 24 // what this client offered to take (RFC 4752, 3.1)
	tokenOverhead = 128     // header, confounder, padding and checksum, generously
)

// sealer protects messages once it is agreed on a security layer. seal and unseal
// may run at the same time, neither of them twice.
type sealer interface {
	seal(message []byte) (token []byte, err error)
	unseal(token []byte) (message []byte, err error) // also refuses what was left out, repeated or reordered
	limit() int                                      // the largest token that the controller takes
}

// sealedConn passes bytes on until it is armed; then each write travels in wrap
// tokens behind four bytes of length (RFC 4752, 3.1), and so does each read.
// The peer may arm first: its first sealed bytes do not begin as an LDAP
// message (0x30) does, as long as a token is shorter than 768 MB.
type sealedConn struct {
	net.Conn

	mu    sync.Mutex
	layer sealer // guarded by mu

	rest []byte // unsealed, not yet read; used by the one reader alone
}

// arm seals everything from now on.
func (c *sealedConn) arm(layer sealer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.layer = layer
}

func (c *sealedConn) armed() sealer {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.layer
}

// Write seals p in as many tokens as the controller's limit asks for.
func (c *sealedConn) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.layer == nil {
		return c.Conn.Write(p)
	}
	room := c.layer.limit() - tokenOverhead
	if room <= 0 {
		return 0, fmt.Errorf("the controller takes only %d bytes at a time", c.layer.limit())
	}
	written := 0
	for len(p) > 0 {
		n := min(len(p), room)
		token, err := c.layer.seal(p[:n])
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
		layer := c.armed()
		if layer == nil {
			return 0, errNotSealed
		}
		plain, err := layer.unseal(token)
		if err != nil {
			return 0, err
		}
		c.rest = plain
	}
	n := copy(p, c.rest)
	c.rest = c.rest[n:]
	return n, nil
}

var errNotSealed = errors.New("what the controller sent is not sealed")

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
