package plan_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

const anyName = `^[A-Za-z0-9][A-Za-z0-9._-]{0,19}$`

func TestExamplesAreCutAsTheNamesAre(t *testing.T) {
	w := newWorld()
	w.named("Wilhelmina", "Featherstonehaugh")
	e := plan.NameExamples(schema.Names{AccountName: "{givenName|lower}.{sn|lower}{n}"}, anyName, w.input().File)
	assert.Equal(t, []string{"Wilhelmina Featherstonehaugh: account name wilhelmina.featherst"}, e.Names)
	w.cfg.Names.AccountName = "{givenName|lower}.{sn|lower}{n}"
	assert.Equal(t, "wilhelmina.featherst", created(w.plan())["Wilhelmina Featherstonehaugh"][0])
}

// What a person reads says which name is which, shows what becomes of other letters first,
// and who is asked about, by name.
func TestExamplesOfOddNames(t *testing.T) {
	names := [][2]string{{"Jane", "Doe"}, {"Max", "Muster"}, {"Jan", "van der Berg"}, {"", "Madonna"}, {"Łukasz", "Żółć"}, {"Иван", "Щербаков"}, {"Γιώργος", "Παπαδόπουλος"},
		{"Anna-Lena", "Müller-Lüdenscheidt"}, {"Maximiliana Alexandra Theodora", "Wolfeschlegelsteinhausen"}}
	w := newWorld()
	for _, n := range names {
		w.named(n[0], n[1])
	}
	for _, c := range []struct {
		names schema.Names
		shown []string
		told  []string
	}{
		{schema.Names{AccountName: "{givenName|ascii|lower|1}{sn|ascii|letters|lower}{n}", UPN: "{givenName|ascii|letters|lower}.{sn|ascii|letters|lower}{n}", CommonName: "{sn}, {givenName}"},
			[]string{`Łukasz Żółć: account name lzolc, user principal name lukasz.zolc@..., common name "Żółć, Łukasz"`,
				`Иван Щербаков: account name ishcherbakov, user principal name ivan.shcherbakov@..., common name "Щербаков, Иван"`,
				`Jane Doe: account name jdoe, user principal name jane.doe@..., common name "Doe, Jane"`},
			[]string{"1 of 9 people have nothing for a part of a template of their names, and are asked about. The first is  Madonna, who has nothing for {givenName|ascii|lower|1}",
				"1 of 9 people have nothing for a part of the template of common names, and keep the common name of the file. The first is  Madonna, who has nothing for {givenName}"}},
		{schema.Names{AccountName: "{sn|ascii|lower}{n}"},
			[]string{"Łukasz Żółć: account name zolc", "Иван Щербаков: account name shcherbakov", "Jane Doe: account name doe"},
			[]string{`1 of 9 people would get an account name that is not acceptable, and are asked about. The first is Jan van der Berg: "van der berg": the account name does not match account_name_pattern ` + anyName}},
		{schema.Names{CommonName: "{sn}, {givenName}"},
			[]string{`Łukasz Żółć: common name "Żółć, Łukasz"`, `Иван Щербаков: common name "Щербаков, Иван"`, `Jane Doe: common name "Doe, Jane"`},
			[]string{"1 of 9 people have nothing for a part of the template of common names, and keep the common name of the file. The first is  Madonna, who has nothing for {givenName}"}},
	} {
		e := plan.NameExamples(c.names, anyName, w.input().File)
		assert.Equal(t, c.shown, e.Names)
		assert.Equal(t, c.told, e.Told)
	}
}
