package plan

import (
	"cmp"
	"fmt"
	"strings"

	"ad-user-sync/internal/adrules"
	"ad-user-sync/internal/template"
	"ad-user-sync/schema"
)

// Examples are what the templates of names come to for some people of a file, and who is
// asked about, or keeps the file's common name.
type Examples struct {
	Names []string // `Jane Doe: account name jdoe, user principal name jane.doe@..., common name "Doe, Jane"`
	Told  []string // what is asked about, or left as the file has it, in sentences
}

// someExamples are shown.
const someExamples = 3

// NameExamples tells that before anything is read of the target; nil where no
// names are made by template. pattern is account_name_pattern.
func NameExamples(n schema.Names, pattern string, file *schema.UserFile) *Examples {
	t := newTemplates(n)
	if t == (templates{}) {
		return nil
	}
	x := &attributes{in: Input{File: file}, obs: &Observation{}, schema: map[string]Attribute{}, spellings: map[string][]string{}}
	x.spell()
	s := &sampling{attributes: x, names: &names{cfg: &schema.ImportConfig{AccountNamePattern: pattern}, obs: x.obs, pattern: namePattern(pattern)}, templates: t, people: len(file.Users)}
	for i := range file.Users {
		s.take(&file.Users[i])
	}
	return &Examples{append(s.other, s.plain...)[:min(someExamples, len(s.other)+len(s.plain))], s.told()}
}

// sampling shows names in letters that have to be written otherwise first, since of the
// others everyone knows what comes of them.
type sampling struct {
	*attributes
	names     *names
	templates templates
	people    int

	other, plain []string
	empty        tally // parts of account names and UPNs
	emptyCN      tally // parts of common names
	refused      tally // account names
}

// tally counts people, and knows the first of them.
type tally struct {
	n   int
	who string
	why string
}

func (t *tally) add(u *schema.User, why string) {
	if t.n++; t.n == 1 {
		t.who, t.why = u.CN, why
	}
}

func (s *sampling) take(u *schema.User) {
	var parts []string
	account, empty := s.part(s.templates.account, u, adrules.MaxAccountName)
	upn, emptyUPN := s.part(s.templates.upn, u, 0)
	cn, emptyCN := s.part(s.templates.cn, u, 0)
	if emptyCN != "" {
		s.emptyCN.add(u, emptyCN)
	}
	switch {
	case empty != "" || emptyUPN != "":
		s.empty.add(u, cmp.Or(empty, emptyUPN))
		return
	case account != "" && s.names.checkName(account) != nil:
		s.refused.add(u, fmt.Sprintf("%q: %s", account, s.names.checkName(account)))
		return
	}
	for _, made := range []struct{ what, text string }{{"account name ", account}, {"user principal name ", upn}, {"common name ", cn}} {
		switch {
		case made.text == "":
			continue
		case made.what[0] == 'u':
			made.text += "@..."
		case made.what[0] == 'c':
			made.text = `"` + made.text + `"`
		}
		parts = append(parts, made.what+made.text)
	}
	switch line := u.CN + ": " + strings.Join(parts, ", "); {
	case len(parts) == 0:
	case strings.ContainsFunc(u.CN+cn+s.fields(u), func(r rune) bool { return r > 127 }) && len(s.other) < someExamples-1:
		s.other = append(s.other, line)
	case len(s.plain) < someExamples:
		s.plain = append(s.plain, line)
	}
}

// fields is what the templates take of a person.
func (s *sampling) fields(u *schema.User) (all string) {
	for _, t := range []*template.Template{s.templates.account, s.templates.upn} {
		if t == nil {
			continue
		}
		for _, field := range t.Fields() {
			v, _ := s.source(field).of(u)
			all += first(v.List)
		}
	}
	return all
}

func (s *sampling) part(t *template.Template, u *schema.User, most int) (text, empty string) {
	if t == nil {
		return "", ""
	}
	return s.expand(t, u, 1, most)
}

func (s *sampling) told() (told []string) {
	say := func(t tally, text string) {
		if t.n > 0 {
			told = append(told, fmt.Sprintf(text, t.n, s.people, t.who, t.why))
		}
	}
	say(s.empty, "%d of %d people have nothing for a part of a template of their names, and are asked about. The first is %s, who has nothing for %s")
	say(s.refused, "%d of %d people would get an account name that is not acceptable, and are asked about. The first is %s: %s")
	say(s.emptyCN, "%d of %d people have nothing for a part of the template of common names, and keep the common name of the file. The first is %s, who has nothing for %s")
	return told
}

// templateSources are the attributes that templates take, each with what it makes.
func templateSources(cfg *schema.ImportConfig) map[string][]string {
	fields := map[string][]string{}
	add := func(of, text string, numbers bool) {
		if t := parsed(text, numbers); t != nil {
			fields[of] = t.Fields()
		}
	}
	add("names.account_name", cfg.Names.AccountName, true)
	add("names.upn", cfg.Names.UPN, true)
	add("names.common_name", cfg.Names.CommonName, false)
	for name, rule := range cfg.Attributes {
		add(name, rule.Template, false)
	}
	return fields
}
