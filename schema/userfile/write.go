package userfile

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"ad-user-sync/schema"
	"ad-user-sync/schema/format"
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
	count int // attributes and values so far
	text  *format.Indented
}

// NewWriter writes the beginning of a user file. Errors are reported
// by Write and Close.
func NewWriter(w io.Writer, head Head) *Writer {
	old := head.Source == nil
	out := bufio.NewWriterSize(w, 1<<16)
	u := &Writer{out: out, old: old, text: format.NewIndented(out, old)}
	u.text.BeginObject()
	if !head.Timestamp.IsZero() {
		u.text.Key("timestamp")
		u.text.Timestamp(head.Timestamp)
	}
	if !old {
		u.text.Key("source")
		u.text.BeginObject()
		u.text.TextMember("domain", head.Source.Domain)
		u.text.TextMember("scope", head.Source.Scope)
		u.text.TextMember("tool", strings.TrimSuffix(head.Source.Tool+toolThrough+head.Source.Controller, toolThrough))
		u.text.EndObject()
	}
	u.text.Key("users")
	u.text.BeginList()
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
		return fmt.Errorf("a user file has at most %d users", MaxUsers)
	case w.count > MaxAllValues:
		return fmt.Errorf("a user file has at most %d values; with user %s there are more", MaxAllValues, schema.Quoted(u.CN))
	}
	w.text.BeginObject()
	w.text.TextMember(schema.KeyCN, u.CN)
	w.text.TextMember(schema.KeySAMAccountName, u.SAMAccountName)
	w.text.Key(schema.KeyDisabled)
	w.text.Literal(u.Disabled)
	w.text.Key(schema.KeyAccountExpires)
	if u.AccountExpires == nil {
		w.text.Null()
	} else {
		w.text.Timestamp(*u.AccountExpires)
	}
	w.text.Key(schema.KeyMemberOf)
	w.text.List(schema.Value{List: u.MemberOf})
	if !w.old {
		w.text.TextMember(schema.KeyObjectGUID, u.ObjectGUID)
	}
	for _, name := range slices.Sorted(maps.Keys(u.Attributes)) {
		w.attribute(name, u.Attributes[name])
	}
	w.text.EndObject()
	w.err = w.text.Err()
	return w.err
}

// valuesOf counts as the decoder does.
func valuesOf(u *schema.User) int {
	n := len(u.MemberOf) + len(u.Attributes)
	for _, v := range u.Attributes {
		if v.Multi {
			n += len(v.List)
		}
	}
	return n
}

func (w *Writer) attribute(name string, v schema.Value) {
	switch {
	case v.Binary && w.old:
		return // the older shape has no form for it
	case v.List == nil && !v.Multi:
		w.text.Key(name)
		w.text.Null()
	case v.Multi:
		w.text.Key(name)
		w.text.List(v)
	default:
		w.text.Key(name)
		w.text.Value(v.List[0], v.Binary)
	}
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
	w.text.EndList()
	if !w.old {
		w.complete(c)
	}
	w.text.EndObject()
	if w.err = cmp.Or(w.text.Err(), w.out.Flush()); w.err != nil {
		return w.err
	}
	w.err = errors.New("the user file is already ended")
	return nil
}

func (w *Writer) complete(c *schema.Complete) {
	w.text.Key("complete")
	w.text.BeginObject()
	w.text.Key("users")
	w.text.Number(c.Users)
	w.text.Key("searches")
	w.text.BeginList()
	for _, s := range c.Searches {
		w.text.BeginObject()
		w.text.TextMember("base", s.Base)
		w.text.TextMember("filter", s.Filter)
		w.text.Key("entries")
		w.text.Number(s.Entries)
		w.text.Key("referrals")
		w.text.Number(s.Referrals)
		w.text.EndObject()
	}
	w.text.EndList()
	w.text.EndObject()
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
	case len(u.Attributes) > MaxAttributes:
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
	lower := make(map[string]bool, len(u.Attributes))
	for name, v := range u.Attributes {
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
