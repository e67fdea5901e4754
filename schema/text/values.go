package text

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"ad-user-sync/schema"
)

// labels are words for attributes whose names say little to people.
var labels = map[string]string{"cn": "full name", "sAMAccountName": "account name", "userPrincipalName": "logon name",
	"accountExpires": "ends", "userAccountControl": "state"}

func label(attribute string) string {
	if word := labels[attribute]; word != "" {
		return word
	}
	return attribute
}

// changed is "title Clerk -> Head".
func changed(c schema.Change) string {
	if anchors(c.After) {
		if len(c.Before) > 0 {
			return "anchored anew"
		}
		return "anchored"
	}
	return fmt.Sprintf("%s %s -> %s", label(c.Attribute), short(c.Attribute, c.Before), short(c.Attribute, c.After))
}

// anchors reports whether values are an anchor, as package plan writes it.
func anchors(values []string) bool {
	return len(values) == 1 && strings.HasPrefix(values[0], "ad-user-sync:")
}

// short is a value as far as it fits into a line, and in words where it is a number.
func short(attribute string, values []string) string {
	const most = 60 // characters
	if attribute == "userAccountControl" && len(values) == 1 {
		if bits, err := strconv.Atoi(values[0]); err == nil {
			values = []string{map[bool]string{true: "disabled", false: "enabled"}[bits&2 != 0]} // ACCOUNTDISABLE (MS-ADTS 2.2.16)
		}
	}
	if attribute == "accountExpires" && len(values) == 1 {
		if end, err := time.Parse(time.RFC3339, values[0]); err == nil {
			values = []string{minute(end)}
		}
	}
	if _, is := schema.ReferenceOf(attribute); is {
		values = slices.Clone(values)
		for i, v := range values {
			values[i] = commonName(v)
		}
	}
	if len(values) == 0 {
		return "(none)"
	}
	text := []rune(valueText(values))
	if len(text) <= most {
		return string(text)
	}
	end := ""
	if text[0] == '"' {
		end = `"`
	}
	return string(text[:most]) + "…" + end
}

// commonName is that of a distinguished name (RFC 4514); what is none stays.
func commonName(dn string) string {
	if len(dn) < 3 || !strings.EqualFold(dn[:3], "CN=") {
		return dn
	}
	var name []byte
	for i := 3; i < len(dn) && dn[i] != ','; i++ {
		if dn[i] == '\\' && i+1 < len(dn) {
			if i++; strings.ContainsRune("0123456789abcdefABCDEF", rune(dn[i])) { // two hexadecimal digits: of rare characters
				return dn
			}
		}
		name = append(name, dn[i])
	}
	return string(name)
}

// valueText quotes values that would be taken for something else.
func valueText(values []string) string {
	if len(values) == 0 {
		return "-"
	}
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = schema.Visible(v)
		if v == "-" || v == "(none)" || strings.TrimSpace(v) != v || v == "" || strings.ContainsAny(v, ";>") {
			texts[i] = fmt.Sprintf("%q", texts[i])
		}
	}
	return strings.Join(texts, "; ")
}
