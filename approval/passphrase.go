package approval

import (
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"unicode"
	"unicode/utf8"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

const (
	defaultWords = 3
	archiveWords = 6
	mostWords    = 20 // in one passphrase
)

// passphrases makes passwords that people can read, write and say.
type passphrases struct {
	list   wordList
	count  int
	suffix string
}

// Check tells what is wrong with a session's configuration.
func Check(config schema.Session) error {
	_, ofWords := newPassphrases(config)
	_, ofLetters := openLetters(config.LetterTemplate)
	return errors.Join(ofWords, ofLetters)
}

func newPassphrases(config schema.Session) (*passphrases, error) {
	p := &passphrases{count: config.PasswordWordCount, suffix: config.PasswordSuffix}
	if p.count == 0 {
		p.count = defaultWords
	}
	if p.count < 1 || p.count > mostWords {
		return nil, fmt.Errorf("password_word_count: %d is not between 1 and %d", p.count, mostWords)
	}
	if strings.ContainsFunc(p.suffix, unicode.IsControl) {
		return nil, fmt.Errorf("password_suffix: it contains a control character")
	}
	var err error
	p.list, err = openWordList(config.PasswordWordlist)
	return p, err
}

// of makes a passphrase that the domain accepts for a person, with so many
// words more than configured, and more still where the policy asks for them.
func (p *passphrases) of(person plan.Person, policy plan.PasswordPolicy, more int) (schema.Secret, error) {
	var faults []string
	for count := min(p.count+more, mostWords); count <= mostWords; count++ {
		for range 3 { // words may happen to contain the name
			text, err := p.draw(count)
			if err != nil {
				return "", err
			}
			if faults = policy.Broken(text, person.AccountName, person.DisplayName); len(faults) == 0 {
				return schema.Secret(text), nil
			}
		}
	}
	return "", fmt.Errorf("make a passphrase: the domain's policy refuses %d words: %s", mostWords, strings.Join(faults, "; "))
}

func (p *passphrases) draw(count int) (string, error) {
	words, err := p.list.Generate(count)
	if err != nil {
		return "", fmt.Errorf("make a passphrase: %w", err)
	}
	number, err := rand.Int(rand.Reader, big.NewInt(100))
	if err != nil {
		return "", fmt.Errorf("make a passphrase: %w", err)
	}
	for i, word := range words {
		first, size := utf8.DecodeRuneInString(word)
		words[i] = string(unicode.ToUpper(first)) + word[size:]
	}
	return fmt.Sprintf("%s-%02d%s", strings.Join(words, "-"), number, p.suffix), nil
}

// archivePassphrase protects the archive of a session: six words of the
// built-in list, about 77 bits.
func archivePassphrase() (schema.Secret, error) {
	list, err := openWordList("")
	if err != nil {
		return "", fmt.Errorf("make the archive's passphrase: %w", err)
	}
	words, err := list.Generate(archiveWords)
	if err != nil {
		return "", fmt.Errorf("make the archive's passphrase: %w", err)
	}
	return schema.Secret(strings.Join(words, "-")), nil
}
