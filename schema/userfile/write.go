package userfile

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"ad-user-sync/schema"
)

// Head is what a user file begins with. Without a Source the file has the
// older shape: no objectGUID, no statement of completeness, no values that are
// not text, times without zone, and ASCII only.
type Head struct {
	Timestamp time.Time
	Source    *schema.Source
}

// Writer writes a user file without its final newline, one user at a
// time; it keeps no user in memory. It refuses what Decode would
// refuse of a single user, or of their number.
type Writer struct {
	out   *bufio.Writer
	err   error // sticky
	old   bool
	users int
	moved *schema.Migrated
	count int // attributes and values so far
	text  *python
}

// ErrFull means that the users would be more than a file may hold.
var ErrFull = errors.New("the user file would hold more than an import takes")

// NewWriter writes the beginning of a user file. Errors are reported
// by Write and Close.
func NewWriter(w io.Writer, head Head) *Writer {
	old := head.Source == nil
	out := bufio.NewWriterSize(w, 1<<16)
	u := &Writer{out: out, old: old, text: newPython(out, old)}
	u.text.token(jsontext.BeginObject)
	if !head.Timestamp.IsZero() {
		u.text.member("timestamp", u.text.time(head.Timestamp))
	}
	if !old {
		source := *head.Source
		source.Tool = strings.TrimSuffix(source.Tool+toolThrough+source.Controller, toolThrough)
		u.text.object("source", source)
	}
	u.text.key("users")
	u.text.token(jsontext.BeginArray)
	return u
}

// Write adds one user.
func (w *Writer) Write(u schema.User) error {
	if w.err != nil {
		return w.err
	}
	if err := checkWritable(&u, w.old); err != nil {
		return fmt.Errorf("writing user %s: %w", schema.Quoted(u.CN), err)
	}
	w.users++
	w.count += valuesOf(&u)
	switch {
	case w.users > MaxUsers:
		return fmt.Errorf("%w: it has at most %d users", ErrFull, MaxUsers)
	case w.count > MaxAllValues:
		return fmt.Errorf("%w: it has at most %d values, and with user %s there are more", ErrFull, MaxAllValues, schema.Quoted(u.CN))
	}
	w.text.token(jsontext.BeginObject)
	w.text.member(schema.KeyCN, jsontext.String(u.CN))
	w.text.member(schema.KeySAMAccountName, jsontext.String(u.SAMAccountName))
	w.text.member(schema.KeyDisabled, jsontext.Bool(u.Disabled))
	expires := jsontext.Null
	if u.AccountExpires != nil {
		expires = w.text.time(*u.AccountExpires)
	}
	w.text.member(schema.KeyAccountExpires, expires)
	w.text.list(schema.KeyMemberOf, u.MemberOf)
	if !w.old {
		w.text.member(schema.KeyObjectGUID, jsontext.String(u.ObjectGUID))
	}
	for name, v := range u.Attributes.All() {
		if !v.Binary || !w.old { // the older shape has no form for raw bytes
			w.text.attribute(name, v)
		}
	}
	w.text.token(jsontext.EndObject)
	w.err = w.text.err
	return w.err
}

// Migrated adds who comes from another domain; nil adds nothing.
func (w *Writer) Migrated(m *schema.Migrated) { w.moved = m }

// valuesOf counts as the decoder does.
func valuesOf(u *schema.User) int {
	n := len(u.MemberOf) + u.Attributes.Len()
	for _, v := range u.Attributes.All() {
		if v.Multi {
			n += len(v.List)
		}
	}
	return n
}

// Close states that the file is complete and ends it; the older shape has no
// place for the statement. It does not close the underlying writer. Without
// Close the file is not valid JSON.
func (w *Writer) Close(c *schema.Complete) error {
	switch {
	case w.err != nil:
		return w.err
	case !w.old && c == nil:
		return errors.New("ending the user file: it cannot be stated to be complete")
	case !w.old && c.Users != w.users:
		return fmt.Errorf("ending the user file: %d users were written, not %d", w.users, c.Users)
	}
	w.text.token(jsontext.EndArray)
	if w.moved != nil && !w.old {
		w.text.object("migrated", w.moved)
	}
	if !w.old {
		w.text.object("complete", c)
	}
	w.text.token(jsontext.EndObject)
	if w.err = cmp.Or(w.text.err, w.out.Flush()); w.err != nil {
		return w.err
	}
	w.err = errors.New("the user file is already ended")
	return nil
}

// checkWritable refuses what the reader would refuse.
func checkWritable(u *schema.User, old bool) error {
	switch {
	case u.CN == "" || u.SAMAccountName == "":
		return errors.New("a user needs cn and sAMAccountName")
	case !old && !schema.DashedGUID.MatchString(u.ObjectGUID):
		return fmt.Errorf("objectGUID %s is not a dashed GUID in lower case", schema.Quoted(u.ObjectGUID))
	case len(u.MemberOf) > MaxValues:
		return fmt.Errorf("memberOf has more than %d values", MaxValues)
	case u.Attributes.Len() > MaxAttributes:
		return fmt.Errorf("there are more than %d attributes", MaxAttributes)
	}
	for _, text := range append([]string{u.CN, u.SAMAccountName}, u.MemberOf...) {
		if !schema.IsText(text) {
			return fmt.Errorf("%s is not text", schema.Quoted(text))
		}
		if utf8.RuneCountInString(text) > MaxName {
			return fmt.Errorf("%s has more than %d characters", schema.Quoted(text), MaxName)
		}
	}
	lower := make(map[string]bool, u.Attributes.Len())
	for name, v := range u.Attributes.All() {
		fold := strings.ToLower(name)
		switch {
		case name == "" || !schema.IsText(name) || utf8.RuneCountInString(name) > MaxName || schema.IsUserKey(name) || lower[fold]:
			return fmt.Errorf("%s cannot be the name of an attribute here", schema.Quoted(name))
		case len(v.List) > MaxValues:
			return fmt.Errorf("%s has more than %d values", schema.Quoted(name), MaxValues)
		case !v.Multi && len(v.List) > 1:
			return fmt.Errorf("%s has several values, but is not a list", schema.Quoted(name))
		case !v.Binary && !schema.AllText(v.List):
			return fmt.Errorf("%s is not text", schema.Quoted(name))
		}
		lower[fold] = true
	}
	return nil
}
