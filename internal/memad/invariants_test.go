package memad_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/memad"
)

// TestInvariants lets random requests loose on a directory. Whatever is
// accepted or refused: a refused request changes nothing, every object is found
// by its name and by its objectGUID, links are seen from both ends, and no
// account name is there twice.
func TestInvariants(t *testing.T) {
	ctx := context.Background()
	empty := memad.New("plant.example", memad.At(noon))
	ou := empty.AddOU("OU=x")
	empty.AddOU("OU=sub,OU=x")
	rapid.Check(t, func(t *rapid.T) {
		d := empty.Clone()
		name := rapid.SampledFrom([]string{"a", "A", "b", "ä", "c,d", "sub", "", strings.Repeat("x", 65)})
		object := func(label string) ad.DN {
			parent := ou
			if rapid.Bool().Draw(t, label+" below") {
				parent = ou.Child("OU", "sub")
			}
			return parent.Child("CN", name.Draw(t, label))
		}
		request := func() error {
			switch rapid.IntRange(0, 5).Draw(t, "request") {
			case 0, 1:
				class := rapid.SampledFrom([]string{"user", "group"}).Draw(t, "class")
				return d.Add(ctx, object("new"), []ad.Attribute{{Name: "objectClass", Values: ad.Values(class)},
					{Name: "sAMAccountName", Values: ad.Values(name.Draw(t, "account"))}})
			case 2:
				return d.Rename(ctx, object("from"), object("to"))
			case 3:
				kind := rapid.SampledFrom([]ad.ChangeKind{ad.AddValues, ad.DeleteValues, ad.Replace}).Draw(t, "kind")
				return d.Modify(ctx, object("group"), []ad.Change{{Attribute: "title"},
					{Kind: kind, Attribute: "member", Values: ad.Values(object("member").String(), object("second").String())}})
			case 4:
				return d.Modify(ctx, object("user"), []ad.Change{{Attribute: "title", Values: ad.Values("x")},
					{Attribute: "manager", Values: ad.Values(object("manager").String())}, {Attribute: "sAMAccountName", Values: ad.Values(name.Draw(t, "account"))}})
			}
			return d.Delete(object("gone"))
		}
		for range rapid.IntRange(1, 25).Draw(t, "requests") {
			before, usn := d.Dump(ou), d.HighestUSN()
			if err := request(); err != nil {
				require.Equal(t, before, d.Dump(ou), err)
				require.Equal(t, usn, d.HighestUSN(), err)
			}
		}
		checkInvariants(t, d)
	})
}

func checkInvariants(t *rapid.T, d *memad.Directory) {
	ctx := context.Background()
	entries := map[string]ad.Entry{}
	accounts := map[string]bool{}
	_, err := d.Search(ctx, ad.Search{Base: d.Domain().Base, Attributes: []string{"objectGUID", "member", "memberOf", "manager", "directReports", "sAMAccountName"}},
		func(e ad.Entry) error { entries[e.DN.String()] = e; return nil })
	require.NoError(t, err)
	for _, e := range entries {
		for _, base := range []ad.DN{e.DN, ad.ByGUID(e.GUID())} {
			_, err := d.Search(ctx, ad.Search{Base: base, Scope: ad.ScopeBase}, func(found ad.Entry) error {
				require.Equal(t, e.DN.String(), found.DN.String())
				return nil
			})
			require.NoError(t, err)
		}
		for forward, back := range map[string]string{"member": "memberOf", "memberOf": "member", "manager": "directReports", "directReports": "manager"} {
			for _, target := range e.Texts(forward) {
				require.Contains(t, entries[target].Texts(back), e.DN.String(), "%s of %s", forward, e.DN)
			}
		}
		if account := strings.ToLower(e.Text("sAMAccountName")); account != "" {
			require.False(t, accounts[account], account)
			accounts[account] = true
		}
	}
}

func TestManyAtOnce(t *testing.T) {
	d := memad.New("plant.example")
	group := d.AddGroup("CN=g,OU=x")
	var workers sync.WaitGroup
	for w := range 4 {
		workers.Go(func() {
			for i := range 25 {
				name := fmt.Sprintf("u%d-%d", w, i)
				dn := group.Parent().Child("CN", name)
				assert.NoError(t, d.Add(t.Context(), dn, []ad.Attribute{{Name: "objectClass", Values: ad.Values("user")}}))
				assert.NoError(t, d.Modify(t.Context(), group, []ad.Change{{Kind: ad.AddValues, Attribute: "member", Values: ad.Values(dn.String())}}))
				_, err := d.Search(t.Context(), ad.Search{Base: group.Parent(), Filter: ad.Equal("memberOf", group.String())}, func(e ad.Entry) error {
					_, err := d.Now(t.Context()) // the reader may ask the directory
					return err
				})
				assert.NoError(t, err)
			}
		})
	}
	workers.Wait()
	assert.Len(t, one(t, d, group, "member").Texts("member"), 100)
}

// BenchmarkSearchOfManyPeople is a read of 5,000 people as the import does it.
func BenchmarkSearchOfManyPeople(b *testing.B) {
	d := memad.New("plant.example")
	d.AddGroup("CN=g,OU=x")
	for i := range 5000 {
		d.AddUser(memad.User{Parent: "OU=x", AccountName: fmt.Sprintf("user%d", i), Groups: []string{"CN=g,OU=x"}})
	}
	base, err := d.Domain().Base.Join("OU=x")
	require.NoError(b, err)
	for b.Loop() {
		n := 0
		_, err := d.Search(b.Context(), ad.Search{Base: base, Filter: ad.People, Attributes: []string{"cn", "sAMAccountName", "userAccountControl", "objectGUID", "memberOf"}},
			func(ad.Entry) error { n++; return nil })
		require.NoError(b, err)
		require.Equal(b, 5000, n)
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		memad.New("plant.example")
	}
}
