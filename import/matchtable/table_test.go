package matchtable

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

const anchor, guid = "6f9619ff-8b86-d011-b42d-00cf4fc964ff", "0c4b7f0e-1111-4d2a-9c60-b1e8f0a4d001"

var sample = Table{
	Header: Header{Name, "corp.example", "plant.example", `OU=Contractors\, external,DC=plant,DC=example`, "2026-11-28T01:20:14Z"},
	Rows: []Row{
		{Take: true, Match: "sure", User: "Dö, Jane", AccountName: "0042", Account: "CN=Jane,OU=Staff,DC=x", HasName: "jdoe", Anchor: anchor, GUID: guid, Digest: strings.Repeat("0a", 32), Evidence: []string{"employeeID is 0042", "names agree"}, Moving: []string{"group policy lost: Office"}},
		{Match: "barred", User: "=HYPERLINK(\"http://x\")", AccountName: "x;=1+1", Anchor: "a-2", Account: "CN=A,DC=x", HasName: "@sum", Evidence: []string{"+1"}, Why: "it\nadministers"},
		{Match: "none", User: "New\x1b[2J", AccountName: "-new", Evidence: []string{}},
	},
}

func written(t *testing.T, comma rune) string {
	t.Helper()
	var out strings.Builder
	require.NoError(t, WriteCSV(&out, sample, comma))
	return out.String()
}

// kept is what of a row comes back.
func kept(t *Table) (rows []Row) {
	for _, r := range t.Rows {
		rows = append(rows, Row{Take: r.Take, User: r.User, AccountName: r.AccountName, HasName: r.HasName, Anchor: r.Anchor, GUID: r.GUID, Digest: r.Digest})
	}
	return rows
}

// A spreadsheet runs nothing that a user file holds.
func TestNothingInTheTableIsAFormula(t *testing.T) {
	for _, comma := range []rune{';', ','} {
		in := csv.NewReader(strings.NewReader(strings.TrimPrefix(written(t, comma), "\ufeff")))
		in.Comma = comma
		rows, err := in.ReadAll()
		require.NoError(t, err)
		require.Len(t, rows, 10)
		assert.Equal(t, []string{"yes", "sure", "Dö, Jane", "0042", "CN=Jane,OU=Staff,DC=x", "jdoe", "employeeID is 0042 / names agree", "", "group policy lost: Office", anchor, guid, strings.Repeat("0a", 32)}, rows[7])
		assert.Equal(t, []string{"no", "barred", "'=HYPERLINK(\"http://x\")", "x;'=1+1", "CN=A,DC=x", "'@sum", "'+1", "it administers", "", "a-2", "", ""}, rows[8])
		assert.Equal(t, "New [2J", rows[9][2])
	}
}

func TestATableComesBackAsItWas(t *testing.T) {
	semicolons := written(t, ';')
	utf16 := func(order unicode.Endianness) string {
		text, err := unicode.UTF16(order, unicode.UseBOM).NewEncoder().String(strings.TrimPrefix(written(t, '\t'), "\ufeff"))
		require.NoError(t, err)
		return text
	}
	asJSON, err := json.Marshal(sample)
	require.NoError(t, err)
	lines := strings.Split(semicolons, "\r\n")
	reversed := append([]string{}, lines[:6]...)
	for _, l := range lines[6:] { // the columns the other way round, and two of somebody's own
		cells := strings.Split(strings.ReplaceAll(l, "x;'=1+1", "x"), ";")
		if len(cells) < 12 {
			reversed = append(reversed, l)
			continue
		}
		turned := []string{"note"}
		for i := len(cells) - 1; i >= 0; i-- {
			turned = append(turned, cells[i])
		}
		reversed = append(reversed, strings.Join(append(turned, "seen by HR"), ";"))
	}
	want := kept(&sample)
	want[2].User = "New [2J"
	for name, text := range map[string]string{
		"semicolons":           semicolons,
		"commas":               written(t, ','),
		"tabs":                 written(t, '\t'),
		"without the mark":     strings.TrimPrefix(semicolons, "\ufeff"),
		"line feeds":           strings.ReplaceAll(semicolons, "\r\n", "\n"),
		"UTF-16":               utf16(unicode.LittleEndian),
		"UTF-16, big":          utf16(unicode.BigEndian),
		"with sep":             "sep=;\r\n" + strings.TrimPrefix(semicolons, "\ufeff"),
		"blank lines":          strings.ReplaceAll(semicolons, "\r\n", "\r\n;;;;\r\n\r\n"),
		"cells cut off":        strings.ReplaceAll(semicolons, ";;;;;;;;;", ""),
		"formulas as they are": strings.NewReplacer("'=H", "=H", "'@", "@", "'-", "-").Replace(semicolons),
	} {
		got, err := Read([]byte(text))
		require.NoError(t, err, name)
		assert.Equal(t, sample.Header, got.Header, name)
		assert.Equal(t, want, kept(got), name)
	}
	got, err := Read(asJSON)
	require.NoError(t, err)
	assert.Equal(t, sample.Header, got.Header)
	assert.Equal(t, "New\x1b[2J", got.Rows[2].User)
	assert.Equal(t, 1, got.Rows[0].Line)
	got, err = Read([]byte(strings.Join(reversed, "\r\n")))
	require.NoError(t, err)
	assert.Equal(t, want[0], kept(got)[0])
	assert.Equal(t, 8, got.Rows[0].Line)
	assert.Len(t, got.Taken(), 1)
}

func TestWhatIsNoTableOfMatch(t *testing.T) {
	text := strings.TrimPrefix(written(t, ';'), "\ufeff")
	latin1, err := charmap.Windows1252.NewEncoder().String(text)
	require.NoError(t, err)
	bare, err := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().String(strings.ReplaceAll(text, "ö", "o"))
	require.NoError(t, err)
	for name, c := range map[string]struct{ text, says string }{
		"empty":              {"", "no table"},
		"a list of people":   {"name;mail\nJane;j@x\n", "no table"},
		"Windows letters":    {latin1, "UTF-8"},
		"UTF-16, no mark":    {bare, "UTF-8"},
		"a zip":              {"PK\x03\x04\x00\x00", "UTF-8"},
		"of a later version": {strings.Replace(text, "match 1", "match 2", 1), "no table"},
		"header gone":        {text[strings.Index(text, "take over"):], `no line says "container"`},
		"one line gone":      {strings.Replace(text, "target domain;plant.example", "note;", 1), `no line says "target domain"`},
		"a line twice":       {strings.Replace(text, "source domain;", "target domain;other.example\nsource domain;", 1), "again"},
		"no digests":         {strings.Replace(text, ";digest", ";", 1), "no table"},
		"no names":           {strings.Replace(text, ";account name;", ";;", 1), `no column "account name"`},
		"anchors twice":      {strings.Replace(text, ";evidence;", ";anchor;", 1), `"anchor" more than once`},
		"perhaps":            {strings.Replace(text, "\r\nyes;", "\r\nperhaps;", 1), `line 8: "perhaps" stands under "take over"`},
		"much":               {strings.Replace(text, "\r\nyes;", "\r\n"+strings.Repeat("x", 5000)+";", 1), strings.Repeat("x", 64) + "…\" stands under"},
		"an open quote":      {text + `no;"sure`, "cannot be told apart"},
		"JSON of something":  {`{"users": []}`, "no table"},
		"JSON, cut":          {`{"format": "ad-user-sync match 1", "rows": [`, "no table"},
		"JSON, twice":        {`{"format": "ad-user-sync match 1", "format": "ad-user-sync match 1", "rows": []}`, "no table"},
		"JSON, of another":   {`{"format": "ad-user-sync match 9", "rows": []}`, "no table"},
	} {
		_, err := Read([]byte(c.text))
		if assert.Error(t, err, name) {
			assert.Contains(t, err.Error(), c.says, name)
		}
	}
}

func FuzzRead(f *testing.F) {
	var out bytes.Buffer
	_ = WriteCSV(&out, sample, ';')
	f.Add(out.Bytes())
	f.Add([]byte(`{"format": "ad-user-sync match 1", "rows": [{"anchor": "a"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := Read(data)
		if err == nil && got.Format != Name {
			t.Fatalf("%q was read as %+v", data, got)
		}
	})
}
