package ad

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/go-ldap/ldap/v3"
)

// page is one page of a pass, and where it ends.
type page struct {
	*reading
	session   *session
	cookie    []byte
	last      bool
	still     int // pages without anything, and without a new cookie
	entries   []Entry
	referrals int
}

// read gets the next page and completes its objects on the same connection. A
// page that was asked for with a cookie is not asked for again: the directory
// has gone on, whether or not this side has the answer.
func (p *page) read(ctx context.Context) error {
	result, err := p.ask(ctx)
	if err != nil {
		return err
	}
	p.referrals, p.entries = result.referrals, make([]Entry, 0, len(result.entries))
	for _, raw := range result.entries {
		entry, err := newEntry(raw, p.names)
		if err != nil {
			return err
		}
		if err := p.client.completeRanges(ctx, p.session, &entry); err != nil {
			return err
		}
		p.entries = append(p.entries, entry)
	}
	return p.turn(result)
}

func (p *page) ask(ctx context.Context) (result answer, err error) {
	send := p.client.patiently
	if p.cookie != nil {
		send = p.client.exchange
	}
	err = send(ctx, p.session, func(s *session) (err error) {
		p.client.searches.Add(1)
		result, err = s.search(p.request())
		return err
	})
	return result, err
}

func (p *page) request() *ldap.SearchRequest {
	scope := map[Scope]int{ScopeSubtree: ldap.ScopeWholeSubtree, ScopeOneLevel: ldap.ScopeSingleLevel, ScopeBase: ldap.ScopeBaseObject}[p.search.Scope]
	filter, attributes := cmp.Or(p.search.Filter, Anything), p.search.Attributes
	var controls []ldap.Control
	if p.paged() {
		controls = append(controls, &ldap.ControlPaging{PagingSize: uint32(p.pageSize), Cookie: p.cookie})
		if !p.wantsGUID() {
			attributes = append(slices.Clone(attributes), guidAttribute)
		}
	}
	if names(attributes, descriptorAttribute) {
		controls = append(controls, descriptorParts(ownerPart|daclPart))
	}
	return ldap.NewSearchRequest(p.search.Base.String(), scope, ldap.NeverDerefAliases, 0, 0, false, string(filter), attributes, controls)
}

var errNoPaging = &Error{Kind: ErrRefused, Err: errors.New("the directory ignored the request for pages (RFC 2696), so the result may be incomplete"),
	Hint: "domain controllers give pages; name one under \"servers\" instead of what stands between, such as an LDAP proxy"}

// errSamePage: some directories give every page the same cookie, so that only
// the objects tell.
var errSamePage = &Error{Kind: ErrRefused, Err: errors.New("the directory gave the same page twice, so the result may be incomplete"),
	Hint: errNoPaging.Hint}

// maxStill is how many empty pages with one cookie a directory may give.
const maxStill = 100

// turn takes the cookie for the next page.
func (p *page) turn(result answer) error {
	if !p.paged() {
		p.last = true
		return nil
	}
	control, ok := ldap.FindControl(result.controls, ldap.ControlTypePaging).(*ldap.ControlPaging)
	if !ok {
		return errNoPaging
	}
	if len(p.entries) > 0 || !bytes.Equal(p.cookie, control.Cookie) {
		p.still = 0
	}
	if p.still++; p.still > maxStill || p.repeats(p.entries) {
		return errSamePage
	}
	p.cookie, p.last = append([]byte{}, control.Cookie...), len(control.Cookie) == 0
	return nil
}
