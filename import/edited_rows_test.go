package importer

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/matchtable"
	"ad-user-sync/schema"
)

// What someone did to a table, and of whom no question may be answered with others then: P01,
// P02 and P03 are proposed for sure.
var edited = map[string]struct {
	edit  func(one, two, three *matchtable.Row)
	alone []int
}{
	"as it was": {func(_, _, _ *matchtable.Row) {}, nil},
	"a no":      {func(one, _, _ *matchtable.Row) { one.Take = false }, []int{1}},
	"a no, anchors swapped": {func(one, two, _ *matchtable.Row) {
		one.Take = false
		one.Anchor, two.Anchor = two.Anchor, one.Anchor
	}, []int{1, 2}},
	"two noes, anchors going round": {func(one, two, three *matchtable.Row) {
		one.Take, two.Take = false, false
		one.Anchor, two.Anchor, three.Anchor = two.Anchor, three.Anchor, one.Anchor
	}, []int{1, 2, 3}},
	"a no, the anchor filled down": {func(_, two, three *matchtable.Row) {
		three.Take, three.Anchor = false, two.Anchor
	}, []int{2, 3}},
	"a no, accounts swapped": {func(one, two, _ *matchtable.Row) {
		one.Take = false
		one.GUID, two.GUID = two.GUID, one.GUID
	}, []int{1, 2}},
	"a no, all but what people read is another's": {func(one, two, _ *matchtable.Row) {
		one.Take = false
		one.Anchor, one.GUID, one.Digest, two.Anchor, two.GUID, two.Digest = two.Anchor, two.GUID, two.Digest, one.Anchor, one.GUID, one.Digest
	}, []int{1, 2}},
	"a no, and anchor, account and digest filled down": {func(_, two, three *matchtable.Row) {
		three.Take, three.Anchor, three.GUID, three.Digest = false, two.Anchor, two.GUID, two.Digest
	}, []int{2, 3}},
	"a yes, anchors swapped": {func(one, two, _ *matchtable.Row) { one.Anchor, two.Anchor = two.Anchor, one.Anchor }, []int{1, 2}},
	"a yes, anchor and account swapped": {func(one, two, _ *matchtable.Row) {
		one.Anchor, one.GUID, two.Anchor, two.GUID = two.Anchor, two.GUID, one.Anchor, one.GUID
	}, []int{1, 2}},
}

func TestARowThatWasNotProposedIsDecidedAlone(t *testing.T) {
	for name, c := range edited {
		for _, later := range []bool{false, true} {
			t.Run(name+map[bool]string{true: ", and a newer file"}[later], func(t *testing.T) {
				s := newScene(t)
				m := s.matching(`"employeeID"`)
				who := []string{m.who(1), m.who(2), m.who(3)}
				for n := range who {
					m.here(s.staff(), n+1, nil)
				}
				file := s.file(m.users...)
				d := s.desk(file, byTable(m.tableOf(t, file, func(table *matchtable.Table) {
					c.edit(rowIn(t, table, who[0]), rowIn(t, table, who[1]), rowIn(t, table, who[2]))
				})))
				require.NoError(t, d.im.CheckTable())
				if later {
					s.stamp = s.stamp.Add(time.Minute)
					second := s.file(m.users...)
					d.im.Reopen = func() (*Input, error) { return second, nil }
					s.run(second)
				}
				var alone []int
				asked := m.questions(t, d)
				require.Len(t, asked, 3)
				for i, cn := range who {
					if asked[cn].Single {
						alone = append(alone, i+1)
					}
				}
				assert.Equal(t, c.alone, alone)
			})
		}
	}
}

// The same before a first import, which takes over unasked whose two names agree.
func TestARowThatWasEditedTakesNoOneOverUnasked(t *testing.T) {
	for name, c := range edited {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			m := s.matching(`"employeeID"`)
			who := []string{"Max Muster", "Eva Muster", "Uwe Muster"}
			for _, cn := range who {
				u := m.person(cn)
				m.users = append(m.users, u)
				s.user(s.account(cn), u.SAMAccountName, nil)
			}
			m.users = append(m.users, m.person("Nora New", func(u *schema.User) { u.SAMAccountName = "nora" }))
			file := s.file(m.users...)
			im := s.start(file, byTable(m.tableOf(t, file, func(table *matchtable.Table) {
				c.edit(rowIn(t, table, who[0]), rowIn(t, table, who[1]), rowIn(t, table, who[2]))
			})))
			require.NoError(t, im.CheckTable())
			_, err := im.Run(t.Context())
			require.NoError(t, err)
			for i, cn := range who {
				taken := s.get(s.account(cn), "adminDescription").Has("adminDescription")
				assert.Equal(t, !slices.Contains(c.alone, i+1), taken, cn)
			}
		})
	}
}
