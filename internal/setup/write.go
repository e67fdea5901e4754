package setup

import (
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"ad-user-sync/export"
	"ad-user-sync/internal/files"
	"ad-user-sync/schema/config"
)

// inFolder is where a path of the configuration leads.
func (w *wizard) inFolder(path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(w.folder, path)
}

// write checks the configuration as a whole before any file is made.
func (w *wizard) write(questions []question) error {
	for _, key := range slices.Sorted(maps.Keys(w.set)) {
		if slices.ContainsFunc(questions, func(q question) bool { return q.key == key }) {
			continue
		}
		value, err := config.ParseValue(w.document(), key, w.set[key])
		if err != nil {
			return UsageError{err}
		}
		w.items = append(w.items, config.Item{Key: key, Value: value})
	}
	text, err := w.configuration()
	if err != nil {
		return err
	}
	if err := w.valid(text); err != nil {
		return UsageError{err}
	}
	for _, write := range w.later {
		if err := write(); err != nil {
			return err
		}
	}
	return files.Replace(w.path, 0o600, func(out io.Writer) error {
		_, err := out.Write(text)
		return err
	})
}

func (w *wizard) valid(text []byte) error {
	if w.side == "import" {
		_, _, err := config.DecodeImport(text, w.folder)
		return err
	}
	cfg, _, err := config.DecodeExport(text, w.folder)
	if err != nil {
		return err
	}
	return export.Validate(cfg)
}

// configuration is what was answered so far, in the order of the schema.
func (w *wizard) configuration() ([]byte, error) {
	order := map[string]int{}
	for i, doc := range config.Keys(w.document()) {
		order[doc.Name] = i
	}
	place := func(i config.Item) int {
		top, _, _ := strings.Cut(i.Key, ".")
		return order[top]
	}
	items := slices.Clone(w.items)
	slices.SortStableFunc(items, func(a, b config.Item) int { return place(a) - place(b) })
	head := fmt.Sprintf("Configuration of the %s, written by %s init.\n"+
		"All keys: ad-user-sync %s --help. To test it without writing anything: ad-user-sync check %s", w.side, w.program.Tool, w.side, w.side)
	return config.Write(head, items)
}
