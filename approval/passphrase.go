package approval

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"math/big"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sethvargo/go-diceware/diceware"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

const (
	defaultWords = 3
	archiveWords = 6
	fewestWords  = 1000    // of an own list: ten bits a word
	largestList  = 4 << 20 // bytes
	mostWords    = 20      // in one passphrase
)

// wordList draws words with the system's random source.
type wordList interface {
	Generate(count int) ([]string, error)
}

// passphrases makes passwords that people can read, write and say.
type passphrases struct {
	list   wordList
	count  int
	suffix string
}

// Check tells what is wrong with a session's configuration.
func Check(config schema.Session) error {
	_, err := newPassphrases(config)
	return err
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

func openWordList(name string) (wordList, error) {
	switch name {
	case "", "eff":
		return diceware.NewGenerator(nil)
	case "de":
		return nil, fmt.Errorf(`password_wordlist: no German list is built in; name a file with one word a line, or use "eff"`)
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("password_wordlist: %w", err)
	}
	defer file.Close()
	list, err := readWords(file)
	if err != nil {
		return nil, fmt.Errorf("password_wordlist %s: %w", name, err)
	}
	return list, nil
}

// ownList is a word list from a file: one word a line, the last of the line,
// so that lists with dice numbers are taken as they are.
type ownList []string

func readWords(r io.Reader) (ownList, error) {
	content, err := io.ReadAll(io.LimitReader(r, largestList+1))
	if err != nil {
		return nil, err
	}
	if len(content) > largestList || !utf8.Valid(content) {
		return nil, fmt.Errorf("it is no UTF-8 text of at most %d MiB", largestList>>20)
	}
	var list ownList
	seen := map[string]bool{}
	lines := bufio.NewScanner(bytes.NewReader(bytes.TrimPrefix(content, []byte("\uFEFF"))))
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) == 0 || strings.HasPrefix(fields[0], "#") {
			continue
		}
		word := fields[len(fields)-1]
		if strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsPrint(r) }) {
			return nil, fmt.Errorf("the word %s can not be typed", schema.Visible(word))
		}
		if !seen[word] {
			seen[word] = true
			list = append(list, word)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	if len(list) < fewestWords {
		return nil, fmt.Errorf("it has %d different words, at least %d are needed", len(list), fewestWords)
	}
	return list, nil
}

// Generate draws count words.
func (l ownList) Generate(count int) ([]string, error) {
	words := make([]string, count)
	for i := range words {
		n, err := rand.Int(rand.Reader, big.NewInt(int64(len(l))))
		if err != nil {
			return nil, err
		}
		words[i] = l[n.Int64()]
	}
	return words, nil
}

// For makes a passphrase that the domain accepts for a person, with more words
// than configured where the policy asks for them.
func (p *passphrases) For(person plan.Person, policy plan.PasswordPolicy) (schema.Secret, error) {
	var faults []string
	for count := p.count; count <= mostWords; count++ {
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
	words, err := diceware.Generate(archiveWords)
	if err != nil {
		return "", fmt.Errorf("make the archive's passphrase: %w", err)
	}
	return schema.Secret(strings.Join(words, "-")), nil
}
