package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/text/encoding/charmap"
)

// byteCommands make the files that a script is about, without the program's
// own code.
var byteCommands = map[string]func(*testscript.TestScript, bool, []string){
	// sign KEY FILE: the trailer is appended.
	"sign": func(ts *testscript.TestScript, _ bool, args []string) {
		key, err := hex.DecodeString(args[0])
		ts.Check(err)
		body := strings.TrimSuffix(ts.ReadFile(args[1]), "\n")
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(body))
		write(ts, args[1], body+"\n"+hex.EncodeToString(mac.Sum(nil)))
	},
	// flip FILE BYTE BIT: one bit is changed; a negative byte counts from the end.
	"flip": func(ts *testscript.TestScript, _ bool, args []string) {
		text := []byte(ts.ReadFile(args[0]))
		at, bit := number(ts, args[1]), number(ts, args[2])
		text[(at+len(text))%len(text)] ^= 1 << bit
		write(ts, args[0], string(text))
	},
	// cut FILE BYTES: so many bytes are taken from the end.
	"cut": func(ts *testscript.TestScript, _ bool, args []string) {
		text := ts.ReadFile(args[0])
		write(ts, args[0], text[:len(text)-number(ts, args[1])])
	},
	// windows1252 FILE: UTF-8 becomes Windows-1252.
	"windows1252": func(ts *testscript.TestScript, _ bool, args []string) {
		text, err := charmap.Windows1252.NewEncoder().String(ts.ReadFile(args[0]))
		ts.Check(err)
		write(ts, args[0], text)
	},
	// line FILE: a line end is appended.
	"line": func(ts *testscript.TestScript, _ bool, args []string) { write(ts, args[0], ts.ReadFile(args[0])+"\n") },
	// differ FILE FILE
	"differ": func(ts *testscript.TestScript, _ bool, args []string) {
		if ts.ReadFile(args[0]) == ts.ReadFile(args[1]) {
			ts.Fatalf("%s and %s are equal", args[0], args[1])
		}
	},
}

func write(ts *testscript.TestScript, name, text string) {
	ts.Check(os.WriteFile(ts.MkAbs(name), []byte(text), 0o600))
}

func number(ts *testscript.TestScript, text string) int {
	n, err := strconv.Atoi(text)
	ts.Check(err)
	return n
}
