package config

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"ad-user-sync/schema"
)

// maxConfigBytes is far more than a configuration needs.
const maxConfigBytes = 4 << 20

// readConfig returns the bytes of a configuration and its absolute folder.
func readConfig(path string) (body []byte, folder string, err error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, "", fmt.Errorf("reading the configuration %s: %w", path, err)
	}
	file, err := os.Open(absolute)
	if err != nil {
		return nil, "", fmt.Errorf("reading the configuration: %w", err)
	}
	defer file.Close()
	body, err = io.ReadAll(io.LimitReader(file, maxConfigBytes+1))
	if err != nil {
		return nil, "", fmt.Errorf("reading the configuration: %w", err)
	}
	if len(body) > maxConfigBytes {
		return nil, "", &Error{File: path, Faults: []schema.Fault{{Text: fmt.Sprintf("the file is larger than %d bytes", maxConfigBytes)}}}
	}
	return body, filepath.Dir(absolute), nil
}
