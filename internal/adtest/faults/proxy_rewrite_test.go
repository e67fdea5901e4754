package faults

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"

	"ad-user-sync/internal/adtest/ldapserver"
)

// cutShort delivers one part of a page, none of it where parts is 0, and a
// cookie for the rest.
func (e *exchange) cutShort(parts int) ([]*ber.Packet, bool) {
	answers, cut := e.forward()
	if cut || !succeeded(answers) {
		return answers, cut
	}
	n := 0
	if parts > 0 {
		n = (len(answers) - 1) / parts
	}
	cookie := fmt.Sprint("held ", len(e.connection.held))
	e.connection.held[cookie] = answers[n:]
	done := ldapserver.Message(e.id(), ldapserver.Result(e.tag(), 0, ""), (&ldap.ControlPaging{Cookie: []byte(cookie)}).Encode())
	return append(slices.Clone(answers[:n]), done), false
}

func succeeded(answers []*ber.Packet) bool {
	code, _ := answers[len(answers)-1].Children[1].Children[0].Value.(int64)
	return code == ldap.LDAPResultSuccess
}

// noPaging is a controller, or what stands before it, that knows no pages.
func noPaging(e *exchange) ([]*ber.Packet, bool) {
	answers, cut := e.forward()
	if cut {
		return answers, cut
	}
	last := len(answers) - 1
	answers[last] = ldapserver.Message(e.id(), answers[last].Children[1])
	return answers, false
}

// entries changes what comes before the end of a search.
func entries(change func([]*ber.Packet) []*ber.Packet) func(*exchange) ([]*ber.Packet, bool) {
	return func(e *exchange) ([]*ber.Packet, bool) {
		answers, cut := e.forward()
		if cut {
			return answers, cut
		}
		last := len(answers) - 1
		return append(change(slices.Clone(answers[:last])), answers[last]), false
	}
}

func twice(found []*ber.Packet) []*ber.Packet { return append(found, found...) }

func reference(found []*ber.Packet) []*ber.Packet {
	var id int64 = -1
	if len(found) > 0 {
		id, _ = found[0].Children[0].Value.(int64)
	}
	if id < 0 {
		return found
	}
	return slices.Insert(found, (len(found)+1)/2, ldapserver.Message(id, ldapserver.Reference("ldap://elsewhere.invalid/DC=elsewhere,DC=invalid")))
}

// attributes changes how each entry says what it says.
func attributes(change func([]ldapserver.Attribute) []ldapserver.Attribute) func(*exchange) ([]*ber.Packet, bool) {
	return entries(func(found []*ber.Packet) []*ber.Packet {
		for i, answer := range found {
			if answer.Children[1].Tag == ldap.ApplicationSearchResultEntry {
				found[i] = rewritten(answer, change)
			}
		}
		return found
	})
}

func rewritten(answer *ber.Packet, change func([]ldapserver.Attribute) []ldapserver.Attribute) *ber.Packet {
	id, _ := answer.Children[0].Value.(int64)
	op := answer.Children[1]
	return withOp(answer, ldapserver.Entry(op.Children[0].Data.String(), change(read(op))), id)
}

func read(op *ber.Packet) []ldapserver.Attribute {
	var all []ldapserver.Attribute
	for _, packet := range op.Children[1].Children {
		a := ldapserver.Attribute{Name: packet.Children[0].Data.String()}
		for _, value := range packet.Children[1].Children {
			a.Values = append(a.Values, []byte(value.Data.String()))
		}
		all = append(all, a)
	}
	return all
}

func reordered(all []ldapserver.Attribute) []ldapserver.Attribute {
	slices.Reverse(all)
	for _, a := range all {
		slices.Reverse(a.Values)
	}
	return all
}

func anotherCase(all []ldapserver.Attribute) []ldapserver.Attribute {
	for i, a := range all {
		upper := strings.ToUpper(a.Name)
		if upper == a.Name {
			upper = strings.ToLower(a.Name)
		}
		all[i].Name = upper
	}
	return all
}

// withOptions adds the same attributes in another language, before and after
// those that were asked for (RFC 4512, 2.5: subtypes are returned, too).
func withOptions(all []ldapserver.Attribute) []ldapserver.Attribute {
	var more []ldapserver.Attribute
	for i, a := range all {
		if strings.Contains(a.Name, ";") || len(a.Values) == 0 {
			continue
		}
		other := ldapserver.Attribute{Name: a.Name + ";lang-de", Values: [][]byte{[]byte("anders")}}
		if i%2 == 0 {
			more = append(more, other)
		} else {
			all = append(all, other)
		}
	}
	return append(more, all...)
}

// inRanges returns the first member or membership alone; the controller has the
// others.
func inRanges(all []ldapserver.Attribute) []ldapserver.Attribute {
	for i, a := range all {
		switch {
		case len(a.Values) == 1 && isLink(a.Name):
			all[i].Name += ";range=0-*"
		case len(a.Values) > 1 && isLink(a.Name):
			all[i] = part(a, 1)
		}
	}
	return all
}

func isLink(name string) bool {
	return strings.EqualFold(name, "member") || strings.EqualFold(name, "memberOf")
}

// part is the first values of an attribute, or of a part of it.
func part(a ldapserver.Attribute, values int) ldapserver.Attribute {
	name, limits, _ := strings.Cut(a.Name, ";range=")
	low, _, _ := strings.Cut(limits, "-")
	from, _ := strconv.Atoi(low)
	return ldapserver.Attribute{Name: fmt.Sprintf("%s;range=%d-%d", name, from, from+values-1), Values: a.Values[:values]}
}

// limited makes ranges of what a controller returns at once.
func (e *exchange) limited(answer *ber.Packet) *ber.Packet {
	most := e.connection.proxy.MaxValues
	if most == 0 || answer.Children[1].Tag != ldap.ApplicationSearchResultEntry {
		return answer
	}
	return rewritten(answer, func(all []ldapserver.Attribute) []ldapserver.Attribute {
		for i, a := range all {
			if name, _, _ := strings.Cut(a.Name, ";"); isLink(name) && len(a.Values) > most {
				all[i] = part(a, most)
			}
		}
		return all
	})
}
