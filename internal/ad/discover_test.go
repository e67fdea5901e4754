package ad_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"net"
	"os"
	"slices"
	"testing"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adtest"
)

// Without a server in the configuration: DNS, the ping of a real controller,
// its certificate by the name that DNS gave.
func TestControllersAreFoundInDNS(t *testing.T) {
	lab := adtest.Lab(t)
	dns := newDNS(t)
	dns.controllers("dc._msdcs.plant.example", net.SRV{Target: lab.Target.Host, Port: 389})
	dns.controllers("Default-First-Site-Name._sites.dc._msdcs.plant.example", net.SRV{Target: lab.Target.Host, Port: 389})
	dns.host(lab.Target.Host, lab.Target.Address)
	o := options(t, lab, lab.Target, "svc-import")
	o.Servers, o.Domain, o.Resolver, o.NeedWritable = nil, "plant.example", dns.resolver(), true
	assert.Equal(t, lab.Target.Host, connect(t, o).Domain().Controller)
	assert.Contains(t, dns.questions(), "_ldap._tcp.default-first-site-name._sites.dc._msdcs.plant.example.",
		"the site comes from the controller's answer to the ping")
}

func TestControllersThatAreNotFound(t *testing.T) {
	for name, tc := range map[string]struct {
		silent, refuses bool
		text            string
	}{
		"no record":           {false, false, "DNS knows no _ldap._tcp.dc._msdcs.fake.example"},
		"DNS fails":           {false, true, "server misbehaving"},
		"DNS is a black hole": {true, false, "DNS did not answer in time"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dns := newDNS(t)
			dns.fails(tc.silent, tc.refuses)
			o := ad.Options{Domain: "fake.example", Resolver: dns.resolver(), Username: "u", Password: "p", Timeout: time.Second}
			_, err := ad.Connect(context.Background(), o)
			require.ErrorIs(t, err, ad.ErrUnreachable)
			assert.ErrorContains(t, err, tc.text)
			assert.Contains(t, ad.Hint(err), "DNS servers")
		})
	}
	t.Run("a black hole for the name of a server", func(t *testing.T) {
		t.Parallel()
		dns := newDNS(t)
		dns.fails(true, false)
		_, err := ad.Connect(context.Background(), ad.Options{Servers: []string{"dc1.fake.example"}, Resolver: dns.resolver(), Username: "u", Password: "p", Timeout: time.Second})
		require.ErrorIs(t, err, ad.ErrUnreachable)
		assert.Contains(t, err.Error(), "in time")
	})
	t.Run("given up", func(t *testing.T) {
		t.Parallel()
		dns := newDNS(t)
		dns.fails(true, false)
		ctx, cancel := context.WithCancel(context.Background())
		time.AfterFunc(50*time.Millisecond, cancel)
		_, err := ad.Connect(ctx, ad.Options{Domain: "fake.example", Resolver: dns.resolver(), Username: "u", Password: "p"})
		require.ErrorIs(t, err, context.Canceled)
	})
}

// Flags of MS-ADTS 6.3.1.2.
const (
	speaksLDAP = 0x8
	writable   = 0x100
)

func TestNearAndFitControllersComeFirst(t *testing.T) {
	for name, tc := range map[string]struct {
		answers  map[string]func(net.PacketConn) // by host; none: silent
		site     []string
		writable bool
		want     []string
	}{
		"no answer: in the order of DNS": {nil, []string{"c"}, true, []string{"a", "b", "c", "d"}},
		"those of the site first": {map[string]func(net.PacketConn){
			"b": pong(speaksLDAP|writable, "Lyon")}, []string{"d", "c"}, true, []string{"d", "c", "b", "a"}},
		"no site": {map[string]func(net.PacketConn){
			"b": pong(speaksLDAP|writable, "")}, []string{"d"}, true, []string{"b", "a", "c", "d"}},
		"a site without controllers": {map[string]func(net.PacketConn){
			"a": pong(speaksLDAP|writable, "Lyon")}, nil, true, []string{"a", "b", "c", "d"}},
		"who is read-only last, where it is to be written": {map[string]func(net.PacketConn){
			"a": pong(speaksLDAP, "Lyon"), "c": pong(speaksLDAP|writable, "Lyon")}, []string{"a", "b"}, true, []string{"b", "c", "d", "a"}},
		"who is read-only as others, where it is to be read": {map[string]func(net.PacketConn){
			"a": pong(speaksLDAP, "Lyon"), "c": pong(speaksLDAP|writable, "Lyon")}, []string{"a", "b"}, false, []string{"a", "b", "c", "d"}},
		"malformed answers are none": {map[string]func(net.PacketConn){
			"b": garbage, "c": empty}, []string{"d"}, true, []string{"a", "b", "c", "d"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dns := newDNS(t)
			var all, near []net.SRV
			for _, host := range []string{"a", "b", "c", "d"} {
				port := udpServer(t, tc.answers[host])
				dns.host(host+".fake.example", "127.0.0.1")
				all = append(all, net.SRV{Target: host + ".fake.example", Port: port})
			}
			for _, host := range tc.site {
				near = append(near, all[host[0]-'a'])
			}
			dns.controllers("dc._msdcs.fake.example", all...)
			if near != nil {
				dns.controllers("Lyon._sites.dc._msdcs.fake.example", near...)
			}
			var want []string
			for _, host := range tc.want {
				want = append(want, host+".fake.example")
			}
			got, err := ad.Discover(t.Context(), ad.Options{Domain: "fake.example", Resolver: dns.resolver(), NeedWritable: tc.writable, Timeout: 20 * time.Second})
			require.NoError(t, err)
			assert.Equal(t, want, got)
		})
	}
}

// However many controllers DNS names, those that answer are found; who cannot
// be reached is counted.
func TestOneOfManyControllersIsFound(t *testing.T) {
	const lost = 20
	dns := newDNS(t)
	var all []net.SRV
	for i := range lost {
		all = append(all, net.SRV{Target: fmt.Sprintf("gone%d.fake.example", i), Port: 389})
	}
	o := ad.Options{Domain: "fake.example", Resolver: dns.resolver(), Username: "u", Password: "p", Security: ad.SecurityPlaintext, Timeout: 10 * time.Second}
	t.Run("nobody answers", func(t *testing.T) {
		dns.controllers("dc._msdcs.fake.example", all...)
		_, err := ad.Connect(t.Context(), o)
		require.ErrorIs(t, err, ad.ErrUnreachable)
		assert.ErrorContains(t, err, "DNS names 20 domain controllers of fake.example: these 8 were tried, and 12 more")
		assert.Contains(t, ad.Hint(err), "\"servers\"")
	})
	for name, answer := range map[string]func(net.PacketConn){"by ping": pong(speaksLDAP|writable, ""), "by a connection, where UDP is blocked": nil} {
		t.Run(name, func(t *testing.T) {
			listener, err := net.Listen("tcp", fmt.Sprintf("127.9.%d.%d:389", os.Getpid()/256%256, os.Getpid()%256))
			require.NoError(t, err)
			newFakeOn(t, listener)
			t.Cleanup(func() { _ = listener.Close() })
			host, _, _ := net.SplitHostPort(listener.Addr().String())
			conn, err := net.ListenPacket("udp", host+":0")
			require.NoError(t, err)
			t.Cleanup(func() { _ = conn.Close() })
			if answer != nil {
				go answer(conn)
			}
			dns.host("good.fake.example", host)
			dns.controllers("dc._msdcs.fake.example", append(slices.Clone(all), net.SRV{Target: "good.fake.example", Port: uint16(conn.LocalAddr().(*net.UDPAddr).Port)})...)
			hosts, err := ad.Discover(t.Context(), o)
			require.NoError(t, err)
			assert.Equal(t, "good.fake.example", hosts[0])
			assert.Len(t, hosts, 9)
			assert.Equal(t, "dc1.fake.example", connect(t, o).Domain().Controller)
		})
	}
}

// udpServer answers pings, or, without a function, never does.
func udpServer(t *testing.T, answer func(net.PacketConn)) uint16 {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	if answer != nil {
		go answer(conn)
	}
	return uint16(conn.LocalAddr().(*net.UDPAddr).Port)
}

// pong is NETLOGON_SAM_LOGON_RESPONSE_EX (MS-ADTS 6.3.1.9).
func pong(flags uint32, site string) func(net.PacketConn) {
	value := binary.LittleEndian.AppendUint16(nil, 23)
	value = append(value, 0, 0)
	value = binary.LittleEndian.AppendUint32(value, flags)
	value = append(value, make([]byte, 16)...)
	value = append(value, "\x04fake\x07example\x00"...) // forest, at 24
	value = append(value, 0xc0, 24)                     // domain
	value = append(value, "\x03dc1\xc0\x18"...)
	value = append(value, "\x04FAKE\x00\x03DC1\x00\x00\x05Paris\x00"...)
	if site != "" {
		value = append(append(value, byte(len(site))), site...)
	}
	value = append(value, 0, 5, 0, 0, 0, 0xff, 0xff, 0xff, 0xff)
	return answering([]object{{"", map[string][]string{"netlogon": {string(value)}}}})
}

var (
	garbage = answering([]object{{"", map[string][]string{"netlogon": {"\x17\x00\x00\x00\x08\x01\x00\x00\xc0\x00"}}}})
	empty   = answering(nil)
)

func answering(entries []object) func(net.PacketConn) {
	return func(conn net.PacketConn) {
		buffer := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(buffer)
			if err != nil {
				return
			}
			request, err := ber.DecodePacketErr(buffer[:n])
			if err != nil {
				continue
			}
			id := request.Children[0].Value.(int64)
			var answer []byte
			for _, e := range entries {
				answer = append(answer, entry(id, e).Bytes()...)
			}
			answer = append(answer, result(id, ldap.ApplicationSearchResultDone, 0, "").Bytes()...)
			_, _ = conn.WriteTo(answer, from)
		}
	}
}

func FuzzNetlogon(f *testing.F) {
	f.Add([]byte("\x17\x00\x00\x00\x08\x01\x00\x00aaaaaaaaaaaaaaaa\x04fake\x07example\x00\xc0\x18\x03dc1\xc0\x18\x04FAKE\x00\x03DC1\x00\x00\x05Paris\x00\x04Lyon\x00"))
	f.Add([]byte("\x17\x00\x00\x00\x08\x01\x00\x00aaaaaaaaaaaaaaaa\xc0\x18"))
	f.Fuzz(func(_ *testing.T, b []byte) { ad.ParseNetlogon(b) })
}
