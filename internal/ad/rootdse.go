package ad

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"ad-user-sync/internal/adrules"
)

// Capabilities that a controller announces (MS-ADTS 3.1.1.3.4.3).
const (
	capabilityAD       = "1.2.840.113556.1.4.800"
	capabilityReadOnly = "1.2.840.113556.1.4.1920" // partial secrets: a read-only domain controller
)

var rootAttributes = []string{
	"defaultNamingContext", "configurationNamingContext", "schemaNamingContext", "dnsHostName", "supportedCapabilities", "vendorName",
}

// root is the rootDSE, which a controller shows before anybody logged on.
type root struct{ entry Entry }

func rootRequest(attributes ...string) *ldap.SearchRequest {
	return ldap.NewSearchRequest("", ldap.ScopeBaseObject, ldap.NeverDerefAliases, 0, 0, false, string(Anything), attributes, nil)
}

func (c *Client) readRoot(s *session, more ...string) (root, error) {
	c.searches.Add(1)
	found, err := s.search(rootRequest(slices.Concat(rootAttributes, more)...))
	if err != nil {
		return root{}, err
	}
	if len(found.entries) != 1 {
		return root{}, errNotAD
	}
	entry, err := newEntry(found.entries[0], plainNames{})
	return root{entry}, err
}

var errNotAD = &Error{Kind: ErrRefused, Err: errors.New("this is not an Active Directory domain controller"),
	Hint: "name a domain controller under \"servers\""}

func (r root) check(o Options) error {
	capabilities := r.entry.Texts("supportedCapabilities")
	if !slices.Contains(capabilities, capabilityAD) || !r.entry.Has("defaultNamingContext") {
		return errNotAD
	}
	if o.NeedWritable && slices.Contains(capabilities, capabilityReadOnly) {
		return &Error{Kind: ErrRefused, Err: fmt.Errorf("%s is a read-only domain controller", r.host()),
			Hint: "name a writable domain controller under \"servers\""}
	}
	if domain := r.domain(); o.Domain != "" && !strings.EqualFold(strings.TrimSuffix(o.Domain, "."), domain.Name) {
		return &Error{Kind: ErrRefused, Err: fmt.Errorf("the controller is of the domain %s, and %s is configured", domain.Name, o.Domain),
			Hint: "make \"domain\" and \"servers\" name the same domain"}
	}
	return nil
}

func (r root) host() string { return strings.ToLower(r.entry.Text("dnsHostName")) }

func (r root) domain() Domain {
	base := rawDN(r.entry.Text("defaultNamingContext"))
	return Domain{
		Name: base.DomainName(), Controller: r.host(), Base: base,
		Configuration: rawDN(r.entry.Text("configurationNamingContext")),
		Schema:        rawDN(r.entry.Text("schemaNamingContext")),
		Samba:         strings.Contains(r.entry.Text("vendorName"), "Samba"),
	}
}

// sameRoot compares what was read before the connection was sealed with what the
// controller says now that it cannot be changed on the way.
func (c *Client) sameRoot(s *session, clear root) error {
	sealed, err := c.readRoot(s)
	if err != nil {
		return err
	}
	for _, name := range rootAttributes {
		said, says := clear.entry.Texts(name), sealed.entry.Texts(name)
		if !slices.Equal(slices.Sorted(slices.Values(said)), slices.Sorted(slices.Values(says))) {
			return &Error{Kind: ErrRefused, Err: fmt.Errorf("before the connection was sealed, %s of the domain controller was read as %q, and it is %q: something on the way changed it", name, said, says),
				Hint: "find out what stands between this computer and the domain controller, or use ldaps"}
		}
	}
	return nil
}

// readIdentity finds out who is bound: the token's SIDs, and which of them is
// the account itself.
func (c *Client) readIdentity(s *session) error {
	c.searches.Add(1)
	found, err := s.search(rootRequest("tokenGroups"))
	if err != nil {
		return err
	}
	var account []Filter
	for _, entry := range found.entries {
		token, err := newEntry(entry, plainNames{})
		if err != nil {
			return err
		}
		for _, value := range token.Values("tokenGroups") {
			if sid, err := adrules.SIDFromBytes(value); err == nil {
				s.domain.Groups = append(s.domain.Groups, sid)
				account = append(account, Equal("objectSid", string(value)))
			}
		}
	}
	if len(account) == 0 {
		return &Error{Kind: ErrRefused, Err: errors.New("the controller did not tell who is logged on")}
	}
	return c.readAccount(s, And(Equal("objectClass", "user"), Or(account...)))
}

func (c *Client) readAccount(s *session, filter Filter) error {
	c.searches.Add(1)
	found, err := s.search(ldap.NewSearchRequest(s.domain.Base.String(), ldap.ScopeWholeSubtree, ldap.NeverDerefAliases,
		0, 0, false, string(filter), []string{"objectSid", "sAMAccountName"}, nil))
	if err != nil {
		return err
	}
	s.domain.SID = s.domain.Groups[0] // an account of a trusted domain is not found here
	if len(found.entries) == 1 {
		account, err := newEntry(found.entries[0], plainNames{})
		if err != nil {
			return err
		}
		s.domain.SID = account.SID()
		if s.domain.Identity == "" {
			s.domain.Identity = account.Text("sAMAccountName") + "@" + s.domain.Name
		}
	}
	s.domain.Groups = slices.DeleteFunc(s.domain.Groups, func(sid adrules.SID) bool { return sid == s.domain.SID })
	return nil
}
