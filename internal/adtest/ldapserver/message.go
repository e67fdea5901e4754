package ldapserver

import (
	"errors"
	"fmt"
	"regexp"
	"slices"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"

	"ad-user-sync/internal/ad"
)

// Attribute of an entry as it goes over the wire.
type Attribute struct {
	Name   string
	Values [][]byte
}

// Message wraps an operation and its controls (RFC 4511, 4.1.1).
func Message(id int64, op *ber.Packet, controls ...*ber.Packet) *ber.Packet {
	p := ber.NewSequence("")
	p.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, id, ""))
	p.AppendChild(op)
	if len(controls) > 0 {
		all := ber.Encode(ber.ClassContext, ber.TypeConstructed, 0, nil, "")
		for _, control := range controls {
			all.AppendChild(control)
		}
		p.AppendChild(all)
	}
	return p
}

// Result is the end of an operation (RFC 4511, 4.1.9).
func Result(tag ber.Tag, code int, diagnostic string) *ber.Packet {
	op := ber.Encode(ber.ClassApplication, ber.TypeConstructed, tag, nil, "")
	op.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagEnumerated, code, ""))
	op.AppendChild(octets(""))
	op.AppendChild(octets(diagnostic))
	if code == ldap.LDAPResultReferral {
		referral := ber.Encode(ber.ClassContext, ber.TypeConstructed, 3, nil, "")
		referral.AppendChild(octets("ldap://elsewhere.invalid/"))
		op.AppendChild(referral)
	}
	return op
}

// Entry is one object that a search found (RFC 4511, 4.5.2).
func Entry(dn string, attributes []Attribute) *ber.Packet {
	op := ber.Encode(ber.ClassApplication, ber.TypeConstructed, ldap.ApplicationSearchResultEntry, nil, "")
	op.AppendChild(octets(dn))
	list := ber.NewSequence("")
	for _, a := range attributes {
		one := ber.NewSequence("")
		one.AppendChild(octets(a.Name))
		set := ber.Encode(ber.ClassUniversal, ber.TypeConstructed, ber.TagSet, nil, "")
		for _, value := range a.Values {
			set.AppendChild(octets(string(value)))
		}
		one.AppendChild(set)
		list.AppendChild(one)
	}
	op.AppendChild(list)
	return op
}

// Reference says that more can be found elsewhere (RFC 4511, 4.5.3).
func Reference(url string) *ber.Packet {
	op := ber.Encode(ber.ClassApplication, ber.TypeConstructed, ldap.ApplicationSearchResultReference, nil, "")
	op.AppendChild(octets(url))
	return op
}

// Paging finds the control for pages (RFC 2696) in a message; nil where there
// is none.
func Paging(message *ber.Packet) *ldap.ControlPaging {
	for _, packet := range controls(message) {
		if controlType(packet) != ldap.ControlTypePaging {
			continue
		}
		decoded, err := ldap.DecodeControl(ber.DecodePacket(packet.Bytes())) // it changes what it decodes
		if paging, ok := decoded.(*ldap.ControlPaging); err == nil && ok {
			return paging
		}
	}
	return nil
}

func controls(message *ber.Packet) []*ber.Packet {
	if len(message.Children) < 3 {
		return nil
	}
	return message.Children[2].Children
}

func controlType(control *ber.Packet) string { return text(control.Children[0]) }

// partsOfDescriptor are the flags of LDAP_SERVER_SD_FLAGS_OID; all where it is
// not sent (MS-ADTS 3.1.1.3.4.1.11).
func partsOfDescriptor(message *ber.Packet) int64 {
	for _, control := range controls(message) {
		if controlType(control) != ldap.ControlTypeMicrosoftSDFlags {
			continue
		}
		value := ber.DecodePacket(control.Children[len(control.Children)-1].Data.Bytes())
		if value != nil && len(value.Children) == 1 {
			flags, _ := value.Children[0].Value.(int64)
			return flags
		}
	}
	return 15
}

func octets(s string) *ber.Packet {
	return ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, s, "")
}

func text(p *ber.Packet) string { return p.Data.String() }

func texts(p *ber.Packet) []string {
	var all []string
	for _, child := range p.Children {
		all = append(all, text(child))
	}
	return all
}

var win32Head = regexp.MustCompile(`^[0-9A-F]{8}: `)

// answer puts what the directory said into a result code and a diagnostic as
// Active Directory writes it.
func answer(err error) (code int, diagnostic string) {
	var e *ad.Error
	switch {
	case err == nil:
		return ldap.LDAPResultSuccess, ""
	case !errors.As(err, &e):
		return ldap.LDAPResultOther, err.Error()
	case e.Err != nil:
		diagnostic = e.Err.Error()
	}
	if !win32Head.MatchString(diagnostic) {
		diagnostic = fmt.Sprintf("%08X: %s", e.Win32, diagnostic)
	}
	if e.Code != 0 {
		return e.Code, diagnostic
	}
	i := slices.IndexFunc(codes, func(c kindCode) bool { return errors.Is(e, c.kind) })
	if i < 0 {
		return ldap.LDAPResultOther, diagnostic
	}
	return codes[i].code, diagnostic
}

type kindCode struct {
	kind error
	code int
}

var codes = []kindCode{
	{ad.ErrDenied, ldap.LDAPResultInsufficientAccessRights}, {ad.ErrNotFound, ldap.LDAPResultNoSuchObject},
	{ad.ErrExists, ldap.LDAPResultEntryAlreadyExists}, {ad.ErrBadValue, ldap.LDAPResultConstraintViolation},
	{ad.ErrPasswordPolicy, ldap.LDAPResultConstraintViolation}, {ad.ErrUnreachable, ldap.LDAPResultUnavailable},
	{ad.ErrRefused, ldap.LDAPResultUnwillingToPerform},
}
