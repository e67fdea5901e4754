package memad_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/internal/memad"
	"ad-user-sync/schema"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func all(t *testing.T, d *memad.Directory, s ad.Search) []ad.Entry {
	t.Helper()
	var entries []ad.Entry
	_, err := d.Search(context.Background(), s, func(e ad.Entry) error { entries = append(entries, e); return nil })
	require.NoError(t, err)
	return entries
}

func one(t *testing.T, d *memad.Directory, dn ad.DN, attributes ...string) ad.Entry {
	t.Helper()
	entries := all(t, d, ad.Search{Base: dn, Scope: ad.ScopeBase, Attributes: attributes})
	require.Len(t, entries, 1)
	return entries[0]
}

func TestANewDomainHasWhatEveryDomainHas(t *testing.T) {
	d := memad.New("plant.example", memad.At(noon))
	domain := d.Domain()
	assert.Equal(t, "DC=plant,DC=example", domain.Base.String())
	assert.Equal(t, `PLANT\Administrator`, domain.Identity)
	assert.EqualValues(t, 500, domain.SID.RID())
	assert.Contains(t, domain.Groups, adrules.SID("S-1-5-32-544"))
	head := one(t, d, domain.Base, "minPwdLength", "objectSid", "pwdProperties")
	assert.Equal(t, "7", head.Text("minPwdLength"))
	assert.Equal(t, domain.SID.Domain(), head.SID())

	partitions := all(t, d, ad.Search{Base: domain.Configuration, Filter: ad.Equal("nCName", domain.Base.String()), Attributes: []string{"nETBIOSName"}})
	require.Len(t, partitions, 1)
	assert.Equal(t, "PLANT", partitions[0].Text("nETBIOSName"))

	title := all(t, d, ad.Search{Base: domain.Schema, Scope: ad.ScopeOneLevel, Filter: ad.Equal("lDAPDisplayName", "TITLE"),
		Attributes: []string{"rangeUpper", "isSingleValued", "systemOnly", "attributeSecurityGUID"}})
	require.Len(t, title, 1)
	assert.Equal(t, "128", title[0].Text("rangeUpper"))
	assert.Equal(t, "TRUE", title[0].Text("isSingleValued"))

	guarded := all(t, d, ad.Search{Base: domain.Base, Filter: ad.And(ad.People, ad.Equal("adminCount", "1")), Attributes: []string{"sAMAccountName"}})
	assert.Len(t, guarded, 2)
}

func TestReferencesHaveOneName(t *testing.T) {
	d := memad.New("plant.example", memad.At(noon))
	for _, ref := range schema.References {
		found := all(t, d, ad.Search{Base: d.Domain().Schema, Filter: ad.Equal("lDAPDisplayName", ref.Attribute), Attributes: ad.DefinitionAttributes})
		require.Len(t, found, 1, ref.Attribute)
		definition := ad.NewDefinition(found[0])
		assert.True(t, definition.Reference(), ref.Attribute)
		assert.Empty(t, definition.Barred(true), ref.Attribute)
	}
}

func TestTheSchemaIsNotSearchedFromTheDomain(t *testing.T) {
	d := memad.New("plant.example")
	summary, err := d.Search(context.Background(), ad.Search{Base: d.Domain().Base, Filter: ad.Equal("objectClass", "attributeSchema")},
		func(ad.Entry) error { return nil })
	require.NoError(t, err)
	assert.Equal(t, ad.Summary{Entries: 0, Referrals: 1}, summary)
}

func TestTwoDirectoriesMadeAlikeAreAlike(t *testing.T) {
	build := func() *memad.Directory {
		d := memad.New("plant.example", memad.At(noon))
		d.AddGroup("CN=p-Viewers,OU=Groups")
		d.AddUser(memad.User{Parent: "OU=Managed", AccountName: "jdoe", CN: "Doe, Jane", Password: "Correct-Horse", Groups: []string{"CN=p-Viewers,OU=Groups"}})
		return d
	}
	x, y := build(), build()
	assert.Equal(t, x.Dump(x.Domain().Base), y.Dump(y.Domain().Base))
	name := x.Domain().Base.Child("OU", "Managed").Child("CN", "Doe, Jane")
	one1, one2 := one(t, x, name, "objectGUID", "objectSid", "uSNChanged"), one(t, y, name, "objectGUID", "objectSid", "uSNChanged")
	assert.Equal(t, one1, one2)
	assert.EqualValues(t, 1104, one1.SID().RID(), "after the group, which has 1103")
}

func TestACloneGoesItsOwnWay(t *testing.T) {
	d := memad.New("plant.example", memad.At(noon))
	group := d.AddGroup("CN=p-Viewers,OU=Groups")
	jane := d.AddUser(memad.User{Parent: "OU=Managed", AccountName: "jdoe", Groups: []string{"CN=p-Viewers,OU=Groups"}})
	before := d.Dump(d.Domain().Base)
	c := d.Clone()
	assert.Equal(t, before, c.Dump(d.Domain().Base))
	require.NoError(t, c.Modify(context.Background(), group, []ad.Change{{Kind: ad.DeleteValues, Attribute: "member", Values: ad.Values(jane.String())}}))
	require.NoError(t, c.Rename(context.Background(), jane, jane.Parent().Child("CN", "Jane")))
	c.AddUser(memad.User{Parent: "OU=Managed", AccountName: "other"})
	assert.Equal(t, before, d.Dump(d.Domain().Base))
	assert.NotEqual(t, before, c.Dump(d.Domain().Base))
	assert.Len(t, one(t, d, jane, "memberOf").Texts("memberOf"), 1)
}

func TestLogon(t *testing.T) {
	d := memad.New("plant.example", memad.At(noon))
	dn := d.AddUser(memad.User{AccountName: "jdoe", Password: "Correct-Horse"})
	assert.NoError(t, d.Logon("jdoe", "Correct-Horse"))
	assert.ErrorContains(t, d.Logon("jdoe", "wrong"), "data 52e")
	d.Set(dn, map[string]string{"accountExpires": fmt.Sprint(adrules.FileTime(noon))})
	assert.ErrorContains(t, d.Logon("jdoe", "Correct-Horse"), "data 701")
	d.Set(dn, map[string]string{"accountExpires": "0", "pwdLastSet": "0"})
	assert.ErrorContains(t, d.Logon("jdoe", "Correct-Horse"), "data 773")
	d.Set(dn, map[string]string{"userAccountControl": "514"})
	err := d.Logon("jdoe", "Correct-Horse")
	assert.ErrorContains(t, err, "data 533")
	assert.ErrorIs(t, err, ad.ErrCredentials)
}

func TestPasswordsNeedEncryption(t *testing.T) {
	d := memad.New("plant.example", memad.Plaintext())
	assert.False(t, d.Domain().Encrypted)
	assert.Panics(t, func() { d.AddUser(memad.User{AccountName: "jdoe", Password: "Correct-Horse"}) })
}

func TestFaults(t *testing.T) {
	ctx := context.Background()
	set := []ad.Change{{Attribute: "title", Values: ad.Values("x")}}
	build := func(f func(memad.Operation) error) (*memad.Directory, ad.DN) {
		d := memad.New("plant.example")
		dn := d.AddUser(memad.User{AccountName: "jdoe"})
		d.Fail(f)
		return d, dn
	}

	d, dn := build(memad.AtWrite(2, ad.ErrUnreachable))
	require.NoError(t, d.Modify(ctx, dn, []ad.Change{{Attribute: "title"}}))
	err := d.Modify(ctx, dn, set)
	assert.ErrorIs(t, err, ad.ErrUnreachable)
	var e *ad.Error
	assert.True(t, errors.As(err, &e))
	assert.False(t, one(t, d, dn, "title").Has("title"))

	d, dn = build(memad.LostAt(1, true))
	assert.ErrorIs(t, d.Modify(ctx, dn, set), ad.ErrOutcomeUnknown)
	assert.True(t, one(t, d, dn, "title").Has("title"))

	d, dn = build(memad.LostAt(1, false))
	assert.ErrorIs(t, d.Modify(ctx, dn, set), ad.ErrOutcomeUnknown)
	assert.False(t, one(t, d, dn, "title").Has("title"))
	require.NoError(t, d.Modify(ctx, dn, set))

	d, dn = build(memad.DeniedOn(dn))
	assert.ErrorIs(t, d.Modify(ctx, dn, set), ad.ErrDenied)

	d, dn = build(memad.DownFrom(2))
	require.NoError(t, d.Modify(ctx, dn, set))
	assert.ErrorIs(t, d.Modify(ctx, dn, set), ad.ErrUnreachable)
	_, err = d.Now(ctx)
	assert.ErrorIs(t, err, ad.ErrUnreachable)
}

func TestACancelledContextReachesNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	d := memad.New("plant.example")
	_, err := d.Search(ctx, ad.Search{Base: d.Domain().Base}, func(ad.Entry) error { return nil })
	assert.ErrorIs(t, err, ad.ErrUnreachable)
	assert.ErrorIs(t, err, context.Canceled)
	assert.Zero(t, d.Operations())
}

func TestDescriptors(t *testing.T) {
	d := memad.New("plant.example")
	dn := d.AddUser(memad.User{AccountName: "jdoe", Password: "Correct-Horse"})
	sd := one(t, d, dn, "nTSecurityDescriptor").Values("nTSecurityDescriptor")[0]
	change := func(sd []byte) error {
		return d.Modify(context.Background(), dn, []ad.Change{{Attribute: "nTSecurityDescriptor", Values: [][]byte{sd}}})
	}
	usn := d.HighestUSN()
	require.NoError(t, change(sd))
	assert.Error(t, change([]byte("rubbish")))
	assert.Equal(t, usn, d.HighestUSN())
}
