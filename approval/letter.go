package approval

import (
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"text/template"
	"time"
	"unicode/utf8"

	"ad-user-sync/schema"
)

const (
	largestTemplate = 64 << 10 // bytes
	longestLetter   = 16 << 10
)

// passwordMark stands in the text of a letter where the page puts the password. No
// name can contain it: Visible rewrites it.
const passwordMark = "\uE000"

//go:embed letters
var builtInLetters embed.FS

// letterFields is all that a template of letters is given: of one person, and without
// methods that could reach further.
type letterFields struct {
	Name, Account, LogonName string // LogonName may be ""
	Domain                   string
	Password                 string // passwordMark
	MustChange               bool   // at the next logon
	Renewed                  bool   // it takes the place of one that was forgotten
	Expires                  string // 2006-01-02; "" where the account does not
	Date                     string // on which the password was set
}

// letters writes what each person is given on paper.
type letters struct {
	template  *template.Template
	languages map[string]*letters // those to choose from; nil where the configuration says which
}

func openLetters(name string) (*letters, error) {
	text, err := letterTemplate(name)
	if err == nil {
		var l *letters
		if l, err = newLetters(text); err == nil {
			return l, l.offer(name)
		}
	}
	return nil, fmt.Errorf("letter_template %s: %w", name, err)
}

// offer has a language to choose where the template leaves it open.
func (l *letters) offer(name string) error {
	if name != "" {
		return nil
	}
	l.languages = map[string]*letters{}
	for _, language := range []string{"en", "de"} {
		one, err := openLetters(language)
		if err != nil {
			return err
		}
		l.languages[language] = one
	}
	return nil
}

// in are the letters in one language, or in all where it is not offered.
func (l *letters) in(language string) *letters {
	if one := l.languages[language]; one != nil {
		return one
	}
	return l
}

func letterTemplate(name string) (string, error) {
	switch name {
	case "":
		return builtInLetter("en") + "\n" + builtInLetter("de"), nil
	case "en", "de":
		return builtInLetter(name), nil
	}
	if special(name) {
		return "", fmt.Errorf("%s is a folder, device or pipe, not a file", name)
	}
	file, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, largestTemplate+1))
	if err != nil {
		return "", err
	}
	if len(content) > largestTemplate || !utf8.Valid(content) {
		return "", fmt.Errorf("it is not UTF-8 text of at most %d KiB", largestTemplate>>10)
	}
	return string(content), nil
}

// special reports whether something is no file: to open a pipe may never end.
func special(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode()&(fs.ModeDir|fs.ModeDevice|fs.ModeNamedPipe|fs.ModeSocket) != 0
}

func builtInLetter(language string) string {
	text, err := builtInLetters.ReadFile("letters/" + language + ".txt")
	if err != nil {
		panic(err) // it is part of the program
	}
	return string(text)
}

// newLetters holds a template against every combination of what may be there, and names
// of several kinds, so that few fail for the first time once a password is set.
func newLetters(text string) (*letters, error) {
	text = strings.ReplaceAll(strings.TrimPrefix(text, "\uFEFF"), "\r\n", "\n")
	parsed, err := template.New("letter").Parse(text)
	if err != nil {
		return nil, err
	}
	l := &letters{template: parsed}
	for i := range 16 {
		for _, sample := range []letterFields{
			{Name: "Jane Doe", Account: "jdoe", Domain: "plant.example"},
			{Name: "Bo", Account: "bo", Domain: "corp.example"},
			{Name: "Łucja-Maximiliane Freifrau von Übersee zu Groß Köris", Account: "lucja.maximiliane.gk", Domain: "plant.example"},
		} {
			sample.Date, sample.MustChange, sample.Renewed = "2026-01-02", i&1 > 0, i&8 > 0
			if i&2 > 0 {
				sample.LogonName = sample.Account + "@" + sample.Domain
			}
			if i&4 > 0 {
				sample.Expires = "2026-12-31"
			}
			if _, err := l.write(sample); err != nil {
				return nil, fmt.Errorf("the letter of %s (%s in %s), for example: %w", sample.Name, sample.Account, sample.Domain, err)
			}
		}
	}
	return l, nil
}

// of is the letter of one person, with passwordMark in place of the password.
func (l *letters) of(i issued) (string, error) {
	name := i.person.DisplayName
	if name == "" {
		name = i.person.CN
	}
	return l.write(letterFields{Name: schema.Visible(name), Account: schema.Visible(i.person.AccountName), LogonName: schema.Visible(i.person.UPN),
		Domain: schema.Visible(i.domain), MustChange: i.mustChange, Renewed: i.renewed, Expires: i.expires, Date: i.set.Format(time.DateOnly)})
}

// builtIn is the letter of one whom the template has none for.
func builtIn(i issued) (string, error) {
	l, err := openLetters("")
	if err != nil {
		return "", err
	}
	return l.of(i)
}

func (l *letters) write(fields letterFields) (string, error) {
	fields.Password = passwordMark
	var out capped
	if err := l.template.Execute(&out, fields); err != nil {
		return "", err
	}
	written := strings.TrimSpace(out.String())
	if !strings.Contains(written, passwordMark) || !strings.Contains(written, fields.Account) {
		return "", errors.New("each letter must have {{.Account}} and {{.Password}}")
	}
	return written, nil
}

// capped ends a template that writes without end.
type capped struct{ strings.Builder }

func (c *capped) Write(p []byte) (int, error) {
	if c.Len()+len(p) > longestLetter {
		return 0, fmt.Errorf("a letter has at most %d KiB", longestLetter>>10)
	}
	return c.Builder.Write(p)
}
