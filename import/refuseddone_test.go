package importer

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/memad"
	"ad-user-sync/schema"
)

// lateRefusal carries out the n-th operation of a kind and answers it with an
// error all the same.
func lateRefusal(kind memad.OperationKind, n int) func(memOperation) error {
	return func(op memOperation) error {
		if op.Kind != kind || !op.Done {
			return nil
		}
		if n--; n != 0 {
			return nil
		}
		return &ad.Error{Doing: "write", Object: "it", Kind: ad.ErrRefused, Code: 80}
	}
}

// Two people swap names, and one of the three renames is carried out but answered
// with an error: what the report says is what the directory shows, and no one
// gets the name of the other.
func testARenameThatIsRefusedLateIsTold(t *testing.T) {
	for n := 1; n <= 3; n++ {
		s := newScene(t)
		a, b := s.person("Anna One"), s.person("Bert Two")
		s.staffed(a, b)
		anna, bert := s.get(s.account("Anna One"), "objectGUID").GUID(), s.get(s.account("Bert Two"), "objectGUID").GUID()
		a.CN, b.CN = b.CN, a.CN
		file := s.file(a, b)
		s.mem.Fail(lateRefusal(memad.OpRename, n))
		r, err := s.start(file).Run(t.Context())
		require.NoError(t, err)
		s.mem.Fail(nil)
		assert.Empty(t, r.Report.Failed, "rename %d", n)
		assert.ElementsMatch(t, []string{"Anna One", "Bert Two"}, r.Report.Renamed)
		assert.Equal(t, "Bert Two", s.get(ad.ByGUID(anna), "cn").Text("cn"), "rename %d", n)
		assert.Equal(t, "Anna One", s.get(ad.ByGUID(bert), "cn").Text("cn"), "rename %d", n)
		require.Empty(t, s.run(file).Plan.Actions)
	}
}

// The first rename of a swap is refused: neither of the two is called as the
// other while the report says otherwise.
func testARefusedSwapRenamesNobodyElse(t *testing.T) {
	for n := 1; n <= 3; n++ {
		s := newScene(t)
		a, b := s.person("Anna One"), s.person("Bert Two")
		s.staffed(a, b)
		anna := s.get(s.account("Anna One"), "objectGUID").GUID()
		a.CN, b.CN = b.CN, a.CN
		file := s.file(a, b)
		renames := 0
		s.mem.Fail(func(op memOperation) error {
			if op.Kind != memad.OpRename || op.Done {
				return nil
			}
			if renames++; renames == n {
				return &ad.Error{Doing: "rename", Object: op.DN.String(), Kind: ad.ErrRefused, Code: 80}
			}
			return nil
		})
		r, err := s.start(file).Run(t.Context())
		require.NoError(t, err)
		s.mem.Fail(nil)
		require.NotEmpty(t, r.Report.Failed, "rename %d", n)
		for _, renamed := range r.Report.Renamed {
			is := s.get(s.account(renamed), "objectGUID")
			require.NotNil(t, is, "rename %d: %s is told as renamed", n, renamed)
			assert.Equal(t, renamed == "Bert Two", is.GUID() == anna, "rename %d: %s", n, renamed)
		}
		require.Empty(t, s.run(file).Report.Failed)
		assert.Equal(t, "Bert Two", s.get(ad.ByGUID(anna), "cn").Text("cn"))
	}
}

// An account that was made, and of which the controller says that it was not, or
// that the name is taken since it was asked a second time, is this program's own.
func testACreateThatIsRefusedLateIsOurs(t *testing.T) {
	for _, refusal := range []*ad.Error{{Kind: ad.ErrRefused, Code: 80}, {Kind: ad.ErrUnreachable, Code: 51}, {Kind: ad.ErrExists, Code: 68}} {
		undisturbed, s := newScene(t), newScene(t)
		file := s.file(s.person("Anna One", in("CN=t-Viewers")), s.person("Bert Two"))
		want := questions(undisturbed.look(undisturbed.desk(file)).Questions)
		s.mem.Fail(func(op memOperation) error {
			if op.Kind == memad.OpAdd && op.Done && op.DN.Equal(s.account("Anna One")) {
				return refusal
			}
			return nil
		})
		r := s.run(file)
		s.mem.Fail(nil)
		assert.ElementsMatch(t, []string{"Anna One", "Bert Two"}, r.Report.Created, "code %d", refusal.Code)
		assert.Equal(t, []string{"Anna One"}, s.members("p-Viewers"))
		again := s.run(file)
		assert.Empty(t, again.Plan.Actions)
		assert.Equal(t, want, questions(again.Plan.Questions), "code %d", refusal.Code)
	}
}

// lookalike makes an account by hand just before the import makes one of the same
// names.
type lookalike struct {
	Directory
	make func(dn ad.DN, attributes []ad.Attribute)
}

func (l *lookalike) Add(ctx context.Context, dn ad.DN, attributes []ad.Attribute) error {
	l.make(dn, attributes)
	return l.Directory.Add(ctx, dn, attributes)
}

// Whoever writes the same names and the same anchor meanwhile, on an account that
// can be used, has not made it for this import.
func testACreateThatMeetsALookalikeFails(t *testing.T) {
	s := newScene(t)
	file := s.file(s.person("Anna One"))
	s.dir = &lookalike{s.dir, func(dn ad.DN, attributes []ad.Attribute) {
		usable := slices.Concat(attributes, []ad.Attribute{{Name: "unicodePwd", Values: ad.Values(string(ad.PasswordValue("By-Hand-4711!")))}})
		require.NoError(t, s.mem.Add(t.Context(), dn, usable))
	}}
	r, err := s.start(file).Run(t.Context())
	require.NoError(t, err)
	assert.Empty(t, r.Report.Created)
	require.Len(t, r.Report.Failed, 1)
	assert.Equal(t, "Anna One", r.Report.Failed[0].User)
}

// A person who is told that an enable failed can rely on it.
func testAnEnableThatIsRefusedLateIsTold(t *testing.T) {
	s := newScene(t)
	file := s.file(s.person("Anna One"))
	d := s.desk(file)
	q := s.question(d, plan.Enable, "Anna One")
	s.mem.Fail(lateRefusal(memad.OpModify, 1))
	results := s.decide(d, plan.Answer{ID: q.ID, Accept: true, Password: testPassword})
	s.mem.Fail(nil)
	assert.False(t, s.control("Anna One").Disabled())
	assert.Equal(t, plan.Done, results[0].Outcome, results[0].Problem)
}

// What the report says of a rename that was not done, or half, is what the
// directory shows.
func testARenameThatFailedIsToldAsItIs(t *testing.T) {
	refuse := func(kind memad.OperationKind, n int) func(memOperation) error {
		return func(op memOperation) error {
			if op.Kind == kind && !op.Done {
				if n--; n == 0 {
					return &ad.Error{Doing: "write", Object: "it", Kind: ad.ErrDenied, Code: 50}
				}
			}
			return nil
		}
	}
	renamed := func(t *testing.T, kind memad.OperationKind) *Result {
		s := newScene(t)
		jane := s.person("Jane Doe", has("department", "Sales"))
		s.staffed(jane, s.person("Max Muster"))
		jane.CN, jane.SAMAccountName = "Jane Smith", "jsmith"
		jane.Attributes.Set("department", schema.Value{List: []string{"Research"}})
		s.mem.Fail(refuse(kind, 1))
		r, err := s.start(s.file(jane, s.person("Max Muster"))).Run(t.Context())
		require.NoError(t, err)
		require.Len(t, r.Report.Failed, 1)
		require.Len(t, r.Report.Updated, 1)
		assert.NotNil(t, s.get(s.account(r.Report.Updated[0]), "cn"), "%s is told as updated", r.Report.Updated[0])
		return r
	}
	t.Run("not done", func(t *testing.T) {
		r := renamed(t, memad.OpRename)
		assert.Equal(t, []string{"Jane Doe"}, r.Report.Updated)
		assert.NotContains(t, r.Report.Failed[0].Reason, "is now called")
	})
	t.Run("half", func(t *testing.T) {
		r := renamed(t, memad.OpModify)
		assert.Equal(t, []string{"Jane Smith"}, r.Report.Updated)
		assert.Contains(t, r.Report.Failed[0].Reason, "The account is now called CN=Jane Smith,OU=Managed,OU=Test,DC=plant,DC=example, account name jane;")
	})
	t.Run("a swap in its last step", func(t *testing.T) {
		s := newScene(t)
		a, b := s.person("Anna One"), s.person("Bert Two")
		s.staffed(a, b)
		a.CN, b.CN = b.CN, a.CN
		s.mem.Fail(refuse(memad.OpRename, 3))
		r, err := s.start(s.file(a, b)).Run(t.Context())
		require.NoError(t, err)
		require.Len(t, r.Report.Failed, 1)
		assert.Contains(t, r.Report.Failed[0].Reason, "The account is now called CN=ad-user-sync ")
	})
}
