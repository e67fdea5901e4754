package ad

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/jcmturner/gokrb5/v8/crypto"
	"github.com/jcmturner/gokrb5/v8/iana/keyusage"
)

// Wrap tokens (RFC 4121, 4.2.6.2).
const (
	tokenHeader = 16

	flagFromAcceptor, flagSealed, flagAcceptorSubkey = 1, 2, 4
)

func (c *securityContext) limit() int { return c.maxSize }

func (c *securityContext) seal(message []byte) ([]byte, error) {
	header := wrapHeader(flagSealed, c.useSubkey, c.sequence)
	kind, err := crypto.GetEtype(c.key.KeyType)
	if err != nil {
		return nil, err
	}
	plain := append(append(make([]byte, 0, len(message)+tokenHeader), message...), header...)
	_, sealed, err := kind.EncryptMessage(c.key.KeyValue, plain, keyusage.GSSAPI_INITIATOR_SEAL)
	if err != nil {
		return nil, err
	}
	c.sequence++
	return append(header, sealed...), nil
}

func (c *securityContext) unseal(token []byte) ([]byte, error) {
	if len(token) < tokenHeader || token[0] != 5 || token[1] != 4 ||
		token[2]&flagSealed == 0 || token[2]&flagFromAcceptor == 0 {
		return nil, errNotSealed
	}
	if err := c.checkSequence(binary.BigEndian.Uint64(token[8:])); err != nil {
		return nil, err
	}
	filler := int(binary.BigEndian.Uint16(token[4:]))
	body := rotateLeft(token[tokenHeader:], int(binary.BigEndian.Uint16(token[6:])))
	plain, err := crypto.DecryptMessage(body, c.key, keyusage.GSSAPI_ACCEPTOR_SEAL)
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
func (c *securityContext) checkSequence(number uint64) error {
	if c.counting && number != c.received+1 {
		return fmt.Errorf("sealed message %d came after %d", number, c.received)
	}
	c.counting, c.received = true, number
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
