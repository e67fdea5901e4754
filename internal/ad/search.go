package ad

import (
	"bytes"
	"context"
	"errors"

	"github.com/go-ldap/ldap/v3"
)

// Search reads page after page and hands each object to found, in the order in
// which the directory gives them. It returns without error only when the
// directory said that nothing is left, so that what was found is complete. An
// error of found ends the search and is returned as it is. Where the connection
// is lost before the first object was handed on, the search begins again by
// itself; later it fails with ErrUnreachable, and the caller may begin again.
func (c *Client) Search(ctx context.Context, search Search, found func(Entry) error) (Summary, error) {
	op := operation{doing: "read", object: search.Base.String()}
	if search.Base.IsZero() {
		op.object = "the rootDSE"
	}
	run := &pages{client: c, search: search, op: op}
	for {
		page, err := run.next(ctx)
		if err != nil {
			return run.summary, err
		}
		for _, entry := range page {
			run.summary.Entries++
			if err := found(entry); err != nil {
				return run.summary, err
			}
		}
		if run.done {
			return run.summary, nil
		}
		if err := ctx.Err(); err != nil {
			return run.summary, op.lost(err)
		}
	}
}

// pages is a search between two pages. The directory's cookie holds only on
// the connection on which it was given.
type pages struct {
	client  *Client
	search  Search
	op      operation
	session *session
	cookie  []byte
	summary Summary
	done    bool
}

func (p *pages) next(ctx context.Context) ([]Entry, error) {
	var page []Entry
	read := func(s *session) (err error) {
		page, err = p.read(ctx, s)
		return err
	}
	if p.session == nil {
		return page, p.first(ctx, read, &page)
	}
	if err := p.client.send(ctx, p.session, read); err != nil {
		if lost(err) {
			p.session.close()
			return nil, p.op.lost(err)
		}
		return nil, p.op.failed(err)
	}
	return page, nil
}

// first may reconnect and repeat, as nothing was handed on yet.
func (p *pages) first(ctx context.Context, read func(*session) error, page *[]Entry) error {
	return p.client.request(ctx, p.op, func(s *session) error {
		*page, p.summary, p.cookie, p.session = nil, Summary{}, nil, s
		return read(s)
	})
}

// read gets one page and completes its objects on the same connection.
func (p *pages) read(ctx context.Context, s *session) ([]Entry, error) {
	p.client.searches.Add(1)
	result, err := s.conn.Search(p.request())
	if err != nil {
		return nil, err
	}
	if err := p.turn(result); err != nil {
		return nil, err
	}
	p.summary.Referrals += len(result.Referrals)
	page := make([]Entry, 0, len(result.Entries))
	for i, raw := range result.Entries {
		entry := newEntry(raw)
		result.Entries[i] = nil // the library's form is five times the size
		if err := p.client.completeRanges(ctx, s, &entry); err != nil {
			return nil, err
		}
		page = append(page, entry)
	}
	return page, nil
}

func (p *pages) request() *ldap.SearchRequest {
	scope := map[Scope]int{ScopeSubtree: ldap.ScopeWholeSubtree, ScopeOneLevel: ldap.ScopeSingleLevel, ScopeBase: ldap.ScopeBaseObject}[p.search.Scope]
	filter := p.search.Filter
	if filter == "" {
		filter = Anything
	}
	var controls []ldap.Control
	if p.paged() {
		controls = append(controls, &ldap.ControlPaging{PagingSize: uint32(p.client.options.PageSize), Cookie: p.cookie})
	}
	if names(p.search.Attributes, descriptorAttribute) {
		controls = append(controls, daclOnly())
	}
	return ldap.NewSearchRequest(p.search.Base.String(), scope, ldap.NeverDerefAliases, 0, 0, false, string(filter), p.search.Attributes, controls)
}

// paged: one object needs no pages.
func (p *pages) paged() bool { return p.search.Scope != ScopeBase }

var errNoPaging = &Error{Kind: ErrRefused, Err: errors.New("the directory ignored the request for pages (RFC 2696), so the result may be incomplete"),
	Hint: "domain controllers give pages; name one under \"servers\" instead of what stands between, such as an LDAP proxy"}

// turn takes the cookie for the next page.
func (p *pages) turn(result *ldap.SearchResult) error {
	if !p.paged() {
		p.done = true
		return nil
	}
	control, ok := ldap.FindControl(result.Controls, ldap.ControlTypePaging).(*ldap.ControlPaging)
	if !ok {
		return errNoPaging
	}
	p.cookie = bytes.Clone(control.Cookie)
	p.done = len(p.cookie) == 0
	return nil
}

// newEntry copies what the library read; attributes without values are left out.
func newEntry(raw *ldap.Entry) Entry {
	values := make(map[string][][]byte, len(raw.Attributes))
	for _, attribute := range raw.Attributes {
		if len(attribute.ByteValues) == 0 && !isRange(attribute.Name) {
			continue
		}
		own := make([][]byte, 0, len(attribute.ByteValues))
		for _, value := range attribute.ByteValues {
			own = append(own, bytes.Clone(value))
		}
		values[attribute.Name] = own
	}
	return NewEntry(rawDN(raw.DN), values)
}

// rawDN takes a name that the directory wrote, even one this program can not
// take apart.
func rawDN(text string) DN {
	dn, err := ParseDN(text)
	if err != nil {
		return DN{text: text}
	}
	return dn
}
