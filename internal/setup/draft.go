package setup

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ad-user-sync/export"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/files"
	"ad-user-sync/schema/config"
)

// draft is a configuration as far as it is answered.
type draft struct {
	program      Program
	side         string // "export" or "import"
	path, folder string
	given        map[string]string // answers that were given beforehand, by key
	former       map[string]any    // an earlier configuration
	items        []config.Item
	later        []func() error // makes files, once everything is answered
}

// target decides where the configuration goes. One that exists is replaced only
// where that is asked for, and two of the usual names at once are not made.
func (d *draft) target(flags Flags) error {
	path := flags.Config
	usual := d.program.Usual
	if path == "" {
		path = usual[len(usual)-1]
		for _, other := range usual[:len(usual)-1] {
			if files.Exists(other) {
				return UsageError{fmt.Errorf("there is a configuration already: %s; give the new one a name of its own with --config, or move the old one away", other)}
			}
		}
	}
	if ending := strings.ToLower(filepath.Ext(path)); ending != ".yaml" && ending != ".yml" {
		return UsageError{fmt.Errorf("%s: a configuration with comments is YAML; let its name end in .yaml", path)}
	}
	if files.Exists(path) && !flags.Force {
		return UsageError{fmt.Errorf("%s exists; give --force to replace it, or another name with --config", path)}
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return UsageError{err}
	}
	d.path, d.folder = absolute, filepath.Dir(absolute)
	if err := files.Writable(d.folder); err != nil {
		return UsageError{err}
	}
	if err := files.CheckOwner(absolute); err != nil {
		return UsageError{err}
	}
	return d.program.Private(absolute)
}

func (d *draft) document() string { return d.side + "_config" }

func (d *draft) value(key string) any {
	for _, i := range d.items {
		if i.Key == key {
			return i.Value
		}
	}
	return nil
}

// text is an answer that was given, "" where it was left out.
func (d *draft) text(key string) string {
	text, _ := d.value(key).(string)
	return text
}

// list is an answer that is a list of texts.
func (d *draft) list(key string) []string {
	list, _ := d.value(key).([]string)
	return list
}

// put keeps an answer in place of the one before.
func (d *draft) put(key string, value any, comment string) {
	d.forget(key)
	d.items = append(d.items, config.Item{Key: key, Value: value, Comment: comment})
}

func (d *draft) forget(key string) {
	d.items = slices.DeleteFunc(d.items, func(i config.Item) bool { return i.Key == key })
}

// fits tells what the schema of the configuration has against an answer, while
// others are still missing.
func (d *draft) fits(key string) error {
	text, err := d.configuration()
	if err != nil {
		return err
	}
	if invalid, ok := errors.AsType[*config.Error](d.valid(text)); ok {
		for _, fault := range invalid.Faults {
			if strings.HasPrefix(fault.Text, `"`+key) {
				return errors.New(fault.Text)
			}
		}
	}
	return nil
}

// takeList reads a list of texts in any of its forms.
func (d *draft) takeList(key, text string) ([]string, error) {
	value, err := config.ParseValue(d.document(), key, text)
	if err != nil {
		return nil, err
	}
	list, ok := value.([]string)
	if others, isList := value.([]any); isList {
		for _, v := range others {
			text, isText := v.(string)
			if !isText {
				return nil, errors.New("the list must hold texts alone")
			}
			list, ok = append(list, text), true
		}
	}
	if !ok {
		return nil, errors.New("this must be a list, as \"a; b\"")
	}
	return list, nil
}

// directory is where the controllers are, without a logon.
func (d *draft) directory() ad.Options {
	return ad.Options{Domain: d.text("directory.domain"), Servers: d.list("directory.servers"), Security: ad.Security(d.text("directory.security")),
		CAFile: d.inFolder(d.text("directory.ca_file"))}
}

// inFolder is where a path of the configuration leads.
func (d *draft) inFolder(path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(d.folder, path)
}

// write checks the configuration as a whole before any file is made.
func (d *draft) write(questions []question) error {
	for _, key := range slices.Sorted(maps.Keys(d.given)) {
		if slices.ContainsFunc(questions, func(q question) bool { return q.key == key }) {
			continue
		}
		value, err := config.ParseValue(d.document(), key, d.given[key])
		if err != nil {
			return UsageError{err}
		}
		d.put(key, value, "")
	}
	d.takeOthers(questions)
	text, err := d.configuration()
	if err != nil {
		return err
	}
	if err := d.valid(text); err != nil {
		return UsageError{err}
	}
	for _, write := range d.later {
		if err := write(); err != nil {
			return err
		}
	}
	if err := replace(d.path, text); err != nil {
		return err
	}
	_ = os.Remove(d.unfinished())
	return nil
}

func replace(path string, text []byte) error {
	return files.Replace(path, 0o600, func(out io.Writer) error {
		_, err := out.Write(text)
		return err
	})
}

func (d *draft) valid(text []byte) error {
	if d.side == "import" {
		_, _, err := config.DecodeImport(text, d.folder)
		return err
	}
	cfg, _, err := config.DecodeExport(text, d.folder)
	if err != nil {
		return err
	}
	return export.Validate(cfg)
}

// configuration is what was answered so far, in the order of the schema.
func (d *draft) configuration() ([]byte, error) {
	order := map[string]int{}
	for i, doc := range config.Keys(d.document()) {
		order[doc.Name] = i
	}
	place := func(i config.Item) int {
		top, _, _ := strings.Cut(i.Key, ".")
		return order[top]
	}
	items := slices.Clone(d.items)
	slices.SortStableFunc(items, func(a, b config.Item) int { return place(a) - place(b) })
	head := fmt.Sprintf("Configuration of the %s, written by %s init.\n"+
		"All keys: ad-user-sync %s --help. To test it without writing anything: ad-user-sync check %s", d.side, d.program.Tool, d.side, d.side)
	return config.Write(head, items)
}
