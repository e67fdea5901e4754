package importer

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/schema"
)

// templated lets names be made, unique to the scene.
func (s *scene) templated() {
	s.with(fmt.Sprintf(`"names": {"account_name": "{givenName|ascii|lower|1}{sn|ascii|letters|lower|6}{n}%[1]s",
		"upn": "{givenName|ascii|letters|lower}.{sn|ascii|letters|lower}{n}%[1]s", "common_name": "{sn}, {givenName}"},
		"attributes": {"displayName": {"template": "{givenName} {sn}"}, "c": {"from": "co", "country": true}, "company": {"value": "Partner Ltd"}}`, s.suffix))
}

func (s *scene) named(given, sn string) schema.User {
	return s.person(given+" "+sn, has("givenName", given), has("sn", sn), has("co", "Germany"))
}

func TestNamesByTemplate(t *testing.T) {
	stages(t, func(t *testing.T, s *scene) {
		s.templated()
		jane, john := s.named("Jürgen", "Müller"), s.named("Łukasz", "Żółć")
		file := s.file(jane, john)
		s.run(file)
		names := func(cn string) []string {
			e := s.get(s.account(cn), "sAMAccountName", "userPrincipalName", "displayName", "c", "co", "countryCode", "company")
			require.NotNil(t, e, cn)
			var list []string
			for _, name := range []string{"sAMAccountName", "userPrincipalName", "displayName", "c", "co", "countryCode", "company"} {
				list = append(list, e.Text(name))
			}
			return list
		}
		assert.Equal(t, []string{s.name("jmuelle"), s.name("juergen.mueller") + "@plant.example", "Jürgen Müller", "DE", "Germany", "276", "Partner Ltd"}, names("Müller, Jürgen"))
		assert.Equal(t, s.name("lzolc"), names("Żółć, Łukasz")[0])
		before := s.usn()
		assert.Empty(t, s.run(file).Report.Changes)
		assert.Equal(t, before, s.usn())

		jane.Attributes.Set("sn", schema.Value{List: []string{"Meier"}})
		jo := s.named("Jo", "Müller")
		s.run(s.file(jane, john, jo))
		assert.Equal(t, s.name("jmuelle"), names("Meier, Jürgen")[0], "the account name stays")
		assert.Equal(t, "Jürgen Meier", names("Meier, Jürgen")[2])
		assert.Equal(t, []string{s.name("jmuelle2"), s.name("jo.mueller2") + "@plant.example"}, names("Müller, Jo")[:2])

		s.set(s.account("Müller, Jo"), "sAMAccountName", s.name("by-hand"))
		june := s.named("June", "Müller")
		s.run(s.file(jane, john, jo, june))
		assert.Equal(t, s.name("jmuelle3"), names("Müller, June")[0], "another person had the name")
	})
}

func TestNamesOfTheGoneAreNotGivenAgain(t *testing.T) {
	s := newScene(t)
	s.with(`"names": {"account_name": "{sn|ascii|lower}{n}"}`)
	jane := s.named("Jane", "Doe")
	s.run(s.file(jane))
	s.remove(s.account("Jane Doe"))
	john := s.named("John", "Doe")
	s.run(s.file(jane, john))
	assert.Equal(t, "doe2", s.get(s.account("John Doe"), "sAMAccountName").Text("sAMAccountName"))
}
