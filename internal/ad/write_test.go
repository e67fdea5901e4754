package ad_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adtest"
)

func replace(attribute string, values ...string) ad.Change {
	return ad.Change{Kind: ad.Replace, Attribute: attribute, Values: ad.Values(values...)}
}

func user(account string, more ...ad.Attribute) []ad.Attribute {
	return append([]ad.Attribute{
		{Name: "objectClass", Values: ad.Values("user")}, {Name: "sAMAccountName", Values: ad.Values(account)},
		{Name: "userAccountControl", Values: ad.Values("514")},
	}, more...)
}

func TestWrites(t *testing.T) {
	lab := adtest.Lab(t)
	admin := lab.Target.Admin(t)
	ou := dn(t, admin.OU())
	client := connect(t, options(t, lab, lab.Target, "Administrator"))
	ctx := context.Background()
	hostile := []string{"Doe, Jane", `a=b+c"d\e<f>g;h#i`, "#first", "李伟", "emoji 🙂", "two  blanks", "ÄÖÜ ß", "(par)*enth/esis&|!", strings.Repeat("ü", 64)}
	for _, cn := range hostile {
		t.Run("add, change, rename "+cn, func(t *testing.T) {
			name := ou.Child("CN", cn)
			require.NoError(t, client.Add(ctx, name, []ad.Attribute{{Name: "objectClass", Values: ad.Values("contact")}}))
			require.NoError(t, client.Modify(ctx, name, []ad.Change{replace("description", "one"), replace("info", cn)}))
			renamed := ou.Child("CN", "x"+cn[1:])
			if cn[0] > 127 {
				renamed = ou.Child("CN", "other")
			}
			require.NoError(t, client.Rename(ctx, name, renamed))
			found := all(t, client, ad.Search{Base: renamed, Scope: ad.ScopeBase, Attributes: []string{"info", "cn"}})
			require.Len(t, found, 1)
			assert.Equal(t, cn, found[0].Text("info"))
			require.NoError(t, client.Rename(ctx, renamed, name))
			byName := all(t, client, ad.Search{Base: ou, Filter: ad.Equal("cn", cn), Attributes: []string{"cn"}})
			require.Len(t, byName, 1)
			assert.Equal(t, cn, byName[0].Text("cn"))
		})
	}
	t.Run("move and rename at once", func(t *testing.T) {
		require.NoError(t, client.Add(ctx, ou.Child("OU", "Sub, unit"), []ad.Attribute{{Name: "objectClass", Values: ad.Values("organizationalUnit")}}))
		require.NoError(t, client.Add(ctx, ou.Child("CN", "Mover"), user("t.mover")))
		to := ou.Child("OU", "Sub, unit").Child("CN", "Moved, too")
		require.NoError(t, client.Rename(ctx, ou.Child("CN", "Mover"), to))
		assert.Equal(t, "t.mover", all(t, client, ad.Search{Base: to, Scope: ad.ScopeBase, Attributes: []string{"sAMAccountName"}})[0].Text("sAMAccountName"))
	})
	t.Run("only the case of a name", func(t *testing.T) {
		require.NoError(t, client.Add(ctx, ou.Child("CN", "case"), user("t.case")))
		require.NoError(t, client.Rename(ctx, ou.Child("CN", "case"), ou.Child("CN", "CASE")))
		assert.Equal(t, "CASE", all(t, client, ad.Search{Base: ou, Filter: ad.Equal("sAMAccountName", "t.case"), Attributes: []string{"cn"}})[0].Text("cn"))
	})
	t.Run("operations are counted", func(t *testing.T) {
		before := client.Operations()
		require.NoError(t, client.Modify(ctx, ou, []ad.Change{replace("description", "counted")}))
		after := client.Operations()
		before.Modifies++
		assert.Equal(t, before, after)
	})
}

func TestRefusals(t *testing.T) {
	lab := adtest.Lab(t)
	admin := lab.Target.Admin(t)
	ou := dn(t, admin.OU())
	client := connect(t, options(t, lab, lab.Target, "Administrator"))
	weak := connect(t, options(t, lab, lab.Target, "svc-import"))
	ctx := context.Background()
	add := func(cn string, attributes []ad.Attribute) error {
		return client.Add(ctx, ou.Child("CN", cn), attributes)
	}
	modify := func(cn string, changes ...ad.Change) error { return client.Modify(ctx, ou.Child("CN", cn), changes) }
	require.NoError(t, add("Anna", user("t.anna", ad.Attribute{Name: "userPrincipalName", Values: ad.Values("t.anna@plant.example")})))
	group := ou.Child("CN", "Group")
	require.NoError(t, client.Add(ctx, group, []ad.Attribute{{Name: "objectClass", Values: ad.Values("group")}, {Name: "sAMAccountName", Values: ad.Values("t.group")}}))
	member := func(kind ad.ChangeKind, name ad.DN) ad.Change {
		return ad.Change{Kind: kind, Attribute: "member", Values: ad.Values(name.String())}
	}
	require.NoError(t, modify("Group", member(ad.AddValues, ou.Child("CN", "Anna"))))
	other := dn(t, "CN=svc-import,CN=Users,"+lab.Target.Base)

	for name, tc := range map[string]struct {
		err  error
		kind error
	}{
		"name taken, in other case":  {add("ANNA", user("t.anna2")), ad.ErrExists},
		"account name taken":         {add("Other", user("T.ANNA")), ad.ErrExists},
		"principal name taken":       {add("Other", user("t.other", ad.Attribute{Name: "userPrincipalName", Values: ad.Values("T.ANNA@plant.example")})), ad.ErrExists},
		"rename onto another":        {client.Rename(ctx, group, ou.Child("CN", "Anna")), ad.ErrExists},
		"member twice":               {modify("Group", member(ad.AddValues, ou.Child("CN", "anna"))), ad.ErrExists},
		"no such object":             {modify("Nobody", replace("description", "x")), ad.ErrNotFound},
		"rename no such object":      {client.Rename(ctx, ou.Child("CN", "Nobody"), ou.Child("CN", "X")), ad.ErrNotFound},
		"no such parent":             {client.Add(ctx, ou.Child("OU", "none").Child("CN", "X"), user("t.x")), ad.ErrNotFound},
		"move to no such parent":     {client.Rename(ctx, group, ou.Child("OU", "none").Child("CN", "Group")), ad.ErrNotFound},
		"remove who is not a member": {modify("Group", member(ad.DeleteValues, other)), ad.ErrNotFound},
		"add a member that is none":  {modify("Group", member(ad.AddValues, ou.Child("CN", "Nobody"))), ad.ErrNotFound},
		"delete an absent value":     {modify("Anna", ad.Change{Kind: ad.DeleteValues, Attribute: "title", Values: ad.Values("x")}), ad.ErrNotFound},
		"value too long":             {modify("Anna", replace("initials", "1234567")), ad.ErrBadValue},
		"two values of one":          {modify("Anna", replace("department", "a", "b")), ad.ErrBadValue},
		"empty value":                {modify("Anna", replace("department", "")), ad.ErrBadValue},
		"no such attribute":          {modify("Anna", replace("fooBar", "x")), ad.ErrBadValue},
		"attribute of another class": {modify("Group", replace("accountExpires", "0")), ad.ErrBadValue},
		"bad account name":           {modify("Anna", replace("sAMAccountName", "a/b")), ad.ErrBadValue},
		"manager that is none":       {modify("Anna", replace("manager", "CN=Nobody,"+lab.Target.Base)), ad.ErrBadValue},
		"the name as an attribute":   {modify("Anna", replace("cn", "Berta")), ad.ErrBadValue},
		"nothing to change":          {modify("Anna"), ad.ErrBadValue},
		"short password":             {modify("Anna", ad.Change{Attribute: "unicodePwd", Values: [][]byte{ad.PasswordValue("x")}}), ad.ErrPasswordPolicy},
		"password without quotes":    {modify("Anna", replace("unicodePwd", "Some-Passw0rd")), ad.ErrRefused},
		"no right to change":         {weak.Modify(ctx, ou.Child("CN", "Anna"), []ad.Change{replace("description", "x")}), ad.ErrDenied},
		"no right to create":         {weak.Add(ctx, ou.Child("CN", "X"), user("t.x")), ad.ErrDenied},
		"no right to rename":         {weak.Rename(ctx, group, ou.Child("CN", "X")), ad.ErrDenied},
		"rename by GUID":             {client.Rename(ctx, ad.ByGUID([16]byte{1}), ou.Child("CN", "X")), ad.ErrBadValue},
	} {
		t.Run(name, func(t *testing.T) {
			require.ErrorIs(t, tc.err, tc.kind)
			t.Log(tc.err, "|", ad.Hint(tc.err))
		})
	}
	require.NoError(t, modify("Anna", replace("title")), "clearing what is not there succeeds")
}

func TestWritesThroughFaults(t *testing.T) {
	lab := adtest.Lab(t)
	admin := lab.Target.Admin(t)
	ou := dn(t, admin.OU())
	ctx := context.Background()
	within := func(t *testing.T, timeout time.Duration) (*proxy, *ad.Client) {
		p := newProxy(t, lab.Target.Address+":636")
		o := options(t, lab, lab.Target, "Administrator")
		o.Servers, o.Timeout = []string{"ldaps://" + p.address()}, timeout
		return p, connect(t, o)
	}
	through := func(t *testing.T) (*proxy, *ad.Client) { return within(t, 20*time.Second) }
	contact := []ad.Attribute{{Name: "objectClass", Values: ad.Values("contact")}}
	t.Run("idle connection closed: connect again and write", func(t *testing.T) {
		t.Parallel()
		p, client := through(t)
		require.NoError(t, client.Add(ctx, ou.Child("CN", "before"), contact))
		p.drop()
		awaitLoss(t, client)
		require.NoError(t, client.Add(ctx, ou.Child("CN", "after"), contact))
	})
	t.Run("no answer: the outcome is unknown, and it is not sent again", func(t *testing.T) {
		t.Parallel()
		p, client := through(t)
		p.cutAfter.Store(0)
		before := client.Operations().Adds
		err := client.Add(ctx, ou.Child("CN", "unanswered"), contact)
		require.ErrorIs(t, err, ad.ErrOutcomeUnknown)
		assert.Equal(t, before+1, client.Operations().Adds)
		found := all(t, client, ad.Search{Base: ou, Filter: ad.Equal("cn", "unanswered"), Attributes: []string{"cn"}})
		assert.LessOrEqual(t, len(found), 1, "it can be read back on a new connection")
	})
	t.Run("black hole: the outcome is unknown", func(t *testing.T) {
		t.Parallel()
		p, client := within(t, 2*time.Second)
		p.hole.Store(true)
		err := client.Modify(ctx, ou, []ad.Change{replace("description", "x")})
		require.ErrorIs(t, err, ad.ErrOutcomeUnknown)
		assert.Contains(t, err.Error(), "nothing came from it for")
	})
	t.Run("given up", func(t *testing.T) {
		t.Parallel()
		p, client := through(t)
		p.hole.Store(true)
		limited, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
		defer cancel()
		err := client.Modify(limited, ou, []ad.Change{replace("description", "x")})
		require.ErrorIs(t, err, ad.ErrOutcomeUnknown)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.ErrorIs(t, client.Modify(limited, ou, nil), ad.ErrBadValue)
		p.hole.Store(false)
		require.ErrorIs(t, client.Modify(limited, ou, []ad.Change{replace("description", "x")}), ad.ErrUnreachable, "nothing was sent")
	})
	t.Run("idle connection died unnoticed: connect again before the write", func(t *testing.T) {
		t.Parallel()
		p, client := within(t, 2*time.Second)
		p.freeze() // as a firewall that forgot the connection
		ad.Idle(client, 10*time.Minute)
		require.NoError(t, client.Add(ctx, ou.Child("CN", "after idling"), contact))
	})
	t.Run("controller away, then back", func(t *testing.T) {
		t.Parallel()
		p, client := through(t)
		address := p.address()
		require.NoError(t, p.listener.Close())
		p.drop()
		awaitLoss(t, client)
		timer := time.AfterFunc(500*time.Millisecond, func() { p.listen(address) })
		defer timer.Stop()
		require.NoError(t, client.Modify(ctx, ou, []ad.Change{replace("description", "back")}))
	})
	t.Run("nothing moves to another controller by itself", func(t *testing.T) {
		t.Parallel()
		p := newProxy(t, lab.Target.Address+":636")
		o := options(t, lab, lab.Target, "Administrator")
		o.Servers, o.Timeout = []string{"ldaps://" + p.address(), lab.Target.URL()}, 2*time.Second
		client := connect(t, o)
		require.NoError(t, p.listener.Close())
		p.drop()
		awaitLoss(t, client)
		require.ErrorIs(t, client.Modify(ctx, ou, []ad.Change{replace("description", "two")}), ad.ErrUnreachable)
		_, err := client.Now(ctx)
		require.ErrorIs(t, err, ad.ErrUnreachable)
		require.NoError(t, client.Failover(ctx))
		require.NoError(t, client.Modify(ctx, ou, []ad.Change{replace("description", "two")}))
		require.ErrorIs(t, client.Failover(ctx), ad.ErrUnreachable, "nothing listens where it was before")
		require.NoError(t, client.Modify(ctx, ou, []ad.Change{replace("description", "three")}), "and the present one is kept")
	})
	t.Run("another domain answers after a loss", func(t *testing.T) {
		t.Parallel()
		p, client := through(t)
		p.setUpstream(lab.Source.Address + ":636")
		p.drop()
		_, err := client.Now(ctx)
		require.Error(t, err)
	})
}

// awaitLoss reads until the client's connection is known to be gone, without
// making a new one.
func awaitLoss(t *testing.T, client *ad.Client) {
	t.Helper()
	require.Eventually(t, func() bool { return ad.Lost(client) }, 5*time.Second, 5*time.Millisecond)
}
