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
// bytes (blanks follow), its length in 8 (big-endian), and embeddedMark.
const (
	embeddedMark = "ad-user-sync/configuration/1\n"
	embeddedTail = 16 + len(embeddedMark)
)

// Embed returns program with the configuration of a side, "export" or "import",
// behind it, in place of one that it has.
func Embed(program []byte, side string, text []byte) ([]byte, error) {
	if len(text) > maxConfigBytes {
		return nil, fmt.Errorf("the configuration is larger than %d bytes", maxConfigBytes)
	}
	_, former, err := embedded(bytes.NewReader(program), int64(len(program)))
	if err != nil {
		return nil, err
	}
	if former != nil {
		program = program[:len(program)-len(former)-embeddedTail]
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
	return embedded(file, info.Size())
}

func embedded(program io.ReaderAt, size int64) (side string, text []byte, err error) {
	if size < int64(embeddedTail) {
		return "", nil, nil
	}
	tail := make([]byte, embeddedTail)
	if _, err := program.ReadAt(tail, size-int64(embeddedTail)); err != nil {
		return "", nil, err
	}
	if string(tail[16:]) != embeddedMark {
		return "", nil, nil
	}
	length := binary.BigEndian.Uint64(tail[8:])
	if length > maxConfigBytes || int64(length) > size-int64(embeddedTail) {
		return "", nil, errors.New("the embedded configuration is damaged")
	}
	text = make([]byte, length)
	if _, err := program.ReadAt(text, size-int64(embeddedTail)-int64(length)); err != nil {
		return "", nil, err
	}
	return strings.TrimRight(string(tail[:8]), " "), text, nil
}
