package ad_test

import (
	"net"
	"sync"
	"testing"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
)

// fake answers as Windows does where Samba does not.
type fake struct {
	t        *testing.T
	listener net.Listener

	mu       sync.Mutex
	root     map[string][]string
	search   func(base, attribute string, cookie string) reply
	modify   func() (code int, diagnostic string)
	bind     func() (code int, diagnostic string) // nil: every logon is accepted
	mute     map[ber.Tag]bool                     // kinds of requests that are never answered
	requests []*ber.Packet
	pace     time.Duration // between one message and the next
	drip     time.Duration // between one byte and the next of this answer
	pageSize uint32        // that was asked for last
}

type reply struct {
	entries    []object
	referrals  []string // handed on behind the entries
	code       int
	diagnostic string
	cookie     string
	noPaging   bool
	silent     bool // no answer comes
	cut        bool // the connection ends instead
	withhold   bool // the connection ends before the result
}

type object struct {
	dn     string
	values map[string][]string
}

func newFake(t *testing.T) *fake {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	return newFakeOn(t, listener)
}

func newFakeOn(t *testing.T, listener net.Listener) *fake {
	t.Helper()
	f := &fake{t: t, listener: listener, root: map[string][]string{
		"defaultNamingContext": {"DC=fake,DC=example"}, "configurationNamingContext": {"CN=Configuration,DC=fake,DC=example"},
		"schemaNamingContext": {"CN=Schema,CN=Configuration,DC=fake,DC=example"}, "dnsHostName": {"dc1.fake.example"},
		"supportedCapabilities": {"1.2.840.113556.1.4.800"},
		"tokenGroups":           {"\x01\x05\x00\x00\x00\x00\x00\x05\x15\x00\x00\x00\x01\x00\x00\x00\x02\x00\x00\x00\x03\x00\x00\x00\x50\x04\x00\x00"},
	}}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go f.serve(conn)
		}
	}()
	return f
}

func (f *fake) options() ad.Options {
	return ad.Options{Servers: []string{f.listener.Addr().String()}, Security: ad.SecurityPlaintext,
		Username: "u", Password: "p", PageSize: 2, Timeout: 2 * time.Second}
}

func (f *fake) serve(conn net.Conn) {
	defer conn.Close()
	for {
		request, err := ber.ReadPacket(conn)
		if err != nil {
			return
		}
		for _, answer := range f.answer(request) {
			if answer == nil {
				return
			}
			f.mu.Lock()
			pace, drip := f.pace, f.drip
			f.mu.Unlock()
			time.Sleep(pace)
			if err := write(conn, answer.Bytes(), drip); err != nil {
				return
			}
		}
	}
}

func write(conn net.Conn, data []byte, drip time.Duration) error {
	if drip == 0 {
		_, err := conn.Write(data)
		return err
	}
	for i := range data {
		time.Sleep(drip)
		if _, err := conn.Write(data[i : i+1]); err != nil {
			return err
		}
	}
	return nil
}

func (f *fake) answer(request *ber.Packet) []*ber.Packet {
	f.mu.Lock()
	defer f.mu.Unlock()
	id, op := request.Children[0].Value.(int64), request.Children[1]
	f.requests, f.drip = append(f.requests, request), 0
	if f.mute[op.Tag] {
		return nil
	}
	switch op.Tag {
	case ldap.ApplicationBindRequest:
		if f.bind == nil {
			return []*ber.Packet{result(id, ldap.ApplicationBindResponse, 0, "")}
		}
		code, diagnostic := f.bind()
		return []*ber.Packet{result(id, ldap.ApplicationBindResponse, code, diagnostic)}
	case ldap.ApplicationModifyRequest:
		code, diagnostic := f.modify()
		return []*ber.Packet{result(id, ldap.ApplicationModifyResponse, code, diagnostic)}
	case ldap.ApplicationSearchRequest:
		return f.found(id, request)
	}
	return nil
}

func (f *fake) found(id int64, request *ber.Packet) []*ber.Packet {
	op := request.Children[1]
	base, attribute := op.Children[0].Data.String(), ""
	if wanted := op.Children[7].Children; len(wanted) > 0 {
		attribute = wanted[0].Data.String()
	}
	if base == "" {
		values := map[string][]string{}
		for _, wanted := range op.Children[7].Children {
			values[wanted.Data.String()] = f.root[wanted.Data.String()]
		}
		return []*ber.Packet{entry(id, object{"", values}), result(id, ldap.ApplicationSearchResultDone, 0, "")}
	}
	if attribute == "objectSid" { // who is logged on
		return []*ber.Packet{result(id, ldap.ApplicationSearchResultDone, 0, "")}
	}
	cookie, paged := "", false
	if len(request.Children) > 2 {
		control, _ := ldap.DecodeControl(request.Children[2].Children[0])
		if paging, ok := control.(*ldap.ControlPaging); ok {
			cookie, paged, f.pageSize = string(paging.Cookie), true, paging.PagingSize
		}
	}
	r := f.search(base, attribute, cookie)
	var answers []*ber.Packet
	if r.silent {
		return nil
	}
	if r.cut {
		return []*ber.Packet{nil}
	}
	for _, o := range r.entries {
		answers = append(answers, entry(id, o))
	}
	for _, url := range r.referrals {
		reference := ber.Encode(ber.ClassApplication, ber.TypeConstructed, ldap.ApplicationSearchResultReference, nil, "")
		reference.AppendChild(text(url))
		answers = append(answers, message(id, reference))
	}
	if r.withhold {
		return append(answers, nil)
	}
	done := result(id, ldap.ApplicationSearchResultDone, r.code, r.diagnostic)
	if paged && !r.noPaging {
		controls := ber.Encode(ber.ClassContext, ber.TypeConstructed, 0, nil, "")
		controls.AppendChild((&ldap.ControlPaging{Cookie: []byte(r.cookie)}).Encode())
		done.AppendChild(controls)
	}
	return append(answers, done)
}

func message(id int64, op *ber.Packet) *ber.Packet {
	p := ber.NewSequence("")
	p.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, id, ""))
	p.AppendChild(op)
	return p
}

func result(id int64, tag ber.Tag, code int, diagnostic string) *ber.Packet {
	op := ber.Encode(ber.ClassApplication, ber.TypeConstructed, tag, nil, "")
	op.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagEnumerated, code, ""))
	op.AppendChild(text(""))
	op.AppendChild(text(diagnostic))
	return message(id, op)
}

func entry(id int64, o object) *ber.Packet {
	op := ber.Encode(ber.ClassApplication, ber.TypeConstructed, ldap.ApplicationSearchResultEntry, nil, "")
	op.AppendChild(text(o.dn))
	attributes := ber.NewSequence("")
	for name, values := range o.values {
		attribute := ber.NewSequence("")
		attribute.AppendChild(text(name))
		set := ber.Encode(ber.ClassUniversal, ber.TypeConstructed, ber.TagSet, nil, "")
		for _, value := range values {
			set.AppendChild(text(value))
		}
		attribute.AppendChild(set)
		attributes.AppendChild(attribute)
	}
	op.AppendChild(attributes)
	return message(id, op)
}

func text(s string) *ber.Packet {
	return ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, s, "")
}
