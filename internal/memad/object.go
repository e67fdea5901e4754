package memad

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// object is one entry. Values and links are replaced as a whole, never changed in
// place, so that a copied map is a copied object.
type object struct {
	guid   adrules.GUID
	parent adrules.GUID // zero for the domain's head
	head   ad.DN        // full DN of a naming context's head, else zero
	rdn    rdn
	class  *class
	values map[string][][]byte       // by lower-case attribute name
	links  map[string][]adrules.GUID // forward links
	secret *string                   // the password; nil: none was ever set

	created, changed  time.Time
	createdUSN, usn   int64
	dn                ad.DN // cached
	dnMoves           int   // value of store.moves for which dn holds
	credentialsByHand bool  // smart card only: no password fits
}

// rdn is a relative distinguished name, not escaped.
type rdn struct{ attribute, value string }

func (o *object) copy() *object {
	c := *o
	c.values, c.links = maps.Clone(o.values), maps.Clone(o.links)
	return &c
}

func (o *object) text(attribute string) string {
	if v := o.values[attribute]; len(v) > 0 {
		return string(v[0])
	}
	return ""
}

func (o *object) control() adrules.UserAccountControl {
	return adrules.UserAccountControl(max(0, number(o.text("useraccountcontrol"))))
}

func (o *object) sid() adrules.SID {
	if v := o.values["objectsid"]; len(v) > 0 {
		sid, _ := adrules.SIDFromBytes(v[0])
		return sid
	}
	return ""
}

func (o *object) set(name, value string) { o.values[strings.ToLower(name)] = ad.Values(value) }

func (o *object) setInt(name string, value int64) { o.set(name, strconv.FormatInt(value, 10)) }

// targets are the objects that a forward link names; also of nil.
func (o *object) targets(attribute string) []adrules.GUID {
	if o == nil {
		return nil
	}
	return o.links[attribute]
}

func (o *object) has(attribute string, target adrules.GUID) bool {
	return slices.Contains(o.links[attribute], target)
}
