package importer

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/access"
	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

// A value that cannot be read looks like none; keep leaves it all the same, in every
// run, and what else is due is written.
func TestKeepLeavesAValueThatCanNotBeRead(t *testing.T) {
	telephone := func(u schema.User, number string) schema.User {
		u.Attributes = schema.AttributesOf(map[string]schema.Value{"telephoneNumber": {List: []string{number}}, "displayName": {List: []string{"J. Doe"}}})
		return u
	}
	for name, also := range map[string]string{"alone": "", "beside another change": `, "displayName": {}`} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			s.with(`"attributes": {"telephoneNumber": {"keep": true}` + also + `}`)
			jane := s.person("Jane Doe")
			s.staffed(jane)
			s.set(s.account("Jane Doe"), "telephoneNumber", "local")
			s.dir = &blind{s.dir, func(dn ad.DN, attribute string) bool {
				return dn.Equal(s.account("Jane Doe")) && attribute == "telephonenumber"
			}}
			for range 2 {
				r := s.run(s.file(telephone(jane, "111")))
				require.Len(t, r.Report.LeftOut, 1)
				assert.Contains(t, r.Report.LeftOut[0].Reason, `telephoneNumber: it looks empty and was not written`)
				assert.Equal(t, "Jane Doe", r.Report.LeftOut[0].User)
				assert.Equal(t, "local", s.get(s.account("Jane Doe"), "telephoneNumber").Text("telephoneNumber"))
			}
			if also != "" {
				assert.Equal(t, "J. Doe", s.get(s.account("Jane Doe"), "displayName").Text("displayName"))
			}
			s.dir = s.mem
			s.set(s.account("Jane Doe"), "telephoneNumber", "")
			assert.Empty(t, s.run(s.file(telephone(jane, "111"))).Report.LeftOut)
			assert.Equal(t, "111", s.get(s.account("Jane Doe"), "telephoneNumber").Text("telephoneNumber"))
		})
	}
	t.Run("manager", func(t *testing.T) {
		s := newScene(t)
		s.with(`"attributes": {"manager": {"keep": true}}`)
		jane, max := s.person("Jane Doe"), s.person("Max Muster")
		s.staffed(jane, max)
		s.set(s.account("Jane Doe"), "manager", s.account("Jane Doe").String())
		s.dir = &blind{s.dir, func(dn ad.DN, attribute string) bool { return attribute == "manager" }}
		jane.Attributes = schema.AttributesOf(map[string]schema.Value{"manager": {List: []string{max.ObjectGUID}}})
		assert.Len(t, s.run(s.file(jane, max)).Report.LeftOut, 1)
		assert.Equal(t, s.account("Jane Doe").String(), s.get(s.account("Jane Doe"), "manager").Text("manager"))
	})
}

// An LDAP add is refused only where one value is all there may be. Where there may be
// several, none is written that could stand beside what cannot be read.
func TestKeepAddsNothingToValuesThatCanNotBeRead(t *testing.T) {
	withPhone := func(u schema.User) schema.User {
		u.Attributes = schema.AttributesOf(map[string]schema.Value{"otherTelephone": {List: []string{"111"}}, "displayName": {List: []string{"J. Doe"}}})
		return u
	}
	noList := []byte{1, 0, 4, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20, 0, 0, 0, 4, 0, 8, 0, 0, 0, 0, 0} // grants no one anything
	for name, hide := range map[string]func(s *scene){
		"the access list does not grant it": func(s *scene) {
			change := ad.Change{Kind: ad.Replace, Attribute: access.Descriptor, Values: [][]byte{noList}}
			require.NoError(t, s.admin.Modify(t.Context(), s.account("Jane Doe"), []ad.Change{change}))
			s.dir = &blind{s.mem, func(_ ad.DN, attribute string) bool { return attribute == "othertelephone" }}
		},
		"the access list may not be read": func(s *scene) {
			s.dir = &blind{s.mem, func(_ ad.DN, attribute string) bool {
				return attribute == "othertelephone" || attribute == "ntsecuritydescriptor"
			}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			s.with(`"attributes": {"OtherTelephone": {"keep": true}, "displayName": {}}`)
			jane, max := s.person("Jane Doe"), s.person("Max Muster")
			s.staffed(jane, max)
			s.set(s.account("Jane Doe"), "otherTelephone", "local")
			hide(s)
			for range 2 {
				r := s.run(s.file(withPhone(jane), max))
				require.Len(t, r.Report.LeftOut, 1)
				assert.Equal(t, "Jane Doe", r.Report.LeftOut[0].User)
				assert.Contains(t, r.Report.LeftOut[0].Reason, `OtherTelephone: it looks empty, and may have values that the bound account may not read`)
				e := s.get(s.account("Jane Doe"), "otherTelephone", "displayName")
				assert.Equal(t, []string{"local"}, e.Texts("otherTelephone"))
				assert.Equal(t, "J. Doe", e.Text("displayName"))
			}
			s.dir = s.mem
			assert.Empty(t, s.run(s.file(withPhone(jane), withPhone(max))).Report.LeftOut)
			assert.Equal(t, []string{"local"}, s.get(s.account("Jane Doe"), "otherTelephone").Texts("otherTelephone"))
			assert.Equal(t, []string{"111"}, s.get(s.account("Max Muster"), "otherTelephone").Texts("otherTelephone"))
		})
	}
}
