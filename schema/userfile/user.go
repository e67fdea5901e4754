package userfile

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"ad-user-sync/schema"
	"ad-user-sync/schema/format"
)

// user reads one user and tells its faults apart by number and common name.
func (d *decoder) user() error {
	if len(d.file.Users) >= MaxUsers {
		return d.in.Stop(fmt.Sprintf("the file has more than %d users", MaxUsers))
	}
	number, firstFault := len(d.file.Users)+1, len(d.faults)
	token, err := d.in.Next()
	if err != nil {
		return err
	}
	line := d.in.Line()
	var u schema.User
	if token.Kind() != '{' {
		err = d.wrong("a user", "an object", token)
	} else if err = d.userInside(&u); err == nil {
		err = d.checkUser(line)
	}
	d.file.Users = append(d.file.Users, u)
	d.lines = append(d.lines, int32(line))
	for i := firstFault; i < len(d.faults); i++ {
		d.faults[i].Text = who(number, &u) + ": " + d.faults[i].Text
	}
	if stop, ok := errors.AsType[*format.Stopped](err); ok {
		stop.Text = who(number, &u) + ": " + stop.Text
	}
	return err
}

// who names a user with what is known of it.
func who(number int, u *schema.User) string {
	switch {
	case u.CN != "":
		return fmt.Sprintf("user %d (%s)", number, schema.Quoted(u.CN))
	case u.SAMAccountName != "":
		return fmt.Sprintf("user %d (account %s)", number, schema.Quoted(u.SAMAccountName))
	}
	return fmt.Sprintf("user %d", number)
}

func (d *decoder) userInside(u *schema.User) error {
	clear(d.fold)
	defer func() { u.Attributes = d.attributes.Take() }()
	return d.membersInside(func(key string) error {
		name := d.name(key)
		if other, ok := d.fold[name.lower]; ok {
			if err := d.fault("the keys %s and %s differ in case only", schema.Quoted(other), schema.Quoted(key)); err != nil {
				return err
			}
		}
		d.fold[name.lower] = name.text
		if right := schema.UserKeys[name.lower]; right != "" && right != name.text {
			if err := d.fault("the key %s must be spelled %s", schema.Quoted(key), right); err != nil {
				return err
			}
			return d.skip()
		}
		return d.userMember(u, name.text)
	})
}

func (d *decoder) userMember(u *schema.User, key string) (err error) {
	switch key {
	case schema.KeyCN:
		return d.required(key, &u.CN)
	case schema.KeySAMAccountName:
		return d.required(key, &u.SAMAccountName)
	case schema.KeyDisabled:
		return d.truth(key, &u.Disabled)
	case schema.KeyAccountExpires:
		u.AccountExpires, err = d.expiry()
		return err
	case schema.KeyMemberOf:
		return d.memberOf(u)
	case schema.KeyObjectGUID:
		return d.anchor(u)
	}
	return d.attribute(key)
}

// required is a name that must be there and not be empty.
func (d *decoder) required(key string, to *string) error {
	faults := len(d.faults)
	if err := d.nameText(key, to); err != nil || *to != "" || len(d.faults) > faults {
		return err
	}
	return d.fault("%s is empty", key)
}

// nameText is text that is compared with other names.
func (d *decoder) nameText(key string, to *string) error {
	if err := d.text(key, to); err != nil {
		return err
	}
	if n := utf8.RuneCountInString(*to); n > MaxName {
		return d.fault("%s has %d characters, a name has at most %d", key, n, MaxName)
	}
	return nil
}

func (d *decoder) checkUser(line int) error {
	for _, key := range []string{schema.KeyCN, schema.KeySAMAccountName} {
		if d.fold[strings.ToLower(key)] == key {
			continue
		}
		if err := d.faultAt(line, "has no %s", key); err != nil {
			return err
		}
	}
	return nil
}

func (d *decoder) expiry() (*time.Time, error) {
	token, err := d.in.Next()
	if err != nil || token.Kind() == 'n' {
		return nil, err
	}
	if token.Kind() != '"' {
		return nil, d.wrong(schema.KeyAccountExpires, "a time or null", token)
	}
	text := token.String()
	t, _, err := format.ParseTimestamp(text)
	if err != nil {
		return nil, d.fault("accountExpires %s is %s", schema.Quoted(text), err)
	}
	return &t, nil
}

func (d *decoder) memberOf(u *schema.User) error {
	return d.list(schema.KeyMemberOf, func(i int) error {
		if i >= MaxValues {
			return d.in.Stop(fmt.Sprintf("memberOf has more than %d values", MaxValues))
		}
		if err := d.one(); err != nil {
			return err
		}
		var group string
		if err := d.nameText(schema.KeyMemberOf, &group); err != nil {
			return err
		}
		shared, ok := d.groups[group]
		if !ok {
			shared = group
			if len(d.groups) < maxShared {
				d.groups[group] = group
			}
		}
		u.MemberOf = append(u.MemberOf, shared)
		return nil
	})
}

const zeroGUID = "00000000-0000-0000-0000-000000000000"

func (d *decoder) anchor(u *schema.User) error {
	token, err := d.in.Next()
	if err != nil || token.Kind() == 'n' {
		return err
	}
	if token.Kind() != '"' {
		return d.wrong(schema.KeyObjectGUID, "text", token)
	}
	return d.guid(schema.KeyObjectGUID, token.String(), &u.ObjectGUID)
}

func (d *decoder) guid(what, text string, to *string) error {
	lower := strings.ToLower(text)
	if !schema.DashedGUID.MatchString(lower) || lower == zeroGUID {
		return d.fault("%s %s is not a GUID of the form 6f9619ff-8b86-d011-b42d-00cf4fc964ff", what, schema.Quoted(text))
	}
	*to = lower
	return nil
}

// attributeName is a name and the form that differs from no other by case.
type attributeName struct{ text, lower string }

// maxShared bounds the texts kept only to share memory.
const maxShared = 10_000

func (d *decoder) name(text string) attributeName {
	n, ok := d.names[text]
	if !ok {
		n = attributeName{text: text, lower: strings.ToLower(text)}
		if len(d.names) < maxShared {
			d.names[text] = n
		}
	}
	return n
}
