package adtest

import (
	"strings"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// Sources of rules that Samba does not have.
const (
	collationSource = "MS-ADTS 6.5: names are compared without case, accents, width and kana"
	nameLength      = "MS-ADA1, cn: rangeUpper 64"
	rdnCharacters   = "MS-ADTS 3.1.1.5.1.2: no line feed and no NUL in an RDN"
	accountLength   = "MS-ADA3, sAMAccountName: at most 20 characters, for users"
	noPassword      = "MS-SAMR 3.1.1.8.10 and 3.1.1.7.1: no account is enabled without a password"
	keptBySystem    = "MS-ADTS 3.1.1.5.3.2: kept by the system"
)

func addCases() []Case {
	return append(append([]Case{
		{Name: "a new user is disabled and never expires", Do: newUser},
		{Name: "all attributes at once", Do: newUserWithEverything},
		{Name: "a group", Do: newGroup},
		{Name: "a name may hold what a refused one would", Do: refusedAddLeavesNothing},
		{Name: "the parent is missing", Want: ad.ErrNotFound, Code: []int{32}, Do: func(s *Scene) error {
			return s.add(s.OU.Child("OU", "missing").Child("CN", "a"), "user")
		}},
		{Name: "below a user", Want: errRefused, Do: func(s *Scene) error {
			return s.add(s.user("a").Child("CN", "b"), "user")
		}},
		{Name: "unknown attribute", Want: ad.ErrBadValue, Code: []int{16}, Do: func(s *Scene) error {
			return s.addUser("a", attribute("shoeSize", "44"))
		}},
		{Name: "attribute of another class", Want: ad.ErrBadValue, Code: []int{65}, Do: func(s *Scene) error {
			return s.addUser("a", attribute("groupType", "2"))
		}},
		{Name: "unknown class", Want: errRefused, Do: func(s *Scene) error { return s.add(s.cn("a"), "robot") }},
		{Name: "cn differs from the name", Want: ad.ErrBadValue, Code: []int{34, 64}, Do: func(s *Scene) error {
			return s.addUser("a", attribute("cn", "b"))
		}},
		{Name: "cn equals the name", Do: func(s *Scene) error { return s.addUser("a", attribute("cn", "a")) }},
		{Name: "objectGUID", Want: errRefused, Do: func(s *Scene) error {
			return s.addUser("a", attribute("objectGUID", "0123456789abcdef"))
		}},
		{Name: "objectSid", Want: errRefused, Do: func(s *Scene) error {
			return s.addUser("a", attribute("objectSid", string(adrules.SIDEveryone.Bytes())))
		}},
		{Name: "memberOf", Want: errRefused, Do: func(s *Scene) error {
			return s.addUser("a", attribute("memberOf", s.group("g").String()))
		}},
		{Name: "a value is given twice", Want: ad.ErrBadValue, Code: []int{20}, Do: func(s *Scene) error {
			return s.addUser("a", attribute("otherTelephone", "1", "1"))
		}},
	}, takenNames()...), accountNames()...)
}

func newUser(s *Scene) error {
	s.must(s.addUser("a"))
	e := s.read(s.cn("a"), "userAccountControl", "accountExpires", "pwdLastSet", "primaryGroupID", "objectClass",
		"sAMAccountName", "objectSid", "objectCategory", "whenCreated", "memberOf", "name", "cn", "sAMAccountType")
	assert.Equal(s, "546", e.Text("userAccountControl"))
	assert.Equal(s, "9223372036854775807", e.Text("accountExpires"))
	assert.Equal(s, "0", e.Text("pwdLastSet"))
	assert.Equal(s, "513", e.Text("primaryGroupID"))
	assert.Equal(s, "805306368", e.Text("sAMAccountType"))
	assert.ElementsMatch(s, []string{"top", "person", "organizationalPerson", "user"}, e.Texts("objectClass"))
	assert.True(s, strings.HasPrefix(e.Text("sAMAccountName"), "$"), "a name is made up")
	assert.True(s, strings.HasPrefix(e.Text("objectCategory"), "CN=Person,CN=Schema,"))
	assert.GreaterOrEqual(s, e.SID().RID(), uint32(1000))
	assert.Regexp(s, `^\d{14}\.0Z$`, e.Text("whenCreated"))
	assert.Equal(s, "a", e.Text("cn"))
	assert.Equal(s, "a", e.Text("name"))
	assert.False(s, e.Has("memberOf"))
	assert.False(s, e.GUID().IsZero())
	return nil
}

// everything are attributes that may cross by default, with values that need
// more than ASCII.
var everything = []ad.Attribute{
	attribute("givenName", "Jürgen"), attribute("initials", "J."), attribute("sn", "Müller-Łęcki"), attribute("displayName", "Müller, Jürgen 李"),
	attribute("title", "Head of R&D"), attribute("department", "工程"), attribute("company", "Example (Plant) *"), attribute("mail", "jürgen@corp.example"),
	attribute("telephoneNumber", "+49 1 23"), attribute("mobile", "0"), attribute("facsimileTelephoneNumber", "1"),
	attribute("physicalDeliveryOfficeName", "B\\2"), attribute("streetAddress", "Street 1\r\nHouse 2"), attribute("l", "Köln"), attribute("st", "NRW"),
	attribute("postalCode", "50667"), attribute("c", "DE"), attribute("co", "Germany"), attribute("countryCode", "276"), attribute("employeeID", "E-1"),
	attribute("employeeNumber", "0001"), attribute("employeeType", "staff"), attribute("preferredLanguage", "de"), attribute("description", " leading and trailing "),
	attribute("adminDescription", "ad-user-sync:6f9619ff-8b86-d011-b42d-00cf4fc964ff@corp.example"), attribute("thumbnailPhoto", "\xff\xd8\x00\x01"),
	attribute("userAccountControl", "514"), attribute("accountExpires", "134432316000000000"),
	attribute("proxyAddresses", "SMTP:a@corp.example", "smtp:b@corp.example"),
}

func newUserWithEverything(s *Scene) error {
	dn := s.user("a", append(everything, attribute("userPrincipalName", s.upn("a")))...)
	var names []string
	for _, a := range everything {
		names = append(names, a.Name)
	}
	e := s.read(dn, names...)
	for _, a := range everything {
		assert.ElementsMatch(s, a.Values, e.Values(a.Name), a.Name)
	}
	assert.Equal(s, e.GUID(), s.read(ad.ByGUID(e.GUID())).GUID())
	return nil
}

func newGroup(s *Scene) error {
	e := s.read(s.group("g"), "groupType", "objectClass", "sAMAccountType", "objectCategory")
	assert.Equal(s, "-2147483646", e.Text("groupType"))
	assert.Equal(s, "268435456", e.Text("sAMAccountType"))
	assert.ElementsMatch(s, []string{"top", "group"}, e.Texts("objectClass"))
	return nil
}

func refusedAddLeavesNothing(s *Scene) error {
	assert.Error(s, s.addUser("a", attribute("sAMAccountName", s.account("a")), attribute("mail", "a@b.example"), attribute("department", "")))
	assert.False(s, s.exists(s.cn("a")))
	s.user("a")
	return nil
}
