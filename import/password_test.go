package importer

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/acl"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adtest"
	"ad-user-sync/internal/memad"
	"ad-user-sync/schema"
)

func testPasswordsBreakingThePolicyNameTheRule(t *testing.T) {
	stages(t, func(t *testing.T, s *scene) {
		d := s.desk(s.file(s.person("Jane Doe")))
		q := s.question(d, plan.Enable, "Jane Doe")
		usn := s.usn()
		for password, rule := range map[schema.Secret]string{
			"Ab1!": "at least 7 characters", "": "no password", "alllowercase": "three of", "Jane-Doe-4711!": "name",
		} {
			r := s.decide(d, plan.Answer{ID: q.ID, Accept: true, Password: password})
			assert.Equal(t, plan.NotDone, r[0].Outcome)
			assert.Contains(t, r[0].Problem, rule)
		}
		assert.Equal(t, usn, s.usn())
		assert.True(t, s.control("Jane Doe").Disabled())
	})
}

func testNoPasswordOverPlaintext(t *testing.T) {
	s := newScene(t, memad.Plaintext())
	d := s.desk(s.file(s.person("Jane Doe")))
	q := s.question(d, plan.Enable, "Jane Doe")
	before := s.mem.Operations()
	r := s.decide(d, plan.Answer{ID: q.ID, Accept: true, Password: testPassword})
	assert.Equal(t, plan.NotDone, r[0].Outcome)
	assert.Contains(t, r[0].Problem, "not encrypted")
	assert.Equal(t, writes(before), writes(s.mem.Operations()))
}

// Rule 23: one request, and the deny entries before it.
func testPasswordIsSetInOneRequest(t *testing.T) {
	for option, want := range map[string][]string{
		"":                                      {"modify unicodePwd pwdLastSet userAccountControl(0 1)"},
		`"users_must_change_password": true`:    {"modify unicodePwd pwdLastSet userAccountControl(0 1)"},
		`"users_can_not_change_password": true`: {"modify nTSecurityDescriptor", "modify unicodePwd pwdLastSet userAccountControl(0 1)"},
	} {
		t.Run(option, func(t *testing.T) {
			s := newScene(t)
			s.with(option)
			d := s.desk(s.file(s.person("Jane Doe")))
			q := s.question(d, plan.Enable, "Jane Doe")
			trace := s.trace()
			r := s.decide(d, plan.Answer{ID: q.ID, Accept: true, Password: testPassword})
			require.Equal(t, plan.Done, r[0].Outcome, r[0].Problem)
			assert.Equal(t, want, *trace)
			mustChange := s.get(s.account("Jane Doe"), "pwdLastSet").Text("pwdLastSet") == "0"
			assert.Equal(t, s.cfg.UsersMustChangePassword, mustChange)
		})
	}
}

func testDenyEntriesLeaveTheOthersAsTheyAre(t *testing.T) {
	stages(t, func(t *testing.T, s *scene) {
		s.with(`"users_can_not_change_password": true`)
		file := s.file(s.person("Jane Doe"))
		d := s.desk(file)
		descriptor := func() []byte {
			return s.get(s.account("Jane Doe"), "nTSecurityDescriptor").Values("nTSecurityDescriptor")[0]
		}
		before := descriptor()
		s.enable(d, "Jane Doe")
		after := descriptor()
		if were, are := entries(before), entries(after); assert.Greater(t, len(are), len(were)) {
			assert.Equal(t, were, are[len(are)-len(were):], "every other entry byte for byte, in its order")
		}
		_, differs, err := acl.DenyChangePassword(after)
		require.NoError(t, err)
		assert.False(t, differs)
	})
}

// entries are those of the DACL of a self-relative descriptor (MS-DTYP 2.4.6, 2.4.5).
func entries(descriptor []byte) []byte {
	at := binary.LittleEndian.Uint32(descriptor[16:])
	return descriptor[at+8 : at+uint32(binary.LittleEndian.Uint16(descriptor[at+2:]))]
}

func TestPasswordWorksAndIsKept(t *testing.T) {
	s := labScene(t)
	lab := adtest.Lab(t)
	file := s.staffed(s.person("Jane Doe"), s.person("Max Muster"))
	require.NoError(t, lab.Target.LogOn(s.name("jane"), string(testPassword.Reveal())))

	s.run(s.file(s.person("Max Muster")))
	require.Error(t, lab.Target.LogOn(s.name("jane"), testPassword.Reveal()), "disabled")
	d := s.desk(s.file(s.person("Jane Doe"), s.person("Max Muster")))
	q := s.question(d, plan.Enable, "Jane Doe")
	assert.Equal(t, plan.Returned, q.Reason)
	require.True(t, q.MayKeep)
	r := s.decide(d, plan.Answer{ID: q.ID, Accept: true, Keep: true})
	require.Equal(t, plan.Done, r[0].Outcome, r[0].Problem)
	require.NoError(t, lab.Target.LogOn(s.name("jane"), testPassword.Reveal()))
	_ = file
}

// strict is a fine-grained policy of the lab that asks for 30 characters of someone, or
// of a group.
func (s *scene) strict(of ad.DN) {
	lab := adtest.Lab(s.t)
	settings := "CN=strict" + s.suffix + ",CN=Password Settings Container,CN=System," + lab.Target.Base
	admin := lab.Target.Admin(s.t)
	admin.Add(settings, map[string][]string{
		"objectClass": {"msDS-PasswordSettings"}, "msDS-PasswordSettingsPrecedence": {"10"}, "msDS-PasswordReversibleEncryptionEnabled": {"FALSE"},
		"msDS-PasswordHistoryLength": {"0"}, "msDS-PasswordComplexityEnabled": {"FALSE"}, "msDS-MinimumPasswordLength": {"30"},
		"msDS-MinimumPasswordAge": {"0"}, "msDS-MaximumPasswordAge": {"-9223372036854775808"}, "msDS-LockoutThreshold": {"0"},
		"msDS-LockoutObservationWindow": {"-18000000000"}, "msDS-LockoutDuration": {"-18000000000"},
		"msDS-PSOAppliesTo": {of.String()},
	})
	admin.DeleteLater(settings)
}

func TestFineGrainedPolicyIsRead(t *testing.T) {
	s := labScene(t)
	d := s.desk(s.file(s.person("Jane Doe"), s.person("Max Muster")))
	s.strict(s.account("Jane Doe"))
	q, other := s.question(d, plan.Enable, "Jane Doe"), s.question(d, plan.Enable, "Max Muster")
	d = s.desk(d.im.Input)
	before := d.dir.Operations().Searches
	view := s.look(d)
	assert.Equal(t, plan.PasswordPolicy{MinLength: 30}, view.Policy(*q.Person))
	first := d.dir.Operations().Searches
	s.look(d)
	again := d.dir.Operations().Searches
	assert.Less(t, again-first, first-before, "policies are asked for once")
	assert.Equal(t, view.Password, view.Policy(*other.Person))
	r := s.decide(d, plan.Answer{ID: q.ID, Accept: true, Password: testPassword})
	assert.Equal(t, plan.NotDone, r[0].Outcome)
	assert.Contains(t, r[0].Problem, "at least 30 characters")
	r = s.decide(d, plan.Answer{ID: q.ID, Accept: true, Password: "only small letters and many of them"})
	assert.Equal(t, plan.Done, r[0].Outcome, r[0].Problem)
	s.enable(d, "Max Muster")
}

// A group may bring a password policy: who is to be in it is so before a password
// is set, or gets none.
func TestNobodyIsEnabledWithoutThePolicyOfAGroup(t *testing.T) {
	s := newScene(t)
	s.with(`"restricted_groups": ["p-Editors"]`)
	s.mem.Overwrite(s.group("p-Editors"), map[string]string{"msDS-PSOApplied": "CN=Strict,CN=Password Settings Container,CN=System,DC=plant,DC=example"})
	editors := ad.ByGUID(s.get(s.group("p-Editors"), "objectGUID").GUID()).String()
	d := s.desk(s.file(s.person("Jane Doe", in("CN=t-Editors"))))
	join, enable := s.question(d, plan.Join, "Jane Doe"), s.question(d, plan.Enable, "Jane Doe")
	both := []plan.Answer{{ID: enable.ID, Accept: true, Password: testPassword}, {ID: join.ID, Accept: true}}
	s.mem.Fail(func(op memOperation) error {
		if op.Write > 0 && op.DN.String() == editors {
			return errDenied
		}
		return nil
	})
	r := s.decide(d, both...)
	assert.Equal(t, plan.NotDone, r[0].Outcome)
	assert.Equal(t, "not enabled, since it could not join p-Editors, which brings a password policy", r[0].Problem)
	assert.True(t, s.control("Jane Doe").Disabled())
	s.mem.Fail(nil)
	for _, result := range s.decide(d, both...) {
		assert.Equal(t, plan.Done, result.Outcome, result.Problem)
	}
}

// So it is with a real controller: who joins such a group and gets a password in one
// decision gets one that its policy takes.
func TestPolicyOfAGroupThatIsJoinedWithTheEnabling(t *testing.T) {
	s := labScene(t)
	s.with(`"restricted_groups": ["p-Editors", "p-Admins"]`)
	d := s.desk(s.file(s.person("Jane Doe", in("CN=t-Editors"))))
	s.strict(s.group("p-Editors"))
	join, enable := s.question(d, plan.Join, "Jane Doe"), s.question(d, plan.Enable, "Jane Doe")
	r := s.decide(d, plan.Answer{ID: enable.ID, Accept: true, Password: testPassword}, plan.Answer{ID: join.ID, Accept: true})
	assert.Equal(t, plan.NotDone, r[0].Outcome)
	assert.Contains(t, r[0].Problem, "at least 30 characters")
	assert.Equal(t, plan.Done, r[1].Outcome, r[1].Problem)
	assert.Equal(t, []string{"Jane Doe"}, s.members("p-Editors"))
	assert.True(t, s.control("Jane Doe").Disabled())
	enable = s.question(d, plan.Enable, "Jane Doe")
	r = s.decide(d, plan.Answer{ID: enable.ID, Accept: true, Password: "only small letters and many of them"})
	require.Equal(t, plan.Done, r[0].Outcome, r[0].Problem)
	require.NoError(t, adtest.Lab(t).Target.LogOn(s.name("jane"), "only small letters and many of them"))
}
