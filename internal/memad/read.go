package memad

import (
	"encoding/binary"
	"slices"
	"strconv"
	"strings"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// read returns the values of an attribute as a search delivers them. The caller
// may keep them: nothing changes values in place.
func (s *store) read(o *object, name string) [][]byte {
	if read, ok := computed[name]; ok {
		return read(s, o)
	}
	if name == strings.ToLower(o.class.rdn) {
		return ad.Values(o.rdn.value)
	}
	if v := o.values[name]; v != nil {
		return v
	}
	a := s.schema.attributes[name]
	switch {
	case a == nil:
		return nil
	case a.backLink():
		return s.names(s.backLinks(a, o))
	case a.reference():
		return s.names(o.links[name])
	}
	return nil
}

func (s *store) names(objects []adrules.GUID) [][]byte {
	var names [][]byte
	for _, g := range objects {
		names = append(names, []byte(s.nameOf(s.objects[g]).String()))
	}
	return names
}

// computed are attributes that are not stored under their name
// (MS-ADTS 3.1.1.4.5), by lower-case name.
var computed map[string]func(*store, *object) [][]byte

func init() { // refers to itself through nameOf
	computed = map[string]func(*store, *object) [][]byte{
		"name":               func(_ *store, o *object) [][]byte { return ad.Values(o.rdn.value) },
		"distinguishedname":  func(s *store, o *object) [][]byte { return ad.Values(s.nameOf(o).String()) },
		"objectguid":         func(_ *store, o *object) [][]byte { return [][]byte{slices.Clone(o.guid[:])} },
		"whencreated":        func(_ *store, o *object) [][]byte { return ad.Values(o.created.Format(adrules.GeneralizedTime)) },
		"whenchanged":        func(_ *store, o *object) [][]byte { return ad.Values(o.changed.Format(adrules.GeneralizedTime)) },
		"usncreated":         func(_ *store, o *object) [][]byte { return integer(o.createdUSN) },
		"usnchanged":         func(_ *store, o *object) [][]byte { return integer(o.usn) },
		"unicodepwd":         func(*store, *object) [][]byte { return nil },
		"parentguid":         readParent,
		"canonicalname":      readCanonicalName,
		"primarygrouptoken":  readPrimaryGroupToken,
		"tokengroups":        readTokenGroups,
		"repluptodatevector": readUpToDateness,
		"sdrightseffective":  func(*store, *object) [][]byte { return integer(15) },

		"ntsecuritydescriptor":               func(s *store, o *object) [][]byte { return [][]byte{s.domain.descriptor(o)} },
		"allowedattributes":                  func(s *store, o *object) [][]byte { return s.schema.allowed(o.class, false) },
		"allowedattributeseffective":         func(s *store, o *object) [][]byte { return s.schema.allowed(o.class, true) },
		"allowedchildclasseseffective":       func(s *store, o *object) [][]byte { return s.schema.children(o.class) },
		"msds-user-account-control-computed": readControlComputed,
	}
}

func integer(n int64) [][]byte { return ad.Values(strconv.FormatInt(n, 10)) }

func readParent(s *store, o *object) [][]byte {
	if o.parent.IsZero() {
		return nil
	}
	return [][]byte{slices.Clone(o.parent[:])}
}

func readCanonicalName(s *store, o *object) [][]byte {
	path := ""
	for ; o.parent != (adrules.GUID{}); o = s.objects[o.parent] {
		path = "/" + strings.ReplaceAll(o.rdn.value, "/", `\/`) + path
	}
	if path == "" {
		path = "/"
	}
	return ad.Values(s.domain.name + path)
}

func readPrimaryGroupToken(s *store, o *object) [][]byte {
	if !o.class.is("group") {
		return nil
	}
	return integer(int64(o.sid().RID()))
}

func readTokenGroups(s *store, o *object) [][]byte {
	var sids [][]byte
	if o.class.is("user") {
		for _, sid := range s.tokenGroups(o) {
			sids = append(sids, sid.Bytes())
		}
	}
	return sids
}

// passwordExpired is computed from pwdLastSet, and locked out from lockoutTime, here until an
// administrator unlocks (MS-ADTS 3.1.1.4.5.17).
const passwordExpired = 0x800000

func readControlComputed(s *store, o *object) [][]byte {
	if !o.class.is("user") {
		return nil
	}
	flags := int64(0)
	if o.text("pwdlastset") == "0" && o.control()&adrules.DontExpirePassword == 0 {
		flags |= passwordExpired
	}
	if at := o.text("lockouttime"); at != "" && at != "0" {
		flags |= int64(adrules.LockedOut)
	}
	return integer(flags)
}

// readUpToDateness returns an UPTODATE_VECTOR of version 2 (MS-DRSR 5.168).
func readUpToDateness(s *store, o *object) [][]byte {
	if len(s.heard) == 0 || !o.parent.IsZero() {
		return nil
	}
	blob := binary.LittleEndian.AppendUint64(nil, 2)
	blob = binary.LittleEndian.AppendUint64(blob, uint64(len(s.heard)))
	for database, usn := range s.heard {
		blob = append(blob, database[:]...)
		blob = binary.LittleEndian.AppendUint64(blob, uint64(usn))
		blob = binary.LittleEndian.AppendUint64(blob, 0)
	}
	return [][]byte{blob}
}
