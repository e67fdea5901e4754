package importer

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

// A value that cannot be read looks like none; keep leaves it all the same, in every
// run, and what else is due is written.
func TestKeepLeavesAValueThatCanNotBeRead(t *testing.T) {
	telephone := func(u schema.User, number string) schema.User {
		u.Attributes = map[string]schema.Value{"telephoneNumber": {List: []string{number}}, "displayName": {List: []string{"J. Doe"}}}
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
		jane.Attributes = map[string]schema.Value{"manager": {List: []string{max.ObjectGUID}}}
		assert.Len(t, s.run(s.file(jane, max)).Report.LeftOut, 1)
		assert.Equal(t, s.account("Jane Doe").String(), s.get(s.account("Jane Doe"), "manager").Text("manager"))
	})
}
