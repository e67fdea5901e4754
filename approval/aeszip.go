package approval

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha1"
	"encoding/binary"
	"fmt"
	"time"

	"ad-user-sync/schema"
)

// WinZip's AE-2 format, https://www.winzip.com/en/support/aes-encryption/:
// PBKDF2-HMAC-SHA1 of 1,000 rounds, AES-256 in counter mode with a
// little-endian counter from 1, and the first ten bytes of an HMAC-SHA1.
const (
	aesMethod     = 99
	aesKeySize    = 32
	aesSaltSize   = 16
	aesCheckSize  = 2
	aesMACSize    = 10
	aesIterations = 1000
)

// aesExtra is the extra field 0x9901: 7 bytes, AE-2, vendor "AE", AES-256,
// deflate.
var aesExtra = []byte{0x01, 0x99, 7, 0, 2, 0, 'A', 'E', 3, 8, 0}

// aesZip makes an encrypted archive of one file. Nothing is written to disk.
func aesZip(name string, modified time.Time, content []byte, passphrase schema.Secret) ([]byte, error) {
	payload, err := aesPayload(content, passphrase.Reveal())
	if err != nil {
		return nil, fmt.Errorf("encrypt the archive: %w", err)
	}
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	header := &zip.FileHeader{Name: name, Method: aesMethod, Flags: 1, Modified: modified, Extra: aesExtra,
		CompressedSize64: uint64(len(payload)), UncompressedSize64: uint64(len(content))}
	header.SetMode(0o600)
	file, err := archive.CreateRaw(header)
	if err == nil {
		_, err = file.Write(payload)
	}
	if err == nil {
		err = archive.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("write the archive: %w", err)
	}
	return out.Bytes(), nil
}

// aesPayload returns salt, check value, encrypted data and MAC.
func aesPayload(content []byte, passphrase string) ([]byte, error) {
	data, err := deflate(content)
	if err != nil {
		return nil, err
	}
	salt := make([]byte, aesSaltSize)
	if _, err := rand.Read(salt); err != nil {
		return nil, err
	}
	keys, err := pbkdf2.Key(sha1.New, passphrase, salt, aesIterations, 2*aesKeySize+aesCheckSize)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(keys[:aesKeySize])
	if err != nil {
		return nil, err
	}
	counterMode(block, data)
	mac := hmac.New(sha1.New, keys[aesKeySize:2*aesKeySize])
	mac.Write(data)
	return bytes.Join([][]byte{salt, keys[2*aesKeySize:], data, mac.Sum(nil)[:aesMACSize]}, nil), nil
}

func deflate(content []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(content); err != nil {
		return nil, err
	}
	err = w.Close()
	return out.Bytes(), err
}

// counterMode differs from crypto/cipher's in the counter's byte order.
func counterMode(block cipher.Block, data []byte) {
	var counter, stream [aes.BlockSize]byte
	for n := uint64(1); len(data) > 0; n++ {
		binary.LittleEndian.PutUint64(counter[:], n)
		block.Encrypt(stream[:], counter[:])
		step := min(len(data), aes.BlockSize)
		for i := range data[:step] {
			data[i] ^= stream[i]
		}
		data = data[step:]
	}
}
