package main

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"crypto/sha256"

	"ad-user-sync/internal/adtest"
)

// needles are all forms of all secrets, by their first eight bytes.
type needles struct {
	by      map[uint64][]needle
	maybe   []uint64 // bits: some needle begins so
	longest int
	forms   int
}

type needle struct {
	form []byte
	what string // says which secret and how, without it
}

const maybeBits = 26

func needlesOf(secrets map[string]string) *needles {
	n := &needles{by: map[uint64][]needle{}, maybe: make([]uint64, 1<<maybeBits/64)}
	for secret, kind := range secrets {
		seen := map[string]bool{}
		forms := adtest.Encodings(secret)
		n.forms = max(n.forms, len(forms))
		for how, form := range forms {
			if len(form) < shortest || seen[string(form)] {
				continue
			}
			seen[string(form)] = true
			begin := binary.LittleEndian.Uint64(form)
			n.by[begin] = append(n.by[begin], needle{form, fmt.Sprintf("a %s (%s, SHA-256 %.8x...)", kind, how, sha256.Sum256([]byte(secret)))})
			n.maybe[slot(begin)/64] |= 1 << (slot(begin) % 64)
			n.longest = max(n.longest, len(form)-1)
		}
	}
	return n
}

func slot(begin uint64) uint64 { return begin * 0x9e3779b97f4a7c15 >> (64 - maybeBits) }

func (n *needles) in(text []byte, found func(what string)) {
	for i := 0; i+shortest <= len(text); i++ {
		begin := binary.LittleEndian.Uint64(text[i:])
		if s := slot(begin); n.maybe[s/64]&(1<<(s%64)) == 0 {
			continue
		}
		for _, needle := range n.by[begin] {
			if bytes.HasPrefix(text[i:], needle.form) {
				found(needle.what)
			}
		}
	}
}
