package ad

import (
	"context"
	"encoding/binary"
	"errors"
	"net"
	"strings"
	"time"

	"github.com/go-ldap/ldap/v3"
)

// Flags of a controller (MS-ADTS 6.3.1.2).
const (
	flagLDAP     = 0x00000008
	flagWritable = 0x00000100
)

// netlogon is what a controller says of itself, and of where the client is, to
// an LDAP ping (MS-ADTS 6.3.1.9, NETLOGON_SAM_LOGON_RESPONSE_EX).
type netlogon struct {
	flags      uint32
	clientSite string // of the subnet that the client is in; "" where there is none
}

// ping asks over UDP, without a logon (MS-ADTS 6.3.3). It waits for as long as
// the context lives.
func ping(ctx context.Context, dialer *net.Dialer, address, domain string) (netlogon, error) {
	raw, err := dialer.DialContext(ctx, "udp", address)
	if err != nil {
		return netlogon{}, err
	}
	conn := ldap.NewConn(raw, false)
	conn.Start()
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	defer conn.Close()
	if deadline, ok := ctx.Deadline(); ok {
		conn.SetTimeout(time.Until(deadline))
	}
	// NtVer: V5, V5EX (MS-ADTS 6.3.1.1), in little-endian order.
	filter := And(Equal("DnsDomain", domain), Equal("NtVer", "\x06\x00\x00\x00"))
	found, err := conn.Search(ldap.NewSearchRequest("", ldap.ScopeBaseObject, ldap.NeverDerefAliases, 0, 0, false, string(filter), []string{"Netlogon"}, nil))
	if err != nil {
		return netlogon{}, err
	}
	if len(found.Entries) != 1 {
		return netlogon{}, errors.New("it is not a controller of this domain")
	}
	return parseNetlogon(found.Entries[0].GetEqualFoldRawAttributeValue("Netlogon"))
}

var errNetlogon = errors.New("the answer to the ping is malformed")

// Codes of an answer, for a user and for none (MS-ADTS 6.3.1.3).
const (
	responseEx            = 23
	responseUserUnknownEx = 25
)

func parseNetlogon(b []byte) (netlogon, error) {
	const names = 24 // after code, padding, flags and the domain's GUID
	if len(b) < names {
		return netlogon{}, errNetlogon
	}
	if code := binary.LittleEndian.Uint16(b); code != responseEx && code != responseUserUnknownEx {
		return netlogon{}, errNetlogon
	}
	n := netlogon{flags: binary.LittleEndian.Uint32(b[4:])}
	at := names
	// forest, domain, host, NetBIOS domain, NetBIOS host, user, site, client's site
	for range 8 {
		var err error
		if n.clientSite, at, err = compressedName(b, at); err != nil {
			return netlogon{}, err
		}
	}
	return n, nil
}

// compressedName reads a name as DNS packs it (RFC 1035, 4.1.4); next is where
// what follows it begins.
func compressedName(b []byte, at int) (name string, next int, err error) {
	var labels []string
	for jumps := 0; at < len(b); {
		size := int(b[at])
		switch {
		case size == 0:
			if next == 0 {
				next = at + 1
			}
			return strings.Join(labels, "."), next, nil
		case size >= 0xc0: // a pointer to the rest
			if jumps++; jumps > 16 || at+1 >= len(b) {
				return "", 0, errNetlogon
			}
			if next == 0 {
				next = at + 2
			}
			at = (size&0x3f)<<8 | int(b[at+1])
		case size > 63 || at+1+size > len(b) || len(labels) > 127:
			return "", 0, errNetlogon
		default:
			labels = append(labels, string(b[at+1:at+1+size]))
			at += 1 + size
		}
	}
	return "", 0, errNetlogon
}
