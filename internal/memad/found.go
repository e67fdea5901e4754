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

// found makes what every domain has before anybody uses it.
func (d *Directory) found() {
	_, label := d.domain.base.Name()
	head := d.foundHead(nil, d.domain.base, rdn{"DC", label}, "domainDNS", values{
		"minPwdLength": strconv.Itoa(d.domain.rules.MinLength), "pwdProperties": d.domain.passwordProperties(), "pwdHistoryLength": strconv.Itoa(d.domain.rules.History), "maxPwdAge": "-36288000000000",
		"minPwdAge": "-864000000000", "lockoutThreshold": "0", "ms-DS-MachineAccountQuota": "10",
		"isCriticalSystemObject": "TRUE", "msDS-Behavior-Version": "6", "objectSid": string(d.domain.sid().Bytes()),
	})
	configuration := d.foundHead(head, d.domain.configuration, rdn{"CN", "Configuration"}, "configuration", nil)
	schema := d.foundHead(configuration, d.domain.schemaNC, rdn{"CN", "Schema"}, "dMD", nil)
	d.foundPartitions(configuration)
	d.foundSchema(schema)
	d.foundContainers(head)
	d.foundPrincipals()
}

func (d *Directory) foundHead(parent *object, dn ad.DN, name rdn, class string, v values) *object {
	o := d.make(parent, name, class, v)
	o.head = dn
	return o
}

// make puts an object in place without asking whether a client could.
func (d *Directory) make(parent *object, name rdn, className string, v values) *object {
	c := d.schema.class(className)
	o := &object{guid: d.newGUID(), rdn: name, class: c, values: map[string][][]byte{}, links: map[string][]adrules.GUID{}}
	if parent != nil {
		o.parent = parent.guid
	}
	w := &draft{object: o, d: d}
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

func (d *Directory) foundPartitions(configuration *object) {
	partitions := d.make(configuration, rdn{"CN", "Partitions"}, "crossRefContainer", nil)
	if len(d.domain.suffixes) > 0 {
		partitions.values["upnsuffixes"] = ad.Values(d.domain.suffixes...)
	}
	d.make(partitions, rdn{"CN", "Enterprise Configuration"}, "crossRef", values{
		"nCName": d.domain.configuration.String(), "dnsRoot": d.domain.name, "systemFlags": "1"})
	d.make(partitions, rdn{"CN", "Enterprise Schema"}, "crossRef", values{
		"nCName": d.domain.schemaNC.String(), "dnsRoot": d.domain.name, "systemFlags": "1"})
	d.make(partitions, rdn{"CN", d.domain.netBIOS}, "crossRef", values{
		"nCName": d.domain.base.String(), "dnsRoot": d.domain.name, "nETBIOSName": d.domain.netBIOS, "systemFlags": "3"})
}

func (d *Directory) foundSchema(schema *object) {
	for _, name := range d.schema.attributeNames {
		a := d.schema.attribute(name)
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
		d.make(schema, rdn{"CN", a.cn}, "attributeSchema", v)
	}
	for _, name := range d.schema.classNames {
		c := d.schema.class(name)
		d.make(schema, rdn{"CN", c.cn}, "classSchema", values{"lDAPDisplayName": c.name, "schemaIDGUID": string(c.schemaGUID[:]),
			"objectClassCategory": c.category, "rDNAttID": c.rdn})
	}
}

func boolean(b bool) string { return strings.ToUpper(strconv.FormatBool(b)) }

// fixedInPlace is DISALLOW_DELETE, DOMAIN_DISALLOW_RENAME and
// DOMAIN_DISALLOW_MOVE of systemFlags (MS-ADTS 2.2.10).
const fixedInPlace = "-1946157056"

func (d *Directory) foundContainers(head *object) {
	for _, name := range []string{"Users", "Computers", "System", "Managed Service Accounts", "ForeignSecurityPrincipals", "LostAndFound", "Program Data"} {
		d.make(head, rdn{"CN", name}, "container", values{"systemFlags": fixedInPlace, "isCriticalSystemObject": "TRUE"})
	}
	d.make(head, rdn{"CN", "Builtin"}, "builtinDomain", values{"systemFlags": fixedInPlace, "isCriticalSystemObject": "TRUE",
		"objectSid": string(adrules.SID("S-1-5-32").Bytes())})
	d.make(head, rdn{"OU", "Domain Controllers"}, "organizationalUnit", values{"systemFlags": fixedInPlace, "isCriticalSystemObject": "TRUE"})
	var wellKnown []string
	for _, w := range [][2]string{
		{"A9D1CA15768811D1ADED00C04FD8D5CD", "CN=Users"}, {"AA312825768811D1ADED00C04FD8D5CD", "CN=Computers"},
		{"A361B2FFFFD211D1AA4B00C04FD7D83A", "OU=Domain Controllers"}, {"AB1D30F3768811D1ADED00C04FD8D5CD", "CN=System"},
	} { // MS-ADTS 6.1.1.4
		wellKnown = append(wellKnown, "B:32:"+w[0]+":"+w[1]+","+d.domain.base.String())
	}
	head.values["wellknownobjects"] = ad.Values(wellKnown...)
}
