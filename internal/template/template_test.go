package template_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/template"
)

func TestExpand(t *testing.T) {
	for _, c := range []struct {
		template, given, sn, want string
		n, most                   int
	}{
		{"{givenName|ascii|lower|1}{sn|ascii|letters|lower|7}{n}", "Jürgen", "Müller-Lüdenscheidt", "jmueller", 1, 20},
		{"{givenName|ascii|lower|1}{sn|ascii|letters|lower|7}{n}", "Jürgen", "Müller-Lüdenscheidt", "jmueller12", 12, 20},
		{"{givenName|ascii|lower}.{sn|ascii|lower}{n}", "Łukasz", "Żółć", "lukasz.zolc", 1, 20},
		{"{givenName|ascii|lower}.{sn|ascii|lower}{n}", "Юрий", "Щербаков", "iurii.shcherbakov", 1, 20},
		{"{givenName|ascii|lower}.{sn|ascii|lower}{n}", "Γεώργιος", "Παπαδόπουλος", "georgios.papadopoulo", 1, 20},
		{"{givenName|ascii|lower}.{sn|ascii|lower}{n}", "Γεώργιος", "Παπαδόπουλος", "georgios.papadopou42", 42, 20},
		{"{sn|ascii}", "", "Ä Ö Ü ß Jo\u0308rg", "Ae Oe Ue ss Joerg", 1, 0},
		{"{sn|plain}", "", "Ödön Çelik", "Odon Celik", 1, 0},
		{"{sn}, {givenName|word}", "Anna Maria", "O'Brien", "O'Brien, Anna", 1, 0},
		{"{givenName|initials|upper}{sn|letters}", "anna-maria van", "O'Brien", "AMVOBrien", 1, 0},
		{"x-{sn|2}{n}-{givenName|1}", "Anna", "Doe", "x-Do3-A", 3, 0},
		{"{sn|1}", "", "e\u0301te\u0301", "é", 1, 0},
		{"{sn}{n}", "", "𠮷𠮷𠮷", "𠮷𠮷", 1, 5},
		{"{sn}{n}", "", "𠮷𠮷𠮷", "𠮷12", 12, 5},
		{"{sn}{n}", "", "ax\u0302\u0323b", "a", 1, 3},
		{"{sn}{n}", "", "ax\u0302b", "ax\u0302", 1, 3},
		{"{givenName}.{sn}{n}", "Maximilian", "Muster", "Maximilian", 1, 11},
		{"{givenName}.{sn}{n}", "Maximilian", "Muster", "Maximilian2", 2, 11},
		{"{givenName}.{n}{sn}", "Max", "Muster", "M2Muster", 2, 8},
		{"{givenName}{n}.{sn}", "Maximilian", "Muster-Muster", ".Muster-Muster", 1, 5},
		{"{givenName|plain} {sn|ascii}", "Əhməd", "Әлиев", "Ehmed Eliev", 1, 0},
		{"{givenName|plain} {sn|plain}", "فاطمة", "يحيى", "fTmh yHya", 1, 0},
		{"{givenName|plain}-{sn|plain}", "Jo\U0001F451\u222F\u0378y", "d’Arc [?] @ é", "Joy-d'Arc [?] @ e", 1, 0},
	} {
		made, err := template.Parse(c.template, true)
		require.NoError(t, err)
		got, empty := made.Expand(func(field string) string {
			return map[string]string{"givenName": c.given, "sn": c.sn}[field]
		}, c.n, c.most)
		assert.Equal(t, c.want, got)
		assert.Empty(t, empty)
	}
}

func TestExpandTellsWhatIsEmpty(t *testing.T) {
	made, err := template.Parse("{givenName|ascii|1}{sn|ascii|letters}", false)
	require.NoError(t, err)
	for _, sn := range []string{"", " ", "👑", "'", "\u222F", "\u02C1"} {
		got, empty := made.Expand(func(field string) string { return map[string]string{"givenName": "A", "sn": sn}[field] }, 1, 0)
		assert.Equal(t, "A", got)
		assert.Equal(t, "{sn|ascii|letters}", empty)
	}
}

func TestParseTellsWhatIsWrong(t *testing.T) {
	for text, want := range map[string]string{
		"":                "names no field",
		"x":               "names no field",
		"{n}":             "names no field",
		"{sn":             "no } after {sn",
		"sn}":             "a } without a {",
		"{}":              `"" is not the name of an attribute`,
		"{s n}":           `"s n" is not the name of an attribute`,
		"{1sn}":           `"1sn" is not the name of an attribute`,
		"{n|lower}":       `"n" is not the name of an attribute`,
		"{sn|Lower}":      `{sn|Lower}: "Lower" is not known; there are a number of characters and ascii, initials, letters, lower, plain, upper, word`,
		"{sn|0}":          `"0" is not known`,
		"{sn|-1}":         `"-1" is not known`,
		"{sn|}":           `"" is not known`,
		"{sn}{n}{n}":      "{n} is there twice",
		"{sn}{{givenName": "no } after",
	} {
		_, err := template.Parse(text, true)
		assert.ErrorContains(t, err, want, text)
	}
	_, err := template.Parse("{sn}{n}", false)
	assert.ErrorContains(t, err, "{n} is for account names")
}
