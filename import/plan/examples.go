package plan

import (
	"strings"

	"ad-user-sync/internal/adrules"
	"ad-user-sync/internal/template"
	"ad-user-sync/schema"
)

// Examples are what the templates of names come to for the first people of a file, and
// how many are asked about, or keep the file's common name, since a part is empty.
type Examples struct {
	Names []string // "Jane Doe: jdoe, jane.doe@, Doe, Jane"
	Empty int
	Part  string // the first that was empty
}

// someExamples are shown.
const someExamples = 3

// NameExamples tells that before anything is read of the target; nil where no
// names are made by template.
func NameExamples(n schema.Names, file *schema.UserFile) *Examples {
	t := newTemplates(n)
	if t == (templates{}) {
		return nil
	}
	x := &attributes{in: Input{File: file}, obs: &Observation{}, schema: map[string]Attribute{}, spellings: map[string][]string{}}
	x.spell()
	e := &Examples{}
	for i := range file.Users {
		u := &file.Users[i]
		if names, empty := x.example(t, u); empty != "" {
			if e.Empty++; e.Empty == 1 {
				e.Part = empty
			}
		} else if len(e.Names) < someExamples {
			e.Names = append(e.Names, u.CN+": "+strings.Join(names, ", "))
		}
	}
	return e
}

func (x *attributes) example(t templates, u *schema.User) (names []string, empty string) {
	for _, one := range []struct {
		*template.Template
		after string
		most  int
	}{{t.account, "", adrules.MaxAccountName}, {t.upn, "@", 0}, {t.cn, "", 0}} {
		if one.Template == nil {
			continue
		}
		text, missing := x.expand(one.Template, u, 1, one.most)
		if missing != "" {
			return nil, missing
		}
		names = append(names, text+one.after)
	}
	return names, ""
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
