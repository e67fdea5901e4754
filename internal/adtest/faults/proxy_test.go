package faults

// The proxy stands between the program and a domain controller and injects one
// fault: at the n-th request of a kind, once; or, where the fault stays, at the next
// few, too. It sees what goes over the wire, and nothing else.

import (
	"bufio"
	"maps"
	"net"
	"sync"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"

	"ad-user-sync/internal/adtest/ldapserver"
)

// Point is where a fault is given.
type Point struct {
	Kind Kind
	N    int // from 1
}

// Proxy injects Fault at Point, and passes on everything else. Its fields are set
// before it serves.
type Proxy struct {
	Dial       func() (net.Conn, error) // to the controller
	AfterWrite func()                   // called once the controller has answered a write, before the client hears of it
	MaxValues  int                      // of members and memberships given at once, where the controller returns all; 0: as many as it returns
	At         Point
	Fault      Fault

	mu     sync.Mutex
	counts map[Kind]int
	given  bool
	gone   bool // the controller: nothing is passed on to it any more
	conns  map[net.Conn]bool
}

// Counts are the requests seen so far.
func (p *Proxy) Counts() map[Kind]int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return maps.Clone(p.counts)
}

// Given reports whether the fault was given.
func (p *Proxy) Given() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.given
}

func (p *Proxy) isGone() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.gone
}

// leave makes the controller be gone for good.
func (p *Proxy) leave() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.gone = true
}

// Serve passes on what comes in on a listener until that is closed; for LDAP
// over TLS it is one of crypto/tls.
func (p *Proxy) Serve(listener net.Listener) {
	for {
		down, err := listener.Accept()
		if err != nil {
			break
		}
		go p.serve(down)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for conn := range p.conns {
		_ = conn.Close()
	}
}

func (p *Proxy) serve(down net.Conn) {
	if p.isGone() {
		_ = down.Close()
		return
	}
	up, err := p.Dial()
	if err != nil {
		_ = down.Close()
		return
	}
	defer p.track(down, up)()
	c := &connection{proxy: p, up: up, answers: bufio.NewReader(up), held: map[string][]*ber.Packet{}}
	in, out := bufio.NewReader(down), bufio.NewWriter(down)
	for {
		request, err := ber.ReadPacket(in)
		if err != nil || len(request.Children) < 2 {
			return
		}
		answers, cut := c.exchange(request)
		for _, answer := range answers {
			_, _ = out.Write(answer.Bytes())
		}
		if out.Flush() != nil || cut {
			return
		}
	}
}

// track makes connections end with the listener.
func (p *Proxy) track(conns ...net.Conn) (end func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.conns == nil {
		p.conns = map[net.Conn]bool{}
	}
	for _, conn := range conns {
		p.conns[conn] = true
	}
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, conn := range conns {
			_ = conn.Close()
			delete(p.conns, conn)
		}
	}
}

// few is for how long a fault that stays does.
const few = 4

// strike counts a request and returns the fault that is injected at it; nil: none.
func (p *Proxy) strike(kind Kind) func(*exchange) (answers []*ber.Packet, cut bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.counts == nil {
		p.counts = map[Kind]int{}
	}
	p.counts[kind]++
	after := p.counts[kind] - p.At.N
	switch {
	case p.Fault.give == nil || kind != p.At.Kind:
		return nil
	case after == 0:
		p.given = true
		return p.Fault.give
	case after > 0 && after <= few:
		return p.Fault.then
	}
	return nil
}

// connection is one of a client, and the one to the controller that belongs to it.
type connection struct {
	proxy   *Proxy
	up      net.Conn
	answers *bufio.Reader
	held    map[string][]*ber.Packet // what is left of pages that were cut short, by cookie
}

func (c *connection) exchange(request *ber.Packet) (answers []*ber.Packet, cut bool) {
	if request.Children[1].Tag == ldap.ApplicationUnbindRequest {
		return nil, true
	}
	e := &exchange{connection: c, request: request, kind: kindOf(request)}
	if give := c.proxy.strike(e.kind); give != nil {
		return give(e)
	}
	return e.forward()
}

// exchange is one request, and what the controller answers.
type exchange struct {
	connection *connection
	request    *ber.Packet
	kind       Kind
}

func (e *exchange) id() int64 {
	id, _ := e.request.Children[0].Value.(int64)
	return id
}

// forward asks the controller.
func (e *exchange) forward() (answers []*ber.Packet, cut bool) {
	if paging := ldapserver.Paging(e.request); paging != nil {
		if rest, held := e.connection.held[string(paging.Cookie)]; held {
			delete(e.connection.held, string(paging.Cookie))
			return renumbered(rest, e.id()), false
		}
	}
	if _, err := e.connection.up.Write(e.request.Bytes()); err != nil {
		return nil, true
	}
	for {
		answer, err := ber.ReadPacket(e.connection.answers)
		if err != nil || len(answer.Children) < 2 {
			return answers, true
		}
		answers = append(answers, e.limited(answer))
		if tag := answer.Children[1].Tag; tag == ldap.ApplicationSearchResultEntry || tag == ldap.ApplicationSearchResultReference {
			continue
		}
		if e.kind.writes() && e.connection.proxy.AfterWrite != nil {
			e.connection.proxy.AfterWrite()
		}
		return answers, false
	}
}

// renumbered are answers to another request than the one they were given to.
func renumbered(answers []*ber.Packet, id int64) []*ber.Packet {
	var all []*ber.Packet
	for _, answer := range answers {
		all = append(all, withOp(answer, answer.Children[1], id))
	}
	return all
}

// withOp is an answer with another operation, and its controls.
func withOp(answer, op *ber.Packet, id int64) *ber.Packet {
	var controls []*ber.Packet
	if len(answer.Children) > 2 {
		controls = answer.Children[2].Children
	}
	return ldapserver.Message(id, op, controls...)
}
