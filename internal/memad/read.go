package memad

import (
	"slices"
	"strconv"
	"strings"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// read gives the values of an attribute as a search delivers them. The caller
// may keep them: nothing changes values in place.
func (d *Directory) read(o *object, name string) [][]byte {
	if read, ok := computed[name]; ok {
		return read(d, o)
	}
	if name == strings.ToLower(o.class.rdn) {
		return ad.Values(o.rdn.value)
	}
	if v := o.values[name]; v != nil {
		return v
	}
	a := d.schema.attributes[name]
	switch {
	case a == nil:
		return nil
	case a.backLink():
		return d.names(d.backLinks(a, o))
	case a.forwardLink():
		return d.names(o.links[name])
	}
	return nil
}

func (d *Directory) names(objects []adrules.GUID) [][]byte {
	var names [][]byte
	for _, g := range objects {
		names = append(names, []byte(d.nameOf(d.objects[g]).String()))
	}
	return names
}

// computed are attributes that are not stored under their name
// (MS-ADTS 3.1.1.4.5), by lower-case name.
var computed map[string]func(*Directory, *object) [][]byte

func init() { // refers to itself through nameOf
	computed = map[string]func(*Directory, *object) [][]byte{
		"name":               func(_ *Directory, o *object) [][]byte { return ad.Values(o.rdn.value) },
		"distinguishedname":  func(d *Directory, o *object) [][]byte { return ad.Values(d.nameOf(o).String()) },
		"objectguid":         func(_ *Directory, o *object) [][]byte { return [][]byte{slices.Clone(o.guid[:])} },
		"whencreated":        func(_ *Directory, o *object) [][]byte { return ad.Values(o.created.Format(adrules.GeneralizedTime)) },
		"whenchanged":        func(_ *Directory, o *object) [][]byte { return ad.Values(o.changed.Format(adrules.GeneralizedTime)) },
		"usncreated":         func(_ *Directory, o *object) [][]byte { return integer(o.createdUSN) },
		"usnchanged":         func(_ *Directory, o *object) [][]byte { return integer(o.usn) },
		"unicodepwd":         func(*Directory, *object) [][]byte { return nil },
		"parentguid":         (*Directory).readParent,
		"canonicalname":      (*Directory).readCanonicalName,
		"primarygrouptoken":  (*Directory).readPrimaryGroupToken,
		"tokengroups":        (*Directory).readTokenGroups,
		"repluptodatevector": (*Directory).readUpToDateness,
		"sdrightseffective":  func(*Directory, *object) [][]byte { return integer(15) },

		"ntsecuritydescriptor":               func(d *Directory, o *object) [][]byte { return [][]byte{d.domain.descriptor(o)} },
		"allowedattributes":                  func(d *Directory, o *object) [][]byte { return d.schema.allowed(o.class, false) },
		"allowedattributeseffective":         func(d *Directory, o *object) [][]byte { return d.schema.allowed(o.class, true) },
		"allowedchildclasseseffective":       func(d *Directory, o *object) [][]byte { return d.schema.children(o.class) },
		"msds-user-account-control-computed": (*Directory).readControlComputed,
	}
}

func integer(n int64) [][]byte { return ad.Values(strconv.FormatInt(n, 10)) }

func (d *Directory) readParent(o *object) [][]byte {
	if o.parent.IsZero() {
		return nil
	}
	return [][]byte{slices.Clone(o.parent[:])}
}

func (d *Directory) readCanonicalName(o *object) [][]byte {
	path := ""
	for ; o.parent != (adrules.GUID{}); o = d.objects[o.parent] {
		path = "/" + strings.ReplaceAll(o.rdn.value, "/", `\/`) + path
	}
	if path == "" {
		path = "/"
	}
	return ad.Values(d.domain.name + path)
}

func (d *Directory) readPrimaryGroupToken(o *object) [][]byte {
	if !o.class.is("group") {
		return nil
	}
	return integer(int64(o.sid().RID()))
}

func (d *Directory) readTokenGroups(o *object) [][]byte {
	var sids [][]byte
	if o.class.is("user") {
		for _, sid := range d.tokenGroups(o) {
			sids = append(sids, sid.Bytes())
		}
	}
	return sids
}

// passwordExpired is computed from pwdLastSet (MS-ADTS 3.1.1.4.5.17).
const passwordExpired = 0x800000

func (d *Directory) readControlComputed(o *object) [][]byte {
	if !o.class.is("user") {
		return nil
	}
	if o.text("pwdlastset") == "0" && o.control()&adrules.DontExpirePassword == 0 {
		return integer(passwordExpired)
	}
	return integer(0)
}
