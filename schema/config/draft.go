package config

import (
	"cmp"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"ad-user-sync/schema"
	"ad-user-sync/schema/format"
)

// Error lists everything that is wrong in a configuration.
type Error struct {
	File   string
	Faults []schema.Fault
}

// Error has one line for each fault: "import_config.json:12: text".
func (e *Error) Error() string {
	lines := make([]string, len(e.Faults))
	for i, f := range e.Faults {
		lines[i] = fmt.Sprintf("%s:%d: %s", e.File, f.Line, f.Text)
		if f.Line == 0 {
			lines[i] = e.File + ": " + f.Text
		}
	}
	return strings.Join(lines, "\n")
}

// draft is a configuration being read.
type draft struct {
	root     *format.Node
	given    map[string]bool // keys of the top level that have a value, right or wrong
	folder   string
	faults   []schema.Fault
	warnings []string
}

// newDraft reads and validates; what does not fit the schema is a fault and
// counts as not given from then on, so that the rest can be checked, too.
func newDraft(name string, body []byte, folder string) *draft {
	d := &draft{folder: folder, given: map[string]bool{}}
	body, recoded := format.ToUTF8(body)
	if recoded {
		d.warn("the configuration is not UTF-8; it was read as Windows-1252")
	}
	d.root, d.faults = readTree(body)
	if d.root == nil {
		return d
	}
	if d.root.Kind != format.ObjectNode {
		d.faults = append(d.faults, schema.Fault{Line: d.root.Line, Text: "a configuration must be an object of keys and values, not " + format.KindName(d.root.Kind)})
		d.root = nil
		return d
	}
	d.doubles()
	d.controls(nil, d.root)
	v := validate(name, d.root)
	for _, m := range d.root.Members {
		d.given[m.Name] = m.Value.Kind != format.NullNode
	}
	d.faults = append(d.faults, v.faults...)
	for _, n := range v.bad {
		*n = *format.NullAt(n.Line)
	}
	return d
}

// doubles are keys that are there twice. In group_map the last one counts, as the
// older tool read its configurations; elsewhere it is unclear what was meant.
func (d *draft) doubles() {
	d.root.Doubles(nil, func(path []string, first *format.Member, again format.Member, fault schema.Fault) {
		if !slices.Equal(path, []string{"group_map"}) {
			d.faults = append(d.faults, fault)
			return
		}
		d.warn(`"group_map": %s; what line %d says counts, as with the older tool. Write its groups as one list`, fault.Text, again.Line)
		first.Value = again.Value
	})
}

// decode fills a configuration that holds its defaults.
func (d *draft) decode(into any) {
	text, err := json.Marshal(d.root.Any())
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil && len(d.faults) == 0 { // all else the schema has checked
		d.faults = append(d.faults, schema.Fault{Text: "a number is too large"})
	}
}

// close returns the faults, in the order of lines, as an error.
func (d *draft) close(file string) error {
	if len(d.faults) == 0 {
		return nil
	}
	slices.SortFunc(d.faults, func(a, b schema.Fault) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Text, b.Text))
	})
	return &Error{File: file, Faults: slices.Compact(d.faults)}
}

func (d *draft) warn(format string, values ...any) {
	d.warnings = append(d.warnings, fmt.Sprintf(format, values...))
}

// fault notes a fault at the line of a key, or of the nearest object around it.
func (d *draft) fault(path []string, format string, values ...any) {
	n := d.root
	line := n.Line
	for _, step := range path {
		m := n.Member(step)
		if m == nil {
			break
		}
		n, line = m.Value, m.Line
	}
	d.faults = append(d.faults, schema.Fault{Line: line, Text: fmt.Sprintf(format, values...)})
}

func at(path ...string) []string { return path }

// absolute makes a path of the configuration independent of the working
// folder.
func (d *draft) absolute(paths ...*string) {
	for _, path := range paths {
		if *path != "" && *path != "-" && !filepath.IsAbs(*path) {
			*path = filepath.Join(d.folder, *path)
		}
	}
}

// minKeyBytes is the length of an HMAC key below which it is warned about.
const minKeyBytes = 16

// keys checks HMAC keys. A key is never shown.
func (d *draft) keys(keys []schema.Secret) {
	if d.given["hmac"] && d.given["hmac_file"] {
		d.fault(at("hmac"), `give either "hmac" or "hmac_file", not both`)
	}
	if d.given["hmac"] && d.root.Get("hmac") != nil && len(keys) == 0 {
		d.fault(at("hmac"), `"hmac" is an empty list; leave it out for files without a key`)
	}
	for i, key := range keys {
		which := `the key in "hmac"`
		if len(keys) > 1 {
			which = fmt.Sprintf(`key %d in "hmac"`, i+1)
		}
		raw, err := hex.DecodeString(strings.Join(strings.Fields(key.Reveal()), ""))
		switch {
		case err != nil:
			d.fault(at("hmac"), "%s is not hexadecimal; ad-user-sync keygen makes one", which)
		case len(raw) == 0:
			d.fault(at("hmac"), `%s is empty; leave "hmac" out for files without a key`, which)
		case len(raw) < minKeyBytes:
			d.warn("%s has %d bytes only; use at least %d (ad-user-sync keygen makes one)", which, len(raw), minKeyBytes)
		}
	}
}

// defaultLog is how is logged where the configuration says nothing.
func defaultLog() schema.Log {
	return schema.Log{LogLevel: "INFO", LogMaxBytes: 1 << 20, LogBackupCount: 10}
}
