// Package template is the language of names: text with the fields of a user in
// braces, each with what is done to it, from left to right.
//
//	{givenName|ascii|lower|1}{sn|ascii|letters|lower|7}{n}
//
// A number is how many characters are kept, from the first one on. {n} is nothing,
// or, where the name is taken, a number from 2 on.
package template

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Template is one that was parsed.
type Template struct {
	text     string
	parts    []part
	numbered bool
}

// part is text, a field, or the number.
type part struct {
	text   string // as it is written
	field  string // "": text, or the number
	number bool
	steps  []func(string) string
}

// longest is what a template may have: more is not meant.
const longest = 500

// Parse reads a template, which may have {n} where it makes names that have to be unique.
func Parse(text string, numbers bool) (*Template, error) {
	t := &Template{text: text}
	if len(text) > longest {
		return nil, fmt.Errorf("it has more than %d characters", longest)
	}
	for rest := text; rest != ""; {
		plain, after, opened := strings.Cut(rest, "{")
		if strings.Contains(plain, "}") {
			return nil, fmt.Errorf("there is a } without a { before it")
		}
		if plain != "" {
			t.parts = append(t.parts, part{text: plain})
		}
		if !opened {
			break
		}
		inside, next, closed := strings.Cut(after, "}")
		if !closed {
			return nil, fmt.Errorf("there is no } after {%s", inside)
		}
		p, err := parsePart(inside)
		if err != nil {
			return nil, fmt.Errorf("{%s}: %w", inside, err)
		}
		t.parts, rest = append(t.parts, p), next
	}
	return t, t.check(numbers)
}

func (t *Template) check(numbers bool) error {
	count := 0
	for _, p := range t.parts {
		if p.number {
			count++
		}
	}
	t.numbered = count > 0
	switch {
	case len(t.Fields()) == 0:
		return fmt.Errorf("it names no field, such as {sn}")
	case t.numbered && !numbers:
		return fmt.Errorf("{n} is for account names and user principal names only")
	case count > 1:
		return fmt.Errorf("{n} is there twice")
	}
	return nil
}

func parsePart(inside string) (part, error) {
	words := strings.Split(inside, "|")
	p := part{text: "{" + inside + "}", field: strings.TrimSpace(words[0])}
	if p.field == "n" && len(words) == 1 {
		p.field, p.number = "", true
		return p, nil
	}
	if !isField(p.field) {
		return p, fmt.Errorf("%q is not the name of an attribute", p.field)
	}
	for _, word := range words[1:] {
		step, err := stepOf(strings.TrimSpace(word))
		if err != nil {
			return p, err
		}
		p.steps = append(p.steps, step)
	}
	return p, nil
}

func isField(name string) bool {
	letter := func(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }
	for i, r := range name {
		if !letter(r) && (i == 0 || r != '-' && (r < '0' || r > '9')) {
			return false
		}
	}
	return name != "" && name != "n"
}

func stepOf(word string) (func(string) string, error) {
	if count, err := strconv.Atoi(word); err == nil && count > 0 {
		return func(s string) string { return cut(s, count) }, nil
	}
	if step := steps[word]; step != nil {
		return step, nil
	}
	return nil, fmt.Errorf("%q is not known; there are a number of characters and %s", word, strings.Join(stepNames(), ", "))
}

// String is the template as it was written.
func (t *Template) String() string { return t.text }

// Numbered reports whether {n} is in it.
func (t *Template) Numbered() bool { return t.numbered }

// Fields are the attributes that it is made of.
func (t *Template) Fields() (names []string) {
	for _, p := range t.parts {
		if p.field != "" && !slices.Contains(names, p.field) {
			names = append(names, p.field)
		}
	}
	return names
}

// Expand makes a text of at most so many UTF-16 units (0: any), as directories count, with a
// number from 2 on where n says so; what does not fit is cut off before the number, and what
// then ends with a blank or full stop ends before it. empty is the part that has nothing of this user.
func (t *Template) Expand(value func(field string) string, n, most int) (text, empty string) {
	var before, after strings.Builder
	out, number := &before, ""
	for _, p := range t.parts {
		made := p.text
		switch {
		case p.number:
			if out = &after; n > 1 {
				number = strconv.Itoa(n)
			}
			continue
		case p.field != "":
			made = p.of(value(p.field))
		}
		if made == "" && empty == "" {
			empty = p.text
		}
		out.WriteString(made)
	}
	head, tail := norm.NFC.String(before.String()), number+after.String()
	if room := most - units(tail); most > 0 && units(head) > room {
		if head = fitting(head, room); tail == "" {
			head = strings.TrimRight(head, " .")
		}
	}
	return norm.NFC.String(head + tail), empty
}

func (p *part) of(value string) string {
	value = strings.TrimSpace(norm.NFC.String(value))
	for _, step := range p.steps {
		value = step(value)
	}
	return strings.TrimSpace(value)
}
