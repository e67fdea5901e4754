package plan_test

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// Given names and surnames that have been trouble somewhere: scripts, marks that are
// combined, apostrophes, blanks, several words, nothing, signs, right to left, and length.
var (
	oddGiven = []string{"", " ", "Anna", "ANNA", "anna", "Ánna", "A\u0301nna", "Ａｎｎａ", "Jürgen", "Ju\u0308rgen", "Łukasz", "Øyvind", "Þór", "Đorđe", "İpek", "Ilır", "Ödön",
		"Nguyễn", "Юрий", "Ьь", "Γεώργιος", "გიორგი", "Արմեն", "王小明", "さくら", "김", "محمد", "\u200fשלום", "ไพศาล", "अमित", "Jean-Luc", "Anna Maria", "  Zoë  ", "D'Arcy",
		"D’Arcy", "J.", "O", "👑", "Max👑", "\u200bZero", "Tab\tbed", strings.Repeat("Long", 30), strings.Repeat("ß", 70), "3rd", "-", "\u0301"}
	oddSurnames = []string{"", "Doe", "doe", "Müller", "Mueller", "Muller", "Mu\u0308ller", "Müller-Lüdenscheidt", "van der Berg", "O'Brien", "O’Brien", "Żółć", "Straße", "STRASSE",
		"Jørgensen", "Æsir", "Œuvré", "Çelik", "Şahin", "Ñandú", "Щербаков", "Їжакевич", "Ъ", "Παπαδόπουλος", "თბილისი", "Պետրոսյան", "诸葛", "やまだ", "박", "العربي", "כהן", "ธนากร",
		"पटेल", "Administrator", "krbtgt", "plant", "Nul", "Doe, Jr.", "Doe/Roe", `Back\slash`, "Semi;colon", "a@b", "💥", "Doe\u202e", strings.Repeat("Lang", 20), "\u00a0"}
)

// oddly puts each given name with each surname into the file.
func (w *world) oddly() (count int) {
	for _, given := range oddGiven {
		for _, sn := range oddSurnames {
			u := w.user("P "+strconv.Itoa(count), "p"+strconv.Itoa(count))
			u.Attributes.Set("givenName", value(given))
			u.Attributes.Set("sn", value(sn))
			count++
		}
	}
	return count
}

func TestOddNames(t *testing.T) {
	w := newWorld()
	w.cfg.Names = schema.Names{AccountName: "{givenName|ascii|letters|lower|1}{sn|ascii|letters|lower|7}{n}",
		UPN: "{givenName|ascii|letters|lower}.{sn|ascii|letters|lower}{n}", CommonName: "{sn}, {givenName}"}
	w.cfg.Attributes["displayName"] = schema.AttributeRule{Template: "{givenName} {sn}"}
	count := w.oddly()
	require.Greater(t, count, 2000)
	p := w.plan()

	asked := map[string]bool{}
	for _, q := range p.Questions {
		if q.Kind == plan.Name {
			asked[q.Person.Anchor] = true
			assert.Regexp(t, "the part .* has nothing for this person|only a number|is that of|account name|user principal name", q.Conflict)
		}
	}
	collation := adrules.NewCollation()
	pattern, local := regexp.MustCompile(`^[a-z0-9]{2,20}$`), regexp.MustCompile(`^[a-z0-9]+\.[a-z0-9]+$`)
	seen, made := map[string]bool{}, map[string]bool{}
	unique := func(kind, name string) {
		key := kind + collation.Key(name)
		assert.False(t, seen[key], "%s %s is given twice", kind, name)
		seen[key] = true
	}
	for _, a := range p.Actions {
		if a.Kind != plan.Create {
			continue
		}
		made[a.Person.Anchor] = true
		assert.NoError(t, adrules.CheckAccountName(a.Person.AccountName))
		assert.Regexp(t, pattern, a.Person.AccountName)
		before, _, _ := strings.Cut(a.Person.UPN, "@")
		assert.Regexp(t, local, before)
		assert.NoError(t, adrules.CheckCommonName(a.Person.CN), "%q", a.Person.CN)
		unique("account name", a.Person.AccountName)
		unique("upn", a.Person.UPN)
		unique("cn", a.Person.CN)
	}
	failed := map[string]bool{}
	for _, n := range p.Failed {
		failed[n.Person.Anchor] = true
		assert.Equal(t, plan.Namesake, n.Reason)
	}
	for _, u := range w.users {
		one := 0
		for _, fate := range []map[string]bool{made, asked, failed} {
			if fate[u.ObjectGUID] {
				one++
			}
		}
		assert.Equal(t, 1, one, "%q is made, asked about or failed", u.Attributes)
	}
	t.Logf("%d people: %d made, %d asked about, %d failed", count, len(made), len(asked), len(failed))

	again := p
	slices.Reverse(w.users)
	assert.Equal(t, created(again), created(w.plan()), "the order of the file does not matter")
}
