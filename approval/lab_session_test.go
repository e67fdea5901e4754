package approval

import (
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
)

func TestLabRefusalStaysAtTheItem(t *testing.T) {
	s := newLabScene(t)
	s.employ("Anna New", "Paul Privileged")
	s.give("Paul", "t-Administrators")
	im := s.run()
	served, b := s.open(im.NewDesk(s.unattended, "jdoe")) // whose account may not set passwords
	anna := b.question(plan.Enable, "Anna New")
	b.click(anna, "Enable")
	b.says(anna+" .trouble strong", "The bound account has no right to do this.")
	b.says(anna+" .trouble", "Give the bound account the right on this object")
	b.seesNot("LDAP Result Code")
	b.click(anna+" .trouble", "What the directory said")
	b.sees("LDAP Result Code 50")
	assert.False(t, s.enabled("Anna New"))
	require.NoError(t, chromedp.Do(b.ctx, chromedp.Reload()))
	b.says(b.question(plan.Enable, "Anna New")+" .trouble", "has no right")
	b.seesNot("not yet handed out")
	b.click("[role=tablist]", "Done")
	b.sees("failed")
	assert.Contains(t, served.log.String(), `"outcome":"failed"`)
}

func TestLabChangedMeanwhile(t *testing.T) {
	s := newLabScene(t)
	s.employ("Anna New", "Paul Privileged")
	s.give("Paul", "t-Administrators")
	served, b := s.open(s.desk(s.run()))
	anna, paul := b.question(plan.Enable, "Anna New"), b.question(plan.Join, "Paul Privileged")

	s.SetPassword(s.dn("Anna New"), before)
	s.Replace(s.dn("Anna New"), "userAccountControl", "512")
	s.Join("CN=p-Administrators,OU=Groups,"+s.domain.Base, s.dn("Paul Privileged"))
	b.click(anna, "Enable")
	b.settles(anna)
	b.settles(paul)
	require.NoError(t, s.domain.LogOn(s.account("Anna"), before), "not with another password")
	b.click("[role=tablist]", "Done")
	b.sees("changed meanwhile")

	// What was decided about is gone, whoever asks for it again.
	token := eval[string](b, `sessionStorage.getItem("token")`)
	body := `{"decisions": [{"id": "` + eval[string](b, `document.querySelector("#done li").dataset.id`) + `", "accept": true, "password": "generated"}]}`
	again := served.call("POST", "/api/decisions", body, header("Authorization", "Bearer "+token), header("Tab", "0123456789abcdef01234567"))
	assert.Equal(t, http.StatusConflict, again.StatusCode, "and from no other tab")
	require.NoError(t, s.domain.LogOn(s.account("Anna"), before))
}

func TestLabTabsReloadAndRestart(t *testing.T) {
	s := newLabScene(t)
	s.employ("Anna New", "Tom Typed", "Greta Guard")
	proxy := newCutter(t, s.domain.Address)
	s.unattended, s.approver = s.connect("svc-import", proxy.url()), s.connect("svc-approver", proxy.url())
	served, first := s.open(s.desk(s.run()))
	first.question(plan.Enable, "Anna New")

	b := look(t, served.enter())
	anna := b.question(plan.Enable, "Anna New")
	first.sees("Continued in another tab")
	first.seesNot("Anna New")

	require.NotZero(t, proxy.cut(), "the controller restarts while nobody looks")
	b.click(anna, "Enable")
	b.settles(anna)
	assert.True(t, s.enabled("Anna New"))
	b.sees("1 new password not yet handed out")

	s.SetPassword(s.dn("Tom Typed"), before)
	s.Replace(s.dn("Tom Typed"), "userAccountControl", "512")
	require.NotZero(t, proxy.cut())
	b.reloadWarned()
	b.question(plan.Enable, "Greta Guard")
	assert.False(t, eval[bool](b, `document.querySelector("#open").textContent.includes("Tom Typed")`), "a reload reads again")

	b.close() // without asking, as when the browser is ended
	served.read("1 new password not handed out yet")
	again := look(t, served.enter())
	again.sees("1 new password not yet handed out")
}

func TestLabForeignRequestsChangeNothing(t *testing.T) {
	s := newLabScene(t)
	s.employ("Anna New")
	served, b := s.open(s.desk(s.run()))
	anna := b.question(plan.Enable, "Anna New")
	token := header("Authorization", "Bearer "+eval[string](b, `sessionStorage.getItem("token")`))
	body := `{"decisions": [{"id": "` + eval[string](b, `document.querySelector('`+anna+`').dataset.id`) + `", "accept": true, "password": "generated"}]}`
	for what, answer := range map[string]*http.Response{
		"without a token":    served.call("POST", "/api/decisions", body),
		"from another page":  served.call("POST", "/api/decisions", body, token, header("Origin", "http://127.0.0.1:1")),
		"from another site":  served.call("POST", "/api/decisions", body, token, header("Sec-Fetch-Site", "cross-site")),
		"by GET":             served.call("GET", "/api/decisions", "", token),
		"as a form":          served.call("POST", "/api/decisions", body, token, header("Content-Type", "text/plain")),
		"for another host":   served.call("POST", "/api/decisions", body, token, func(r *http.Request) { r.Host = "localhost" }),
		"of a tab not shown": served.call("POST", "/api/decisions", body, token, header("Tab", "0123456789abcdef01234567")),
	} {
		assert.GreaterOrEqual(t, answer.StatusCode, 400, what)
	}
	assert.False(t, s.enabled("Anna New"))
	b.click(anna, "Enable")
	b.settles(anna)
	assert.True(t, s.enabled("Anna New"))
}
