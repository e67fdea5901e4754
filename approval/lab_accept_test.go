package approval

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
)

// everyKind is a domain in which something of every kind waits for a person.
func everyKind(t *testing.T) *labScene {
	s := newLabScene(t)
	s.employ("Rita Returned", "Lea Leave", "Lars Leave", "Dora Disable", "Dirk Disable", "Hanna Byhand", "Egon Expired")
	s.give("Lea", "t-Viewers")
	s.give("Lars", "t-Viewers")
	s.settled()
	rita := s.users["Rita"]
	delete(s.users, "Rita")
	s.run()
	require.Error(t, s.domain.LogOn(s.account("Rita"), before))

	s.Replace(s.dn("Hanna Byhand"), "userAccountControl", "514")
	s.Replace(s.dn("Egon Expired"), "accountExpires", "134240000000000000") // 2026-05-22
	s.User("CN=Norbert Holder,"+s.staff, s.account("Nora"), before, map[string][]string{"displayName": {"Norbert Holder"}})
	s.Add("CN=Crew "+s.mark+","+s.staff, map[string][]string{"objectClass": {"group"}, "sAMAccountName": {"crew-" + s.mark},
		"member": {"CN=Norbert Holder," + s.staff}})
	require.NoError(t, s.domain.LogOn(s.account("Nora"), before))
	s.User("CN=Nina Holder,"+s.staff, s.account("Nils"), before, nil)
	s.User(s.dn("Alma by hand"), s.account("Alma"), before, nil)

	s.users["Rita"] = rita
	delete(s.users, "Dora")
	delete(s.users, "Dirk")
	s.give("Lea")
	s.give("Lars")
	s.employ("Anna New", "Tom Typed", "Greta Guard", "Paul Privileged", "Nora Name", "Nils Newname", "Alma Adopt")
	s.give("Greta", "t-Editors")
	s.give("Paul", "t-Administrators")
	s.config = asking
	return s
}

func TestLabAccept(t *testing.T) {
	s := everyKind(t)
	served, b := s.open(s.desk(s.run()))
	b.sees("Done in this run so far: 4 created")

	b.step(t, "a generated passphrase", func(t *testing.T) {
		anna := b.question(plan.Enable, "Anna New")
		old := eval[string](b, `document.querySelector('`+anna+` output').textContent`)
		b.click(anna, "New one")
		b.until(`document.querySelector('` + anna + ` output').textContent !== ` + quote(old))
		shown := eval[string](b, `document.querySelector('`+anna+` output').textContent`)
		b.click(anna, "Enable")
		b.settles(anna)
		require.NoError(t, s.domain.LogOn(s.account("Anna"), shown))
	})
	b.step(t, "a typed password keeps the domain's rules", func(t *testing.T) {
		tom := b.question(plan.Enable, "Tom Typed")
		rule := func(kept string) string {
			return eval[string](b, `[...document.querySelectorAll('`+tom+` .rules li`+kept+`')].map((e) => e.textContent).join("|")`)
		}
		b.click(tom, "Type one")
		b.until(`document.querySelectorAll('` + tom + ` .rules li').length > 1`)
		b.keys("short")
		b.until(`document.querySelectorAll('` + tom + ` .rules li.kept').length === 1`)
		assert.Contains(t, rule(":not(.kept)"), "at least 7 characters")
		b.click(tom, "Enable")
		b.says(tom, "The typed password does not keep the rules yet.")
		assert.False(t, s.enabled("Tom Typed"))
		b.fill(tom+" .pane input", "Plum-Harbour-77")
		b.until(`!document.querySelector('` + tom + ` .rules li:not(.kept)')`)
		b.click(tom, "Enable")
		b.settles(tom)
		require.NoError(t, s.domain.LogOn(s.account("Tom"), "Plum-Harbour-77"))
	})
	b.step(t, "the present password of somebody who is back", func(t *testing.T) {
		rita := b.question(plan.Enable, "Rita Returned")
		b.says(rita, "This person is back in the user file.")
		b.click(rita, "Keep the present one")
		b.click(rita, "Enable")
		b.settles(rita)
		require.NoError(t, s.domain.LogOn(s.account("Rita"), before))
	})
	b.step(t, "several together", func(t *testing.T) {
		for kind, who := range map[plan.Kind]string{plan.Disable: "Dirk Disable", plan.Leave: "Lea Leave", plan.Join: "Greta Guard", plan.Enable: "Greta Guard"} {
			b.click(b.question(kind, who)+" .top", b.selectLabel(kind, who))
		}
		b.sees("4 selected")
		b.click(".bulk", "Accept")
		b.says("dialog", "Each gets a generated passphrase of its own.")
		b.click("dialog", "Accept")
		b.until(`document.querySelector(".bulk").hidden`)
		b.until(`!document.querySelector(".working:not([hidden])")`)
		assert.False(t, s.enabled("Dirk Disable"))
		assert.False(t, s.member("Lea Leave", "p-Viewers"))
		assert.True(t, s.enabled("Greta Guard") && s.member("Greta Guard", "p-Editors"))
	})
	b.step(t, "one by one", func(t *testing.T) {
		dora, lars := b.question(plan.Disable, "Dora Disable"), b.question(plan.Leave, "Lars Leave")
		b.click(dora, "Disable")
		b.settles(dora)
		assert.False(t, s.enabled("Dora Disable"))
		b.click(lars, "Remove from group")
		b.settles(lars)
		assert.False(t, s.member("Lars Leave", "p-Viewers"))
	})
	b.step(t, "a privileged group, never in bulk", func(t *testing.T) {
		paul := b.question(plan.Join, "Paul Privileged")
		b.says(paul, "Privileged group")
		b.says(paul, "Domain Admins")
		assert.False(t, eval[bool](b, `Boolean(document.querySelector('`+paul+` input[type=checkbox]'))`))
		b.click(paul, "Add to group")
		b.settles(paul)
		assert.True(t, s.member("Paul Privileged", "p-Administrators"))
	})
	b.step(t, "a name is taken over with its account", func(t *testing.T) {
		nora := b.question(plan.Name, "Nora Name")
		b.click(nora, "Take over this account")
		b.says("dialog", "its end: none, it never expires")
		b.click("dialog", "Take over")
		b.settles(nora)
		assert.NotNil(t, s.Read(s.dn("Nora Name"), "cn"), "moved into the container")
		assert.Nil(t, s.Read("CN=Norbert Holder,"+s.staff, "cn"))
		require.NoError(t, s.domain.LogOn(s.account("Nora"), before))
	})
	b.step(t, "another name, checked while typing", func(t *testing.T) {
		nils := b.question(plan.Name, "Nils Newname")
		b.fill(nils+" .names input", s.account("Hanna"))
		b.says(nils+" .verdict", "✗")
		b.says(nils+" .verdict", "Hanna Byhand")
		assert.True(t, eval[bool](b, `document.querySelector('`+nils+` .buttons button').disabled`))
		b.fill(nils+" .names input", s.account("Nilsson"))
		b.says(nils+" .verdict", "✓ This name is free.")
		b.click(nils, "Use this name")
		b.settles(nils)
		assert.Equal(t, []string{s.account("Nilsson")}, s.Read(s.dn("Nils Newname"), "sAMAccountName")["sAMAccountName"])
		b.question(plan.Enable, "Nils Newname") // which comes of it
	})
	b.step(t, "an account that may be the same person's", func(t *testing.T) {
		alma := b.question(plan.Adopt, "Alma Adopt")
		b.says(alma, "Alma by hand")
		b.click(alma, "Take over")
		b.click("dialog", "its password, and stays enabled")
		b.click("dialog", "Take over")
		b.settles(alma)
		assert.NotNil(t, s.Read(s.dn("Alma Adopt"), "cn"))
		assert.False(t, s.enabled("Alma Adopt"))
		b.says(b.question(plan.Enable, "Alma Adopt"), "taken over without its password")
	})
	b.step(t, "what somebody else did here", func(t *testing.T) {
		b.click("[role=tablist]", "By someone else")
		hanna, egon := b.question(plan.Enable, "Hanna Byhand"), b.question(plan.Enable, "Egon Expired")
		b.says(hanna, "An administrator of this domain disabled this account")
		b.says(egon, "An administrator of this domain gave this account an earlier end date")
		b.click(hanna, "Enable")
		b.settles(hanna)
		assert.True(t, s.enabled("Hanna Byhand"))
		b.click(egon, "Keep the present one")
		b.click(egon, "Enable")
		b.settles(egon)
		require.NoError(t, s.domain.LogOn(s.account("Egon"), before))
	})
	b.step(t, "passwords are handed out", func(t *testing.T) { handOut(t, s, b) })
	b.step(t, "the session ends and says what was done", func(t *testing.T) {
		b.click("header", "End session")
		b.click("dialog", "End session")
		b.sees("The session has ended")
		b.sees("15 done")
		sum, err := served.wait()
		require.NoError(t, err)
		assert.Equal(t, Summary{Ended: "ended in the page", Done: 15, What: []string{"2 taken over", "6 enabled", "2 disabled", "2 added to a group", "2 removed from a group", "1 given an account name"}, Open: sum.Open}, sum)
		assert.Positive(t, sum.Open, "what came of new names and of taking over")
		served.read("15 done, 0 rejected, 0 failed, 0 changed meanwhile")
		assert.Contains(t, served.log.String(), `"identity":"PLANT\\svc-approver"`)
		assert.NotContains(t, served.log.String(), before)
		assert.NotContains(t, s.resolutions(), "assword")
	})
}

// handOut opens the archive with 7-Zip and logs on with what is in it.
func handOut(t *testing.T, s *labScene, b *tab) {
	b.sees("4 new passwords not yet handed out")
	b.click("header", "End session")
	b.says("dialog", "They are lost when the session ends")
	b.click("dialog", "Cancel")
	list, phrase := b.download(t)
	assert.Regexp(t, `^([a-z-]+-){5}[a-z-]+$`, phrase)
	for _, first := range []string{"Anna", "Tom", "Greta", "Hanna"} {
		password := passwordOf(t, list, s.account(first))
		assert.NoError(t, s.domain.LogOn(s.account(first), password), first)
	}
	assert.NotContains(t, list, s.account("Rita"), "she kept hers")
	b.sees("4 new passwords set in this session, all handed out")
}
