package config

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"ad-user-sync/schema"
	"ad-user-sync/schema/format"
)

// mayHoldControls are keys whose values are neither names nor paths.
var mayHoldControls = map[string]bool{"exclude": true, "filter": true, "hmac": true, "password_suffix": true}

// controls finds invisible characters in names and paths: the tab in
// "CORP\tina", the line break in "C:\new.json".
func (d *draft) controls(location []string, n *format.Node) {
	switch n.Kind {
	case format.TextNode:
		d.control(location, n.Line, n.Text)
	case format.ListNode:
		for i, item := range n.Items {
			d.controls(within(location, strconv.Itoa(i)), item)
		}
	case format.ObjectNode:
		for _, m := range n.Members {
			if !mayHoldControls[m.Name] {
				d.control(within(location, m.Name), m.Line, m.Name)
				d.controls(within(location, m.Name), m.Value)
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
	d.faults = append(d.faults, schema.Fault{Line: line, Text: fmt.Sprintf("%s holds %s, which is not seen: %s", keyPath(location), controlName(text[at:]), format.WayOutOfEscapes)})
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
