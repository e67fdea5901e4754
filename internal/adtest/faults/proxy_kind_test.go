package faults

import (
	"strings"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"

	"ad-user-sync/internal/adtest/ldapserver"
)

// Kind of a request.
type Kind string

// The kinds.
const (
	Bind      Kind = "bind"
	FirstPage Kind = "first-page"
	NextPage  Kind = "next-page"
	Range     Kind = "range"  // more values of one attribute
	Base      Kind = "base"   // one object, or the rootDSE
	Unpaged   Kind = "search" // of several objects, without pages
	Add       Kind = "add"
	Modify    Kind = "modify"
	ModifyDN  Kind = "modify-dn"
	Other     Kind = "other"
)

// Kinds are those that faults are given at.
var Kinds = []Kind{Bind, FirstPage, NextPage, Range, Base, Unpaged, Add, Modify, ModifyDN}

func (k Kind) writes() bool { return k == Add || k == Modify || k == ModifyDN }

func (k Kind) searches() bool { return k.pages() || k == Range || k == Base || k == Unpaged }

func (k Kind) pages() bool { return k == FirstPage || k == NextPage }

func kindOf(request *ber.Packet) Kind {
	switch op := request.Children[1]; op.Tag {
	case ldap.ApplicationBindRequest:
		return Bind
	case ldap.ApplicationAddRequest:
		return Add
	case ldap.ApplicationModifyRequest:
		return Modify
	case ldap.ApplicationModifyDNRequest:
		return ModifyDN
	case ldap.ApplicationSearchRequest:
		return kindOfSearch(request, op)
	}
	return Other
}

func kindOfSearch(request, op *ber.Packet) Kind {
	for _, attribute := range op.Children[7].Children {
		if strings.Contains(strings.ToLower(attribute.Data.String()), ";range=") {
			return Range
		}
	}
	paging := ldapserver.Paging(request)
	switch scope, _ := op.Children[1].Value.(int64); {
	case scope == ldap.ScopeBaseObject:
		return Base
	case paging == nil:
		return Unpaged
	case len(paging.Cookie) == 0:
		return FirstPage
	}
	return NextPage
}

// answers is the kind of message that ends a request.
func (e *exchange) tag() ber.Tag {
	switch e.kind {
	case Bind:
		return ldap.ApplicationBindResponse
	case Add:
		return ldap.ApplicationAddResponse
	case Modify:
		return ldap.ApplicationModifyResponse
	case ModifyDN:
		return ldap.ApplicationModifyDNResponse
	}
	return ldap.ApplicationSearchResultDone
}
