package export

import (
	"cmp"
	"fmt"
	"strings"
	"unicode/utf8"

	"ad-user-sync/internal/ad"
)

// exclusion leaves out users by one attribute.
type exclusion struct {
	attribute string
	patterns  []pattern
	texts     []string // as configured, for reasons
	places    []ad.DN  // of each pattern that is a name; filled in where the attribute's values are names
}

// rule of one pattern, the same for everybody whom it leaves out.
func (x exclusion) rule(i int) string {
	return fmt.Sprintf("exclude: %s matches %q", x.attribute, x.texts[i])
}

func (x exclusion) about(attribute string) bool { return strings.EqualFold(x.attribute, attribute) }

// understandNames takes patterns without wildcards as names: of an object, and
// of all that is below it.
func (x *exclusion) understandNames() {
	x.places = make([]ad.DN, len(x.texts))
	for i, text := range x.texts {
		if dn, err := ad.ParseDN(text); err == nil && !strings.ContainsAny(text, "*?") {
			x.places[i] = dn
		}
	}
}

// matches holds one pattern against one value.
func (x exclusion) matches(i int, value string) bool {
	if x.patterns[i].matches(value) {
		return true
	}
	if x.places == nil || x.places[i].IsZero() {
		return false
	}
	dn, err := ad.ParseDN(value)
	return err == nil && dn.Within(x.places[i])
}

// values that an exclusion looks at. Of memberOf these are all groups that a
// user is in, the primary group and nested ones included.
func (m *membership) values(x exclusion, e ad.Entry) []string {
	switch {
	case x.about("distinguishedName"):
		return []string{e.DN.String()}
	case x.about("memberOf") && m.tree != nil:
		return m.tree.of(e)
	}
	return e.Texts(x.attribute)
}

// match finds the first of a user's values that the pattern matches.
func (m *membership) match(x exclusion, i int, e ad.Entry) (value string, found bool) {
	for _, value := range m.values(x, e) {
		if x.matches(i, value) {
			return value, true
		}
	}
	return "", false
}

func (w *wanted) excluded(e ad.Entry, m *membership) (leftOut, rule string) {
	for _, x := range w.exclude {
		for i := range x.patterns {
			if value, found := m.match(x, i, e); found {
				return fmt.Sprintf("exclude: %s is %q, which matches %q", x.attribute, value, x.texts[i]), x.rule(i)
			}
		}
	}
	return "", ""
}

// unseen tells which attribute that excludes cannot be read of a user, and
// whose it is, where that is not the user's own.
func (s *source) unseen(e ad.Entry) (attribute string, group string) {
	for _, x := range s.wanted.exclude {
		switch {
		case len(x.patterns) == 0, x.about("distinguishedName"):
			continue
		case !x.about("memberOf"):
			if s.hidden(e, x.attribute) {
				return x.attribute, ""
			}
			continue
		}
		for _, name := range []string{"memberOf", "primaryGroupID"} {
			if s.hidden(e, name) {
				return name, ""
			}
		}
		if group := s.membership.tree.hiddenAbove(e); group != "" {
			return "memberOf", group
		}
	}
	return "", ""
}

// hidden tells that an attribute has no value only since it may not be read.
func (s *source) hidden(e ad.Entry, attribute string) bool {
	d := s.definitions[strings.ToLower(attribute)]
	return !e.Has(cmp.Or(d.Name, attribute)) && !s.reading.may(e, d.Definition)
}

// pattern is a wildcard in lower case: "*" stands for any text, "?" for one
// character.
type pattern string

func newPattern(text string) pattern { return pattern(strings.ToLower(text)) }

// matches compares with a value in any case. It is linear but for one step
// back at each star.
func (p pattern) matches(value string) bool {
	rest, text := string(p), strings.ToLower(value)
	star, retry := "", "" // the pattern after the last star, and where to take it up again
	starred := false
	for text != "" || rest != "" {
		switch {
		case strings.HasPrefix(rest, "*"):
			rest = rest[1:]
			star, retry, starred = rest, text, true
			continue
		case text != "" && rest != "":
			_, size := utf8.DecodeRuneInString(text)
			_, step := utf8.DecodeRuneInString(rest)
			if rest[0] == '?' || rest[:step] == text[:size] {
				rest, text = rest[step:], text[size:]
				continue
			}
		}
		if !starred || retry == "" {
			return false
		}
		_, size := utf8.DecodeRuneInString(retry)
		retry = retry[size:]
		rest, text = star, retry
	}
	return true
}
