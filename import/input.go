package importer

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

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
	return Read(name, bytes.NewReader(data), keys)
}

// Read is Open for what is not in memory: it is read more than once, and none of it is
// decoded that has changed since it was verified.
func Read(name string, from io.ReaderAt, keys []hmacfile.Key) (*Input, error) {
	opened, err := hmacfile.OpenFile(from, keys)
	if err != nil {
		return nil, refusal(name, err)
	}
	file, err := userfile.Read(opened.Body())
	if err != nil {
		return nil, refusal(name, err)
	}
	return &Input{Name: name, SHA256: hex.EncodeToString(opened.SHA256[:]), Signed: opened.Signed, Key: opened.Key,
		Form: opened.Form, File: file}, nil
}

func refusal(name string, err error) *Refusal {
	r := &Refusal{Reason: fmt.Sprintf("user file %s: %v", name, err)}
	if failed, ok := errors.AsType[*hmacfile.ReadError](err); ok { // it names the file
		r.Reason = fmt.Sprintf("user file: %v", failed)
	}
	_, unsound := errors.AsType[*userfile.Error](err)
	if unsound || errors.Is(err, hmacfile.ErrEmpty) || errors.Is(err, hmacfile.ErrEncoding) { // the others say what to do
		r.WayOn = carryAgain
	}
	return r
}

// ErrConfiguration means that the configuration cannot be right, as the
// directory shows.
var ErrConfiguration = observe.ErrConfiguration
