package ad

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/go-ldap/ldap/v3"
)

// rangeOption marks a part of a large attribute: "member;range=0-1499", the
// last part "member;range=1500-*" (MS-ADTS 3.1.1.3.1.3.3).
const rangeOption = ";range="

func isRange(name string) bool { return strings.Contains(strings.ToLower(name), rangeOption) }

// part is one range of an attribute.
type part struct {
	attribute string
	next      int // where the following part begins
	last      bool
}

func parsePart(name string) (part, error) {
	attribute, limits, _ := strings.Cut(strings.ToLower(name), rangeOption)
	_, high, found := strings.Cut(limits, "-")
	if high == "*" && found {
		return part{attribute: attribute, last: true}, nil
	}
	end, err := strconv.Atoi(high)
	if err != nil || !found || end < 0 {
		return part{}, &Error{Kind: ErrRefused, Err: fmt.Errorf("%q is no range of values", name)}
	}
	return part{attribute: attribute, next: end + 1}, nil
}

// completeRanges puts the parts of large attributes together under the
// attribute's own name.
func (c *Client) completeRanges(ctx context.Context, s *session, entry *Entry) error {
	for _, name := range entry.Names() {
		if !isRange(name) {
			continue
		}
		p, err := parsePart(name)
		if err != nil {
			return err
		}
		values := entry.values[name]
		delete(entry.values, name)
		for !p.last {
			if err := ctx.Err(); err != nil {
				return err
			}
			var more [][]byte
			if more, p, err = c.readPart(s, entry.DN, p); err != nil {
				return err
			}
			values = append(values, more...)
		}
		if len(values) > 0 {
			entry.values[p.attribute] = values
		}
	}
	return nil
}

func (c *Client) readPart(s *session, dn DN, after part) ([][]byte, part, error) {
	c.searches.Add(1)
	wanted := after.attribute + rangeOption + strconv.Itoa(after.next) + "-*"
	found, err := s.conn.Search(ldap.NewSearchRequest(dn.String(), ldap.ScopeBaseObject, ldap.NeverDerefAliases,
		0, 0, false, string(Anything), []string{wanted}, nil))
	if err != nil {
		return nil, part{}, err
	}
	for _, entry := range found.Entries {
		for _, attribute := range entry.Attributes {
			p, err := parsePart(attribute.Name)
			if err != nil || p.attribute != after.attribute || (!p.last && p.next <= after.next) {
				continue
			}
			var values [][]byte
			for _, value := range attribute.ByteValues {
				values = append(values, bytes.Clone(value))
			}
			return values, p, nil
		}
	}
	return nil, part{}, &Error{Kind: ErrRefused, Err: errors.New("the values of " + after.attribute + " changed while they were read"), Hint: "run again"}
}
