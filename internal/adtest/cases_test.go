package adtest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/memad"
)

// Directory is what the contract holds a directory to.
type Directory interface {
	Search(context.Context, ad.Search, func(ad.Entry) error) (ad.Summary, error)
	Add(context.Context, ad.DN, []ad.Attribute) error
	Modify(context.Context, ad.DN, []ad.Change) error
	Rename(context.Context, ad.DN, ad.DN) error
	Domain() ad.Domain
	Now(context.Context) (time.Time, error)
	Operations() ad.Operations
	Close() error
}

var (
	_ Directory = (*ad.Client)(nil)
	_ Directory = (*memad.Directory)(nil)
)

// Target is a directory to be held to the contract.
type Target struct {
	Directory
	OU    ad.DN // empty, for the contract alone
	Samba bool  // it is laxer than Active Directory where a case says so
}

// SambaPageSize is small, so that few objects make several pages.
const SambaPageSize = 100

// Case is one thing that a directory does or refuses.
type Case struct {
	Name string
	Do   func(*Scene) error
	Want error // the kind of the refusal; nil: carried out
	Code []int // LDAP result codes, one of which is given; none: any
	// Stricter names the source of a rule of Active Directory that Samba does
	// not have: what Samba does is logged then, not judged.
	Stricter string
}

// errRefused as Want: any kind of refusal.
var errRefused = errors.New("refused, for whatever reason")

// Contract holds a directory to all cases.
func Contract(t *testing.T, target Target) {
	for _, group := range []struct {
		name  string
		cases []Case
	}{
		{"add", addCases()}, {"values", valueCases()}, {"modify", modifyCases()}, {"rename", renameCases()},
		{"names", nameCases()}, {"search", searchCases()}, {"groups", groupCases()}, {"accounts", accountCases()},
		{"passwords", passwordCases()}, {"descriptors", descriptorCases()}, {"managers", managerCases()},
	} {
		t.Run(group.name, func(t *testing.T) {
			for _, c := range group.cases {
				t.Run(c.Name, func(t *testing.T) { c.run(t, target) })
			}
		})
	}
}

func (c Case) run(t *testing.T, target Target) {
	s := newScene(t, target)
	err := c.Do(s)
	if c.Stricter != "" && target.Samba {
		t.Logf("laxer than Active Directory (%s): %v", c.Stricter, err)
		return
	}
	if c.Want == nil {
		require.NoError(t, err)
		return
	}
	var e *ad.Error
	require.ErrorAs(t, err, &e)
	if c.Want != errRefused {
		assert.ErrorIs(t, err, c.Want)
	}
	if len(c.Code) > 0 {
		assert.Truef(t, slices.Contains(c.Code, e.Code), "result code %d of %v", e.Code, err)
	}
	assert.NotEmpty(t, e.Doing)
	assert.NotContains(t, e.Error(), secretText, "an error tells a password")
}

// Scene is where one case takes place: an organizational unit of its own.
type Scene struct {
	*testing.T
	Target
	tag string // distinguishes the account names of this scene
}

func newScene(t *testing.T, target Target) *Scene {
	s := &Scene{T: t, Target: target, tag: strings.ToLower(rand.Text()[:8])}
	s.OU = target.OU.Child("OU", s.tag)
	s.must(s.add(s.OU, "organizationalUnit"))
	return s
}

func (s *Scene) must(err error) {
	s.Helper()
	require.NoError(s, err)
}

// account is a name that no other scene has.
func (s *Scene) account(name string) string { return name + "." + s.tag }

func (s *Scene) upn(name string) string { return s.account(name) + "@" + s.Domain().Name }

func attribute(name string, values ...string) ad.Attribute {
	return ad.Attribute{Name: name, Values: ad.Values(values...)}
}

func replace(name string, values ...string) ad.Change {
	return ad.Change{Kind: ad.Replace, Attribute: name, Values: ad.Values(values...)}
}

func addValues(name string, values ...string) ad.Change {
	return ad.Change{Kind: ad.AddValues, Attribute: name, Values: ad.Values(values...)}
}

func deleteValues(name string, values ...string) ad.Change {
	return ad.Change{Kind: ad.DeleteValues, Attribute: name, Values: ad.Values(values...)}
}

func (s *Scene) add(dn ad.DN, class string, attributes ...ad.Attribute) error {
	return s.Add(s.Context(), dn, append([]ad.Attribute{attribute("objectClass", class)}, attributes...))
}

// cn is a name in the scene's unit.
func (s *Scene) cn(name string) ad.DN { return s.OU.Child("CN", name) }

// addUser tries to make a user.
func (s *Scene) addUser(name string, attributes ...ad.Attribute) error {
	return s.add(s.cn(name), "user", attributes...)
}

// user makes one that is disabled, with an account name.
func (s *Scene) user(name string, attributes ...ad.Attribute) ad.DN {
	s.Helper()
	s.must(s.addUser(name, append(attributes, attribute("sAMAccountName", s.account(name)))...))
	return s.cn(name)
}

func (s *Scene) group(name string, members ...ad.DN) ad.DN {
	s.Helper()
	attributes := []ad.Attribute{attribute("sAMAccountName", s.account(name))}
	if len(members) > 0 {
		attributes = append(attributes, attribute("member", texts(members)...))
	}
	s.must(s.add(s.cn(name), "group", attributes...))
	return s.cn(name)
}

func texts(names []ad.DN) []string {
	var all []string
	for _, name := range names {
		all = append(all, name.String())
	}
	return all
}

func (s *Scene) modify(dn ad.DN, changes ...ad.Change) error {
	return s.Modify(s.Context(), dn, changes)
}

func (s *Scene) rename(dn, to ad.DN) error { return s.Rename(s.Context(), dn, to) }

// read returns one object by name.
func (s *Scene) read(dn ad.DN, attributes ...string) ad.Entry {
	s.Helper()
	found := s.find(ad.Search{Base: dn, Scope: ad.ScopeBase, Attributes: append(attributes, "objectGUID")})
	require.Len(s, found, 1, dn.String())
	return found[0]
}

func (s *Scene) text(dn ad.DN, attribute string) string {
	s.Helper()
	return s.read(dn, attribute).Text(attribute)
}

func (s *Scene) find(search ad.Search) []ad.Entry {
	s.Helper()
	var found []ad.Entry
	if search.Filter == "" {
		search.Filter = ad.Anything
	}
	summary, err := s.Search(s.Context(), search, func(e ad.Entry) error { found = append(found, e); return nil })
	s.must(err)
	assert.Equal(s, len(found), summary.Entries)
	return found
}

// matching are the CNs in the scene's unit that a filter finds, sorted.
func (s *Scene) matching(f ad.Filter) string {
	s.Helper()
	var names []string
	for _, e := range s.find(ad.Search{Base: s.OU, Filter: f, Attributes: []string{"cn"}}) {
		names = append(names, e.Text("cn"))
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

func (s *Scene) exists(dn ad.DN) bool {
	s.Helper()
	_, err := s.Search(s.Context(), ad.Search{Base: dn, Scope: ad.ScopeBase, Filter: ad.Anything, Attributes: []string{"cn"}},
		func(ad.Entry) error { return nil })
	if err != nil {
		require.ErrorIs(s, err, ad.ErrNotFound)
	}
	return err == nil
}

func (s *Scene) usn(dn ad.DN) string {
	s.Helper()
	return s.text(dn, "uSNChanged")
}

func (s *Scene) number(dn ad.DN, attribute string) int64 {
	s.Helper()
	n, ok := s.read(dn, attribute).Int(attribute)
	require.True(s, ok, fmt.Sprintf("%s of %s", attribute, dn))
	return n
}
