package adtest

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

func searchCases() []Case {
	cases := []Case{
		{Name: "scopes", Do: scopes},
		{Name: "below an objectGUID", Do: func(s *Scene) error {
			sub := s.unit("sub")
			s.must(s.add(sub.Child("CN", "a"), "user"))
			found := s.find(ad.Search{Base: ad.ByGUID(s.read(sub).GUID()), Filter: ad.People, Attributes: []string{"cn"}})
			require.Len(s, found, 1)
			assert.True(s, found[0].DN.Equal(sub.Child("CN", "a")))
			return nil
		}},
		{Name: "the base is missing", Want: ad.ErrNotFound, Do: func(s *Scene) error {
			_, err := s.Search(s.Context(), ad.Search{Base: s.cn("missing"), Filter: ad.Anything}, func(ad.Entry) error { return nil })
			return err
		}},
		{Name: "the base is outside the forest", Want: ad.ErrNotFound, Do: func(s *Scene) error {
			base, err := ad.ParseDN("OU=x,DC=elsewhere,DC=invalid")
			s.must(err)
			_, err = s.Search(s.Context(), ad.Search{Base: base, Filter: ad.Anything}, func(ad.Entry) error { return nil })
			return err
		}},
		{Name: "the reader's error ends it", Do: func(s *Scene) error {
			s.user("a")
			s.user("b")
			enough, seen := errors.New("enough"), 0
			_, err := s.Search(s.Context(), ad.Search{Base: s.OU, Filter: ad.People}, func(ad.Entry) error { seen++; return enough })
			assert.Equal(s, enough, err)
			assert.Equal(s, 1, seen)
			return nil
		}},
		{Name: "more than a page", Do: moreThanAPage},
		{Name: "the domain's own words", Do: ownWords},
		{Name: "the schema's words", Do: schemaWords},
		{Name: "which copy it is", Do: func(s *Scene) error {
			before, err := ad.ReadReplica(s.Context(), s)
			s.must(err)
			assert.False(s, before.Database.IsZero())
			s.user("a")
			after, err := ad.ReadReplica(s.Context(), s)
			s.must(err)
			assert.Equal(s, before.Database, after.Database)
			assert.Greater(s, after.USN, before.USN)
			return nil
		}},
		{Name: "the clock", Do: func(s *Scene) error {
			now, err := s.Now(s.Context())
			s.must(err)
			assert.False(s, now.IsZero())
			return nil
		}},
	}
	for _, f := range filters() {
		cases = append(cases, Case{Name: f.name, Stricter: f.stricter, Do: func(s *Scene) error { return searchFor(s, f) }})
	}
	return cases
}

func scopes(s *Scene) error {
	s.user("a")
	sub := s.unit("sub")
	s.must(s.add(sub.Child("CN", "b"), "user"))
	for scope, want := range map[ad.Scope]int{ad.ScopeBase: 1, ad.ScopeOneLevel: 2, ad.ScopeSubtree: 4} {
		assert.Len(s, s.find(ad.Search{Base: s.OU, Scope: scope, Attributes: []string{"cn"}}), want)
	}
	return nil
}

// moreThanAPage: more objects than a page of SambaPageSize holds, all of them
// in one group.
func moreThanAPage(s *Scene) error {
	const contacts, chunk = 2*SambaPageSize + 50, 150
	var members []string
	for i := range contacts {
		dn := s.cn(fmt.Sprintf("c%04d", i))
		s.must(s.add(dn, "contact"))
		members = append(members, dn.String())
	}
	g := s.group("g")
	for part := range slices.Chunk(members, chunk) {
		s.must(s.modify(g, addValues("member", part...)))
	}
	assert.Len(s, s.find(ad.Search{Base: s.OU, Filter: "(objectClass=contact)", Attributes: []string{"cn"}}), contacts)
	assert.Len(s, s.find(ad.Search{Base: s.OU, Filter: "(objectClass=contact)", Attributes: []string{"cn"}, AtOnce: true}), contacts)
	e := s.read(g, "member")
	assert.ElementsMatch(s, members, e.Texts("member"))
	assert.Equal(s, []string{"member", "objectguid"}, e.Names())
	return nil
}

// ownWords: what the program reads of a domain before it decides.
func ownWords(s *Scene) error {
	domain := s.Domain()
	assert.True(s, domain.Base.DomainName() == domain.Name && domain.Configuration.Within(domain.Base) && domain.Schema.Within(domain.Configuration))
	assert.NotEmpty(s, domain.Controller)
	assert.NotEmpty(s, domain.Identity)
	assert.Contains(s, domain.Groups, domain.SID.Domain()+"-513")
	assert.Contains(s, domain.Groups, adrules.SIDAuthenticated)

	head := s.read(domain.Base, "minPwdLength", "pwdProperties", "pwdHistoryLength", "objectSid", "lockoutThreshold")
	assert.Equal(s, domain.SID.Domain(), head.SID())
	for _, name := range []string{"minPwdLength", "pwdProperties", "pwdHistoryLength", "lockoutThreshold"} {
		assert.True(s, head.Has(name), name)
	}
	found := s.find(ad.Search{Base: domain.Configuration, Filter: ad.And("(objectClass=crossRef)", ad.Equal("nCName", domain.Base.String())),
		Attributes: []string{"nETBIOSName", "dnsRoot"}})
	require.Len(s, found, 1)
	assert.Equal(s, domain.Name, found[0].Text("dnsRoot"))
	assert.Equal(s, strings.ToUpper(found[0].Text("nETBIOSName")), found[0].Text("nETBIOSName"))

	for sid, guarded := range map[adrules.SID]bool{head.SID() + "-512": true, head.SID() + "-513": false, "S-1-5-32-544": true, head.SID() + "-502": true} {
		found := s.find(ad.Search{Base: domain.Base, Filter: ad.Equal("objectSid", string(sid.Bytes())),
			Attributes: []string{"adminCount", "isCriticalSystemObject", "sAMAccountName"}})
		require.Len(s, found, 1, sid)
		assert.Equal(s, guarded, found[0].Text("adminCount") == "1", sid)
		assert.Equal(s, "TRUE", found[0].Text("isCriticalSystemObject"), sid)
	}
	for _, container := range []string{"CN=Users", "CN=Builtin", "OU=Domain Controllers", "CN=Computers"} {
		dn, err := domain.Base.Join(container)
		s.must(err)
		assert.True(s, s.exists(dn), container)
	}
	return nil
}

func schemaWords(s *Scene) error {
	schema := []string{"lDAPDisplayName", "isSingleValued", "rangeLower", "rangeUpper", "systemOnly", "systemFlags", "searchFlags",
		"attributeSyntax", "oMSyntax", "linkID", "attributeSecurityGUID", "schemaIDGUID"}
	word := func(name, attribute string) string {
		found := s.find(ad.Search{Base: s.Domain().Schema, Scope: ad.ScopeOneLevel, Attributes: schema,
			Filter: ad.And("(objectClass=attributeSchema)", ad.Equal("lDAPDisplayName", name))})
		require.Len(s, found, 1, name)
		if attribute == "attributeSecurityGUID" || attribute == "schemaIDGUID" {
			guid, err := adrules.GUIDFromBytes(found[0].Values(attribute)[0])
			s.must(err)
			return guid.String()
		}
		return found[0].Text(attribute)
	}
	for _, w := range [][3]string{ // MS-ADA1, MS-ADA2, MS-ADA3
		{"title", "isSingleValued", "TRUE"}, {"title", "rangeUpper", "128"}, {"title", "systemOnly", "FALSE"}, {"otherTelephone", "isSingleValued", "FALSE"},
		{"member", "linkID", "2"}, {"memberOf", "linkID", "3"}, {"memberOf", "systemOnly", "TRUE"}, {"manager", "linkID", "42"}, {"manager", "attributeSyntax", "2.5.5.1"},
		{"manager", "oMSyntax", "127"}, {"thumbnailPhoto", "attributeSyntax", "2.5.5.10"}, {"tokenGroups", "systemFlags", "134217748"},
		{"adminDescription", "rangeUpper", "1024"}, {"employeeID", "rangeUpper", "16"}, {"countryCode", "attributeSyntax", "2.5.5.9"},
		{"accountExpires", "attributeSecurityGUID", "4c164200-20c0-11d0-a768-00aa006e0529"},  // Account-Restrictions
		{"telephoneNumber", "attributeSecurityGUID", "77b5b886-944a-11d1-aebd-0000f80367c1"}, // Personal-Information
		{"givenName", "schemaIDGUID", "f0f8ff8e-1191-11d0-a060-00aa006c33ed"},
	} {
		assert.Equal(s, w[2], word(w[0], w[1]), w)
	}
	return nil
}
