package importer

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

// mortal is a directory whose client dies around one of its writes.
type mortal struct {
	Directory
	at, n       int
	afterwards  bool // the directory carried the last write out
	whatHappens func()
}

func (m *mortal) write(do func() error) error {
	m.n++
	if m.n == m.at && !m.afterwards {
		m.whatHappens()
	}
	err := do()
	if m.n == m.at && m.afterwards {
		m.whatHappens()
	}
	return err
}

func (m *mortal) Add(ctx context.Context, dn ad.DN, attributes []ad.Attribute) error {
	return m.write(func() error { return m.Directory.Add(ctx, dn, attributes) })
}

func (m *mortal) Modify(ctx context.Context, dn ad.DN, changes []ad.Change) error {
	return m.write(func() error { return m.Directory.Modify(ctx, dn, changes) })
}

func (m *mortal) Rename(ctx context.Context, dn, to ad.DN) error {
	return m.write(func() error { return m.Directory.Rename(ctx, dn, to) })
}

// A real domain, one process after the other killed at its next write: in the
// end everything is as the file says, once.
func TestKilledAgainAndAgainOnARealDomain(t *testing.T) {
	for _, afterwards := range []bool{false, true} {
		t.Run(fmt.Sprintf("carried out %v", afterwards), func(t *testing.T) {
			s := labScene(t)
			a, b, gone := s.person("Anna One", in("CN=t-Viewers")), s.person("Bert Two", in("CN=t-Viewers")), s.person("Carl Three", in("CN=t-Editors"))
			s.staffed(a, b, gone)
			guids := map[string]string{}
			for _, p := range []schema.User{a, b, gone} {
				guids[p.ObjectGUID] = s.get(s.account(p.CN), "objectGUID").GUID().String()
			}
			a.CN, b.CN, a.SAMAccountName, b.SAMAccountName = b.CN, a.CN, b.SAMAccountName, a.SAMAccountName
			b.MemberOf = []string{"CN=t-Editors"}
			file := s.file(a, b, s.person("Dora Four", in("CN=t-Viewers")))
			deaths := 0
			for s.dies(file, 1+deaths%2, afterwards) {
				deaths++
				require.Less(t, deaths, 40)
			}
			require.Greater(t, deaths, 4)
			for cn, p := range map[string]schema.User{"Bert Two": a, "Anna One": b, "Carl Three": gone} {
				e := s.get(s.account(cn), "objectGUID", "sAMAccountName", "adminDescription")
				require.NotNil(t, e, cn)
				assert.Equal(t, guids[p.ObjectGUID], e.GUID().String())
				assert.Equal(t, p.SAMAccountName, e.Text("sAMAccountName"))
				assert.Contains(t, e.Text("adminDescription"), p.ObjectGUID)
			}
			assert.Len(t, s.find(s.managed(), ad.ScopeOneLevel, ad.Anything, "cn"), 4)
			assert.Equal(t, []string{"Bert Two", "Dora Four"}, s.members("p-Viewers"))
			assert.Equal(t, []string{"Anna One"}, s.members("p-Editors"))
			assert.True(t, s.control("Carl Three").Disabled())
			r := s.run(file)
			assert.Empty(t, r.Plan.Actions)
			assert.Equal(t, []string{"enable Dora Four (new)"}, questions(r.Plan.Questions))
			back := s.run(s.file(a, b, s.person("Dora Four", in("CN=t-Viewers")), gone))
			assert.Contains(t, questions(back.Plan.Questions), "enable Carl Three (returned)", "disabled by us, and by nobody else")
		})
	}
}

// dies imports in a process that is killed at its n-th write; it reports whether
// there was one.
func (s *scene) dies(in *Input, n int, afterwards bool) (dead bool) {
	defer func() {
		if r := recover(); r != nil {
			require.Equal(s.t, killed{}, r)
			dead = true
		}
	}()
	dir := &mortal{Directory: s.dir, at: n, afterwards: afterwards, whatHappens: func() { panic(killed{}) }}
	r, err := s.start(in, func(o *Options) { o.Directory = dir }).Run(s.t.Context())
	require.NoError(s.t, err)
	require.Empty(s.t, r.Report.Failed)
	return false
}

// Someone ends the program in the middle of it.
func TestEndedByAPerson(t *testing.T) {
	stages(t, func(t *testing.T, s *scene) {
		file := s.file(s.person("Anna A", in("CN=t-Viewers")), s.person("Bert B", in("CN=t-Viewers")), s.person("Carl C"))
		ctx, cancel := context.WithCancel(t.Context())
		dir := &mortal{Directory: s.dir, at: 2, afterwards: true, whatHappens: cancel}
		r, err := s.start(file, func(o *Options) { o.Directory = dir }).Run(ctx)
		require.ErrorContains(t, err, "the run was cut short: it was interrupted; of its actions ")
		require.NotEmpty(t, r.Report.Failed)
		assert.Contains(t, r.Report.Failed[len(r.Report.Failed)-1].Reason, "not tried")
		again := s.run(file)
		assert.Len(t, again.Report.Created, 3-2)
		assert.Equal(t, []string{"Anna A", "Bert B"}, s.members("p-Viewers"))
		assert.Equal(t, []string{"enable Anna A (new)", "enable Bert B (new)", "enable Carl C (new)"}, questions(again.Plan.Questions))
		assert.Empty(t, s.run(file).Plan.Actions)
	})
}

func TestEndedByAPersonBeforeItWrites(t *testing.T) {
	whole := newScene(t)
	last, wrote := 0, false
	whole.mem.Fail(func(op memOperation) error {
		if wrote = wrote || op.Write > 0; !wrote {
			last++
		}
		return nil
	})
	whole.run(whole.file(whole.person("Anna A")))

	s := newScene(t)
	ctx, cancel := context.WithCancel(t.Context())
	reads := 0
	s.mem.Fail(func(op memOperation) error {
		if reads++; reads == last {
			cancel()
		}
		return nil
	})
	r, err := s.start(s.file(s.person("Anna A"))).Run(ctx)
	require.ErrorContains(t, err, "interrupted, and nothing was written")
	assert.Nil(t, r)
	assert.Zero(t, s.written())
	assert.Empty(t, s.files())
}

// Rule 22 on the way of a rename, which takes two writes.
func testDirectoryLostBetweenTheTwoWritesOfARename(t *testing.T) {
	s := newScene(t)
	jane := s.person("Jane Doe")
	s.staffed(jane)
	jane.CN, jane.SAMAccountName = "Jane Roe", "jroe"
	file := s.file(jane)
	s.mem.Fail(func(op memOperation) error {
		if op.Kind == "rename" && op.Done {
			return ad.ErrOutcomeUnknown
		}
		return nil
	})
	r := s.run(file)
	assert.Equal(t, []string{"Jane Roe"}, r.Report.Renamed)
	e := s.get(s.account("Jane Roe"), "sAMAccountName", "userPrincipalName")
	assert.Equal(t, "jroe", e.Text("sAMAccountName"))
	assert.Equal(t, "jroe@plant.example", e.Text("userPrincipalName"))
	assert.Equal(t, plan.Rename, r.Plan.Actions[0].Kind)
}
