package approval

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	importer "ad-user-sync/import"
	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// Whoever took an account over saw what it would be given by the file of then. A scheduled
// import may have accepted a newer one meanwhile.
func TestLabANewerFileGivesNoMoreThanWasShown(t *testing.T) {
	s := newLabScene(t)
	s.employ("Max Muster")
	s.settled()
	s.User(s.dn("Alma by hand"), s.account("Alma"), before, nil)
	s.employ("Alma Adopt")
	im := s.run()
	file := im.Input
	im.Reopen = func() (*importer.Input, error) { return file, nil }
	_, b := s.open(s.desk(im))
	alma := b.question(plan.Adopt, "Alma Adopt")
	b.says(alma, "department: Assembly")

	s.give("Alma", "t-Viewers")
	later := s.users["Alma"]
	later.Attributes.Set("department", schema.Value{List: []string{"Board of Directors"}})
	s.users["Alma"] = later
	file = s.run().Input
	b.click(alma, "Take over")
	b.click("dialog", "Take over")
	b.settles(alma)
	alma = b.question(plan.Adopt, "Alma Adopt")
	b.says(alma, "This changed since it was shown: Department, Group.")
	b.says(alma, "department: Board of Directors")
	assert.NotNil(t, s.Read(s.dn("Alma by hand"), "cn"), "nothing was done")
	assert.False(t, s.member("Alma by hand", "p-Viewers"))

	b.click(alma, "Take over")
	b.click("dialog", "Take over")
	b.settles(alma)
	require.NotNil(t, s.Read(s.dn("Alma Adopt"), "cn"))
}
