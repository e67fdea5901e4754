package files

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
)

// What is wrong with a file. A missing one is fs.ErrNotExist.
var (
	ErrEmpty      = errors.New("it is empty")
	ErrTooLarge   = errors.New("it is too large")
	ErrDirectory  = errors.New("it is a folder, not a file")
	ErrNotRegular = errors.New("it is a device, pipe or socket, not a file")
)

// ReadLimited reads all of a file of at most limit bytes, or of a pipe that the process
// was started with.
func ReadLimited(path string, limit int64) ([]byte, error) {
	f, size, err := limited(path, limit, func() (*os.File, error) { return open(path) })
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return read(f, path, limit, size)
}

func limited(path string, limit int64, open func() (*os.File, error)) (f *os.File, size int64, err error) {
	if f, err = open(); err != nil {
		return nil, 0, unread(path, err)
	}
	info, err := f.Stat()
	switch {
	case err != nil:
		err = fmt.Errorf("read %s: %w", path, cause(err))
	case Readable(path, info) != nil:
		err = fmt.Errorf("read %s: %w", path, Readable(path, info))
	case info.Size() > limit:
		err = tooLarge(path, limit)
	}
	if err != nil {
		_ = f.Close()
		return nil, 0, err
	}
	return f, info.Size(), nil
}

// Special says what something is that is not read as a file is. Windows calls irregular
// what another program keeps elsewhere, a tiered file or one in a cloud: that is read.
func Special(info fs.FileInfo) error {
	switch {
	case info.IsDir():
		return ErrDirectory
	case info.Mode()&(fs.ModeDevice|fs.ModeNamedPipe|fs.ModeSocket) != 0:
		return ErrNotRegular
	}
	return nil
}

// Readable is [Special], but lets a pipe pass that this process was started with, as by a
// shell's <(command): someone writes to it, or it ends.
func Readable(path string, info fs.FileInfo) error {
	handed := path == "/dev/stdin" || strings.HasPrefix(path, "/dev/fd/") || strings.HasPrefix(path, "/proc/self/fd/")
	if handed && info.Mode()&fs.ModeNamedPipe != 0 {
		return nil
	}
	return Special(info)
}

// unread says why a file could not be opened, and what lets the running user read it.
func unread(path string, err error) error {
	if info, failed := os.Stat(path); failed == nil && info.Mode()&fs.ModeSocket != 0 {
		return fmt.Errorf("read %s: %w", path, ErrNotRegular)
	}
	fault := fmt.Errorf("read %s: %w", path, explained(path, err))
	if advice := adviceToRead(path); advice != "" && errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("%w; to let it be read, as root: %s", fault, advice)
	}
	return fault
}

// Limited is an open file of at most some number of bytes, which can be read more than
// once.
type Limited struct {
	io.ReaderAt
	file  *os.File // nil where what was read is in memory
	path  string
	limit int64
}

// OpenLimited opens a file of at most limit bytes. What states no size, and a pipe that the
// process was started with, it reads into memory.
func OpenLimited(path string, limit int64) (*Limited, error) {
	f, size, err := limited(path, limit, func() (*os.File, error) { return open(path) })
	if err != nil {
		return nil, err
	}
	l := &Limited{file: f, path: path, limit: limit}
	if size > 0 {
		l.ReaderAt = f
		return l, nil
	}
	defer func() { _ = f.Close() }()
	data, err := read(f, path, limit, size)
	l.ReaderAt, l.file = bytes.NewReader(data), nil
	return l, err
}

// ReadAt is that of an io.ReaderAt.
func (l *Limited) ReadAt(p []byte, at int64) (int, error) {
	n, err := l.ReaderAt.ReadAt(p, at)
	switch {
	case at+int64(n) > l.limit: // it has grown
		return 0, tooLarge(l.path, l.limit)
	case err != nil && !errors.Is(err, io.EOF):
		return n, fmt.Errorf("read %s: %w", l.path, cause(err))
	}
	return n, err
}

// Close ends reading.
func (l *Limited) Close() error {
	if l.file == nil {
		return nil
	}
	return l.file.Close()
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
