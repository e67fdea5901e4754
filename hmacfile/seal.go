package hmacfile

import (
	"encoding/hex"
	"fmt"
	"hash"
	"io"
)

// Sealer passes a body on to a writer and appends the trailer.
type Sealer struct {
	w    io.Writer
	hash hash.Hash // nil without a key
	err  error
}

// NewSealer writes to w. Without a key the body passes as it is.
func NewSealer(w io.Writer, key *Key) *Sealer {
	s := &Sealer{w: w}
	if key != nil {
		s.hash = key.hash()
	}
	return s
}

// Write passes a part of the body on.
func (s *Sealer) Write(p []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	n, err := s.w.Write(p)
	if s.hash != nil {
		s.hash.Write(p[:n])
	}
	if err == nil && n < len(p) {
		err = io.ErrShortWrite
	}
	s.err = err
	return n, err
}

// Close writes the trailer, if there is a key. It does not close the writer,
// and seals nothing that was not written completely.
func (s *Sealer) Close() error {
	if s.err != nil {
		return s.err
	}
	s.err = io.ErrClosedPipe
	if s.hash == nil {
		return nil
	}
	if _, err := io.WriteString(s.w, "\n"+hex.EncodeToString(s.hash.Sum(nil))); err != nil {
		return fmt.Errorf("write the HMAC trailer: %w", err)
	}
	return nil
}
