package ad_test

import (
	"context"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/dns/dnsmessage"
)

// dnsServer is a DNS server of the test's own.
type dnsServer struct {
	conn net.PacketConn

	mu      sync.Mutex
	srv     map[string][]net.SRV // by name, lower case, with the final dot
	hosts   map[string]string    // IPv4 addresses, likewise
	asked   []string
	silent  bool
	refuses bool
}

func newDNS(t *testing.T) *dnsServer {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	d := &dnsServer{conn: conn, srv: map[string][]net.SRV{}, hosts: map[string]string{}}
	t.Cleanup(func() { _ = conn.Close() })
	go d.serve()
	return d
}

// controllers says which ones the domain has, in the order of their priority.
func (d *dnsServer) controllers(name string, targets ...net.SRV) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := range targets {
		targets[i].Priority = uint16(i)
	}
	d.srv[strings.ToLower("_ldap._tcp."+name+".")] = targets
}

func (d *dnsServer) host(name, address string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.hosts[name+"."] = address
}

// resolver asks this server and no other.
func (d *dnsServer) resolver() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", d.conn.LocalAddr().String())
	}}
}

// fails makes it answer no question, or refuse each.
func (d *dnsServer) fails(silent, refuses bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.silent, d.refuses = silent, refuses
}

func (d *dnsServer) questions() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.asked)
}

func (d *dnsServer) serve() {
	buffer := make([]byte, 1500)
	for {
		n, from, err := d.conn.ReadFrom(buffer)
		if err != nil {
			return
		}
		var m dnsmessage.Message
		if m.Unpack(buffer[:n]) != nil {
			continue
		}
		if answer := d.answer(m); answer != nil {
			_, _ = d.conn.WriteTo(answer, from)
		}
	}
}

func (d *dnsServer) answer(m dnsmessage.Message) []byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	q := m.Questions[0]
	name := strings.ToLower(q.Name.String())
	d.asked = append(d.asked, name)
	if d.silent {
		return nil
	}
	m.Response, m.Additionals = true, nil
	head := dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 1}
	switch {
	case d.refuses:
		m.RCode = dnsmessage.RCodeServerFailure
	case q.Type == dnsmessage.TypeSRV && d.srv[name] != nil:
		for _, s := range d.srv[name] {
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: head, Body: &dnsmessage.SRVResource{
				Priority: s.Priority, Port: s.Port, Target: dnsmessage.MustNewName(s.Target + ".")}})
		}
	case q.Type == dnsmessage.TypeA && d.hosts[name] != "":
		body := &dnsmessage.AResource{}
		copy(body.A[:], net.ParseIP(d.hosts[name]).To4())
		m.Answers = []dnsmessage.Resource{{Header: head, Body: body}}
	case d.hosts[name] == "":
		m.RCode = dnsmessage.RCodeNameError
	}
	packed, _ := m.Pack()
	return packed
}
