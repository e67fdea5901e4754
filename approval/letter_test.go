package approval

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

func ofJane() issued {
	return issued{id: "1", domain: "plant.example", password: "Not-In-The-Text-99", set: time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC), expires: "2026-12-23",
		person: plan.Person{CN: "P3KI Jane Doe", DisplayName: "Jane\u202eDoe", AccountName: "jdoe", UPN: "jdoe@plant.example"}}
}

func TestLettersSayWhetherThePasswordMustBeChanged(t *testing.T) {
	for language, says := range map[string][2]string{
		"":   {"You have to change it when you log on for the first time", "It need not be changed when you log on for the first time"},
		"en": {"You have to change it when you log on for the first time", "It need not be changed when you log on for the first time"},
		"de": {"Bei der ersten Anmeldung müssen Sie es ändern", "Bei der ersten Anmeldung muss es nicht geändert werden"},
	} {
		l, err := openLetters(language)
		require.NoError(t, err)
		i := ofJane()
		kept, err := l.of(i)
		require.NoError(t, err)
		i.mustChange = true
		changed, err := l.of(i)
		require.NoError(t, err)
		i.renewed = true
		renewed, err := l.of(i)
		require.NoError(t, err)
		assert.NotContains(t, renewed, says[0])
		assert.Equal(t, language != "de", strings.Contains(renewed, "has a new password") && strings.Contains(renewed, "change it at the next logon"))
		assert.Equal(t, language != "en", strings.Contains(renewed, "hat ein neues Kennwort") && strings.Contains(renewed, "Bei der nächsten Anmeldung"))
		assert.Contains(t, changed, says[0])
		assert.NotContains(t, changed, says[1])
		assert.Contains(t, kept, says[1])
		assert.NotContains(t, kept, says[0])
		for _, text := range []string{kept, changed} {
			assert.Contains(t, text, "Jane[U+202E]Doe")
			assert.Contains(t, text, "\t"+passwordMark+"\n")
			assert.NotContains(t, text, i.password.Reveal())
			assert.Equal(t, language != "de", strings.Contains(text, "Your account"))
			assert.Equal(t, language != "en", strings.Contains(text, "Ihr Konto"))
		}
	}
}

func TestLettersFromATemplateOfOnesOwn(t *testing.T) {
	l, err := newLetters("\uFEFF# {{.Domain}}\r\n\r\n{{.Name}}\t{{.Account}} {{.LogonName}}\r\n{{.Password}}{{if .MustChange}} change{{end}} {{.Expires}} {{.Date}}\r\n")
	require.NoError(t, err)
	text, err := l.of(ofJane())
	require.NoError(t, err)
	assert.Equal(t, "# plant.example\n\nJane[U+202E]Doe\tjdoe jdoe@plant.example\n"+passwordMark+" 2026-12-23 2026-11-22", text)
}

// What is wrong with a template is told before a password is set, also in a branch that
// few letters take.
func TestTemplatesThatCannotBeUsed(t *testing.T) {
	for text, why := range map[string]string{
		"{{.Account":                    "unclosed action",
		"{{.Account}} and {{.Pasword}}": "can't evaluate field Pasword",
		"{{.Account}} {{if .MustChange}}{{.Password}}{{end}}":               "each letter must have {{.Account}} and {{.Password}}",
		"{{.Account}}{{.Password}}{{slice .Name 0 8}}":                      "index out of range",
		"{{.Account}}{{if eq .Domain `plant.example`}}{{.Password}}{{end}}": "the letter of Bo (bo in corp.example), for example: each letter",
		"{{.Password}}{{slice .Account 0 2}}":                               "each letter must have {{.Account}}",
		"{{.Account}}{{if eq (len .Account) 4 2}}{{.Password}}{{end}}":      "each letter must have {{.Account}} and {{.Password}}",
		"{{.Password}}": "each letter must have {{.Account}} and {{.Password}}",
		"{{.Account}}{{.Password}}{{if .Expires}}{{.Until}}{{end}}":            "can't evaluate field Until",
		"{{.Account}}{{.Password}}{{range 100000}}for ever {{end}}":            "a letter has at most 16 KiB",
		"{{define `a`}}{{template `a`}}{{end}}{{template `a`}}":                "exceeded maximum template depth",
		"{{.Account}}{{.Password}}{{if not .LogonName}}{{.Set}}{{end}}":        "can't evaluate field Set",
		"{{.Account}}{{.Password}}{{template `nowhere`}}":                      `template "nowhere" not defined`,
		"{{.Account}}{{.Password}}{{call .Name}}":                              "non-function",
		"{{.Account}}{{printf `%q` .Password}}":                                "each letter must have {{.Account}} and {{.Password}}",
		"{{.Account}}{{.Password}}{{if .MustChange}}{{index .Name 99}}{{end}}": "index out of range",
	} {
		_, err := newLetters(text)
		assert.ErrorContains(t, err, why, text)
	}
}

func TestTemplateFilesThatCannotBeRead(t *testing.T) {
	file := filepath.Join(t.TempDir(), "letter.txt")
	require.ErrorContains(t, Check(schema.Session{LetterTemplate: file}), "letter_template "+file)
	for content, why := range map[string]string{
		strings.Repeat("x", largestTemplate+1):    "at most 64 KiB",
		"{{.Account}} {{.Password}} \xff":         "not UTF-8",
		"{{.Account}} {{.Password}} {{.Unknown}}": "can't evaluate field Unknown",
	} {
		require.NoError(t, os.WriteFile(file, []byte(content), 0o600))
		require.ErrorContains(t, Check(schema.Session{LetterTemplate: file}), why)
		_, err := Run(t.Context(), Options{Config: schema.Session{LetterTemplate: file}})
		require.ErrorContains(t, err, why)
	}
	require.NoError(t, os.WriteFile(file, []byte("{{.Account}} {{.Password}}"), 0o600))
	require.NoError(t, Check(schema.Session{LetterTemplate: file}))
}

// The letter that docs/approval.md shows is one that can be used.
func TestDocumentedLetter(t *testing.T) {
	document, err := os.ReadFile("../docs/approval.md")
	require.NoError(t, err)
	_, text, found := strings.Cut(string(document), "a letter of your own, such as\n\n")
	require.True(t, found)
	text, _, found = strings.Cut(text, "\n\nParagraphs")
	require.True(t, found)
	text = strings.ReplaceAll("\n"+text, "\n    ", "\n")
	l, err := newLetters(text)
	require.NoError(t, err)
	i := ofJane()
	i.mustChange = true
	letter, err := l.of(i)
	require.NoError(t, err)
	assert.Equal(t, "# Your account at Plant North\n\nJane[U+202E]Doe, this is your account in plant.example:\n\n"+
		"Account\tjdoe\nPassword\t"+passwordMark+"\n\nAt the first logon you choose a password of your own.\nQuestions? Phone 4711.", letter)

	fields := reflect.TypeFor[letterFields]()
	for n := range fields.NumField() {
		assert.Contains(t, string(document), "`."+fields.Field(n).Name+"`")
	}
}

// No template is held against every name: one that fails for a person fails no other, and
// no sheet without a password counts as handed out.
func TestWhomTheTemplateFailsGetsTheBuiltInLetter(t *testing.T) {
	for _, text := range []string{"{{.Account}} {{.Password}} Mine {{if eq .Account `jo`}}{{index .Name 99}}{{end}}", "{{.Account}} Mine {{if ne .Account `jo`}}{{.Password}}{{end}}"} {
		l, err := newLetters(text)
		require.NoError(t, err)
		jo := ofJane()
		jo.id, jo.person.AccountName = "2", "jo"
		log := &strings.Builder{}
		h := handout{vault: &vault{issued: []issued{ofJane(), jo}}, letters: l, log: zerolog.New(log)}
		w := httptest.NewRecorder()
		h.print(w, nil, printing{})
		require.Equal(t, 200, w.Code, w.Body)
		var out []letter
		require.NoError(t, json.Unmarshal(w.Body.Bytes(), &out))
		require.Len(t, out, 2)
		assert.Contains(t, strings.Join(out[0].Text, "*"), "Mine")
		assert.Empty(t, out[0].Note)
		assert.Contains(t, strings.Join(out[1].Text, "*"), "\t*\n")
		assert.Contains(t, out[1].Note, "built-in letter")
		assert.Contains(t, log.String(), `"account":"jo"`)
	}
}
