package main

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// search says what was searched, and fails where a secret was written.
func search(dir string, out io.Writer) error {
	tapes, err := filepath.Glob(filepath.Join(dir, "tapes", "*"))
	if err != nil {
		return err
	}
	secrets, tooShort := map[string]string{}, map[string]bool{}
	for _, tape := range tapes {
		if err := records(tape, func(name string, text []byte) { note(secrets, tooShort, name, string(text)) }); err != nil {
			return err
		}
	}
	needles := needlesOf(secrets)
	var bytes, holders int
	found := map[string]int{}
	for _, tape := range tapes {
		ends := map[string][]byte{}
		var by program
		err := records(tape, func(name string, text []byte) {
			if name == "argument" {
				by = append(by, string(text))
			}
			switch {
			case strings.HasPrefix(name, secretMark):
				return
			case by.holds(name):
				holders += len(text)
				return
			}
			bytes += len(text)
			whole := append(ends[name], withoutWaiting(name, text)...) // what stands across two writes
			needles.in(whole, func(what string) {
				if strings.HasPrefix(what, "a "+oneTimeCode) && leads(name) {
					return
				}
				found[what+" is in "+plainly(name)+", written by "+by.name()]++
			})
			ends[name] = slices.Clone(whole[max(0, len(whole)-needles.longest):])
		})
		if err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "%d secrets looked for in %d encodings each, in %d MiB that %d programs wrote; %d MiB are files that exist to hold one; %d secrets are too short to be looked for\n",
		len(secrets), needles.forms, bytes>>20, len(tapes), holders>>20, len(tooShort))
	if len(secrets) == 0 || bytes+holders == 0 {
		return errors.New("nothing was kept: the tests did not run with the overlay")
	}
	if len(found) == 0 {
		return os.RemoveAll(dir)
	}
	for _, what := range slices.Sorted(maps.Keys(found)) {
		fmt.Fprintf(out, "%s (%d times)\n", what, found[what])
	}
	return fmt.Errorf("secrets were written; what was written is kept in %s", dir)
}

const secretMark = "secret:"

// A shorter one is in any text by chance.
const shortest = 8

func note(secrets map[string]string, tooShort map[string]bool, name, text string) {
	kind, is := strings.CutPrefix(name, secretMark)
	text = strings.TrimSpace(text)
	switch {
	case !is || text == "" || notSecret[text] || strings.Contains(text, "\n"): // several keys are noted one by one
	case len(text) < shortest:
		tooShort[text] = true
	default:
		secrets[text] = kind
	}
}

// plainly is a name without what differs from run to run.
func plainly(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return '0'
		}
		return r
	}, name)
}

// records reads a tape, whose end may be cut: its program was killed.
func records(tape string, each func(name string, text []byte)) error {
	file, err := os.Open(tape)
	if err != nil {
		return err
	}
	defer file.Close()
	in := bufio.NewReaderSize(file, 1<<20)
	for {
		var head [8]byte
		if _, err := io.ReadFull(in, head[:]); err != nil {
			return ended(err)
		}
		name := make([]byte, binary.LittleEndian.Uint32(head[:4]))
		text := make([]byte, binary.LittleEndian.Uint32(head[4:]))
		if _, err := io.ReadFull(in, name); err != nil {
			return ended(err)
		}
		if _, err := io.ReadFull(in, text); err != nil {
			return ended(err)
		}
		each(string(name), text)
	}
}

func ended(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return err
}
