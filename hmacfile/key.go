package hmacfile

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"
	"unicode"
)

// Sizes of keys in bytes.
const (
	newKeySize  = sha256.Size
	weakKeySize = sha256.Size // RFC 2104, section 3: shorter ones weaken the function
)

// What is wrong with the text of a key. Neither repeats any of it.
var (
	ErrKeyEmpty  = errors.New("the HMAC key is empty; leave it out where files are not signed")
	ErrKeyNotHex = errors.New("the HMAC key is not hexadecimal: it takes an even number of the digits 0-9 and a-f, white space is allowed")
)

// Key is the secret that two sides share. It prints as stars, whatever the
// verb and wherever it is nested.
type Key struct {
	reveal func() []byte // a closure, since fmt prints unexported fields raw
}

// ParseKey reads a key written in hexadecimal; white space in it is ignored.
func ParseKey(text string) (Key, error) {
	digits := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
	if digits == "" {
		return Key{}, ErrKeyEmpty
	}
	secret, err := hex.DecodeString(digits)
	if err != nil {
		return Key{}, ErrKeyNotHex // the cause would repeat a character
	}
	return Key{reveal: func() []byte { return secret }}, nil
}

// NewKey makes a random key, in the form that ParseKey reads.
func NewKey() string {
	secret := make([]byte, newKeySize)
	_, _ = rand.Read(secret) // never fails (crypto/rand)
	return hex.EncodeToString(secret)
}

// Weak reports whether the key has fewer bytes than the function returns, 32.
func (k Key) Weak() bool { return len(k.reveal()) < weakKeySize }

const stars = "********"

// Format prints stars for every verb.
func (Key) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(stars)) }

// String hides the key.
func (Key) String() string { return stars }

// MarshalText hides the key from encoders.
func (Key) MarshalText() ([]byte, error) { return []byte(stars), nil }

func (k Key) hash() hash.Hash { return hmac.New(sha256.New, k.reveal()) }

// proves tells in constant time which of the keys makes this mac, in lower-case
// hexadecimal, of body: from 1, or 0 for none.
func proves(keys []Key, body io.Reader, mac []byte) (int, error) {
	hashes, all := make([]hash.Hash, len(keys)), make([]io.Writer, len(keys))
	for i, k := range keys {
		hashes[i] = k.hash()
		all[i] = hashes[i]
	}
	if _, err := io.Copy(io.MultiWriter(all...), body); err != nil {
		return 0, err
	}
	for i, h := range hashes {
		if hmac.Equal(hex.AppendEncode(nil, h.Sum(nil)), mac) {
			return i + 1, nil
		}
	}
	return 0, nil
}
