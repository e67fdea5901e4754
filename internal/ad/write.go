package ad

import (
	"context"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/go-ldap/ldap/v3"
)

// descriptorAttribute is read with owner and DACL, and written with its DACL alone.
const descriptorAttribute = "nTSecurityDescriptor"

// Parts of a descriptor: OWNER_SECURITY_INFORMATION and DACL_SECURITY_INFORMATION
// (MS-ADTS 3.1.1.3.4.1.11).
const (
	ownerPart = 1
	daclPart  = 4
)

// descriptorParts is LDAP_SERVER_SD_FLAGS_OID.
func descriptorParts(parts int32) ldap.Control {
	return &ldap.ControlMicrosoftSDFlags{Criticality: true, ControlValue: parts}
}

func names(attributes []string, wanted string) bool {
	return slices.ContainsFunc(attributes, func(a string) bool { return strings.EqualFold(a, wanted) })
}

// Add creates an object with all its attributes at once.
func (c *Client) Add(ctx context.Context, dn DN, attributes []Attribute) error {
	request := ldap.NewAddRequest(dn.String(), nil)
	for _, attribute := range attributes {
		if err := c.guard(attribute.Name); err != nil {
			return operation{doing: "create", object: dn.String()}.failed(err)
		}
		request.Attribute(attribute.Name, texts(attribute.Values))
	}
	return c.request(ctx, operation{doing: "create", object: dn.String(), write: true}, func(s *session) error {
		c.adds.Add(1)
		return s.conn.Add(request)
	})
}

// Modify changes attributes of one object: all of them, or none where one is
// refused. Removing a value that is not there is ErrNotFound.
func (c *Client) Modify(ctx context.Context, dn DN, changes []Change) error {
	removed := removals(changes)
	op := operation{doing: "change", object: dn.String(), write: true, deletes: removed > 0, unset: removed == len(changes)}
	if len(changes) == 0 {
		return op.failed(&Error{Kind: ErrBadValue, Err: errors.New("there is nothing to change")})
	}
	request := ldap.NewModifyRequest(dn.String(), nil)
	for _, change := range changes {
		if err := c.guard(change.Attribute); err != nil {
			return op.failed(err)
		}
		if strings.EqualFold(change.Attribute, descriptorAttribute) && len(request.Controls) == 0 {
			request.Controls = []ldap.Control{descriptorParts(daclPart)}
		}
		switch change.Kind {
		case Replace:
			request.Replace(change.Attribute, texts(change.Values))
		case AddValues:
			request.Add(change.Attribute, texts(change.Values))
		case DeleteValues:
			request.Delete(change.Attribute, texts(change.Values))
		}
	}
	return c.request(ctx, op, func(s *session) error {
		c.modifies.Add(1)
		return s.conn.Modify(request)
	})
}

// guard keeps passwords from connections that everybody can read.
func (c *Client) guard(attribute string) error {
	secret := strings.EqualFold(attribute, "unicodePwd") || strings.EqualFold(attribute, "userPassword")
	if !secret || c.Domain().Encrypted {
		return nil
	}
	return &Error{Kind: ErrRefused, Err: errors.New("no password is sent over a connection that is not encrypted"),
		Hint: "set \"security\" to \"ldaps\", \"starttls\" or \"seal\""}
}

// removals counts the changes that take values away.
func removals(changes []Change) int {
	n := 0
	for _, change := range changes {
		if change.Kind == DeleteValues {
			n++
		}
	}
	return n
}

// Rename moves an object to a new name, a new parent, or both; to is the full new
// name. The object must be named by its DN, not by its GUID.
func (c *Client) Rename(ctx context.Context, dn, to DN) error {
	op := operation{doing: "rename", object: dn.String(), write: true, rename: true}
	if dn.parsed == nil || to.parsed == nil || to.Parent().IsZero() {
		return op.failed(&Error{Kind: ErrBadValue, Err: errors.New("a rename needs both full names")})
	}
	parent := ""
	if !to.Parent().Equal(dn.Parent()) {
		parent = to.Parent().String()
	}
	attribute, value := to.Name()
	rdn := DN{}.Child(attribute, value).String()
	return c.request(ctx, op, func(s *session) error {
		c.renames.Add(1)
		return s.conn.ModifyDN(ldap.NewModifyDNRequest(dn.String(), rdn, true, parent))
	})
}

func texts(values [][]byte) (all []string) {
	for _, value := range values {
		all = append(all, string(value))
	}
	return all
}

// PasswordValue is a password as unicodePwd takes it: in quotation marks, in
// UTF-16LE (MS-ADTS 3.1.1.3.1.5.1).
func PasswordValue(password string) []byte {
	var value []byte
	for _, unit := range utf16.Encode([]rune(`"` + password + `"`)) {
		value = binary.LittleEndian.AppendUint16(value, unit)
	}
	return value
}
