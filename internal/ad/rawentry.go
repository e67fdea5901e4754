package ad

import (
	"errors"
	"fmt"
	"strings"

	"github.com/go-ldap/ldap/v3"
)

var errMalformed = errors.New("an entry that came is malformed")

// answer of a search, whose entries are not taken apart yet.
type answer struct {
	entries   [][]byte
	referrals int
	controls  []ldap.Control
}

// search sends one request.
func (s *session) search(request *ldap.SearchRequest) (answer, error) {
	found, err := s.conn.Search(request)
	if found == nil {
		return answer{}, err
	}
	a := answer{referrals: len(found.Referrals), controls: found.Controls}
	for _, stub := range found.Entries {
		entries, known := s.entries.take(stub.DN)
		if err == nil && !known {
			err = errMalformed
		}
		a.entries = append(a.entries, entries...)
	}
	return a, err
}

// newEntry takes apart what entryConn kept. Attributes without values are left
// out. The values share its memory, which is the entry's own.
func newEntry(raw []byte, names plainNames) (Entry, error) {
	message := elements(raw)
	content := message.next(tagEntry)
	dn, attributes := content.next(tagOctets), content.next(tagSequence)
	if dn == nil || attributes == nil {
		return Entry{}, errMalformed
	}
	e := Entry{DN: rawDN(string(dn)), attributes: make([]Attribute, 0, mostUsual)}
	for len(attributes) > 0 {
		attribute := attributes.next(tagSequence)
		name, values := attribute.next(tagOctets), attribute.next(tagSet)
		if name == nil || values == nil {
			return Entry{}, errMalformed
		}
		plain, err := names.of(name)
		if err == nil {
			err = e.add(plain, values)
		}
		if err != nil {
			return Entry{}, err
		}
	}
	return e, nil
}

// mostUsual attributes of an entry have room at once.
const mostUsual = 24

func (e *Entry) add(name string, values elements) error {
	all := e.Values(name)
	for len(values) > 0 {
		value := values.next(tagOctets)
		if value == nil {
			return errMalformed
		}
		all = append(all, value)
	}
	if len(all) > 0 {
		e.set(name, all)
	} else if isRange(name) {
		e.set(name, [][]byte{})
	}
	return nil
}

// elements are BER elements of definite length, one behind the other (RFC 4511, 5.1).
type elements []byte

// next cuts the first element off and returns its content; nil where that has
// another tag or is cut short, and then nothing is left.
func (e *elements) next(tag byte) elements {
	has, rest, length := elementHead(*e)
	if length < 0 || has != tag || length > len(rest) {
		*e = nil
		return nil
	}
	*e = rest[length:]
	return rest[:length:length]
}

// plainNames are those that a search has seen, by how they came.
type plainNames map[string]string

func (n plainNames) of(name []byte) (string, error) {
	if plain, known := n[string(name)]; known {
		return plain, nil
	}
	plain, err := plainName(string(name))
	if err == nil {
		n[string(name)] = plain
	}
	return plain, err
}

// plainName is the lower-case name without ";binary", which says how values
// travel (RFC 4522). Values under an option of another kind would be taken for
// others than they are, or for none.
func plainName(name string) (string, error) {
	plain, options, _ := strings.Cut(strings.ToLower(name), ";")
	for option := range strings.SplitSeq(options, ";") {
		switch {
		case option == "", option == "binary":
		case strings.HasPrefix(option, "range="):
			plain += ";" + option
		default:
			return "", &Error{Kind: ErrRefused, Err: fmt.Errorf("the directory gave the attribute %q, whose option is not known here", name), Hint: errNoPaging.Hint}
		}
	}
	return plain, nil
}

// rawDN takes a name that the directory wrote, even one this program cannot
// take apart.
func rawDN(text string) DN {
	dn, err := ParseDN(text)
	if err != nil {
		return DN{text: text}
	}
	return dn
}
