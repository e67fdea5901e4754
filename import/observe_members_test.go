package importer

import (
	"context"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adtest"
	"ad-user-sync/schema"
)

// memberOfGUID is the schemaIDGUID of memberOf (MS-ADA2).
const memberOfGUID = "bf967991-0de6-11d0-a285-00aa003049e2"

// closeMemberOf takes the right to read memberOf of someone from the import.
func (s *scene) closeMemberOf(cn string) {
	if s.mem == nil {
		adtest.Lab(s.t).Target.Admin(s.t).DenyRead(s.account(cn).String(), memberOfGUID, "svc-import")
		return
	}
	s.dir = &blind{s.dir, func(dn ad.DN, attribute string) bool { return attribute == "memberof" && dn.Equal(s.account(cn)) }}
}

// A leaver whose memberOf may not be read would be disabled and keep the groups
// without a word, and others would be put into theirs again and again.
func testMemberOfThatCanNotBeRead(t *testing.T) {
	stages(t, func(t *testing.T, s *scene) {
		jane, max := s.person("Jane Doe", in("CN=t-Viewers")), s.person("Max Muster", in("CN=t-Viewers"))
		s.staffed(jane, max)
		s.join("p-Admins", s.account("Jane Doe"))
		s.closeMemberOf("Jane Doe")
		before := s.usn()
		for _, file := range []*Input{s.file(jane, max), s.file(max)} {
			_, err := s.start(file).Run(t.Context())
			require.ErrorContains(t, err, "may not read memberOf of "+s.account("Jane Doe").String())
			require.ErrorContains(t, err, "give it the right to read")
		}
		assert.Equal(t, before, s.usn())
		assert.False(t, s.control("Jane Doe").Disabled())

		var failed []string
		Check(t.Context(), CheckOptions{Config: s.cfg, Directory: s.dir, Clock: s.start(s.file(max)).Clock}, func(step schema.CheckStep) {
			if step.State == schema.CheckFailed {
				failed = append(failed, step.Text)
			}
		})
		require.Len(t, failed, 1)
		assert.Contains(t, failed[0], "may not read memberOf of ")
	})
}

// Who was taken out of the last group between the two readings is not a cause for
// alarm.
func TestTakenOutWhileItIsRead(t *testing.T) {
	s := newScene(t)
	jane := s.person("Jane Doe", in("CN=t-Viewers"))
	file := s.file(jane)
	s.run(file)
	s.dir = &leaving{Directory: s.dir, now: func() { s.leave("p-Viewers", s.account("Jane Doe")) }, before: s.managed()}
	r := s.run(file)
	assert.Equal(t, []schema.Membership{{User: "Jane Doe", Group: "p-Viewers"}}, r.Report.Joined)
}

// leaving is a directory that changes just before the accounts are read.
type leaving struct {
	Directory
	now    func()
	before ad.DN
}

func (l *leaving) Search(ctx context.Context, search ad.Search, each func(ad.Entry) error) (ad.Summary, error) {
	if now := l.now; now != nil && search.Scope == ad.ScopeSubtree && search.Base.Equal(l.before) {
		l.now = nil
		now()
	}
	return l.Directory.Search(ctx, search, each)
}

// A primary group cannot be left, and nothing may say that it was.
func testPrimaryGroupCanNotBeLeft(t *testing.T) {
	stages(t, func(t *testing.T, s *scene) {
		for _, group := range []string{"p-Viewers", "p-Admins"} {
			jane := s.person("Jane Doe")
			s.staffed(jane)
			s.join(group, s.account("Jane Doe"))
			t.Cleanup(func() { s.set(s.account("Jane Doe"), "primaryGroupID", "513") }) // a primary group cannot be deleted
			s.set(s.account("Jane Doe"), "primaryGroupID", strconv.Itoa(int(s.get(s.group(group), "objectSid").SID().RID())))
			for range 2 {
				r, err := s.start(s.file(jane)).Run(t.Context())
				require.NoError(t, err)
				require.Len(t, r.Report.Failed, 1)
				assert.Empty(t, r.Report.Left)
				assert.Contains(t, r.Report.Failed[0].Reason, group+" is the account's primary group; set Domain Users as its primary group")
			}
			s.set(s.account("Jane Doe"), "primaryGroupID", "513")
			s.leave(group, s.account("Jane Doe"))
			s.run(s.file(jane))
		}
	})
}

// shortened leaves one group out of the memberOf of one account.
type shortened struct {
	Directory
	who, group ad.DN
}

func (d *shortened) Search(ctx context.Context, search ad.Search, each func(ad.Entry) error) (ad.Summary, error) {
	return d.Directory.Search(ctx, search, func(e ad.Entry) error {
		seen := map[string][][]byte{}
		for _, name := range e.Names() {
			seen[name] = e.Values(name)
		}
		if e.DN.Equal(d.who) {
			seen["memberof"] = slices.DeleteFunc(slices.Clone(seen["memberof"]), func(v []byte) bool { return string(v) == d.group.String() })
		}
		return each(ad.NewEntry(e.DN, seen))
	})
}

// A memberOf that shows some groups is compared with the members of all.
func TestMemberOfThatIsReadInPartEndsTheRun(t *testing.T) {
	s := newScene(t)
	jane, max := s.person("Jane Doe", in("CN=t-Viewers", "CN=t-Editors")), s.person("Max Muster")
	s.staffed(jane, max)
	for _, file := range []*Input{s.file(jane, max), s.file(max)} {
		s.dir = &shortened{s.mem, s.account("Jane Doe"), s.group("p-Viewers")}
		before := s.usn()
		_, err := s.start(file).Run(t.Context())
		require.ErrorContains(t, err, "may not read all of memberOf of "+s.account("Jane Doe").String()+", which is a member of p-Viewers")
		assert.Equal(t, before, s.usn())
	}
}

// A group that is renamed between the two readings names the same members.
func TestGroupThatIsRenamedWhileItIsRead(t *testing.T) {
	s := newScene(t)
	jane, max := s.person("Jane Doe", in("CN=t-Viewers", "CN=t-Editors")), s.person("Max Muster")
	s.staffed(jane, max)
	s.dir = &leaving{Directory: s.dir, now: func() {
		require.NoError(t, s.admin.Rename(t.Context(), s.group("p-Viewers"), s.group("p-Watchers")))
	}, before: s.managed()}
	_, err := s.start(s.file(jane, max)).Run(t.Context())
	require.NoError(t, err)
}
