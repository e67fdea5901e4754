// Package ldapserver speaks LDAP for a directory in memory, as far as this
// program and the tests of its faults ask: simple logon, rootDSE, search with
// pages and ranges, security descriptors, add, modify, rename. What the
// directory answers is its own; pages and ranges are of the wire, and made here
// as Active Directory makes them. The contract suite holds both together to a
// real controller.
package ldapserver

import (
	"bufio"
	"context"
	"errors"
	"net"
	"strings"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/memad"
)

// Server is a domain controller of a directory.
type Server struct {
	Directory *memad.Directory
	MaxValues int    // members and memberships given at once; 0: 1500, as of all attributes (MaxValRange)
	Host      string // its dnsHostName; "": the directory's
}

// maxPage is MaxPageSize (MS-ADTS 3.1.1.3.4.6).
const maxPage = 1000

// Serve answers on a listener until that is closed; for LDAP over TLS it is one
// of crypto/tls.
func (s *Server) Serve(listener net.Listener) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		go s.ServeConn(conn)
	}
}

// ServeConn answers on one connection until that is closed.
func (s *Server) ServeConn(conn net.Conn) {
	defer conn.Close()
	c := &connection{server: s, rests: map[string]*rest{}}
	in, out := bufio.NewReader(conn), bufio.NewWriter(conn)
	for {
		request, err := ber.ReadPacket(in)
		if err != nil || len(request.Children) < 2 || request.Children[1].Tag == ldap.ApplicationUnbindRequest {
			return
		}
		for _, answer := range c.answer(request) {
			if _, err := out.Write(answer.Bytes()); err != nil {
				return
			}
		}
		if out.Flush() != nil {
			return
		}
	}
}

// connection is one on which an account may be logged on.
type connection struct {
	server *Server
	bound  string // account name
	rests  map[string]*rest
	pages  int
}

var answers = map[ber.Tag]ber.Tag{
	ldap.ApplicationBindRequest: ldap.ApplicationBindResponse, ldap.ApplicationSearchRequest: ldap.ApplicationSearchResultDone,
	ldap.ApplicationAddRequest: ldap.ApplicationAddResponse, ldap.ApplicationModifyRequest: ldap.ApplicationModifyResponse,
	ldap.ApplicationModifyDNRequest: ldap.ApplicationModifyDNResponse, ldap.ApplicationExtendedRequest: ldap.ApplicationExtendedResponse,
}

func (c *connection) answer(request *ber.Packet) []*ber.Packet {
	id, _ := request.Children[0].Value.(int64)
	op := request.Children[1]
	tag, known := answers[op.Tag]
	if !known { // such as abandon, which has no answer
		return nil
	}
	end := func(err error) []*ber.Packet {
		code, diagnostic := answer(err)
		return []*ber.Packet{Message(id, Result(tag, code, diagnostic))}
	}
	switch {
	case op.Tag == ldap.ApplicationBindRequest:
		return end(c.bind(op))
	case op.Tag == ldap.ApplicationSearchRequest:
		return c.search(id, request, end)
	case c.bound == "":
		return end(errNoBind)
	}
	switch op.Tag {
	case ldap.ApplicationAddRequest:
		return end(c.add(op))
	case ldap.ApplicationModifyRequest:
		return end(c.modify(op))
	case ldap.ApplicationModifyDNRequest:
		return end(c.rename(op))
	}
	return end(refused(ldap.LDAPResultUnwillingToPerform, 0x2035, "this is not done here"))
}

// errNoBind is what AD answers to who is not logged on (MS-ADTS 3.1.1.3.1.9).
var errNoBind = refused(ldap.LDAPResultOperationsError, 0x4DC, "in order to perform this operation a successful bind must be completed on the connection")

func refused(code int, win32 uint32, text string) error {
	return &ad.Error{Kind: ad.ErrRefused, Code: code, Win32: win32, Err: errors.New(text)}
}

// bind takes a simple logon as DOMAIN\name, name@domain or DN.
func (c *connection) bind(op *ber.Packet) error {
	const simple = 0
	user, credentials := text(op.Children[1]), op.Children[2]
	if credentials.Tag != simple {
		return refused(ldap.LDAPResultAuthMethodNotSupported, 0, "only simple logons are known here")
	}
	account := user
	if _, name, found := strings.Cut(user, `\`); found {
		account = name
	} else if dn, err := ad.ParseDN(user); err == nil {
		account = c.accountOf(dn)
	} else if name, _, found := strings.Cut(user, "@"); found {
		account = name
	}
	if err := c.server.Directory.Logon(account, text(credentials)); err != nil {
		return err
	}
	c.bound = account
	return nil
}

func (c *connection) accountOf(dn ad.DN) string {
	return c.one(ad.Search{Base: dn, Scope: ad.ScopeBase, Attributes: []string{"sAMAccountName"}}).Text("sAMAccountName")
}

// one returns the only object that is found, else an empty one.
func (c *connection) one(search ad.Search) (found ad.Entry) {
	_, _ = c.server.Directory.Search(context.Background(), search, func(e ad.Entry) error {
		found = e
		return nil
	})
	return found
}
