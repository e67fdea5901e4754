package importer

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

// A run that changes nothing writes nothing, and asks little.
func testRunWithoutChanges(t *testing.T) {
	stages(t, func(t *testing.T, s *scene) {
		s.with(`"attributes": {"displayName": {}, "mail": {}, "thumbnailPhoto": {}, "manager": {}, "description": {"prefix": "x "}}`)
		people := []schema.User{s.person("Anna A", in("CN=t-Viewers"), has("mail", "anna@corp.example"), has("description", "d")),
			s.person("Bert B", in("CN=t-Editors"), has("manager", s.anchor("Anna A"))), s.person("Carl C", disabled)}
		file := s.staffed(people...)
		s.run(file)
		before, usn := s.dir.Operations(), s.usn()
		r := s.run(file)
		after := s.dir.Operations()
		assert.Empty(t, r.Report.Changes)
		assert.Equal(t, writes(before), writes(after))
		assert.Equal(t, usn, s.usn())
		// the container, the policy, the domain's names, the schema, the accounts,
		// what a user can have, two for each mapped group, and which controller this is;
		// on a real domain also the clock
		assert.LessOrEqual(t, after.Searches-before.Searches, 6+2*3+3+1)
	})
}

func testContainerThatCanNotBeManaged(t *testing.T) {
	for path, says := range map[string]string{
		"OU=Nobody,DC=plant,DC=example":                 "does not exist in plant.example",
		"not a name":                                    "not a distinguished name",
		"CN=Users,DC=plant,DC=example":                  "a container of the domain's own",
		"CN=Builtin,DC=plant,DC=example":                "a container of the domain's own",
		"OU=Domain Controllers,DC=plant,DC=example":     "a container of the domain's own",
		"DC=plant,DC=example":                           "root of a naming context",
		"CN=Sites,CN=Configuration,DC=plant,DC=example": "",
	} {
		t.Run(path, func(t *testing.T) {
			s := newScene(t)
			s.cfg.ManagedUserPath = path
			r, err := s.start(s.file(s.person("Jane Doe")), func(o *Options) { o.Confirm = "anything" }).Run(t.Context())
			if err == nil {
				require.NotNil(t, r.Report.Guard)
				assert.Contains(t, r.Report.Guard.Reason, says)
				assert.Contains(t, r.Report.Guard.WayOn, "cannot be confirmed")
			} else {
				assert.Contains(t, err.Error(), says)
			}
			assert.Zero(t, s.written())
			assert.Empty(t, s.files())
		})
	}
}

func testContainerThatHoldsTheBoundAccount(t *testing.T) {
	s := newScene(t)
	require.NoError(t, s.admin.Rename(t.Context(), parse(t, "CN=Administrator,CN=Users,DC=plant,DC=example"), s.account("Administrator")))
	r, err := s.start(s.file(s.person("Jane Doe"))).Run(t.Context())
	require.NoError(t, err)
	require.NotNil(t, r.Report.Guard)
	assert.Contains(t, r.Report.Guard.Reason, "which this program is bound as")
	assert.Equal(t, 1, s.written(), "the move of this test alone")
}

// blind hides attributes of objects, as missing rights do.
type blind struct {
	Directory
	hide func(dn ad.DN, attribute string) bool
}

func (b *blind) Search(ctx context.Context, search ad.Search, each func(ad.Entry) error) (ad.Summary, error) {
	return b.Directory.Search(ctx, search, func(e ad.Entry) error {
		seen := map[string][][]byte{}
		for _, name := range e.Names() {
			if !b.hide(e.DN, name) {
				seen[name] = e.Values(name)
			}
		}
		return each(ad.NewEntry(e.DN, seen))
	})
}

func testRightsToReadThatAreMissing(t *testing.T) {
	for _, c := range []struct {
		where, attribute, says string
	}{
		{"CN=Jane Doe,OU=Managed,OU=Test,DC=plant,DC=example", "useraccountcontrol", "may not read userAccountControl of CN=Jane Doe"},
		{"CN=Jane Doe,OU=Managed,OU=Test,DC=plant,DC=example", "accountexpires", "may not read accountExpires of CN=Jane Doe"},
		{"CN=Jane Doe,OU=Managed,OU=Test,DC=plant,DC=example", "whencreated", "may not read whenCreated of CN=Jane Doe"},
		{"CN=Jane Doe,OU=Managed,OU=Test,DC=plant,DC=example", "objectguid", "may not read objectGUID of CN=Jane Doe"},
		{"CN=Jane Doe,OU=Managed,OU=Test,DC=plant,DC=example", "objectclass", "may not read objectClass of CN=Jane Doe"},
		{"CN=Jane Doe,OU=Managed,OU=Test,DC=plant,DC=example", "samaccountname", "may not read sAMAccountName of CN=Jane Doe"},
		{"CN=Jane Doe,OU=Managed,OU=Test,DC=plant,DC=example", "objectsid", "may not read objectSid of CN=Jane Doe"},
		{"CN=Jane Doe,OU=Managed,OU=Test,DC=plant,DC=example", "primarygroupid", "may not read primaryGroupID of CN=Jane Doe"},
		{"OU=Managed,OU=Test,DC=plant,DC=example", "objectguid", "may not read objectGUID of the managed container"},
		{"CN=p-Viewers,OU=Groups,OU=Test,DC=plant,DC=example", "objectsid", "may not read objectSid of group CN=p-Viewers"},
	} {
		t.Run(c.where+" "+c.attribute, func(t *testing.T) {
			s := newScene(t)
			s.user(s.account("Jane Doe"), "jane", nil)
			built := s.written()
			dir := &blind{s.mem, func(dn ad.DN, attribute string) bool { return dn.String() == c.where && attribute == c.attribute }}
			_, err := s.start(s.file(s.person("Jane Doe")), func(o *Options) { o.Directory = dir }).Run(t.Context())
			require.ErrorContains(t, err, c.says)
			assert.Equal(t, built, s.written())
		})
	}
}

func TestObjectOutsideThatCanNotBeReadIsProtected(t *testing.T) {
	s := newScene(t)
	s.user(s.ou.Child("CN", "Secret Jane"), "jane", nil)
	dir := &blind{s.mem, func(dn ad.DN, attribute string) bool {
		return dn.Equal(s.ou.Child("CN", "Secret Jane")) && attribute == "useraccountcontrol"
	}}
	s.dir, s.desks = dir, dir
	d := s.desk(s.file(s.person("Jane Doe"), s.person("Max Muster")))
	assert.Contains(t, s.question(d, plan.Name, "Jane Doe").Barred, "may not read its userAccountControl")
	assert.NotNil(t, s.get(s.account("Max Muster"), "cn"))
}

// The program's own account is known by its SID, whatever it is called and wherever
// it is; what hides its SID may be that account.
func TestOwnAccountIsKnownByItsSID(t *testing.T) {
	for name, hidden := range map[string]string{"renamed": "", "and its SID hidden": "objectsid", "and its primary group hidden": "primarygroupid"} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			bound, renamed := s.ou.Child("CN", "svc-import"), s.ou.Child("CN", "Service of the import")
			s.user(bound, "svc-import", nil)
			sid := s.get(bound, "objectSid").SID()
			require.NoError(t, s.admin.Rename(t.Context(), bound, renamed))
			s.mem.Overwrite(renamed, map[string]string{"sAMAccountName": s.person("Jane Doe").SAMAccountName, "userPrincipalName": "other@plant.example"})
			own := &blind{&approver{Directory: s.mem, sid: sid}, func(dn ad.DN, attribute string) bool { return dn.Equal(renamed) && attribute == hidden }}
			s.dir, s.desks = own, own
			says := "it is the account that this program is bound as"
			if hidden != "" {
				says = "the bound account may not read its "
			}
			d := s.desk(s.file(s.person("Jane Doe")))
			assert.Contains(t, s.question(d, plan.Name, "Jane Doe").Barred, says)
		})
	}
}

func TestGroupThatNeverExisted(t *testing.T) {
	s := newScene(t)
	s.cfg.GroupMap = map[string]schema.OneOrMore{"x": {"p-Nobody"}}
	_, err := s.start(s.file(s.person("Jane Doe"))).Run(t.Context())
	require.ErrorContains(t, err, "group CN=p-Nobody,OU=Groups,OU=Test,DC=plant,DC=example does not exist")
	assert.Zero(t, s.written())
	assert.Empty(t, s.files())
}

func testGroupThatVanished(t *testing.T) {
	stages(t, groupThatVanished)
}

func groupThatVanished(t *testing.T, s *scene) {
	anna, bert, carl := s.person("Anna A", in("CN=t-Viewers")), s.person("Bert B", in("CN=t-Viewers")), s.person("Carl C")
	s.staffed(anna, bert, carl)
	moved := s.ou.Child("CN", "p-Elsewhere")
	require.NoError(t, s.admin.Rename(t.Context(), s.group("p-Viewers"), moved))
	carl.MemberOf = []string{"CN=t-Viewers"}
	r, err := s.start(s.file(anna, carl)).Run(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{"Bert B"}, r.Report.Disabled, "disables go on")
	failed := map[string]string{}
	for _, f := range r.Report.Failed {
		failed[f.User] = f.Reason
	}
	assert.Contains(t, failed["Carl C"], "p-Viewers")
	assert.Contains(t, failed["Bert B"], "it was renamed or moved, and is "+moved.String()+" now", "who left is in it still")
	assert.NotContains(t, failed, "Anna A", "is in it, and may")

	anna.MemberOf, carl.MemberOf = nil, nil
	r, err = s.start(s.file(anna, carl)).Run(t.Context())
	require.NoError(t, err)
	assert.Len(t, r.Report.Failed, 2, "nobody is in the source group any more, and Anna stays in the group: %v", r.Report.Failed)
	assert.Contains(t, strings.Join(r.Report.Notices, "\n"), "no one can be put into p-Viewers or out of it: it was renamed or moved")
}

func testProtectedObjectsAreNeverTouched(t *testing.T) {
	s := newScene(t)
	for name, attributes := range map[string]map[string]string{
		"Admin": {"adminCount": "1"}, "Service": {"servicePrincipalName": "http/x"}, "Critical": {"isCriticalSystemObject": "TRUE"},
	} {
		s.user(s.account(name), name, map[string]string{"adminDescription": "ad-user-sync:" + s.anchor(name) + "@corp.example"})
		s.mem.Overwrite(s.account(name), attributes)
	}
	in := s.file(s.person("Admin", in("CN=t-Viewers")), s.person("Service"))
	usn := s.usn()
	r, err := s.start(in, func(o *Options) { o.Accept = in.SHA256 }).Run(t.Context())
	require.NoError(t, err)
	assert.Empty(t, r.Plan.Actions)
	assert.Len(t, r.Report.Failed, 2, "each by name")
	assert.Equal(t, usn, s.usn())
}

func testPrimaryGroupCounts(t *testing.T) {
	stages(t, func(t *testing.T, s *scene) {
		jane := s.person("Jane Doe", in("CN=t-Viewers"))
		s.run(s.file(jane))
		sid := s.get(s.group("p-Viewers"), "objectSid").SID()
		t.Cleanup(func() { s.set(s.account("Jane Doe"), "primaryGroupID", "513") }) // a primary group cannot be deleted
		s.set(s.account("Jane Doe"), "primaryGroupID", strconv.Itoa(int(sid.RID())))
		assert.Empty(t, s.members("p-Viewers"), "a primary group is in no member list")
		r := s.run(s.file(jane))
		assert.Empty(t, r.Plan.Actions)
	})
}

func TestPrivilegedByNesting(t *testing.T) {
	stages(t, func(t *testing.T, s *scene) {
		s.add(s.group("middle"), "group", map[string]string{"sAMAccountName": s.name("middle"), "groupType": "-2147483640"})
		s.join("middle", s.group("p-Editors"))
		builtin := parse(t, "CN=Backup Operators,CN=Builtin,DC=plant,DC=example")
		require.NoError(t, s.admin.Modify(t.Context(), builtin, []ad.Change{{Kind: ad.AddValues, Attribute: "member", Values: ad.Values(s.group("middle").String())}}))
		t.Cleanup(func() {
			_ = s.admin.Modify(context.Background(), builtin, []ad.Change{{Kind: ad.DeleteValues, Attribute: "member", Values: ad.Values(s.group("middle").String())}})
		})
		r := s.run(s.file(s.person("Jane Doe", in("CN=t-Editors", "CN=t-Viewers"))))
		assert.Equal(t, []string{"Jane Doe"}, s.members("p-Viewers"))
		assert.Empty(t, s.members("p-Editors"))
		assert.Contains(t, questions(r.Plan.Questions), "join Jane Doe (group_map)")
	})
}

func testDomainThatCanNotBeReached(t *testing.T) {
	s := newScene(t)
	s.mem.Fail(func(op memOperation) error { return ad.ErrUnreachable })
	_, err := s.start(s.file(s.person("Jane Doe"))).Run(t.Context())
	require.ErrorIs(t, err, ad.ErrUnreachable)
	for n := range 8 { // at any of the reads
		reads := 0
		s.mem.Fail(func(op memOperation) error {
			if reads++; reads > n {
				return ad.ErrUnreachable
			}
			return nil
		})
		_, err := s.start(s.file(s.person("Jane Doe"))).Run(t.Context())
		require.ErrorIs(t, err, ad.ErrUnreachable)
	}
	assert.Zero(t, s.written())
	assert.Empty(t, s.files())
}

// A directory may give an object twice, when it is renamed while pages are read.
func TestObjectThatIsGivenTwiceIsOne(t *testing.T) {
	s := newScene(t)
	file := s.staffed(s.person("Jane Doe", in("CN=t-Viewers")), s.person("Max Muster"))
	s.dir = &doubled{s.dir}
	assert.Empty(t, s.run(file).Plan.Actions)
	assert.Equal(t, []string{"Max Muster"}, s.run(s.file(file.File.Users[0])).Report.Disabled)
}

// doubled returns everything that a whole container holds twice, under another name
// at first.
type doubled struct{ Directory }

func (d *doubled) Search(ctx context.Context, search ad.Search, each func(ad.Entry) error) (ad.Summary, error) {
	return d.Directory.Search(ctx, search, func(e ad.Entry) error {
		if _, cn := e.DN.Name(); search.Scope == ad.ScopeSubtree && e.Text("sAMAccountName") != "" {
			values := map[string][][]byte{}
			for _, name := range e.Names() {
				values[name] = e.Values(name)
			}
			if err := each(ad.NewEntry(e.DN.Parent().Child("CN", "Once "+cn), values)); err != nil {
				return err
			}
		}
		return each(e)
	})
}

// A group that is not where it was is judged by what it grants there: who is
// disabled in the source stays in none that is guarded.
func TestVanishedGroupIsGuardedByWhatItIsIn(t *testing.T) {
	s := newScene(t)
	s.cfg.RestrictedGroups = []string{"p-Guarded"}
	guarded := s.mem.AddGroup("CN=p-Guarded,OU=Groups,OU=Test")
	anna := s.person("Anna A", in("CN=t-Viewers"))
	s.staffed(anna)
	moved := s.ou.Child("CN", "p-Elsewhere")
	s.nest("p-Viewers", guarded)
	require.NoError(t, s.admin.Rename(t.Context(), s.group("p-Viewers"), moved))
	anna.Disabled = true
	r, err := s.start(s.file(anna)).Run(t.Context())
	require.NoError(t, err)
	require.NotEmpty(t, r.Report.Failed)
	assert.Contains(t, r.Report.Failed[0].Reason, "p-Viewers")
}
