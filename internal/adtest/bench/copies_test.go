package bench

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"strconv"
	"strings"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"

	"ad-user-sync/internal/adtest/ldapserver"
)

// answer sends one page. The cookie is the number of its last copy.
func (p *multiplier) answer(client io.Writer, request *ber.Packet) error {
	op := request.Children[1]
	if wanted := guids(op.Children[6]); len(wanted) > 0 {
		return p.single(client, request, wanted)
	}
	filter, err := ldap.DecompileFilter(op.Children[6])
	if err != nil {
		return err
	}
	all, err := p.read(op, filter)
	if err != nil {
		return err
	}
	paging, id := ldapserver.Paging(request), request.Children[0].Value.(int64)
	at, _ := strconv.Atoi(string(paging.Cookie))
	end := min(at+int(paging.PagingSize), len(all)*p.Times)
	var out bytes.Buffer
	for ; at < end; at++ {
		if e := all[at%len(all)]; at < len(all) || isPerson(e) {
			out.Write(encode(id, e, at/len(all)))
		}
	}
	cookie := []byte{}
	if end < len(all)*p.Times {
		cookie = strconv.AppendInt(nil, int64(end), 10)
	}
	return finish(client, &out, id, cookie)
}

// single sends the copies that have these GUIDs.
func (p *multiplier) single(client io.Writer, request *ber.Packet, wanted []string) error {
	all, err := p.read(request.Children[1], "(objectClass=user)")
	if err != nil {
		return err
	}
	asked := map[string][]string{}
	for _, guid := range wanted {
		asked[guid[:12]] = append(asked[guid[:12]], guid)
	}
	id := request.Children[0].Value.(int64)
	var out bytes.Buffer
	for _, e := range all {
		own := e.GetRawAttributeValue("objectGUID")
		for _, guid := range asked[string(own[:12])] {
			n := binary.BigEndian.Uint32(own[12:]) ^ binary.BigEndian.Uint32([]byte(guid[12:]))
			out.Write(encode(id, e, int(n>>8)))
		}
	}
	return finish(client, &out, id, nil)
}

// finish sends a page and its end.
func finish(client io.Writer, page *bytes.Buffer, id int64, cookie []byte) error {
	done := ldapserver.Message(id, ldapserver.Result(ldap.ApplicationSearchResultDone, 0, ""), (&ldap.ControlPaging{Cookie: cookie}).Encode())
	page.Write(done.Bytes())
	_, err := page.WriteTo(client)
	return err
}

func isPerson(e *ldap.Entry) bool { return strings.HasPrefix(e.DN, "CN=") }

// encode writes copy n of an entry (RFC 4511, 4.5.2); copy 0 is the entry itself.
// The library would take most of the time of a run for it.
func encode(id int64, e *ldap.Entry, n int) []byte {
	dn := e.DN
	if n > 0 {
		name, place, _ := strings.Cut(dn, ",")
		dn = fmt.Sprintf("%s x%d,%s", name, n, place)
	}
	var list []byte
	for _, a := range e.Attributes {
		var values []byte
		for _, v := range a.ByteValues {
			values = append(values, element(4, copied(a.Name, v, n))...)
		}
		list = append(list, element(0x30, element(4, []byte(a.Name)), element(0x31, values))...)
	}
	number := ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, id, "").Bytes()
	return element(0x30, number, element(0x64, element(4, []byte(dn)), element(0x30, list)))
}

// copied is a value of copy n: what tells people apart is another one in each.
func copied(attribute string, value []byte, n int) []byte {
	if n == 0 {
		return value
	}
	switch attribute {
	case "objectGUID":
		return flipped(value, n)
	case "adminDescription":
		return anchor(value, n)
	case "objectSid":
		value = bytes.Clone(value)
		rid := value[len(value)-4:]
		binary.LittleEndian.PutUint32(rid, binary.LittleEndian.Uint32(rid)+uint32(n)<<20)
		return value
	case "cn", "name":
		return fmt.Appendf(bytes.Clone(value), " x%d", n)
	case "sAMAccountName", "userPrincipalName", "mail":
		return fmt.Appendf(nil, "x%d%s", n, value)
	}
	return value
}

func flipped(guid []byte, n int) []byte {
	guid = bytes.Clone(guid)
	binary.BigEndian.PutUint32(guid[12:], binary.BigEndian.Uint32(guid[12:])^uint32(n)<<8)
	return guid
}

// anchor is that of copy n of a person.
func anchor(value []byte, n int) []byte {
	begin, rest, found := strings.Cut(string(value), ":")
	if !found || len(rest) < 36 {
		return value
	}
	return []byte(begin + ":" + another(rest[:36], n) + rest[36:])
}

// another is the GUID of copy n, as text, whose end is written as it is stored.
func another(guid string, n int) string {
	const before = len("6f9619ff-8b86-d011-b42d-00cf")
	end, err := strconv.ParseUint(guid[before:], 16, 32)
	if err != nil {
		return guid
	}
	return fmt.Sprintf("%s%08x", guid[:before], uint32(end)^uint32(n)<<8)
}

// element is a tag, a length and the content.
func element(tag byte, content ...[]byte) []byte {
	all := bytes.Join(content, nil)
	if n := len(all); n >= 0x80 {
		return append(binary.BigEndian.AppendUint32([]byte{tag, 0x84}, uint32(n)), all...)
	}
	return append([]byte{tag, byte(len(all))}, all...)
}
