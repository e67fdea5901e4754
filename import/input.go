package importer

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"ad-user-sync/hmacfile"
	"ad-user-sync/import/observe"
	"ad-user-sync/schema"
	"ad-user-sync/schema/userfile"
)

// Input is a user file whose bytes are proved and whose content is sound.
type Input struct {
	Name   string // path, or "-"
	SHA256 string // of the bytes as they came
	Signed bool
	Key    int    // which of the keys matched, from 1
	Form   string // how the bytes were read
	File   *schema.UserFile
}

// MaxFile is the size of a user file that is read at most.
const MaxFile = userfile.MaxFile

// Open verifies the bytes of a user file, then decodes them. Whatever is wrong
// with it is a *Refusal.
func Open(name string, data []byte, keys []hmacfile.Key) (*Input, error) {
	opened, err := hmacfile.Open(data, keys)
	if err != nil {
		refusal := &Refusal{Reason: fmt.Sprintf("user file %s: %v", name, err)}
		if errors.Is(err, hmacfile.ErrEmpty) || errors.Is(err, hmacfile.ErrEncoding) { // the others say what to do
			refusal.WayOn = carryAgain
		}
		return nil, refusal
	}
	file, err := userfile.Decode(opened.Body)
	if err != nil {
		return nil, &Refusal{Reason: fmt.Sprintf("user file %s: %v", name, err), WayOn: carryAgain}
	}
	sum := sha256.Sum256(data)
	return &Input{Name: name, SHA256: hex.EncodeToString(sum[:]), Signed: opened.Signed, Key: opened.Key,
		Form: opened.Form, File: file}, nil
}

// ErrConfiguration means that the configuration cannot be right, as the
// directory shows.
var ErrConfiguration = observe.ErrConfiguration
