package userfile

import (
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"ad-user-sync/schema"

	"github.com/go-json-experiment/json/jsontext"
)

func (d *decoder) attribute(name string) error {
	if name == "" || strings.IndexByte(name, 0) >= 0 || utf8.RuneCountInString(name) > MaxName {
		return d.in.Stop(fmt.Sprintf("%s is not a name of an attribute", schema.Quoted(name)))
	}
	if d.attributes.Len() >= MaxAttributes {
		return d.in.Stop(fmt.Sprintf("has more than %d attributes", MaxAttributes))
	}
	if err := d.one(); err != nil {
		return err
	}
	value, err := d.value(name)
	d.attributes.Set(name, value)
	return err
}

// one counts an attribute or a value of a list.
func (d *decoder) one() error {
	if d.values++; d.values > MaxAllValues {
		return d.in.Stop(fmt.Sprintf("with it, the file has more than %d values", MaxAllValues))
	}
	return nil
}

func (d *decoder) value(name string) (v schema.Value, err error) {
	token, err := d.in.Next()
	if err != nil || token.Kind() == 'n' {
		return v, err
	}
	if token.Kind() != '[' {
		err = d.oneValue(name, token, &v)
		return v, err
	}
	v = schema.Value{List: []string{}, Multi: true}
	for d.in.Peek() != ']' {
		if len(v.List) >= MaxValues {
			return v, d.in.Stop(fmt.Sprintf("%s has more than %d values", schema.Quoted(name), MaxValues))
		}
		if err = d.one(); err != nil {
			return v, err
		}
		if token, err = d.in.Next(); err == nil {
			err = d.oneValue(name, token, &v)
		}
		if err != nil {
			return v, err
		}
	}
	_, err = d.in.Next()
	return v, err
}

// oneValue adds one value to v. As soon as one value of an attribute is not
// text, all are raw bytes.
func (d *decoder) oneValue(name string, token jsontext.Token, v *schema.Value) error {
	switch token.Kind() {
	case '"':
		text := token.String()
		v.List = append(v.List, text)
		if strings.IndexByte(text, 0) >= 0 {
			return d.fault("%s contains a NUL character", schema.Quoted(name))
		}
		return nil
	case '{':
		v.Binary = true
		return d.binary(name, v)
	}
	return d.wrong(schema.Quoted(name), `text, a list of texts, null or {"base64": ...}`, token)
}

func (d *decoder) binary(name string, v *schema.Value) error {
	encoded, found := "", false
	if err := d.membersInside(func(key string) error {
		if key != "base64" {
			return d.unknown(name + "." + key)
		}
		found = true
		return d.text(schema.Quoted(name), &encoded)
	}); err != nil {
		return err
	}
	raw, err := base64.StdEncoding.Strict().DecodeString(encoded)
	if err != nil || !found {
		return d.fault("%s is not base64 with padding", schema.Quoted(name))
	}
	v.List = append(v.List, string(raw))
	return nil
}
