package schema

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// wayOutOfEscapes is what to do about a backslash that was taken as the begin of
// an escape.
const wayOutOfEscapes = `in double quotes a backslash begins an escape: write \\ for one backslash, or / in a path`

// mayHoldControls are keys whose values are neither names nor paths.
var mayHoldControls = map[string]bool{"exclude": true, "filter": true, "hmac": true, "password_suffix": true}

// controls finds characters that nobody can see in names and paths: the tab in
// "CORP\tina", the line break in "C:\new.json".
func (d *draft) controls(location []string, n *node) {
	switch n.kind {
	case textNode:
		d.control(location, n.line, n.text)
	case listNode:
		for i, item := range n.items {
			d.controls(within(location, strconv.Itoa(i)), item)
		}
	case objectNode:
		for _, m := range n.members {
			if !mayHoldControls[m.name] {
				d.control(within(location, m.name), m.line, m.name)
				d.controls(within(location, m.name), m.value)
			}
		}
	}
}

func within(location []string, step string) []string {
	return append(location[:len(location):len(location)], step)
}

func (d *draft) control(location []string, line int, text string) {
	at := strings.IndexFunc(text, func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' })
	if at < 0 {
		return
	}
	d.faults = append(d.faults, Fault{line, fmt.Sprintf("%s holds %s, which is not seen: %s", keyPath(location), controlName(text[at:]), wayOutOfEscapes)})
}

func controlName(text string) string {
	switch r, _ := utf8.DecodeRuneInString(text); r {
	case '\t':
		return "a tab"
	case '\n', '\r', '\u2028', '\u2029', '\u0085':
		return "a line break"
	default:
		return fmt.Sprintf("the control character U+%04X", r)
	}
}
