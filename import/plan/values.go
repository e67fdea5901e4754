package plan

import (
	"bytes"
	"fmt"
	"strconv"

	"ad-user-sync/internal/adrules"
)

// maxPhoto is the rangeUpper of thumbnailPhoto (MS-ADA3).
const maxPhoto = 102400

// refuses tells why the target would not take these values (rules 12 to 14).
func (a *Attribute) refuses(p *person, values []string, binary bool) string {
	if a.NotOfUsers && len(values) > 0 {
		return "a user cannot have this attribute"
	}
	if a.Single && len(values) > 1 {
		return fmt.Sprintf("it takes one value, the file has %d", len(values))
	}
	if sameFold(a.Name, photoAttribute) {
		return photoFault(values)
	}
	for _, v := range values {
		if why := a.parseFault(v); why != "" && !binary {
			return why
		}
		switch {
		case binary != a.Binary:
			return "the file's value is of another syntax"
		case a.Integer > 0 || a.Boolean:
		case a.RangeUpper > 0 && len(v) > a.RangeUpper && a.length(v) > a.RangeUpper:
			return fmt.Sprintf("it takes at most %d characters, the file has %d", a.RangeUpper, a.length(v))
		case a.RangeLower > 0 && a.length(v) < a.RangeLower:
			return fmt.Sprintf("it takes at least %d characters, the file has %d", a.RangeLower, a.length(v))
		}
	}
	if sameFold(a.Name, mailAttribute) {
		return p.mailFault
	}
	return ""
}

// length is never more than the number of bytes.
func (a *Attribute) length(value string) int {
	if a.Binary {
		return len(value)
	}
	return adrules.UTF16Len(value)
}

// parseFault is about values that are more than text (MS-ADTS 3.1.1.2.2.2).
func (a *Attribute) parseFault(value string) string {
	if a.Boolean && value != "TRUE" && value != "FALSE" {
		return "it takes TRUE or FALSE"
	}
	if a.Integer == 0 {
		return ""
	}
	switch n, err := strconv.ParseInt(value, 10, a.Integer); {
	case err != nil:
		return fmt.Sprintf("it takes a whole number of %d bits", a.Integer)
	case a.RangeUpper > 0 && (n > int64(a.RangeUpper) || n < int64(a.RangeLower)):
		return fmt.Sprintf("it takes numbers from %d to %d", a.RangeLower, a.RangeUpper)
	}
	return ""
}

func photoFault(values []string) string {
	for _, v := range values {
		switch {
		case !bytes.HasPrefix([]byte(v), []byte{0xFF, 0xD8, 0xFF}):
			return "it is not a JPEG picture"
		case len(v) > maxPhoto:
			return fmt.Sprintf("a picture has at most %d bytes, this one has %d", maxPhoto, len(v))
		}
	}
	return ""
}

// singleValue is the only value that a rule makes of what the file says of a person; "" where
// it makes none, several, or bytes.
func (x *attributes) singleValue(p *person, rule *attributeRule) string {
	if v, ok, _ := x.made(rule, p.user); ok && len(v.List) == 1 && !v.Binary {
		return v.List[0]
	}
	return ""
}
