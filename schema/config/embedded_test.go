package config

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEmbedding(t *testing.T) {
	program := []byte("\x7fELF and more")
	one, err := Embed(program, "import", []byte("a: 1\n"))
	require.NoError(t, err)
	assert.True(t, bytes.HasPrefix(one, program))
	two, err := Embed(one, "export", []byte("b: 2\n"))
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "program")
	for side, of := range map[string][]byte{"import": one, "export": two, "": program} {
		require.NoError(t, os.WriteFile(path, of, 0o600))
		found, text, err := Embedded(path)
		require.NoError(t, err)
		assert.Equal(t, side, found)
		assert.Equal(t, map[string]string{"import": "a: 1\n", "export": "b: 2\n"}[side], string(text))
	}
	assert.Len(t, two, len(one), "the second took the place of the first")

	_, err = Embed(program, "import", []byte(strings.Repeat("x", maxConfigBytes+1)))
	assert.ErrorContains(t, err, "larger than")
	require.NoError(t, os.WriteFile(path, one[len(program)+1:], 0o600))
	_, _, err = Embedded(path)
	assert.ErrorContains(t, err, "damaged", "longer than the file")
	_, _, err = LoadImport(path)
	assert.ErrorContains(t, err, "damaged")
}

// A signature comes behind the configuration, and covers it. What had one before is
// without it, so that another one can be put there.
func TestAProgramThatWasSignedHasItsConfiguration(t *testing.T) {
	for name, magic := range map[string]uint16{"32 bits": 0x10b, "64 bits": 0x20b} {
		t.Run(name, func(t *testing.T) {
			for more := range 9 { // the signature begins at a multiple of 8
				program := windowsProgram(magic, more)
				one, err := Embed(program, "import", []byte("a: 1\n"))
				require.NoError(t, err)
				handed := signed(one, magic)
				side, text, err := embeddedIn(t, handed)
				require.NoError(t, err)
				assert.Equal(t, "import", side)
				assert.Equal(t, "a: 1\n", string(text))

				unsigned := append(bytes.Clone(one), make([]byte, min(more, pePadding))...)
				side, _, err = embeddedIn(t, unsigned)
				require.NoError(t, err)
				assert.Equal(t, "import", side, "the signature was taken off again")
				again, err := Embed(unsigned, "export", []byte("b: 2\n"))
				require.NoError(t, err)
				assert.Len(t, again, len(one))

				two, err := Embed(handed, "export", []byte("b: 2\n"))
				require.NoError(t, err)
				assert.Len(t, two, len(one), "in place of the first, and of the signature")
				plain, err := Embed(signed(program, magic), "import", []byte("a: 1\n"))
				require.NoError(t, err)
				side, text, err = embeddedIn(t, signed(plain, magic))
				require.NoError(t, err)
				assert.Equal(t, "import", side)
				assert.Equal(t, "a: 1\n", string(text))
				side, _, err = embeddedIn(t, signed(program, magic))
				require.NoError(t, err)
				assert.Empty(t, side)
			}
		})
	}
}

func embeddedIn(t *testing.T, program []byte) (side string, text []byte, err error) {
	path := filepath.Join(t.TempDir(), "program.exe")
	require.NoError(t, os.WriteFile(path, program, 0o600))
	return Embedded(path)
}

// securityEntry is where the header of windowsProgram says where the signature is.
func securityEntry(magic uint16) int {
	return 0x80 + 24 + map[uint16]int{0x10b: 128, 0x20b: 144}[magic]
}

func windowsProgram(magic uint16, more int) []byte {
	program := make([]byte, 512+more)
	copy(program, "MZ")
	program[0x3c] = 0x80
	copy(program[0x80:], "PE\x00\x00")
	binary.LittleEndian.PutUint16(program[0x80+24:], magic)
	return program
}

func signed(program []byte, magic uint16) []byte {
	out := bytes.Clone(program)
	out = append(out, make([]byte, (8-len(out)%8)%8)...)
	entry := out[securityEntry(magic):]
	binary.LittleEndian.PutUint32(entry, uint32(len(out)))
	binary.LittleEndian.PutUint32(entry[4:], 16)
	return append(out, "the signature..."...)
}

// What says of itself where its signature is, is believed only where that can be.
func TestAHeaderThatLiesIsNoSignature(t *testing.T) {
	for name, change := range map[string]func([]byte) []byte{
		"no header":            func(p []byte) []byte { return p[:0x3e] },
		"a header far away":    func(p []byte) []byte { p[0x3f] = 0xff; return p },
		"a header cut off":     func(p []byte) []byte { return p[:0x90] },
		"a signature of it":    func(p []byte) []byte { p[securityEntry(0x20b)] = 1; return p },
		"zeros and nothing":    func(p []byte) []byte { return signed(make([]byte, len(p)), 0x20b) },
		"a signature not last": func(p []byte) []byte { return append(signed(p, 0x20b), 0) },
	} {
		t.Run(name, func(t *testing.T) {
			side, text, err := embeddedIn(t, change(windowsProgram(0x20b, 0)))
			require.NoError(t, err)
			assert.Empty(t, side)
			assert.Nil(t, text)
		})
	}
}
