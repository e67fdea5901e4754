package config

import (
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"ad-user-sync/schema"
	"ad-user-sync/schema/format"

	"go.yaml.in/yaml/v3"
)

// maxConfigBytes is far more than a configuration needs.
const maxConfigBytes = 4 << 20

// load reads a configuration over its defaults; check looks at what the schema
// can't.
func load[T any](path, document string, c *T, check func(*draft, *T)) (*T, []string, error) {
	body, folder, err := readConfig(path)
	if err != nil {
		return nil, nil, err
	}
	return decode(body, folder, path, document, c, check)
}

func decode[T any](body []byte, folder, file, document string, c *T, check func(*draft, *T)) (*T, []string, error) {
	d := newDraft(document, body, folder)
	if d.root != nil {
		d.decode(c)
		check(d, c)
	}
	if err := d.close(file); err != nil {
		return nil, d.warnings, err
	}
	return c, d.warnings, nil
}

// Read returns a configuration as it was written: texts, numbers, booleans, lists and
// maps, whether or not it is complete.
func Read(path string) (map[string]any, error) {
	body, _, err := readConfig(path)
	if err != nil {
		return nil, err
	}
	body, _ = format.ToUTF8(body)
	root, faults := readTree(body)
	switch {
	case len(faults) > 0:
		return nil, &Error{File: path, Faults: faults}
	case root.Kind != format.ObjectNode:
		return nil, &Error{File: path, Faults: []schema.Fault{{Line: root.Line, Text: "a configuration must be an object of keys and values"}}}
	}
	text, err := json.Marshal(root.Any())
	if err != nil {
		return nil, err
	}
	var values map[string]any
	return values, yaml.Unmarshal(text, &values) // which has numbers as numbers
}

// readConfig returns the bytes of a configuration, which may be embedded in a
// program, and its absolute folder.
func readConfig(path string) (body []byte, folder string, err error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, "", fmt.Errorf("reading the configuration %s: %w", path, err)
	}
	info, err := os.Stat(absolute)
	if err == nil && info.Mode()&(fs.ModeDir|fs.ModeDevice|fs.ModeNamedPipe|fs.ModeSocket) != 0 { // to open a pipe may never end
		err = fmt.Errorf("%s is a folder, device or pipe, not a file", absolute)
	}
	if err != nil {
		return nil, "", fmt.Errorf("reading the configuration: %w", err)
	}
	file, err := os.Open(absolute)
	if err != nil {
		return nil, "", fmt.Errorf("reading the configuration: %w", err)
	}
	defer file.Close()
	switch side, text, _, err := embedded(file, info.Size()); {
	case err != nil:
		return nil, "", fmt.Errorf("reading the configuration in %s: %w", path, err)
	case side != "":
		return text, filepath.Dir(absolute), nil
	}
	body, err = io.ReadAll(io.LimitReader(file, maxConfigBytes+1))
	if err != nil {
		return nil, "", fmt.Errorf("reading the configuration: %w", err)
	}
	if len(body) > maxConfigBytes {
		return nil, "", &Error{File: path, Faults: []schema.Fault{{Text: fmt.Sprintf("the file is larger than %d bytes", maxConfigBytes)}}}
	}
	return body, filepath.Dir(absolute), nil
}
