package ad

import (
	"bytes"
	"context"
	"errors"
	"fmt"
)

// sspiContext is a security context of Windows for Kerberos.
type sspiContext interface {
	Update(token []byte) (completed bool, output []byte, err error)
	VerifyFlags() error // that all that was asked for is kept
	EncryptMessage(message []byte, qop, sequence uint32) ([]byte, error)
	DecryptMessage(token []byte, sequence uint32) (qop uint32, message []byte, err error)
}

// beginner makes a context for a service, and its first token.
type beginner func(service string) (sspiContext, []byte, error)

// signedOnly is the quality of protection that signs and does not encrypt
// (SECQOP_WRAP_NO_ENCRYPT).
const signedOnly = 0x80000001

// sspiLogOn binds by the Windows logon without TLS, and seals the connection.
func sspiLogOn(ctx context.Context, w wire, r root, begin beginner) error {
	return interruptible(ctx, func() error {
		client := &sspiClient{begin: begin, services: w.services(r)}
		if err := w.conn.GSSAPIBind(client, "", ""); err != nil {
			return err
		}
		w.seal.arm(client)
		return nil
	})
}

// interruptible does not wait for a system call once ctx ends; it ends by itself.
func interruptible(ctx context.Context, logOn func() error) error {
	ended := make(chan error, 1)
	go func() { ended <- logOn() }()
	select {
	case <-ctx.Done():
		return kerberosSilence(ctx.Err())
	case err := <-ended:
		return sspiError(err)
	}
}

// sspiClient is the client's side of a bind by SASL GSSAPI (RFC 4752) that Windows
// signs and seals. go-ldap's own chooses no security layer, and ends its context
// with the bind.
type sspiClient struct {
	begin    beginner
	services []string // to try, until Kerberos knows one

	context sspiContext
	maxSize int
}

// DeleteSecContext is called after the bind, when the context is needed most.
func (*sspiClient) DeleteSecContext() error { return nil }

// InitSecContext is part of what go-ldap asks for.
func (c *sspiClient) InitSecContext(target string, token []byte) ([]byte, bool, error) {
	return c.InitSecContextWithOptions(target, token, nil)
}

// InitSecContextWithOptions makes the first token, and reads the controller's
// answer to it.
func (c *sspiClient) InitSecContextWithOptions(_ string, token []byte, _ []int) ([]byte, bool, error) {
	if token == nil {
		first, err := c.first()
		return first, true, err
	}
	completed, output, err := c.context.Update(token)
	if err == nil && completed {
		err = c.context.VerifyFlags()
	}
	return output, !completed, err
}

func (c *sspiClient) first() (token []byte, err error) {
	for _, service := range c.services {
		if c.context, token, err = c.begin(service); sspiCode(err) != targetUnknown {
			break
		}
	}
	return token, err
}

// NegotiateSaslAuth agrees on the security layer (RFC 4752, 3.1).
func (c *sspiClient) NegotiateSaslAuth(token []byte, authzid string) ([]byte, error) {
	qop, offer, err := c.context.DecryptMessage(bytes.Clone(token), 0)
	switch {
	case err != nil:
		return nil, fmt.Errorf("read the controller's offer of security layers: %w", err)
	case qop != signedOnly || len(offer) != 4:
		return nil, errors.New("the controller's offer of security layers is malformed")
	case offer[0]&layerSeal == 0:
		return nil, errors.New("the controller does not offer to seal the connection")
	}
	c.maxSize = int(offer[1])<<16 | int(offer[2])<<8 | int(offer[3])
	return c.context.EncryptMessage(append([]byte{layerSeal, 0xff, 0xff, 0xff}, authzid...), signedOnly, 0)
}

func (c *sspiClient) limit() int { return c.maxSize }

// seal works on a copy: Windows encrypts in place.
func (c *sspiClient) seal(message []byte) ([]byte, error) {
	return c.context.EncryptMessage(bytes.Clone(message), 0, 0)
}

// unseal relies on Windows for the order of messages, as it was asked for.
func (c *sspiClient) unseal(token []byte) ([]byte, error) {
	qop, message, err := c.context.DecryptMessage(token, 0)
	switch {
	case err != nil:
		return nil, fmt.Errorf("what the controller sent was changed on the way: %w", err)
	case qop != 0:
		return nil, errNotSealed
	}
	return bytes.Clone(message), nil
}
