package importer

import (
	"context"
	"fmt"
	"strings"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
)

// complexPassword is DOMAIN_PASSWORD_COMPLEX of pwdProperties (MS-SAMR 2.2.3.1).
const complexPassword = 1

// readDomain reads the password policy and the names of the domain.
func (o *observer) readDomain(ctx context.Context, obs *plan.Observation) error {
	head, _, err := o.one(ctx, o.domain.Base, "minPwdLength", "pwdProperties", "pwdHistoryLength")
	if err != nil {
		return fmt.Errorf("read the domain's password policy: %w", err)
	}
	length, _ := head.Int("minPwdLength")
	properties, _ := head.Int("pwdProperties")
	history, _ := head.Int("pwdHistoryLength")
	obs.Domain = plan.Domain{Name: o.domain.Name, Password: plan.PasswordPolicy{
		MinLength: int(length), Complex: properties&complexPassword != 0, History: int(history)}}
	return o.readNames(ctx, obs)
}

// readNames finds the NetBIOS name and the UPN suffixes in CN=Partitions
// (MS-ADTS 6.1.1.2.1).
func (o *observer) readNames(ctx context.Context, obs *plan.Observation) error {
	partitions := o.domain.Configuration.Child("CN", "Partitions")
	search := ad.Search{Base: partitions, Scope: ad.ScopeSubtree,
		Filter:     ad.Or(ad.Present("uPNSuffixes"), ad.Present("nETBIOSName")),
		Attributes: []string{"nETBIOSName", "nCName", "uPNSuffixes"}}
	_, err := o.dir.Search(ctx, search, func(e ad.Entry) error {
		if name, err := ad.ParseDN(e.Text("nCName")); err == nil && name.Equal(o.domain.Base) {
			obs.Domain.NetBIOS = e.Text("nETBIOSName")
		}
		obs.Domain.UPNSuffixes = append(obs.Domain.UPNSuffixes, e.Texts("uPNSuffixes")...)
		return nil
	})
	if err != nil {
		return fmt.Errorf("read the domain's names: %w", err)
	}
	if suffix := o.cfg.UPN.Suffix; suffix != "" && !isSuffix(obs.Domain, suffix) {
		return fmt.Errorf("upn.suffix %q is neither the domain %s nor one of its UPN suffixes (%s)", suffix, obs.Domain.Name, strings.Join(obs.Domain.UPNSuffixes, ", "))
	}
	return nil
}

func isSuffix(d plan.Domain, suffix string) bool {
	for _, s := range append([]string{d.Name}, d.UPNSuffixes...) {
		if strings.EqualFold(s, suffix) {
			return true
		}
	}
	return false
}

// Property sets whose members no file may write (MS-ADTS 3.1.1.2.3.3), as
// attributeSecurityGUID.
var barredSets = map[string]string{
	"4c164200-20c0-11d0-a768-00aa006e0529": "Account-Restrictions",
	"5f202010-79a5-11d0-9020-00c04fc2d4cf": "Logon-Information",
	"bc0ac240-79a9-11d0-9020-00c04fc2d4cf": "Membership",
	"037088f8-0ae1-11d2-b422-00a0c968f939": "Remote-Access",
}

// personalInformation is the property set that users may write themselves.
const personalInformation = "77b5b886-944a-11d1-aebd-0000f80367c1"

// Bits of attributeSchema objects (MS-ADTS 2.2.9 and 2.2.10).
const (
	constructed  = 0x4  // systemFlags: FLAG_ATTR_IS_CONSTRUCTED
	confidential = 0x80 // searchFlags: fCONFIDENTIAL
)

// Syntaxes (MS-ADTS 3.1.1.2.2.2).
const (
	syntaxDN          = "2.5.5.1"
	syntaxOctetString = "2.5.5.10"
)

// readSchema asks the schema about every attribute that may be written.
func (o *observer) readSchema(ctx context.Context, obs *plan.Observation) error {
	filters := []ad.Filter{}
	missing := map[string]string{}
	for name := range o.cfg.Attributes {
		missing[strings.ToLower(name)] = name
	}
	if o.cfg.AnchorAttribute != "" {
		missing[strings.ToLower(o.cfg.AnchorAttribute)] = o.cfg.AnchorAttribute
	}
	for _, name := range missing {
		filters = append(filters, ad.Equal("lDAPDisplayName", name))
	}
	if len(filters) == 0 {
		return nil
	}
	search := ad.Search{Base: o.domain.Schema, Scope: ad.ScopeOneLevel, Filter: ad.Or(filters...),
		Attributes: []string{"lDAPDisplayName", "isSingleValued", "rangeLower", "rangeUpper", "systemOnly", "systemFlags", "searchFlags", "attributeSyntax", "linkID", "attributeSecurityGUID"}}
	_, err := o.dir.Search(ctx, search, func(e ad.Entry) error {
		delete(missing, strings.ToLower(e.Text("lDAPDisplayName")))
		obs.Attributes = append(obs.Attributes, attribute(e))
		return o.fitAnchor(e)
	})
	if err != nil {
		return fmt.Errorf("read the target domain's schema: %w", err)
	}
	for _, name := range missing {
		if strings.EqualFold(name, o.cfg.AnchorAttribute) {
			return fmt.Errorf("anchor_attribute %s: the target domain's schema has no such attribute", name)
		}
		obs.Attributes = append(obs.Attributes, plan.Attribute{Name: name, Missing: true})
	}
	return nil
}

func attribute(e ad.Entry) plan.Attribute {
	upper, _ := e.Int("rangeUpper")
	lower, _ := e.Int("rangeLower")
	a := plan.Attribute{
		Name:       e.Text("lDAPDisplayName"),
		Single:     strings.EqualFold(e.Text("isSingleValued"), "TRUE"),
		Binary:     e.Text("attributeSyntax") == syntaxOctetString,
		DN:         e.Text("attributeSyntax") == syntaxDN,
		RangeUpper: int(upper), RangeLower: int(lower),
	}
	flags, _ := e.Int("systemFlags")
	search, _ := e.Int("searchFlags")
	_, linked := e.Int("linkID")
	switch {
	case strings.EqualFold(e.Text("systemOnly"), "TRUE"):
		a.Barred = "the schema marks it system-only"
	case flags&constructed != 0:
		a.Barred = "it is constructed"
	case search&confidential != 0:
		a.Barred = "it is confidential"
	case linked && !strings.EqualFold(a.Name, "manager"):
		a.Barred = "it is linked"
	case barredSets[securityGUID(e)] != "":
		a.Barred = "it belongs to the property set " + barredSets[securityGUID(e)]
	}
	return a
}

func securityGUID(e ad.Entry) string {
	if v := e.Values("attributeSecurityGUID"); len(v) > 0 {
		return guidText(v[0])
	}
	return ""
}

// fitAnchor refuses an anchor attribute that people may write themselves: they
// could pose as somebody else of the source (rule 18).
func (o *observer) fitAnchor(e ad.Entry) error {
	name := e.Text("lDAPDisplayName")
	switch {
	case !strings.EqualFold(name, o.cfg.AnchorAttribute):
		return nil
	case securityGUID(e) == personalInformation:
		return fmt.Errorf("%w: anchor_attribute %s: users may write it themselves; choose another, such as adminDescription", ErrConfiguration, name)
	case !strings.EqualFold(e.Text("isSingleValued"), "TRUE"):
		return fmt.Errorf("%w: anchor_attribute %s: it takes several values; choose another, such as adminDescription", ErrConfiguration, name)
	}
	return nil
}
