package ad

import (
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
	attribute   string
	first, next int // next: where the following part begins
	last        bool
	values      [][]byte
}

// newPart checks that the values are as many as the range says.
func newPart(name string, values [][]byte) (part, error) {
	attribute, limits, _ := strings.Cut(strings.ToLower(name), rangeOption)
	low, high, _ := strings.Cut(limits, "-")
	first, err := strconv.Atoi(low)
	p := part{attribute: attribute, first: first, next: first + len(values), last: high == "*", values: values}
	if p.last && err == nil {
		return p, nil
	}
	end, fault := strconv.Atoi(high)
	if err != nil || fault != nil || first < 0 || end < first {
		return part{}, &Error{Kind: ErrRefused, Err: fmt.Errorf("%q is not a range of values", name)}
	}
	if len(values) != end-first+1 {
		return part{}, &Error{Kind: ErrRefused, Err: fmt.Errorf("the directory gave %d values for %s", len(values), name), Hint: "run again"}
	}
	return p, nil
}

func (e Entry) ranges() (names []string) {
	for _, a := range e.attributes {
		if isRange(a.Name) {
			names = append(names, a.Name)
		}
	}
	return names
}

// completeRanges puts the parts of large attributes together under the
// attribute's own name.
func (c *Client) completeRanges(ctx context.Context, s *session, entry *Entry) error {
	for _, name := range entry.ranges() {
		p, err := newPart(name, entry.Values(name))
		if err == nil {
			entry.remove(name)
			err = c.complete(ctx, s, entry, p)
		}
		switch {
		case err == nil:
		case lost(err):
			return err
		case ldap.IsErrorWithCode(err, ldap.LDAPResultNoSuchObject): // renamed, perhaps
			return brokenOff{changedMeanwhile(name)}
		default:
			return brokenOff{err}
		}
	}
	return nil
}

// complete adds the parts behind the first one. Each holds its whole state in
// its request.
func (c *Client) complete(ctx context.Context, s *session, entry *Entry, p part) error {
	if p.first != 0 || entry.Has(p.attribute) {
		return changedMeanwhile(p.attribute)
	}
	values := p.values
	for !p.last {
		var next part
		err := c.patiently(ctx, s, func(s *session) (err error) {
			next, err = c.readPart(s, entry.DN, p)
			return err
		})
		if err != nil {
			return err
		}
		p, values = next, append(values, next.values...)
	}
	seen := make(map[string]bool, len(values))
	for _, value := range values { // one that moved from part to part stands for one that was missed
		if seen[string(value)] {
			return changedMeanwhile(p.attribute)
		}
		seen[string(value)] = true
	}
	if len(values) > 0 {
		entry.set(p.attribute, values)
	}
	return nil
}

func (c *Client) readPart(s *session, dn DN, after part) (part, error) {
	c.searches.Add(1)
	wanted := after.attribute + rangeOption + strconv.Itoa(after.next) + "-*"
	found, err := s.search(ldap.NewSearchRequest(dn.String(), ldap.ScopeBaseObject, ldap.NeverDerefAliases,
		0, 0, false, string(Anything), []string{wanted}, nil))
	if err != nil {
		return part{}, err
	}
	for _, raw := range found.entries {
		entry, err := newEntry(raw, plainNames{})
		if err != nil {
			return part{}, err
		}
		for _, name := range entry.Names() {
			if !strings.HasPrefix(name, after.attribute+rangeOption) {
				continue
			}
			p, err := newPart(name, entry.Values(name))
			if err == nil && p.first != after.next {
				err = changedMeanwhile(after.attribute)
			}
			return p, err
		}
	}
	return part{}, changedMeanwhile(after.attribute)
}

func changedMeanwhile(attribute string) error {
	return &Error{Kind: ErrRefused, Err: errors.New("the values of " + attribute + " changed while they were read"), Hint: "run again"}
}
