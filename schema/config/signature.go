package config

import (
	"bytes"
	"encoding/binary"
	"io"
)

// Offsets of a Windows program (PE format, Microsoft's specification): where its header
// is, what comes before the optional header, and in that the entry that says where the
// signature is, of 32 and of 64 bits.
const (
	peHeaderAt     = 0x3c
	peOptional     = 24
	peSecurity32   = 128
	peSecurity64   = 144
	peMagic64      = 0x20b
	peSecuritySize = 8
	pePadding      = 7 // at most, before a signature
)

// signature is where the signature of a Windows program begins, which is the last of
// its bytes, and where its header says so; ok is false where it has none.
func signature(program io.ReaderAt, size int64) (at, entry int64, ok bool) {
	read := func(n int, from int64) []byte {
		b := make([]byte, n)
		if _, err := program.ReadAt(b, from); err != nil {
			return nil
		}
		return b
	}
	if !bytes.Equal(read(2, 0), []byte("MZ")) {
		return 0, 0, false
	}
	header := read(4, peHeaderAt)
	if header == nil {
		return 0, 0, false
	}
	from := int64(binary.LittleEndian.Uint32(header))
	magic := read(2, from+peOptional)
	if !bytes.Equal(read(4, from), []byte("PE\x00\x00")) || magic == nil {
		return 0, 0, false
	}
	entry = from + peOptional + peSecurity32
	if binary.LittleEndian.Uint16(magic) == peMagic64 {
		entry = from + peOptional + peSecurity64
	}
	place := read(peSecuritySize, entry)
	if place == nil {
		return 0, 0, false
	}
	at = int64(binary.LittleEndian.Uint32(place))
	return at, entry, at >= entry+peSecuritySize && at+int64(binary.LittleEndian.Uint32(place[4:])) == size
}

// withoutSignature is a program whose signature was taken off, since it is broken by
// whatever comes behind the program, and a new one could not be put in its place.
func withoutSignature(program []byte) []byte {
	at, entry, ok := signature(bytes.NewReader(program), int64(len(program)))
	if !ok {
		return program
	}
	program = bytes.Clone(program[:at])
	clear(program[entry : entry+peSecuritySize])
	return program
}
