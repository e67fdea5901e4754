package memad

import (
	"strconv"
	"strings"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// Where a new domain's counters stand.
const (
	firstRID = 1102 // the last one given when the domain is new
	firstUSN = 12000
)

// values of an object that the directory makes itself.
type values map[string]string

// founder makes what every domain has before anybody uses it.
type founder struct {
	store  *store
	domain *domain
}

func (f founder) found() {
	_, label := f.domain.base.Name()
	head := f.foundHead(nil, f.domain.base, rdn{"DC", label}, "domainDNS", values{
		"minPwdLength": strconv.Itoa(f.domain.rules.MinLength), "pwdProperties": f.domain.passwordProperties(), "pwdHistoryLength": strconv.Itoa(f.domain.rules.History), "maxPwdAge": "-36288000000000",
		"minPwdAge": "-864000000000", "lockoutThreshold": "0", "ms-DS-MachineAccountQuota": "10",
		"isCriticalSystemObject": "TRUE", "msDS-Behavior-Version": "6", "objectSid": string(f.domain.sid().Bytes()),
	})
	configuration := f.foundHead(head, f.domain.configuration, rdn{"CN", "Configuration"}, "configuration", nil)
	schema := f.foundHead(configuration, f.domain.schemaNC, rdn{"CN", "Schema"}, "dMD", nil)
	f.foundPartitions(configuration)
	f.foundSchema(schema)
	f.foundContainers(head)
	f.foundPrincipals()
}

func (f founder) foundHead(parent *object, dn ad.DN, name rdn, class string, v values) *object {
	o := f.make(parent, name, class, v)
	o.head = dn
	return o
}

// make puts an object in place without asking whether a client could.
func (f founder) make(parent *object, name rdn, className string, v values) *object {
	c := f.store.schema.class(className)
	o := &object{guid: f.store.newGUID(), rdn: name, class: c, values: map[string][][]byte{}, links: map[string][]adrules.GUID{}}
	if parent != nil {
		o.parent = parent.guid
	}
	w := &draft{object: o, store: f.store}
	for name, value := range v {
		w.set(name, value)
	}
	if c.is("user") {
		w.accountDefaults()
	}
	w.complete()
	w.commit()
	return o
}

func (f founder) foundPartitions(configuration *object) {
	partitions := f.make(configuration, rdn{"CN", "Partitions"}, "crossRefContainer", nil)
	f.make(partitions, rdn{"CN", "Enterprise Configuration"}, "crossRef", values{
		"nCName": f.domain.configuration.String(), "dnsRoot": f.domain.name, "systemFlags": "1"})
	f.make(partitions, rdn{"CN", "Enterprise Schema"}, "crossRef", values{
		"nCName": f.domain.schemaNC.String(), "dnsRoot": f.domain.name, "systemFlags": "1"})
	f.make(partitions, rdn{"CN", f.domain.netBIOS}, "crossRef", values{
		"nCName": f.domain.base.String(), "dnsRoot": f.domain.name, "nETBIOSName": f.domain.netBIOS, "systemFlags": "3"})
}

func (f founder) foundSchema(schema *object) {
	for _, name := range f.store.schema.attributeNames {
		a := f.store.schema.attribute(name)
		v := values{"lDAPDisplayName": a.name, "attributeID": a.oid, "attributeSyntax": a.syntax, "oMSyntax": a.omSyntax,
			"isSingleValued": boolean(a.single), "systemOnly": boolean(a.systemOnly), "schemaIDGUID": string(a.schemaGUID[:]),
			"searchFlags": a.searchFlags, "systemFlags": strconv.Itoa(a.systemFlags)}
		if a.lower >= 0 {
			v["rangeLower"] = strconv.Itoa(a.lower)
		}
		if a.upper >= 0 {
			v["rangeUpper"] = strconv.Itoa(a.upper)
		}
		if a.linkID > 0 {
			v["linkID"] = strconv.Itoa(a.linkID)
		}
		if !a.securityGUID.IsZero() {
			v["attributeSecurityGUID"] = string(a.securityGUID[:])
		}
		f.make(schema, rdn{"CN", a.cn}, "attributeSchema", v)
	}
	for _, name := range f.store.schema.classNames {
		c := f.store.schema.class(name)
		f.make(schema, rdn{"CN", c.cn}, "classSchema", values{"lDAPDisplayName": c.name, "schemaIDGUID": string(c.schemaGUID[:]),
			"objectClassCategory": c.category, "rDNAttID": c.rdn})
	}
}

func boolean(b bool) string { return strings.ToUpper(strconv.FormatBool(b)) }

// fixedInPlace is DISALLOW_DELETE, DOMAIN_DISALLOW_RENAME and
// DOMAIN_DISALLOW_MOVE of systemFlags (MS-ADTS 2.2.10).
const fixedInPlace = "-1946157056"

func (f founder) foundContainers(head *object) {
	for _, name := range []string{"Users", "Computers", "System", "Managed Service Accounts", "ForeignSecurityPrincipals", "LostAndFound", "Program Data"} {
		f.make(head, rdn{"CN", name}, "container", values{"systemFlags": fixedInPlace, "isCriticalSystemObject": "TRUE"})
	}
	f.make(head, rdn{"CN", "Builtin"}, "builtinDomain", values{"systemFlags": fixedInPlace, "isCriticalSystemObject": "TRUE",
		"objectSid": string(adrules.SID("S-1-5-32").Bytes())})
	f.make(head, rdn{"OU", "Domain Controllers"}, "organizationalUnit", values{"systemFlags": fixedInPlace, "isCriticalSystemObject": "TRUE"})
	var wellKnown []string
	for _, w := range [][2]string{
		{"A9D1CA15768811D1ADED00C04FD8D5CD", "CN=Users"}, {"AA312825768811D1ADED00C04FD8D5CD", "CN=Computers"},
		{"A361B2FFFFD211D1AA4B00C04FD7D83A", "OU=Domain Controllers"}, {"AB1D30F3768811D1ADED00C04FD8D5CD", "CN=System"},
	} { // MS-ADTS 6.1.1.4
		wellKnown = append(wellKnown, "B:32:"+w[0]+":"+w[1]+","+f.domain.base.String())
	}
	head.values["wellknownobjects"] = ad.Values(wellKnown...)
}
