package memad

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// domain is what a controller knows without looking at an object: names, rules
// and the time.
type domain struct {
	name      string // DNS name, lower case
	host      string // of this controller
	netBIOS   string
	clock     func() time.Time
	encrypted bool
	rules     adrules.PasswordPolicy

	base, configuration, schemaNC ad.DN
}

func newDomain(name string) *domain {
	d := &domain{name: strings.ToLower(name), host: "dc1", clock: time.Now, encrypted: true,
		rules: adrules.PasswordPolicy{MinLength: 7, Complex: true, History: 24}}
	labels := strings.Split(d.name, ".")
	d.netBIOS = strings.ToUpper(labels[0][:min(len(labels[0]), 15)])
	for _, label := range slices.Backward(labels) {
		d.base = d.base.Child("DC", label)
	}
	d.configuration = d.base.Child("CN", "Configuration")
	d.schemaNC = d.configuration.Child("CN", "Schema")
	return d
}

// now has the precision of generalized time.
func (d *domain) now() time.Time { return d.clock().UTC().Truncate(time.Second) }

func (d *domain) sid() adrules.SID {
	sum := sha256.Sum256([]byte("sid/" + d.name))
	part := func(i int) uint32 { return binary.LittleEndian.Uint32(sum[i*4:]) }
	return adrules.SID(fmt.Sprintf("S-1-5-21-%d-%d-%d", part(0), part(1), part(2)))
}

func (d *domain) sidOf(rid string) adrules.SID {
	return adrules.SID(fmt.Sprintf("%s-%s", d.sid(), rid))
}

func (d *domain) guid(n int) adrules.GUID {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s/%d", d.name, n))
	var g adrules.GUID
	copy(g[:], sum[:])
	g[7] = g[7]&0x0F | 0x40
	g[8] = g[8]&0x3F | 0x80
	return g
}

// categoryOf is the DN that stands for a class in objectCategory; users of all
// sorts share that of person.
func (d *domain) categoryOf(c *class) string {
	cn := c.cn
	if c.name == "user" || c.name == "inetOrgPerson" || c.name == "contact" {
		cn = "Person"
	}
	return "CN=" + cn + "," + d.schemaNC.String()
}

func (d *domain) relative(name string) ad.DN {
	dn, err := d.base.Join(name)
	if err != nil {
		panic(fmt.Sprintf("%q: %v", name, err))
	}
	return dn
}

func (d *domain) passwordProperties() string {
	if d.rules.Complex {
		return strconv.Itoa(passwordComplex)
	}
	return "0"
}

// database is the invocationId.
func (d *domain) database() adrules.GUID {
	sum := sha256.Sum256([]byte("invocationId " + d.name + " " + d.host))
	return adrules.GUID(sum[:16])
}

// settings is the DN of the controller's "NTDS Settings" (MS-ADTS 6.1.1.2.2.1.2.1.1).
func (d *domain) settings() ad.DN {
	return d.configuration.Child("CN", "Sites").Child("CN", "Default-First-Site-Name").Child("CN", "Servers").
		Child("CN", strings.ToUpper(d.host)).Child("CN", "NTDS Settings")
}

func (d *domain) settingsEntry() ad.Entry {
	database := d.database()
	return ad.NewEntry(d.settings(), map[string][][]byte{"invocationId": {database[:]}})
}

// rootDSE tells of the controller itself (MS-ADTS 3.1.1.3.2).
func (d *domain) rootDSE(highestUSN int64) ad.Entry {
	return ad.NewEntry(ad.DN{}, map[string][][]byte{
		"currentTime":                ad.Values(d.now().Format(adrules.GeneralizedTime)),
		"dnsHostName":                ad.Values(d.host + "." + d.name),
		"defaultNamingContext":       ad.Values(d.base.String()),
		"rootDomainNamingContext":    ad.Values(d.base.String()),
		"configurationNamingContext": ad.Values(d.configuration.String()),
		"schemaNamingContext":        ad.Values(d.schemaNC.String()),
		"highestCommittedUSN":        integer(highestUSN),
		"dsServiceName":              ad.Values(d.settings().String()),
	})
}
