package files

import (
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
	return ReadLimitedFrom(f, path, limit)
}

// ReadLimitedFrom is ReadLimited for what is open already, as standard input;
// name is for errors.
func ReadLimitedFrom(r io.Reader, name string, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
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
