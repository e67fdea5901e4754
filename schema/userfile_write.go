package schema

import (
	"bufio"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Head is what a user file begins with. Without a Source the file has the
// older shape: no objectGUID, no statement of completeness, no values that are
// not text, times without zone, and ASCII only.
type Head struct {
	Timestamp time.Time
	Source    *Source
}

// UserFileWriter writes a user file without its final newline, one user at a
// time; it keeps no user in memory. It refuses what DecodeUserFile would
// refuse of a single user, or of their number.
type UserFileWriter struct {
	out   *bufio.Writer
	err   error // sticky
	old   bool
	users int
	count int      // attributes and values so far
	text  indented // of the user being written
}

// NewUserFileWriter writes the beginning of a user file. Errors are reported
// by Write and Close.
func NewUserFileWriter(w io.Writer, head Head) *UserFileWriter {
	old := head.Source == nil
	u := &UserFileWriter{out: bufio.NewWriterSize(w, 1<<16), old: old, text: indented{ascii: old}}
	u.text.begin('{')
	if !head.Timestamp.IsZero() {
		u.text.key("timestamp")
		u.text.timestamp(head.Timestamp)
	}
	if !old {
		u.text.key("source")
		u.text.begin('{')
		u.text.textMember("domain", head.Source.Domain)
		u.text.textMember("scope", head.Source.Scope)
		u.text.textMember("tool", strings.TrimSuffix(head.Source.Tool+toolThrough+head.Source.Controller, toolThrough))
		u.text.end('}')
	}
	u.text.key("users")
	u.text.begin('[')
	_ = u.flush() // Write and Close report it
	return u
}

// Write adds one user.
func (w *UserFileWriter) Write(u User) error {
	if w.err != nil {
		return w.err
	}
	if err := checkWritable(&u, w.old); err != nil {
		return fmt.Errorf("writing user %s: %w", quoted(u.CN), err)
	}
	w.users++
	w.count += valuesOf(&u)
	switch {
	case w.users > MaxUsers:
		return fmt.Errorf("a user file has at most %d users", MaxUsers)
	case w.count > MaxAllValues:
		return fmt.Errorf("a user file has at most %d values; with user %s there are more", MaxAllValues, quoted(u.CN))
	}
	w.text.item()
	w.text.begin('{')
	w.text.textMember(keyCN, u.CN)
	w.text.textMember(keySAMAccountName, u.SAMAccountName)
	w.text.key(keyDisabled)
	w.text.literal(u.Disabled)
	w.text.key(keyAccountExpires)
	if u.AccountExpires == nil {
		w.text.null()
	} else {
		w.text.timestamp(*u.AccountExpires)
	}
	w.text.key(keyMemberOf)
	w.text.list(Value{List: u.MemberOf})
	if !w.old {
		w.text.textMember(keyObjectGUID, u.ObjectGUID)
	}
	for _, name := range slices.Sorted(maps.Keys(u.Attributes)) {
		w.attribute(name, u.Attributes[name])
	}
	w.text.end('}')
	return w.flush()
}

// valuesOf counts as the decoder does.
func valuesOf(u *User) int {
	n := len(u.MemberOf) + len(u.Attributes)
	for _, v := range u.Attributes {
		if v.Multi {
			n += len(v.List)
		}
	}
	return n
}

func (w *UserFileWriter) attribute(name string, v Value) {
	switch {
	case v.Binary && w.old:
		return // the older shape has no form for it
	case v.List == nil && !v.Multi:
		w.text.key(name)
		w.text.null()
	case v.Multi:
		w.text.key(name)
		w.text.list(v)
	default:
		w.text.key(name)
		w.text.value(v.List[0], v.Binary)
	}
}

// Close states that the file is complete and ends it; the older shape has no
// place for the statement. It does not close the underlying writer. Without
// Close the file is no valid JSON.
func (w *UserFileWriter) Close(c *Complete) error {
	switch {
	case w.err != nil:
		return w.err
	case !w.old && c == nil:
		return errors.New("ending the user file: it cannot be stated to be complete")
	case !w.old && c.Users != w.users:
		return fmt.Errorf("ending the user file: %d users were written, not %d", w.users, c.Users)
	}
	w.text.end(']')
	if !w.old {
		w.complete(c)
	}
	w.text.end('}')
	if err := w.flush(); err != nil {
		return err
	}
	w.err = w.out.Flush()
	if w.err != nil {
		return w.err
	}
	w.err = errors.New("the user file is already ended")
	return nil
}

func (w *UserFileWriter) complete(c *Complete) {
	w.text.key("complete")
	w.text.begin('{')
	w.text.key("users")
	w.text.number(c.Users)
	w.text.key("searches")
	w.text.begin('[')
	for _, s := range c.Searches {
		w.text.item()
		w.text.begin('{')
		w.text.textMember("base", s.Base)
		w.text.textMember("filter", s.Filter)
		w.text.key("entries")
		w.text.number(s.Entries)
		w.text.key("referrals")
		w.text.number(s.Referrals)
		w.text.end('}')
	}
	w.text.end(']')
	w.text.end('}')
}

func (w *UserFileWriter) flush() error {
	if w.err == nil {
		_, w.err = w.out.Write(w.text.bytes)
	}
	w.text.bytes = w.text.bytes[:0]
	return w.err
}

// checkWritable refuses what the reader would refuse.
func checkWritable(u *User, old bool) error {
	switch {
	case u.CN == "" || u.SAMAccountName == "":
		return errors.New("a user needs cn and sAMAccountName")
	case !old && !dashedGUID.MatchString(u.ObjectGUID):
		return fmt.Errorf("objectGUID %s is not a dashed GUID in lower case", quoted(u.ObjectGUID))
	case len(u.MemberOf) > MaxValues:
		return fmt.Errorf("memberOf has more than %d values", MaxValues)
	case len(u.Attributes) > MaxAttributes:
		return fmt.Errorf("there are more than %d attributes", MaxAttributes)
	}
	for _, text := range append([]string{u.CN, u.SAMAccountName}, u.MemberOf...) {
		if !IsText(text) {
			return fmt.Errorf("%s is not text", quoted(text))
		}
		if utf8.RuneCountInString(text) > MaxName {
			return fmt.Errorf("%s has more than %d characters", quoted(text), MaxName)
		}
	}
	lower := make(map[string]bool, len(u.Attributes))
	for name, v := range u.Attributes {
		fold := strings.ToLower(name)
		switch {
		case name == "" || !IsText(name) || utf8.RuneCountInString(name) > MaxName || IsUserKey(name) || lower[fold]:
			return fmt.Errorf("%s cannot be the name of an attribute here", quoted(name))
		case len(v.List) > MaxValues:
			return fmt.Errorf("%s has more than %d values", quoted(name), MaxValues)
		case !v.Multi && len(v.List) > 1:
			return fmt.Errorf("%s has several values, but is not a list", quoted(name))
		case !v.Binary && !allText(v.List):
			return fmt.Errorf("%s is not text", quoted(name))
		}
		lower[fold] = true
	}
	return nil
}

// IsText tells whether a value can be written as text: UTF-8 without NUL.
func IsText(s string) bool { return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 }

func allText(list []string) bool {
	return !slices.ContainsFunc(list, func(s string) bool { return !IsText(s) })
}

// NewValue is the value of an attribute as a directory gives it: raw values,
// and whether the attribute may have several. None at all is null.
func NewValue(values []string, multi bool) Value {
	if len(values) == 0 {
		if multi {
			return Value{List: []string{}, Multi: true}
		}
		return Value{}
	}
	return Value{List: values, Multi: multi || len(values) > 1, Binary: !allText(values)}
}

func encodeBase64(raw string) string { return base64.StdEncoding.EncodeToString([]byte(raw)) }
