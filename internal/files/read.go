package files

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
)

// What is wrong with a file. A missing one is fs.ErrNotExist.
var (
	ErrEmpty     = errors.New("it is empty")
	ErrTooLarge  = errors.New("it is too large")
	ErrDirectory = errors.New("it is a folder, not a file")
)

// ReadLimited reads all of a file of at most limit bytes.
func ReadLimited(path string, limit int64) ([]byte, error) {
	f, err := open(path)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, explained(path, err))
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, cause(err))
	}
	if info.IsDir() {
		return nil, fmt.Errorf("read %s: %w", path, ErrDirectory)
	}
	if info.Size() > limit {
		return nil, tooLarge(path, limit)
	}
	return read(f, path, limit, info.Size())
}

// ReadLimitedFrom is ReadLimited for what is open already, as standard input;
// name is for errors.
func ReadLimitedFrom(r io.Reader, name string, limit int64) ([]byte, error) {
	return read(r, name, limit, 0)
}

// read takes size as a hint, so that a large file is in memory once.
func read(r io.Reader, name string, limit, size int64) ([]byte, error) {
	var all bytes.Buffer
	all.Grow(int(size) + bytes.MinRead)
	_, err := all.ReadFrom(io.LimitReader(r, limit+1))
	data := all.Bytes()
	switch {
	case err != nil:
		return nil, fmt.Errorf("read %s: %w", name, cause(err))
	case int64(len(data)) > limit:
		return nil, tooLarge(name, limit)
	case len(data) == 0:
		return nil, fmt.Errorf("read %s: %w", name, ErrEmpty)
	}
	return data, nil
}

func tooLarge(name string, limit int64) error {
	return fmt.Errorf("read %s: %w: more than %d bytes", name, ErrTooLarge, limit)
}

// cause takes the path out of an error, which names it already.
func cause(err error) error {
	if pathErr, ok := errors.AsType[*os.PathError](err); ok {
		return pathErr.Err
	}
	if linkErr, ok := errors.AsType[*os.LinkError](err); ok {
		return linkErr.Err
	}
	return err
}
