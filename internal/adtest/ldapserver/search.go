package ldapserver

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

var scopes = map[int64]ad.Scope{
	ldap.ScopeBaseObject: ad.ScopeBase, ldap.ScopeSingleLevel: ad.ScopeOneLevel, ldap.ScopeWholeSubtree: ad.ScopeSubtree,
}

// rest is what of a search was not delivered yet. As with Samba the place in it
// is the controller's to remember: a cookie that is sent twice gets two pages.
type rest struct{ answers []*ber.Packet }

func (c *connection) search(id int64, request *ber.Packet, end func(error) []*ber.Packet) []*ber.Packet {
	paging := Paging(request)
	var all *rest
	if paging != nil && len(paging.Cookie) > 0 {
		all = c.rests[string(paging.Cookie)]
		if all == nil {
			return end(refused(ldap.LDAPResultUnwillingToPerform, 0x57, "the cookie is of another connection, or used up"))
		}
	} else {
		found, err := c.find(request)
		if err != nil {
			return end(err)
		}
		all = &rest{found}
	}
	size := maxPage
	if paging != nil && paging.PagingSize > 0 {
		size = min(size, int(paging.PagingSize))
	}
	page := all.answers[:min(size, len(all.answers))]
	all.answers = all.answers[len(page):]
	var messages []*ber.Packet
	for _, op := range page {
		messages = append(messages, Message(id, op))
	}
	if paging == nil {
		var err error
		if len(all.answers) > 0 {
			err = refused(ldap.LDAPResultSizeLimitExceeded, 0x2023, "more than MaxPageSize")
		}
		return append(messages, end(err)...)
	}
	done := Message(id, Result(ldap.ApplicationSearchResultDone, 0, ""), (&ldap.ControlPaging{Cookie: c.cookie(paging, all)}).Encode())
	return append(messages, done)
}

// cookie names what is left, or nothing.
func (c *connection) cookie(asked *ldap.ControlPaging, left *rest) []byte {
	if len(left.answers) == 0 {
		delete(c.rests, string(asked.Cookie))
		return nil
	}
	if len(asked.Cookie) > 0 {
		return asked.Cookie
	}
	c.pages++
	name := fmt.Sprint("search ", c.pages)
	c.rests[name] = left
	return []byte(name)
}

// find sends everything that is found, then the references.
func (c *connection) find(request *ber.Packet) ([]*ber.Packet, error) {
	op := request.Children[1]
	base, err := parseName(text(op.Children[0]))
	if err != nil {
		return nil, err
	}
	filter, err := ldap.DecompileFilter(op.Children[6])
	if err != nil {
		return nil, refused(ldap.LDAPResultProtocolError, 0x57, "the filter cannot be read")
	}
	scope, _ := op.Children[1].Value.(int64)
	wanted := wishes(texts(op.Children[7]))
	s := ad.Search{Base: base, Scope: scopes[scope], Filter: ad.Filter(filter), Attributes: wanted.names()}
	if base.IsZero() && s.Scope == ad.ScopeBase {
		return []*ber.Packet{c.rootDSE(wanted)}, nil
	}
	if c.bound == "" {
		return nil, errNoBind
	}
	if partsOfDescriptor(request)&daclPart == 0 {
		s.Attributes = slices.DeleteFunc(s.Attributes, func(name string) bool { return strings.EqualFold(name, "nTSecurityDescriptor") })
	}
	var found []*ber.Packet
	summary, err := c.server.Directory.Search(context.Background(), s, func(e ad.Entry) error {
		found = append(found, Entry(e.DN.String(), c.attributes(e, wanted)))
		return nil
	})
	for range summary.Referrals {
		found = append(found, Reference("ldap://"+c.server.Directory.Domain().Name+"/"))
	}
	return found, err
}

const daclPart = 4

// parseName also takes "<GUID=...>" (MS-ADTS 3.1.1.3.1.2.4).
func parseName(name string) (ad.DN, error) {
	if inner, ok := strings.CutPrefix(name, "<GUID="); ok {
		if guid, err := adrules.ParseGUID(strings.TrimSuffix(inner, ">")); err == nil {
			return ad.ByGUID(guid), nil
		}
	}
	dn, err := ad.ParseDN(name)
	if err != nil {
		return dn, refused(ldap.LDAPResultInvalidDNSyntax, 0x2032, err.Error())
	}
	return dn, nil
}

// rootDSE is the directory's, and what only a controller says of itself.
func (c *connection) rootDSE(wanted []wish) *ber.Packet {
	root := c.one(ad.Search{Scope: ad.ScopeBase})
	values := map[string][][]byte{
		"supportedcapabilities": ad.Values("1.2.840.113556.1.4.800", "1.2.840.113556.1.4.1670"),
	}
	for _, name := range root.Names() {
		values[name] = root.Values(name)
	}
	if c.server.Host != "" {
		values["dnshostname"] = ad.Values(c.server.Host)
	}
	if c.bound != "" {
		account := c.one(ad.Search{Base: c.server.Directory.Domain().Base, Filter: ad.Equal("sAMAccountName", c.bound), Attributes: []string{"objectSid", "tokenGroups"}})
		values["tokengroups"] = slices.Concat(account.Values("objectSid"), account.Values("tokenGroups"), [][]byte{adrules.SIDAuthenticated.Bytes()})
	}
	return Entry("", c.attributes(ad.NewEntry(ad.DN{}, values), wanted))
}

// wish is one attribute that was asked for, or a part of its values.
type wish struct {
	name      string
	low, high int
	ranged    bool
}

type wishList []wish

func wishes(asked []string) wishList {
	var list wishList
	for _, name := range asked {
		w := wish{name: name, high: math.MaxInt - 1}
		if base, limits, found := strings.Cut(name, ";range="); found {
			low, high, _ := strings.Cut(limits, "-")
			w.name, w.ranged = base, true
			w.low, _ = strconv.Atoi(low)
			if n, err := strconv.Atoi(high); err == nil {
				w.high = n
			}
		}
		list = append(list, w)
	}
	return list
}

func (l wishList) names() []string {
	var names []string
	for _, w := range l {
		names = append(names, w.name)
	}
	return names
}

// attributes are those that were asked for, or all that the entry has.
func (c *connection) attributes(e ad.Entry, wanted wishList) []Attribute {
	if len(wanted) == 0 || slices.Contains(wanted.names(), "*") {
		wanted = wishes(e.Names())
	}
	var all []Attribute
	for _, w := range wanted {
		if values := e.Values(w.name); len(values) > w.low {
			all = append(all, c.part(w, values)...)
		}
	}
	return all
}

// part returns the values, or of many a range (MS-ADTS 3.1.1.3.1.3.3).
func (c *connection) part(w wish, values [][]byte) []Attribute {
	most := 1500
	if link := strings.EqualFold(w.name, "member") || strings.EqualFold(w.name, "memberOf"); link && c.server.MaxValues > 0 {
		most = c.server.MaxValues
	}
	if !w.ranged && len(values) <= most {
		return []Attribute{{w.name, values}}
	}
	end := min(len(values), w.low+most, w.high+1)
	name := fmt.Sprintf("%s;range=%d-%d", w.name, w.low, end-1)
	if end == len(values) {
		name = fmt.Sprintf("%s;range=%d-*", w.name, w.low)
	}
	part := Attribute{name, values[w.low:end]}
	if w.ranged {
		return []Attribute{part}
	}
	return []Attribute{{w.name, nil}, part}
}
