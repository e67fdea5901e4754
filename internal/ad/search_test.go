package ad_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/internal/adtest"
)

// many makes n contacts in a unit of their own and a group of them all.
func many(t *testing.T, admin *adtest.Admin, n int) (ou, group string) {
	t.Helper()
	ou = admin.OU()
	var members []string
	for i := range n {
		members = append(members, fmt.Sprintf("CN=Many %03d,%s", i, ou))
		admin.Add(members[i], map[string][]string{"objectClass": {"contact"}, "description": {strings.Repeat("x", 100)}})
	}
	group = "CN=" + strings.ReplaceAll(t.Name(), "/", " ") + "," + ou
	admin.Add(group, map[string][]string{"objectClass": {"group"}, "sAMAccountName": {"t." + strings.ToLower(t.Name())}})
	admin.Join(group, members...)
	return ou, group
}

func TestSearchPages(t *testing.T) {
	lab := adtest.Lab(t)
	ou, group := many(t, lab.Target.Admin(t), 300)
	o := options(t, lab, lab.Target, "svc-import")
	o.PageSize = 50
	client := connect(t, o)

	before := client.Operations().Searches
	found := all(t, client, ad.Search{Base: dn(t, ou), Scope: ad.ScopeOneLevel, Filter: ad.Equal("objectClass", "contact"), Attributes: []string{"cn"}})
	assert.Len(t, found, 300)
	assert.GreaterOrEqual(t, client.Operations().Searches-before, 6)
	names := map[string]bool{}
	for _, entry := range found {
		names[entry.Text("CN")] = true
		assert.True(t, entry.DN.Within(dn(t, ou)))
	}
	assert.Len(t, names, 300)

	t.Run("the same search twice", func(t *testing.T) {
		assert.Len(t, all(t, client, ad.Search{Base: dn(t, ou), Filter: ad.Equal("objectClass", "contact"), Attributes: []string{"cn"}}), 300)
	})
	t.Run("a search within a search", func(t *testing.T) {
		inner := 0
		_, err := client.Search(context.Background(), ad.Search{Base: dn(t, ou), Filter: ad.Equal("objectClass", "contact"), Attributes: []string{"cn"}}, func(e ad.Entry) error {
			inner += len(all(t, client, ad.Search{Base: e.DN, Scope: ad.ScopeBase, Attributes: []string{"cn"}}))
			return nil
		})
		require.NoError(t, err)
		assert.Equal(t, 300, inner)
	})
	t.Run("ranges are put together", func(t *testing.T) {
		for _, ask := range []string{"member", "member;range=0-99", "member;range=0-0"} {
			group := all(t, client, ad.Search{Base: dn(t, group), Scope: ad.ScopeBase, Attributes: []string{ask}})
			members := group[0].Texts("member")
			assert.Len(t, members, 300, ask)
			slices.Sort(members)
			assert.Len(t, slices.Compact(members), 300, ask)
			assert.Equal(t, []string{"member"}, group[0].Names())
		}
	})
	t.Run("the caller stops", func(t *testing.T) {
		stop := errors.New("enough")
		summary, err := client.Search(context.Background(), ad.Search{Base: dn(t, ou), Filter: ad.Anything, Attributes: []string{"cn"}}, func(ad.Entry) error { return stop })
		assert.Equal(t, stop, err)
		assert.Equal(t, 1, summary.Entries)
	})
}

func TestSearchReads(t *testing.T) {
	lab := adtest.Lab(t)
	client := connect(t, options(t, lab, lab.Source, "svc-export"))
	ctx := context.Background()

	t.Run("a person with photo and binary values", func(t *testing.T) {
		found := all(t, client, ad.Search{Base: dn(t, lab.Source.Base), Filter: ad.And(ad.People, ad.Equal("sAMAccountName", "jdoe")),
			Attributes: []string{"objectGUID", "objectSid", "thumbnailPhoto", "memberOf", "userAccountControl"}})
		require.Len(t, found, 1)
		jane := found[0]
		assert.False(t, jane.GUID().IsZero())
		assert.Equal(t, client.Domain().SID.Domain(), jane.SID().Domain())
		assert.Equal(t, "\xff\xd8", jane.Text("thumbnailphoto")[:2])
		assert.Len(t, jane.Texts("memberOf"), 2)
		uac, ok := jane.Int("userAccountControl")
		assert.True(t, ok)
		assert.False(t, adrules.UserAccountControl(uac).Disabled())
		byGUID := all(t, client, ad.Search{Base: ad.ByGUID(jane.GUID()), Scope: ad.ScopeBase, Attributes: []string{"objectGUID"}})
		assert.Equal(t, jane.GUID(), byGUID[0].GUID())
		guid := jane.GUID()
		assert.Len(t, all(t, client, ad.Search{Base: client.Domain().Base, Filter: ad.Equal("objectGUID", string(guid[:])), Attributes: []string{"cn"}}), 1)
	})
	t.Run("names with special characters", func(t *testing.T) {
		people := dn(t, "OU=People,"+lab.Source.Base)
		for _, cn := range []string{"Doe, Jane", `Plus+Minus "Connor" <x>; \ #1`, "李伟", "Jürgen Müller", "Siobhán O'Brien"} {
			byName := all(t, client, ad.Search{Base: people.Child("CN", cn), Scope: ad.ScopeBase, Attributes: []string{"cn"}})
			require.Len(t, byName, 1, cn)
			assert.Equal(t, cn, byName[0].Text("cn"))
			assert.True(t, byName[0].DN.Equal(people.Child("cn", cn)), "%s and %s", byName[0].DN, people.Child("cn", cn))
			_, value := byName[0].DN.Name()
			assert.Equal(t, cn, value)
			assert.Len(t, all(t, client, ad.Search{Base: people, Filter: ad.Equal("cn", cn), Attributes: []string{"cn"}}), 1, cn)
		}
	})
	t.Run("nested groups", func(t *testing.T) {
		admins := dn(t, "CN=t-Administrators,OU=Groups,"+lab.Source.Base)
		assert.Len(t, all(t, client, ad.Search{Base: client.Domain().Base, Filter: ad.And(ad.People, ad.Equal("memberOf", admins.String())), Attributes: []string{"cn"}}), 1)
		assert.Len(t, all(t, client, ad.Search{Base: client.Domain().Base, Filter: ad.And(ad.People, ad.InChain("memberOf", admins)), Attributes: []string{"cn"}}), 3)
	})
	t.Run("disabled", func(t *testing.T) {
		people := dn(t, "OU=People,"+lab.Source.Base)
		disabled := ad.Equal("userAccountControl:1.2.840.113556.1.4.803:", "2") // all bits set
		off := all(t, client, ad.Search{Base: people, Filter: disabled, Attributes: []string{"sAMAccountName"}})
		require.Len(t, off, 1)
		assert.Equal(t, "gparty", off[0].Text("sAMAccountName"))
		on := all(t, client, ad.Search{Base: people, Filter: ad.And(ad.People, ad.Not(disabled)), Attributes: []string{"cn"}})
		assert.Len(t, on, 24)
	})
	t.Run("referrals are counted", func(t *testing.T) {
		summary, err := client.Search(ctx, ad.Search{Base: client.Domain().Base, Filter: ad.Equal("sAMAccountName", "jdoe"), Attributes: []string{"cn"}}, func(ad.Entry) error { return nil })
		require.NoError(t, err)
		assert.Equal(t, ad.Summary{Entries: 1, Referrals: 1}, summary)
	})
	t.Run("a base that is not there", func(t *testing.T) {
		_, err := client.Search(ctx, ad.Search{Base: dn(t, "OU=None,"+lab.Source.Base), Attributes: []string{"cn"}}, nil)
		require.ErrorIs(t, err, ad.ErrNotFound)
		assert.Contains(t, err.Error(), "OU=None")
	})
	t.Run("a malformed filter", func(t *testing.T) {
		_, err := client.Search(ctx, ad.Search{Base: client.Domain().Base, Filter: "(cn=", Attributes: []string{"cn"}}, nil)
		require.ErrorIs(t, err, ad.ErrBadValue)
	})
}

func TestSearchThroughFaults(t *testing.T) {
	lab := adtest.Lab(t)
	ou, _ := many(t, lab.Target.Admin(t), 200)
	search := ad.Search{Base: dn(t, ou), Filter: ad.Equal("objectClass", "contact"), Attributes: []string{"cn", "description"}}
	within := func(t *testing.T, timeout time.Duration) (*proxy, *ad.Client) {
		p := newProxy(t, lab.Target.Address+":636")
		o := options(t, lab, lab.Target, "svc-import")
		o.Servers, o.PageSize, o.Timeout = []string{"ldaps://" + p.address()}, 50, timeout
		return p, connect(t, o)
	}
	through := func(t *testing.T) (*proxy, *ad.Client) { return within(t, 20*time.Second) }
	t.Run("reset under the first page: read again", func(t *testing.T) {
		t.Parallel()
		p, client := through(t)
		p.cutAfter.Store(3000)
		assert.Len(t, all(t, client, search), 200)
	})
	t.Run("idle connection closed: connect again", func(t *testing.T) {
		t.Parallel()
		p, client := through(t)
		p.drop()
		assert.Len(t, all(t, client, search), 200)
	})
	for name, at := range map[string]int{"in the middle of a page": 60, "exactly between pages": 50} {
		t.Run("reset "+name+": begun again, and everybody once", func(t *testing.T) {
			t.Parallel()
			p, client := through(t)
			n := 0
			summary, err := client.Search(context.Background(), search, func(ad.Entry) error {
				if n++; n == at {
					p.drop()
				}
				return nil
			})
			require.NoError(t, err)
			assert.Equal(t, 200, n)
			assert.Equal(t, 200, summary.Entries)
		})
	}
	t.Run("black hole: an error in time", func(t *testing.T) {
		t.Parallel()
		p, client := within(t, 2*time.Second)
		p.hole.Store(true)
		_, err := client.Search(context.Background(), search, func(ad.Entry) error { return nil })
		require.ErrorIs(t, err, ad.ErrUnreachable)
	})
	t.Run("given up", func(t *testing.T) {
		t.Parallel()
		p, client := through(t)
		p.hole.Store(true)
		ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
		defer cancel()
		_, err := client.Search(ctx, search, func(ad.Entry) error { return nil })
		require.ErrorIs(t, err, ad.ErrUnreachable)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		p.hole.Store(false)
		assert.Len(t, all(t, client, search), 200, "the client goes on with another context")
	})
	t.Run("given up between pages", func(t *testing.T) {
		t.Parallel()
		_, client := through(t)
		ctx, cancel := context.WithCancel(context.Background())
		n := 0
		_, err := client.Search(ctx, search, func(ad.Entry) error { n++; cancel(); return nil })
		require.ErrorIs(t, err, context.Canceled)
		assert.Equal(t, 50, n)
	})
	t.Run("a slow reader loses nothing", func(t *testing.T) {
		t.Parallel()
		p := newProxy(t, lab.Target.Address+":636")
		o := options(t, lab, lab.Target, "svc-import")
		o.Servers, o.PageSize, o.Timeout = []string{"ldaps://" + p.address()}, 100, 2*time.Second
		client := connect(t, o)
		n := 0
		_, err := client.Search(context.Background(), search, func(ad.Entry) error {
			if n++; n == 1 {
				time.Sleep(2100 * time.Millisecond) // longer than the timeout: the thing under test
			}
			return nil
		})
		require.NoError(t, err)
		assert.Equal(t, 200, n)
	})
	t.Run("closed", func(t *testing.T) {
		t.Parallel()
		_, client := through(t)
		require.NoError(t, client.Close())
		_, err := client.Search(context.Background(), search, func(ad.Entry) error { return nil })
		require.ErrorIs(t, err, ad.ErrUnreachable)
	})
}
