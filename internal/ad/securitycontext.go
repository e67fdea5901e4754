package ad

import (
	"bytes"
	"crypto/hmac"
	"crypto/md5" //nolint:gosec // RFC 4121, 4.1.1.2 asks for it
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/jcmturner/gokrb5/v8/asn1tools"
	"github.com/jcmturner/gokrb5/v8/crypto"
	"github.com/jcmturner/gokrb5/v8/iana/chksumtype"
	"github.com/jcmturner/gokrb5/v8/iana/flags"
	"github.com/jcmturner/gokrb5/v8/iana/keyusage"
	"github.com/jcmturner/gokrb5/v8/messages"
	"github.com/jcmturner/gokrb5/v8/spnego"
	"github.com/jcmturner/gokrb5/v8/types"
)

// securityContext is the client's side of Kerberos in GSS-API (RFC 4121) for
// one bind. go-ldap's own neither seals nor binds to the TLS channel.
type securityContext struct {
	ticket   serviceTicket
	sealing  bool   // else no security layer: TLS protects
	bindings []byte // RFC 5929 application data, nil without TLS

	subkey   types.EncryptionKey
	sequence uint64
	sent     types.Authenticator

	key       types.EncryptionKey // of the security layer, once it is agreed
	useSubkey bool
	maxSize   int

	received uint64
	counting bool // received has a number
}

// Flags of the checksum in the first token (RFC 4121, 4.1.1.1), and its size.
const (
	flagMutual, flagReplay, flagSequence, flagConf, flagInteg = 2, 4, 8, 16, 32

	checksumSize = 24
)

// Security layers (RFC 4752, 3.1).
const (
	layerNone byte = 1
	layerSeal byte = 4
)

// DeleteSecContext has nothing to delete.
func (*securityContext) DeleteSecContext() error { return nil }

// InitSecContext is part of what go-ldap asks for.
func (c *securityContext) InitSecContext(target string, token []byte) ([]byte, bool, error) {
	return c.InitSecContextWithOptions(target, token, nil)
}

// InitSecContextWithOptions makes the first token, and reads the controller's
// answer to it.
func (c *securityContext) InitSecContextWithOptions(_ string, token []byte, _ []int) ([]byte, bool, error) {
	if token == nil {
		first, err := c.request()
		return first, true, err
	}
	return []byte{}, false, c.readReply(token)
}

func (c *securityContext) request() ([]byte, error) {
	authenticator, err := types.NewAuthenticator(c.ticket.owner.Domain(), c.ticket.owner.CName())
	if err != nil {
		return nil, err
	}
	authenticator.Cksum = types.Checksum{CksumType: chksumtype.GSSAPI, Checksum: c.checksum()}
	c.sequence, c.sent = uint64(authenticator.SeqNumber), authenticator
	request, err := messages.NewAPReq(c.ticket.Ticket, c.ticket.key, authenticator)
	if err != nil {
		return nil, err
	}
	types.SetFlag(&request.APOptions, flags.APOptionMutualRequired)
	body, err := request.Marshal()
	if err != nil {
		return nil, err
	}
	// The mechanism's OID 1.2.840.113554.1.2.2, and the type KRB_AP_REQ.
	head := []byte{0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 0x01, 0x02, 0x02, 1, 0}
	return asn1tools.AddASNAppTag(append(head, body...), 0), nil
}

// checksum carries the channel bindings and the flags (RFC 4121, 4.1.1).
func (c *securityContext) checksum() []byte {
	sum := make([]byte, checksumSize)
	sum[0] = 16
	if c.bindings != nil {
		all := make([]byte, 16, 20+len(c.bindings)) // no addresses
		all = binary.LittleEndian.AppendUint32(all, uint32(len(c.bindings)))
		digest := md5.Sum(append(all, c.bindings...)) //nolint:gosec // see the import
		copy(sum[4:], digest[:])
	}
	wanted := uint32(flagMutual)
	if c.sealing {
		wanted |= flagReplay | flagSequence | flagConf | flagInteg
	}
	binary.LittleEndian.PutUint32(sum[20:], wanted)
	return sum
}

// readReply proves that the controller knows the ticket's key.
func (c *securityContext) readReply(token []byte) error {
	var reply spnego.KRB5Token
	if err := reply.Unmarshal(token); err != nil {
		return fmt.Errorf("read the controller's Kerberos answer: %w", err)
	}
	if reply.IsKRBError() {
		return reply.KRBError
	}
	if !reply.IsAPRep() {
		return errors.New("the controller's Kerberos answer is of the wrong kind")
	}
	plain, err := crypto.DecryptEncPart(reply.APRep.EncPart, c.ticket.key, keyusage.AP_REP_ENCPART)
	if err != nil {
		return fmt.Errorf("the controller could not prove who it is: %w", err)
	}
	var part messages.EncAPRepPart
	if err := part.Unmarshal(plain); err != nil {
		return fmt.Errorf("read the controller's Kerberos answer: %w", err)
	}
	if part.Cusec != c.sent.Cusec || part.CTime.Unix() != c.sent.CTime.Unix() {
		return errors.New("the controller answered another Kerberos request than this one")
	}
	c.subkey = part.Subkey
	return nil
}

// NegotiateSaslAuth agrees on the security layer (RFC 4752, 3.1).
func (c *securityContext) NegotiateSaslAuth(token []byte, authzid string) ([]byte, error) {
	offer, err := c.readOffer(token)
	if err != nil {
		return nil, err
	}
	answer := []byte{layerNone, 0, 0, 0}
	if c.sealing {
		if offer[0]&layerSeal == 0 {
			return nil, errors.New("the controller does not offer to seal the connection")
		}
		c.maxSize = int(offer[1])<<16 | int(offer[2])<<8 | int(offer[3])
		answer = []byte{layerSeal, 0xff, 0xff, 0xff}
	} else if offer[0]&layerNone == 0 {
		return nil, errors.New("the controller demands that Kerberos protects the connection even inside TLS")
	}
	return c.sign(append(answer, authzid...))
}

// readOffer checks a signed wrap token (RFC 4121, 4.2.6.2) and returns its body.
func (c *securityContext) readOffer(token []byte) ([]byte, error) {
	if len(token) < tokenHeader || token[0] != 5 || token[1] != 4 || token[2]&flagFromAcceptor == 0 || token[2]&flagSealed != 0 {
		return nil, errors.New("the controller's offer of security layers is malformed")
	}
	c.key, c.useSubkey = c.ticket.key, token[2]&flagAcceptorSubkey != 0
	if c.useSubkey {
		c.key = c.subkey
	}
	sumSize := int(binary.BigEndian.Uint16(token[4:]))
	body := rotateLeft(token[tokenHeader:], int(binary.BigEndian.Uint16(token[6:])))
	if len(body) < sumSize+4 {
		return nil, errors.New("the controller's offer of security layers is too short")
	}
	offer, sum := body[:len(body)-sumSize], body[len(body)-sumSize:]
	header := bytes.Clone(token[:tokenHeader])
	clear(header[4:8])
	want, err := c.hash(offer, header, keyusage.GSSAPI_ACCEPTOR_SEAL)
	if err != nil || !hmac.Equal(want, sum) {
		return nil, errors.New("the controller's offer of security layers was changed on the way")
	}
	return offer, nil
}

func (c *securityContext) sign(body []byte) ([]byte, error) {
	header := wrapHeader(0, c.useSubkey, c.sequence)
	sum, err := c.hash(body, header, keyusage.GSSAPI_INITIATOR_SEAL)
	if err != nil {
		return nil, err
	}
	c.sequence++
	binary.BigEndian.PutUint16(header[4:], uint16(len(sum)))
	return append(append(header, body...), sum...), nil
}

func (c *securityContext) hash(body, header []byte, usage uint32) ([]byte, error) {
	kind, err := crypto.GetEtype(c.key.KeyType)
	if err != nil {
		return nil, err
	}
	return kind.GetChecksumHash(c.key.KeyValue, append(bytes.Clone(body), header...), usage)
}

// channelBindings is the tls-server-end-point of a certificate (RFC 5929, 4.1).
func channelBindings(leaf *x509.Certificate) []byte {
	if leaf == nil {
		return nil
	}
	var digest []byte
	switch leaf.SignatureAlgorithm {
	case x509.SHA384WithRSA, x509.ECDSAWithSHA384, x509.SHA384WithRSAPSS:
		sum := sha512.Sum384(leaf.Raw)
		digest = sum[:]
	case x509.SHA512WithRSA, x509.ECDSAWithSHA512, x509.SHA512WithRSAPSS:
		sum := sha512.Sum512(leaf.Raw)
		digest = sum[:]
	default: // MD5 and SHA-1 count as SHA-256, too
		sum := sha256.Sum256(leaf.Raw)
		digest = sum[:]
	}
	return append([]byte("tls-server-end-point:"), digest...)
}
