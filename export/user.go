package export

import (
	"slices"
	"strings"
	"time"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// fixedAttributes are read of every user.
var fixedAttributes = []string{"cn", "sAMAccountName", "objectGUID", "userAccountControl", "accountExpires", "memberOf", "primaryGroupID", "isCriticalSystemObject", "objectSid"}

// attributes to be asked for.
func (s *source) attributes(columns []*column, lists bool) []string {
	names := slices.Clone(fixedAttributes)
	names = append(names, s.evidence...)
	if lists {
		names = append(names, accessList)
	}
	for _, e := range s.wanted.exclude {
		names = append(names, e.attribute)
	}
	for _, q := range s.wanted.queries {
		for _, name := range q.names() {
			names = append(names, s.definitions[strings.ToLower(name)].Name)
		}
	}
	for _, c := range fit(columns) {
		names = append(names, c.name)
	}
	return distinct(names)
}

// lastYear that RFC 3339 can write; what expires later never does.
const lastYear = 9999

// gaps are what is left out of a user, since null would clear it in the target.
type gaps struct {
	unresolved int      // references to objects that the reader cannot see
	unread     []string // attributes that may not be read
}

// newUser turns an entry that was judged to go into what is written.
func (s *source) newUser(e ad.Entry, v verdict, columns []*column, refs *references) (u schema.User, left gaps) {
	control, _ := e.Int("userAccountControl")
	u = schema.User{
		CN:             e.Text("cn"),
		SAMAccountName: e.Text("sAMAccountName"),
		Disabled:       adrules.UserAccountControl(control).Disabled(),
		AccountExpires: expiry(e),
		MemberOf:       v.memberOf,
	}
	if s.wanted.anchored {
		u.ObjectGUID = e.GUID().String()
	}
	for _, c := range columns {
		value, ok := c.value(e, refs)
		switch {
		case !ok:
			left.unresolved++
		case len(value.List) == 0 && !s.reading.may(e, c.Definition):
			left.unread = append(left.unread, c.name)
		default:
			s.packer.Set(c.name, value)
		}
	}
	u.Attributes = s.packer.Take()
	return u, left
}

// missing tells what no user goes without; "" where nothing is missing. Active
// Directory sets each of these on every user (MS-ADTS 3.1.1.8.1), so that one
// that is not there could not be read. Never is a value of accountExpires.
func missing(e ad.Entry) string {
	_, control := e.Int("userAccountControl")
	_, expires := e.Int("accountExpires")
	for _, need := range []struct {
		attribute string
		read      bool
	}{{"cn", e.Has("cn")}, {"sAMAccountName", e.Has("sAMAccountName")}, {"objectGUID", !e.GUID().IsZero()}, {"userAccountControl", control}, {"accountExpires", expires}} {
		if !need.read {
			return need.attribute
		}
	}
	return ""
}

func expiry(e ad.Entry) *time.Time {
	filetime, _ := e.Int("accountExpires")
	at, ok := adrules.TimeFromFileTime(filetime)
	if !ok || at.Year() > lastYear {
		return nil
	}
	return &at
}

// value is false where a reference cannot be resolved.
func (c *column) value(e ad.Entry, refs *references) (schema.Value, bool) {
	texts := e.Texts(c.name)
	if !c.Reference() {
		v := schema.NewValue(texts, !c.Single)
		v.Binary = v.Binary || c.Binary() && len(texts) > 0
		return v, true
	}
	var guids []string
	for _, text := range texts {
		guid, ok := refs.resolve(text)
		if !ok {
			return schema.Value{}, false
		}
		guids = append(guids, guid.String())
	}
	return schema.NewValue(guids, !c.Single), true
}

// distinct drops names that differ in case alone.
func distinct(names []string) []string {
	slices.SortStableFunc(names, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
	return slices.CompactFunc(names, strings.EqualFold)
}
