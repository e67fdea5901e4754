package approval

import (
	"bufio"
	"bytes"
	"crypto/rand"
	_ "embed"
	"fmt"
	"io"
	"math/big"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sethvargo/go-diceware/diceware"

	"ad-user-sync/schema"
)

const (
	fewestWords = 1000    // of an own list: ten bits a word
	largestList = 4 << 20 // bytes
)

// englishWords are friendly ones of four to nine of the letters a to z, none of which
// begins with another or is one slip of a key from it. They were drawn from the EFF's
// lists, Glitch's friendly-words and the most common third of SCOWL (NOTICE has their
// licences), without those that
//   - are rude, sad or violent, are about illness, sex, drugs, faith, war or politics, or have
//     such a word for a stem (AFINN-165 below zero, two lists of such words, and reading),
//   - are spelled in another way in Britain or in America, or sound like another word
//     (CMU Pronouncing Dictionary), or are misspelt by many,
//   - are a plural, or another form of a word that is there.
//
//go:embed words/en.txt
var englishWords string

// germanWords are common words of three to nine of the letters a to z, none of
// which begins with another.
//
//go:embed words/de.txt
var germanWords string

// wordList draws words with the system's random source.
type wordList interface {
	Generate(count int) ([]string, error)
}

func openWordList(name string) (wordList, error) {
	switch name {
	case "", "en":
		return readWords(strings.NewReader(englishWords))
	case "eff":
		return diceware.NewGenerator(nil)
	case "de":
		return readWords(strings.NewReader(germanWords))
	}
	if special(name) {
		return nil, fmt.Errorf("password_wordlist: %s is a folder, device or pipe, not a file", name)
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

// ownList is a list of words: one a line, the last of the line,
// so that files with dice numbers are taken as they are.
type ownList []string

func readWords(r io.Reader) (ownList, error) {
	content, err := io.ReadAll(io.LimitReader(r, largestList+1))
	if err != nil {
		return nil, err
	}
	if len(content) > largestList || !utf8.Valid(content) {
		return nil, fmt.Errorf("it is not UTF-8 text of at most %d MiB", largestList>>20)
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
			return nil, fmt.Errorf("the word %s cannot be typed", schema.Visible(word))
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
