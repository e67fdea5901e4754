package text

import (
	"slices"
	"strings"

	"ad-user-sync/schema"
)

// named is a person of the report.
type named struct {
	user string
	schema.Subject
}

// key tells people apart: by the account, before there is one by the person of
// the source, else by the common name.
func (w named) key() string {
	switch {
	case w.ObjectGUID != "":
		return w.ObjectGUID
	case w.Anchor != "":
		return w.Anchor
	}
	return w.user
}

func (t *reportText) findNamesakes() {
	t.namesakes = map[string]map[string]bool{}
	for _, a := range t.Actions {
		if t.namesakes[a.User] == nil {
			t.namesakes[a.User] = map[string]bool{}
		}
		t.namesakes[a.User][named{a.User, a.Subject}.key()] = true
	}
}

// call is the common name, of namesakes with the account name.
func (t *reportText) call(w named) string {
	if len(t.namesakes[w.user]) > 1 && w.AccountName != "" {
		return w.user + " (" + w.AccountName + ")"
	}
	return w.user
}

// people lists who something was done to, with what changed and why.
func (t *reportText) people(title, action string) {
	var lines []string
	seen := map[string]bool{}
	for _, a := range t.Actions {
		w := named{a.User, a.Subject}
		switch {
		case a.Type != action:
		case a.Group != "":
			lines = append(lines, t.call(w)+": "+a.Group)
		case !seen[w.key()]:
			seen[w.key()] = true
			lines = append(lines, t.call(w)+t.detail(action, w))
		}
	}
	t.section(title, shownDone, lines)
}

// detail is ": mail, title (differs)" as far as there is something to say. An
// account that is created gets everything, so its attributes are not listed.
func (t *reportText) detail(action string, of named) string {
	var attributes, reasons []string
	from, _ := slices.BinarySearchFunc(t.Changes, of.user, func(c schema.Change, user string) int { return strings.Compare(c.User, user) })
	for _, c := range t.Changes[from:] {
		if c.User != of.user {
			break
		}
		if c.Action != action || (named{c.User, c.Who()}).key() != of.key() {
			continue
		}
		if c.Attribute != "" && action != "create" && !slices.Contains(attributes, c.Attribute) {
			attributes = append(attributes, c.Attribute)
		}
		if c.Reason != "" && !slices.Contains(reasons, c.Reason) {
			reasons = append(reasons, c.Reason)
		}
	}
	text := ""
	if len(attributes) > 0 {
		text = ": " + strings.Join(attributes, ", ")
	}
	if len(reasons) > 0 {
		text += " (" + strings.Join(reasons, ", ") + ")"
	}
	return text
}
