package config

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// A configuration is embedded behind the bytes of a program, where neither Linux
// nor Windows looks: its text, then embeddedTail bytes, which are its side in 8
// bytes (blanks follow), its length in 8 (big-endian), and embeddedMark. Whoever signs
// a program for Windows puts up to pePadding zeros and the signature behind that.
const (
	embeddedMark = "ad-user-sync/configuration/1\n"
	embeddedTail = 16 + len(embeddedMark)
)

var errDamaged = errors.New("the embedded configuration is damaged")

// Embed returns program with the configuration of a side, "export" or "import",
// behind it, in place of one that it has, and without the signature that it may have.
func Embed(program []byte, side string, text []byte) ([]byte, error) {
	if len(text) > maxConfigBytes {
		return nil, fmt.Errorf("the configuration is larger than %d bytes", maxConfigBytes)
	}
	_, former, end, err := embedded(bytes.NewReader(program), int64(len(program)))
	if err != nil {
		return nil, err
	}
	program = withoutSignature(program)
	if former != nil {
		program = program[:end-int64(len(former)+embeddedTail)]
	}
	out := append(bytes.Clone(program), text...)
	out = fmt.Appendf(out, "%-8s", side)
	out = binary.BigEndian.AppendUint64(out, uint64(len(text)))
	return append(out, embeddedMark...), nil
}

// Embedded returns the configuration that is embedded in a file, and its side; ""
// where there is none.
func Embedded(path string) (side string, text []byte, err error) {
	file, err := os.Open(path)
	if err != nil {
		return "", nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return "", nil, err
	}
	side, text, _, err = embedded(file, info.Size())
	return side, text, err
}

// embedded also says where the embedded configuration ends.
func embedded(program io.ReaderAt, size int64) (side string, text []byte, end int64, err error) {
	end = size
	at, _, signed := signature(program, size)
	if signed {
		end = at
	}
	tail := make([]byte, min(end, int64(embeddedTail+pePadding)))
	if _, err := program.ReadAt(tail, end-int64(len(tail))); err != nil {
		return "", nil, 0, err
	}
	found := len(bytes.TrimRight(tail, "\x00")) // a signature that was taken off again leaves its zeros
	end -= int64(len(tail) - found)
	tail = tail[:found]
	if len(tail) < embeddedTail || !bytes.HasSuffix(tail, []byte(embeddedMark)) {
		return "", nil, 0, nil
	}
	tail = tail[len(tail)-embeddedTail:]
	length := binary.BigEndian.Uint64(tail[8:])
	if length > maxConfigBytes || int64(length) > end-int64(embeddedTail) {
		return "", nil, 0, errDamaged
	}
	text = make([]byte, length)
	if _, err := program.ReadAt(text, end-int64(embeddedTail)-int64(length)); err != nil {
		return "", nil, 0, err
	}
	return strings.TrimRight(string(tail[:8]), " "), text, end, nil
}
