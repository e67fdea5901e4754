package config

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"ad-user-sync/schema"

	"github.com/agext/levenshtein"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// mismatch never shows the value: it may be a secret.
func mismatch(e *jsonschema.ValidationError) string {
	switch k := e.ErrorKind.(type) {
	case *kind.Type:
		return fmt.Sprintf("must be %s, not %s", typeNames(k.Want), typeName(k.Got))
	case *kind.Enum:
		return "must be " + enumNames(k.Want) + enumHint(e.InstanceLocation, k.Got)
	case *kind.Pattern:
		return "is malformed" + patternHint(e.InstanceLocation)
	case *kind.Format:
		return "is wrong: " + k.Err.Error()
	case *kind.MinLength:
		return "must not be empty"
	case *kind.MaxLength:
		return fmt.Sprintf("must not be longer than %d characters", k.Want)
	case *kind.MinItems:
		if k.Want > 1 {
			return fmt.Sprintf("must have at least %d entries", k.Want)
		}
		return "must not be empty"
	case *kind.MaxItems:
		return fmt.Sprintf("must have at most %d entries", k.Want)
	case *kind.UniqueItems:
		return fmt.Sprintf("has the same entry twice: number %d and number %d", min(k.Duplicates[0], k.Duplicates[1])+1, max(k.Duplicates[0], k.Duplicates[1])+1)
	case *kind.Minimum:
		return "must be at least " + k.Want.RatString()
	case *kind.Maximum:
		return "must be at most " + k.Want.RatString()
	}
	return "is not allowed: " + e.ErrorKind.LocalizedString(message.NewPrinter(language.English))
}

func enumHint(location []string, got any) string {
	if len(location) > 0 && location[len(location)-1] == "auth" && got == "ntlm" {
		return "; NTLM is not supported because it can neither be sealed nor bound to the TLS channel: use kerberos, or simple over ldaps"
	}
	return ""
}

func patternHint(location []string) string {
	switch key := location[len(location)-1]; {
	case strings.HasSuffix(key, "_path"), key == "base":
		return ": it must be a distinguished name such as OU=Staff,DC=corp,DC=example"
	case len(location) > 1 && location[len(location)-2] == "servers":
		return ": it must be the name of a domain controller such as dc1.corp.example, or a URL such as ldaps://dc1.corp.example:636"
	case len(location) > 1 && location[len(location)-2] == "within":
		return ": it must be the distinguished name of an organizational unit such as OU=Staff,DC=plant,DC=example; the domain itself and containers such as Users are left alone"
	case key == "until":
		return ": it must be a day such as 2026-12-31"
	case key == "suffix", len(location) > 1 && location[len(location)-2] == "mail_domains":
		return ": it must be a domain such as corp.example, without @"
	}
	return ": it must be the name of an attribute as the directory's schema has it"
}

// unknownKey says which key may have been meant.
func unknownKey(location []string, s *jsonschema.Schema) string {
	name := location[len(location)-1]
	switch {
	case name == "":
		return "the key " + keyPath(location) + " is empty"
	case s != nil && len(s.PatternProperties) > 0:
		return keyPath(location) + " is not the name of an attribute as the directory's schema has it"
	}
	text := fmt.Sprintf("the key %s is not known", keyPath(location))
	if near := nearest(name, propertyNames(s)); near != "" {
		text += fmt.Sprintf("; did you mean %q?", near)
	}
	return text
}

// nearest returns the name that may have been meant, or "" where none is similar.
func nearest(name string, names []string) string {
	const longest = 64
	if len(name) > longest {
		return ""
	}
	plain := func(s string) string { return strings.ReplaceAll(strings.ToLower(s), "-", "_") }
	best, distance := "", 1+max(2, len(name)/3)
	for _, candidate := range names {
		if strings.HasPrefix(plain(candidate), plain(name)+"_") {
			return candidate
		}
		if d := levenshtein.Distance(plain(name), plain(candidate), nil); d < distance {
			best, distance = candidate, d
		}
	}
	return best
}

// keyPath is a location as people write it: "directory.servers[2]".
func keyPath(location []string) string {
	if len(location) == 0 {
		return "the document"
	}
	var b strings.Builder
	for i, step := range location {
		if _, err := strconv.Atoi(step); err == nil && i > 0 {
			n, _ := strconv.Atoi(step)
			fmt.Fprintf(&b, "[%d]", n+1)
			continue
		}
		if i > 0 {
			b.WriteByte('.')
		}
		b.WriteString(step)
	}
	return schema.Quoted(b.String())
}

func typeName(t string) string {
	names := map[string]string{
		"string": "text", "number": "a number", "integer": "a whole number", "boolean": "true or false",
		"array": "a list", "object": "an object", "null": "null",
	}
	return cmp.Or(names[t], t)
}

func typeNames(types []string) string {
	var names []string
	for _, t := range types {
		if t != "null" || len(types) == 1 {
			names = append(names, typeName(t))
		}
	}
	return strings.Join(names, " or ")
}

func enumNames(values []any) string {
	var names []string
	for _, value := range values {
		if value != nil {
			names = append(names, fmt.Sprintf("%q", value))
		}
	}
	return "one of " + strings.Join(names, ", ")
}
