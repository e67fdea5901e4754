package main

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// program is the arguments with which a program was started.
type program []string

func (p program) name() string {
	if len(p) == 0 {
		return "a program"
	}
	return filepath.Base(p[0])
}

// holders are the files that exist to hold a secret, by their names in the folders
// of tests: of passwords and keys, and configurations with a key in them, which
// tests write as people once did.
var holders = []string{
	"*.password", "*.key", "password", "pw", "key",
	"script-secrets/nonsense", "script-secrets/two", "script-secrets/good", "script-verify/keys",
	"script-keygen_schema/stdout", "script-keygen_schema/first", "script-keygen_schema/second", "script-keygen_schema/before", "script-*/wrong", "script-*/typed",
	"script-embed/key.yaml", "script-config_faults/both.json", "script-export*/keyed.yaml", "with-secrets.json", "script-older/*_config.json", "script-*/import_signed.yaml",
}

// oneTimeCode is a kind of secret that works once.
const oneTimeCode = "code of a session"

// leads reports whether what is written under this name is where a person, or the
// browser, is told the one-time address of the page.
func leads(name string) bool {
	name = filepath.Base(temporary.ReplaceAllString(name, "/$1"))
	return name == "stderr" || name == "said by a command" || name == "approvals.html"
}

// holds reports whether what is written under this name is where the secret is to be.
func (p program) holds(name string) bool {
	name = temporary.ReplaceAllString(name, "/$1")
	for _, pattern := range holders {
		of := filepath.Base(name)
		if strings.Contains(pattern, "/") {
			of = filepath.Join(filepath.Base(filepath.Dir(name)), of)
		}
		if ok, _ := filepath.Match(pattern, of); ok {
			return true
		}
	}
	switch {
	case name == "/dev/ptmx", strings.HasPrefix(name, "|"):
		return strings.HasSuffix(p.name(), ".test") // the hands of a person; what the program hands to another one is searched
	case name == "/dev/stdout":
		return slices.Contains(p, "keygen")
	case name == "argument":
		return slices.Contains(p, "--hmac") || strings.Contains(p[len(p)-1], "hmac=") // which is warned of, or refused
	}
	return false
}

// A file is written under such a name first.
var temporary = regexp.MustCompile(`/\.([^/]+)\.[A-Z2-7]{10}\.tmp$`)

// notSecret are words that tests give in place of a password or key, and the key
// in the documents.
var notSecret = map[string]bool{
	"nonsense": true, "gibberish": true, "anything": true, "not-a-key": true, "d8b1 619a e68e ec64 3255 a740 1423 3f6d": true,
}
