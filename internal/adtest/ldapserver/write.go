package ldapserver

import (
	"context"
	"fmt"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"

	"ad-user-sync/internal/ad"
)

func (c *connection) add(op *ber.Packet) error {
	dn, err := parseName(text(op.Children[0]))
	if err != nil {
		return err
	}
	var attributes []ad.Attribute
	for _, a := range op.Children[1].Children {
		attributes = append(attributes, ad.Attribute{Name: text(a.Children[0]), Values: ad.Values(texts(a.Children[1])...)})
	}
	return c.server.Directory.Add(context.Background(), dn, attributes)
}

var changeKinds = map[int64]ad.ChangeKind{ldap.AddAttribute: ad.AddValues, ldap.DeleteAttribute: ad.DeleteValues, ldap.ReplaceAttribute: ad.Replace}

func (c *connection) modify(op *ber.Packet) error {
	dn, err := parseName(text(op.Children[0]))
	if err != nil {
		return err
	}
	var changes []ad.Change
	for _, change := range op.Children[1].Children {
		number, _ := change.Children[0].Value.(int64)
		kind, known := changeKinds[number]
		if !known {
			return refused(ldap.LDAPResultUnwillingToPerform, 0x57, fmt.Sprintf("a change of kind %d is not done here", number))
		}
		a := change.Children[1]
		changes = append(changes, ad.Change{Kind: kind, Attribute: text(a.Children[0]), Values: ad.Values(texts(a.Children[1])...)})
	}
	return c.server.Directory.Modify(context.Background(), dn, changes)
}

func (c *connection) rename(op *ber.Packet) error {
	dn, err := parseName(text(op.Children[0]))
	if err != nil {
		return err
	}
	parent := dn.Parent()
	if len(op.Children) > 3 {
		if parent, err = parseName(text(op.Children[3])); err != nil {
			return err
		}
	}
	to, err := parent.Join(text(op.Children[1]))
	if err != nil {
		return refused(ldap.LDAPResultInvalidDNSyntax, 0x2032, err.Error())
	}
	return c.server.Directory.Rename(context.Background(), dn, to)
}
