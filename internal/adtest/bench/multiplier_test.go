package bench

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"os"
	"strings"
	"sync"
	"sync/atomic"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/adtest"
	"ad-user-sync/internal/adtest/ldapserver"
)

// multiplier makes a large domain of a small one: a proxy before a domain
// controller that serves every object below one place many times, under other
// names and GUIDs. It shows what a program costs, not what a controller would.
// It multiplies paged searches of the place, and answers those for single GUIDs.
// All else is passed on.
type multiplier struct {
	Controller        string // address of the controller, with its port
	TLS               *tls.Config
	Account, Password string // that read the objects
	Place             string // DN
	Times             int

	url, caFile string
	end         func()
	searches    atomic.Int64 // that were asked for, beyond pages and ranges

	mu    sync.Mutex
	known map[string][]*ldap.Entry // by filter and attributes
}

// multiplied starts a proxy before the controller of a side.
func (t *table) multiplied(s *side, place string, times int) *multiplier {
	const address = "127.0.0.1"
	caFile, certificate := adtest.Certificate(t.B, address)
	listener, err := tls.Listen("tcp", address+":0", &tls.Config{Certificates: []tls.Certificate{certificate}})
	require.NoError(t, err)
	pool := x509.NewCertPool()
	authority, err := os.ReadFile(s.caFile)
	require.NoError(t, err)
	pool.AppendCertsFromPEM(authority)
	p := &multiplier{Controller: s.Address + ":636", TLS: &tls.Config{RootCAs: pool, ServerName: s.Address},
		Account: s.Account("Administrator"), Password: s.Password(t, "Administrator"), Place: place, Times: times,
		url: "ldaps://" + listener.Addr().String(), caFile: caFile, end: func() { _ = listener.Close() }}
	go p.listen(listener)
	return p
}

// listen answers on a listener of crypto/tls until that is closed.
func (p *multiplier) listen(listener net.Listener) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		go func() {
			defer conn.Close()
			_ = p.serve(conn)
		}()
	}
}

// serve passes one request after the other on, and its answers back.
func (p *multiplier) serve(client net.Conn) error {
	controller, err := tls.Dial("tcp", p.Controller, p.TLS)
	if err != nil {
		return err
	}
	defer func() { _ = controller.Close() }()
	for {
		request, err := ber.ReadPacket(client)
		if err != nil {
			return err
		}
		if begins(request) {
			p.searches.Add(1)
		}
		if p.multiplies(request) {
			if err := p.answer(client, request); err != nil {
				return err
			}
			continue
		}
		if _, err := controller.Write(request.Bytes()); err != nil || request.Children[1].Tag == ldap.ApplicationUnbindRequest {
			return err
		}
		if err := passBack(client, controller); err != nil {
			return err
		}
	}
}

func passBack(client, controller net.Conn) error {
	for {
		answer, err := ber.ReadPacket(controller)
		if err != nil {
			return err
		}
		if _, err := client.Write(answer.Bytes()); err != nil {
			return err
		}
		if tag := answer.Children[1].Tag; tag != ldap.ApplicationSearchResultEntry && tag != ldap.ApplicationSearchResultReference {
			return nil
		}
	}
}

// begins reports whether a request is a search, and neither another page nor a range.
func begins(request *ber.Packet) bool {
	op := request.Children[1]
	if op.Tag != ldap.ApplicationSearchRequest || op.Children[0].Data.Len() == 0 { // the rootDSE belongs to the logon
		return false
	}
	for _, name := range op.Children[7].Children {
		if strings.Contains(name.Data.String(), ";range=") {
			return false
		}
	}
	paging := ldapserver.Paging(request)
	return paging == nil || len(paging.Cookie) == 0
}

func (p *multiplier) multiplies(request *ber.Packet) bool {
	op := request.Children[1]
	return op.Tag == ldap.ApplicationSearchRequest &&
		(ldapserver.Paging(request) != nil && strings.EqualFold(op.Children[0].Data.String(), p.Place) || len(guids(op.Children[6])) > 0)
}

// guids that a filter asks for.
func guids(filter *ber.Packet) (all []string) {
	switch filter.Tag {
	case ldap.FilterOr:
		for _, one := range filter.Children {
			all = append(all, guids(one)...)
		}
	case ldap.FilterEqualityMatch:
		if strings.EqualFold(filter.Children[0].Data.String(), "objectGUID") {
			all = append(all, filter.Children[1].Data.String())
		}
	}
	return all
}

// read reads, once, what a search of the place finds.
func (p *multiplier) read(op *ber.Packet, filter string) ([]*ldap.Entry, error) {
	var names []string
	for _, name := range op.Children[7].Children {
		names = append(names, name.Data.String())
	}
	key := filter + "\x00" + strings.Join(names, ",")
	p.mu.Lock()
	defer p.mu.Unlock()
	if all, known := p.known[key]; known {
		return all, nil
	}
	conn, err := ldap.DialURL("ldaps://"+p.Controller, ldap.DialWithTLSConfig(p.TLS))
	if err != nil {
		return nil, err
	}
	defer func() { _ = conn.Close() }()
	if err := conn.Bind(p.Account, p.Password); err != nil {
		return nil, fmt.Errorf("log on to multiply: %w", err)
	}
	search := ldap.NewSearchRequest(p.Place, ldap.ScopeWholeSubtree, 0, 0, 0, false, filter, names, []ldap.Control{&ldap.ControlMicrosoftSDFlags{Criticality: true, ControlValue: 4}})
	found, err := conn.SearchWithPaging(search, 1000)
	if err != nil {
		return nil, err
	}
	if p.known == nil {
		p.known = map[string][]*ldap.Entry{}
	}
	p.known[key] = found.Entries
	return found.Entries, nil
}
