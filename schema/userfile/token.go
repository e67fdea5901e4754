package userfile

import (
	"strings"

	"ad-user-sync/schema/format"

	"github.com/go-json-experiment/json/jsontext"
)

// next reads a token of this kind. Where there is none, ok is false, and what is
// there instead is noted and skipped.
func (d *decoder) next(what string, kind jsontext.Kind) (token jsontext.Token, ok bool, err error) {
	if token, err = d.in.Next(); err != nil {
		return token, false, err
	}
	if token.Kind() == kind || token.Kind() == 'f' && kind == 't' {
		return token, true, nil
	}
	return token, false, d.wrong(what, format.KindName(kind), token)
}

// members reads an object and passes each key to member, which reads the value.
func (d *decoder) members(what string, member func(key string) error) error {
	if _, ok, err := d.next(what, '{'); !ok {
		return err
	}
	return d.membersInside(member)
}

func (d *decoder) membersInside(member func(key string) error) error {
	for {
		token, err := d.in.Next()
		if err != nil || token.Kind() == '}' {
			return err
		}
		if err := member(token.String()); err != nil {
			return err
		}
	}
}

// list reads an array; it calls item to read each value.
func (d *decoder) list(what string, item func(i int) error) error {
	if _, ok, err := d.next(what, '['); !ok {
		return err
	}
	for i := 0; d.in.Peek() != ']'; i++ {
		if err := item(i); err != nil {
			return err
		}
	}
	_, err := d.in.Next()
	return err
}

// wrong notes a value of another type and skips the rest of it.
func (d *decoder) wrong(what, want string, token jsontext.Token) error {
	kind := token.Kind()
	if err := d.fault("%s must be %s, not %s", what, want, format.KindName(kind)); err != nil {
		return err
	}
	if kind == '{' || kind == '[' {
		return d.in.Leave()
	}
	return nil
}

func (d *decoder) skip() error {
	token, err := d.in.Next()
	if err == nil && (token.Kind() == '{' || token.Kind() == '[') {
		err = d.in.Leave()
	}
	return err
}

func (d *decoder) text(what string, to *string) error {
	token, ok, err := d.next(what, '"')
	if !ok {
		return err
	}
	*to = token.String()
	if strings.IndexByte(*to, 0) >= 0 {
		return d.fault("%s contains a NUL character", what)
	}
	return nil
}

func (d *decoder) count(what string, to *int) error {
	const most = 1e9
	token, ok, err := d.next(what, '0')
	if !ok {
		return err
	}
	n, err := token.Int()
	if err != nil || n < 0 || n > most {
		return d.fault("%s must be a whole number from 0 to %d", what, int(most))
	}
	*to = int(n)
	return nil
}

func (d *decoder) truth(what string, to *bool) error {
	token, ok, err := d.next(what, 't')
	if ok {
		*to = token.Bool()
	}
	return err
}
