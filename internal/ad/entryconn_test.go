package ad_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"testing/iotest"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
)

// stream is the reading side of a connection.
type stream struct {
	net.Conn
	io.Reader
}

func (s stream) Read(p []byte) (int, error) { return s.Reader.Read(p) }

// packet is one that go-ldap gets, and an entry that was kept for it.
type packet struct {
	*ber.Packet
	entry []byte
}

func received(t testing.TB, in io.Reader) (packets []packet, err error) {
	t.Helper()
	conn, take := ad.Keeping(stream{Reader: in})
	for {
		p, err := ber.ReadPacket(conn)
		if err != nil {
			return packets, err
		}
		var kept [][]byte
		if len(p.Children) > 1 && len(p.Children[1].Children) > 0 {
			ticket := p.Children[1].Children[0].Data.String()
			kept, _ = take(ticket)
			_, again := take(ticket)
			require.False(t, again)
		}
		for _, entry := range kept {
			packets = append(packets, packet{p, entry})
		}
		if len(kept) == 0 {
			packets = append(packets, packet{Packet: p})
		}
	}
}

var jane = object{"CN=Jane,DC=fake,DC=example", map[string][]string{
	"mail": {"jane@fake.example"}, "memberOf": {"CN=a", "CN=b"}, "thumbnailPhoto": {strings.Repeat("\x00\xff", 100_000)}, "description": {""}, "none": {},
}}

func TestEntriesAreKeptAndAllElseComesAsItWas(t *testing.T) {
	done := result(1<<20, ldap.ApplicationSearchResultDone, 0, strings.Repeat("d", 300))
	sent := slicesOf(entry(5, jane), entry(1<<20, object{}), done, entry(6, jane), result(7, ldap.ApplicationBindResponse, 49, ""))
	for name, in := range map[string]io.Reader{"at once": bytes.NewReader(sent), "by bytes": iotest.OneByteReader(bytes.NewReader(sent))} {
		t.Run(name, func(t *testing.T) {
			packets, err := received(t, in)
			require.ErrorIs(t, err, io.EOF)
			require.Len(t, packets, 5)
			for _, i := range []int{0, 3} {
				e, err := ad.DecodeEntry(packets[i].entry)
				require.NoError(t, err)
				assert.Equal(t, jane.dn, e.DN.String())
				assert.Equal(t, []string{"description", "mail", "memberof", "thumbnailphoto"}, e.Names())
				for name, values := range jane.values {
					assert.Equal(t, strings.Join(values, "|"), strings.Join(e.Texts(name), "|"))
				}
			}
			e, err := ad.DecodeEntry(packets[1].entry)
			require.NoError(t, err)
			assert.Empty(t, e.Names())
			assert.Equal(t, int64(1<<20), packets[1].Children[0].Value)
			assert.Equal(t, done.Bytes(), packets[2].Bytes())
			assert.Equal(t, int64(7), packets[4].Children[0].Value)
		})
	}
}

// What comes behind one another for one answer has one stub, before all that is of another.
func TestEntriesInARowShareAStub(t *testing.T) {
	john := object{"CN=John,DC=fake,DC=example", nil}
	reference := ber.Encode(ber.ClassApplication, ber.TypeConstructed, ldap.ApplicationSearchResultReference, nil, "")
	reference.AppendChild(text("ldap://elsewhere"))
	packets, err := received(t, bytes.NewReader(slicesOf(entry(5, jane), entry(5, john), entry(6, john), entry(5, jane), message(5, reference), entry(5, john))))
	require.ErrorIs(t, err, io.EOF)
	var order []string
	for i, p := range packets {
		if i > 0 && p.Packet == packets[i-1].Packet {
			order = append(order, "with")
		}
		if p.entry == nil {
			order = append(order, "reference")
			continue
		}
		e, err := ad.DecodeEntry(p.entry)
		require.NoError(t, err)
		_, name := e.DN.Name()
		order = append(order, fmt.Sprint(p.Children[0].Value, " ", name))
	}
	assert.Equal(t, "5 Jane, with, 5 John, 6 John, 5 Jane, reference, 5 John", strings.Join(order, ", "))
}

func slicesOf(packets ...*ber.Packet) (all []byte) {
	for _, p := range packets {
		all = append(all, p.Bytes()...)
	}
	return all
}

// Active Directory writes every length of a constructed element in four bytes.
func TestLengthsMayBeLongerThanNeeded(t *testing.T) {
	packets, _ := received(t, strings.NewReader("\x30\x84\x00\x00\x00\x2a\x02\x01\x05\x64\x84\x00\x00\x00\x21\x04\x04CN=a"+
		"\x30\x84\x00\x00\x00\x15\x30\x84\x00\x00\x00\x0f\x04\x01l\x31\x84\x00\x00\x00\x06\x04\x04Rome"))
	require.Len(t, packets, 1)
	e, err := ad.DecodeEntry(packets[0].entry)
	require.NoError(t, err)
	assert.Equal(t, "Rome", e.Text("l"))
}

func TestMalformedEntriesAreRefused(t *testing.T) {
	for name, body := range map[string]string{
		"nothing": "", "no entry": "\x30\x00", "no attributes": "\x64\x04\x04\x02CN", "name of another kind": "\x64\x06\x02\x02CN\x30\x00",
		"attribute of another kind": "\x64\x08\x04\x02CN\x30\x02\x04\x00", "no values": "\x64\x0b\x04\x02CN\x30\x05\x30\x03\x04\x01l",
		"value of another kind": "\x64\x0f\x04\x02CN\x30\x09\x30\x07\x04\x01l\x31\x02\x02\x00", "cut": "\x64\x0f\x04\x02CN\x30\x09\x30\x07\x04\x01l\x31\x02\x04\x05",
		"a value without length": "\x64\x0d\x04\x02CN\x30\x07\x30\x05\x04\x01l\x31\x01\x04", "longer than all": "\x64\x84\xff\xff\xff\xff\x04\x00\x30\x00", "without end": "\x64\x80\x04\x00\x30\x00\x00\x00", "length of nine bytes": "\x64\x89\x00\x00\x00\x00\x00\x00\x00\x00\x04\x04\x00\x30\x00",
	} {
		_, err := ad.DecodeEntry([]byte(body))
		assert.ErrorContains(t, err, "malformed", name)
	}
}

// What go-ldap reads without this is what is read with it, and what follows is not touched.
func FuzzEntries(f *testing.F) {
	f.Add(slicesOf(entry(5, jane)))
	f.Add(slicesOf(entry(5, object{"", map[string][]string{"a;range=0-1": {"x", "y"}, "userCertificate;binary": {"z"}}}), result(5, ldap.ApplicationSearchResultDone, 0, "")))
	f.Add([]byte("\x30\x80\x02\x01\x05\x64\x04\x04\x00\x30\x00\x00\x00"))
	f.Add([]byte("HTTP/1.1 400 Bad Request\r\n\r\n"))
	f.Fuzz(func(t *testing.T, sent []byte) {
		if len(sent) > 1<<12 {
			return
		}
		packets, _ := received(t, bytes.NewReader(sent))
		for in := bytes.NewReader(sent); ; packets = packets[1:] {
			want, err := ber.ReadPacket(in)
			if err != nil || len(packets) == 0 {
				return // it says so, too, or reads on behind what this refuses
			}
			compare(t, want, packets[0])
		}
	})
}

func compare(t *testing.T, want *ber.Packet, got packet) {
	if got.entry == nil {
		require.Equal(t, want.Bytes(), got.Bytes())
		return
	}
	e, err := ad.DecodeEntry(got.entry)
	if err != nil {
		return
	}
	content := want.Children[1].Children
	require.Equal(t, content[0].Data.String(), e.DN.String())
	values := map[string]string{}
	for _, attribute := range content[1].Children {
		name := strings.ToLower(attribute.Children[0].Data.String())
		if strings.Contains(name, ";") {
			return // has a test of its own
		}
		for _, value := range attribute.Children[1].Children {
			values[name] += value.Data.String() + "|"
		}
	}
	for _, name := range e.Names() {
		require.Contains(t, values, name)
		require.Equal(t, strings.TrimSuffix(values[name], "|"), strings.Join(e.Texts(name), "|"))
	}
}
