package observe

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

// complexPassword is DOMAIN_PASSWORD_COMPLEX of pwdProperties (MS-SAMR 2.2.3.1).
const complexPassword = 1

// readDomain reads the password policy and the names of the domain.
func (o *Observer) readDomain(ctx context.Context, obs *plan.Observation) error {
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
func (o *Observer) readNames(ctx context.Context, obs *plan.Observation) error {
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

// personalInformation is the property set that users may write themselves
// (MS-ADTS 3.1.1.2.3.3).
const personalInformation = "77b5b886-944a-11d1-aebd-0000f80367c1"

// minAnchor is room for "ad-user-sync:", a GUID, and the longest name of a
// domain that a controller takes.
const minAnchor = 128

// textSyntaxes hold an anchor as text (MS-ADTS 3.1.1.2.2.2).
var textSyntaxes = []string{"2.5.5.3", "2.5.5.4", "2.5.5.5", "2.5.5.12"}

// readSchema asks the schema about every attribute that may be written, and again
// about those it did not tell of: an answer that was cut short must not be taken
// for a domain that does not have them.
func (o *Observer) readSchema(ctx context.Context, obs *plan.Observation) error {
	missing := map[string]string{}
	for name := range o.cfg.Attributes {
		missing[strings.ToLower(name)] = name
	}
	if o.cfg.AnchorAttribute != "" {
		missing[strings.ToLower(o.cfg.AnchorAttribute)] = o.cfg.AnchorAttribute
	}
	for range 2 {
		if err := o.readDefinitions(ctx, obs, missing); err != nil {
			return fmt.Errorf("read the target domain's schema: %w", err)
		}
	}
	for _, name := range schema.SafeAttributes() {
		if _, absent := missing[strings.ToLower(name)]; absent {
			return fmt.Errorf("read the target domain's schema: it was not delivered completely: %s, which every Active Directory has, is not in it. Import again, or through another domain controller", name)
		}
	}
	for _, name := range missing {
		if strings.EqualFold(name, o.cfg.AnchorAttribute) {
			return fmt.Errorf("anchor_attribute %s: the target domain's schema has no such attribute", name)
		}
		obs.Attributes = append(obs.Attributes, plan.Attribute{Name: name, Missing: true})
	}
	return nil
}

// readDefinitions takes those that it finds out of missing.
func (o *Observer) readDefinitions(ctx context.Context, obs *plan.Observation, missing map[string]string) error {
	var filters []ad.Filter
	for _, name := range missing {
		filters = append(filters, ad.Equal("lDAPDisplayName", name))
	}
	if len(filters) == 0 {
		return nil
	}
	search := ad.Search{Base: o.domain.Schema, Scope: ad.ScopeOneLevel, Filter: ad.Or(filters...),
		Attributes: ad.DefinitionAttributes}
	_, err := o.dir.Search(ctx, search, func(e ad.Entry) error {
		d := ad.NewDefinition(e)
		if _, wanted := missing[strings.ToLower(d.Name)]; !wanted {
			return nil // given twice
		}
		delete(missing, strings.ToLower(d.Name))
		obs.Attributes = append(obs.Attributes, attribute(d))
		o.knowKept(d)
		return o.fitAnchor(d)
	})
	return err
}

func attribute(d ad.Definition) plan.Attribute {
	return plan.Attribute{
		Name: d.Name, Barred: d.Barred(schema.IsReference(d.Name)), Single: d.Single, Binary: d.Syntax == ad.SyntaxOctetString,
		Boolean: d.Syntax == ad.SyntaxBoolean, Integer: d.Bits(),
		RangeUpper: d.RangeUpper, RangeLower: d.RangeLower,
	}
}

// fitAnchor refuses an anchor attribute that the schema shows to be unfit: people
// who may write it themselves could pose as another person of the source (rule 18).
func (o *Observer) fitAnchor(d ad.Definition) error {
	if !strings.EqualFold(d.Name, o.cfg.AnchorAttribute) {
		return nil
	}
	why, text := d.Barred(false), slices.Contains(textSyntaxes, d.Syntax)
	switch {
	case why != "":
	case d.PropertySet.String() == personalInformation:
		why = "users may write it themselves"
	case !d.Single:
		why = "it takes several values"
	case !text && d.Syntax != ad.SyntaxOctetString:
		why = "it holds no text"
	case d.RangeUpper > 0 && d.RangeUpper < minAnchor && text:
		why = fmt.Sprintf("it takes %d characters, which is too short", d.RangeUpper)
	}
	if why != "" {
		return fmt.Errorf("%w: anchor_attribute %s: %s; choose another, such as adminDescription", ErrConfiguration, d.Name, why)
	}
	return nil
}
