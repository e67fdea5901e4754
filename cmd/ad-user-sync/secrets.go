package main

import (
	"fmt"
	"os"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"ad-user-sync/hmacfile"
	"ad-user-sync/internal/files"
	"ad-user-sync/schema"
)

// Secrets may come from the environment.
const (
	hmacVariable     = "AD_USER_SYNC_HMAC"
	passwordVariable = "AD_USER_SYNC_PASSWORD"
)

// maxSecret is the size of a secret file that is read at most.
const maxSecret = 64 << 10

// hmacKeys takes the keys from flag, environment or configuration, in this
// order.
func (a *app) hmacKeys(flag *string, configured []schema.Secret, file string) ([]hmacfile.Key, error) {
	var texts []string
	environment, set := os.LookupEnv(hmacVariable)
	switch {
	case flag != nil:
		a.warn("a key on the command line can be read by other users of this machine; better use hmac_file")
		texts = []string{*flag}
	case set:
		texts = []string{environment}
	case file != "":
		text, err := a.readSecret("hmac_file", file)
		if err != nil {
			return nil, err
		}
		texts = keyLines(text)
	default:
		for _, s := range configured {
			texts = append(texts, s.Reveal())
		}
	}
	return a.parseKeys(texts)
}

// keyLines parts the keys of a file: one a line, while they are being changed.
// A file without any is a fault of its key.
func keyLines(text string) []string {
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	if lines == nil {
		return []string{""}
	}
	return lines
}

func (a *app) parseKeys(texts []string) ([]hmacfile.Key, error) {
	var keys []hmacfile.Key
	for _, text := range texts {
		key, err := hmacfile.ParseKey(text)
		if err != nil {
			return nil, err
		}
		if key.Weak() {
			a.warn("the HMAC key has fewer than 32 bytes; make a better one with: ad-user-sync keygen")
		}
		keys = append(keys, key)
	}
	return keys, nil
}

// readSecret reads the file that a key of the configuration names, without its
// line end. Windows PowerShell writes UTF-16: a byte order mark is heeded.
func (a *app) readSecret(key, path string) (string, error) {
	fault, warning := files.CheckPrivate(path)
	if fault != nil {
		return "", usageError{fmt.Errorf("%s: %w", key, fault)}
	}
	if warning != nil {
		a.warn(key + ": " + warning.Error())
	}
	a.owned(key, path)
	data, err := files.ReadLimited(path, maxSecret)
	if err != nil {
		return "", usageError{fmt.Errorf("%s: %w", key, err)}
	}
	text, _, err := transform.Bytes(unicode.BOMOverride(transform.Nop), data)
	if err != nil || !utf8.Valid(text) {
		return "", usageError{fmt.Errorf("%s: %s is neither UTF-8 nor UTF-16 text, so letters such as ä or é would be other ones than was meant; save it as UTF-8", key, path)}
	}
	return strings.TrimRight(string(text), "\r\n"), nil
}

// bindPassword is never empty: with an empty one a controller lets anybody in,
// as an anonymous user (RFC 4513, 5.1.2).
func (a *app) bindPassword(d *schema.Directory, environment bool) (string, error) {
	password, err := a.givenPassword(d, environment)
	if err == nil && password == "" {
		err = usageError{fmt.Errorf("the password of %s is empty", d.Username)}
		if d.PasswordFile != "" {
			err = usageError{fmt.Errorf("the password of %s is empty; write it into %s, which password_file names", d.Username, d.PasswordFile)}
		}
	}
	return password, err
}

// givenPassword takes it from its file, the environment or a prompt.
func (a *app) givenPassword(d *schema.Directory, environment bool) (string, error) {
	if d.PasswordFile != "" {
		return a.readSecret("password_file", d.PasswordFile)
	}
	if text, set := a.passwordAtHand(); set && environment {
		return text, nil
	}
	if !a.terminal() {
		wayOn := "give password_file, or run this in a terminal, where it is asked for"
		if environment {
			wayOn = "give password_file or the environment variable " + passwordVariable
		}
		return "", usageError{fmt.Errorf("no password for %s: %s", d.Username, wayOn)}
	}
	return a.prompt(fmt.Sprintf("Password of %s: ", d.Username))
}

// tries is how often a password is asked for: each wrong one counts for the lockout
// policy of the domain.
const tries = 3

// typed reports whether givenPassword asks a person.
func (a *app) typed(d *schema.Directory, environment bool) bool {
	_, set := a.passwordAtHand()
	return d.PasswordFile == "" && !(set && environment)
}

// passwordAtHand is the one that init logged on with, or the environment's.
func (a *app) passwordAtHand() (string, bool) {
	if a.password != "" {
		return a.password, true
	}
	return os.LookupEnv(passwordVariable)
}
