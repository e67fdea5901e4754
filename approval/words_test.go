package approval

import (
	"math"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// unfriendly are words that other lists have, and stems of such words.
var unfriendly = regexp.MustCompile(`^(abort|anus|arous|assault|bastard|bomb|breast|cancer|corpse|coffin|cocaine|crotch|damn|death|deceas|demon|devil|disease|enema|erotic|` +
	`fatal|faggot|feces|filth|genital|grave(yard|stone)?$|gunshot|hatred|hitler|homo|idiot|jihad|kidnap|kill|kinky|labia|lesbian|massacre|moron|morgue|murder|nazi|nipple|` +
	`nude|orgasm|orphan|panties|penis|pervert|phobia|poison|pregnan|prison|pubic|puke|racis|rapist|rectal|scrot|semen|sexual|shit|slave|slut|snot|sperm|suicid|` +
	`terror|testic|tumor|urin|uterus|uteri|vagin|victim|violen|virgin|virus|vomit|whore)`)

// unwelcome are words that someone may not like to be given: of war, faith, illness, or how
// people are or should be.
var unwelcome = regexp.MustCompile(`^(abbey|abbot|apostle|arthriti|autis|autocra|barrack|battering|bayonet|bigam|bigot|blood|captiv(e|ity)|cathedral|chapel|chaplain|cherub|clergy|cleric|` +
	`conquer|conquest|coward|dagger|deacon|deliri|depraved?$|derange|disciple|divine|divinity|dynamite|dyslex|embryo|excre|exorcis|fanatic|foetus|godl|handgun|gunmen|handcuff|handicap|` +
	`homie|horr[io]|hymn|inbred|inhuman|insolen|insurgen|intima|jail|kni(fe|v)|litan|liturg|madmen|martyr|maul|milita|monast|neuros|nuclear|orthodox|paraly|paranoi|parson|penit|` +
	`pious|polygam|preach|priest|prophe|psych|religi|retaliat|sacr|saint|salvation|sanctity|sedat|segregat|sensu|shackle|shrine|sissy|supremac|swarth|swig|swill|synagog|the(ist|olog)|` +
	`tipsy|tobacco|typh|vicar|weapon|worship|zombi)`)

// The promise of doc.go and docs/approval.md: 12.9 bits a word.
func TestEnglishWords(t *testing.T) {
	words := strings.Fields(englishWords)
	require.Len(t, words, 7487)
	assert.InDelta(t, 12.9, math.Log2(float64(len(words))), 0.05)
	assert.Equal(t, strings.Join(words, "\n")+"\n", englishWords, "one a line")
	known := map[string]bool{}
	for _, word := range words {
		known[word] = true
	}
	for i, word := range words {
		assert.Regexp(t, `^[a-z]{4,9}$`, word)
		assert.NotRegexp(t, unfriendly, word)
		assert.NotRegexp(t, unwelcome, word)
		assert.NotRegexp(t, `^m*(c[md]|d?c{0,3})(x[cl]|l?x{0,3})(i[xv]|v?i{0,3})$`, word, "a number")
		for n := 4; n < len(word); n++ {
			assert.False(t, known[word[:n]], "%s begins with %s", word, word[:n])
		}
		for _, other := range slips(word) {
			assert.False(t, known[other], "%s is one slip from %s", word, other)
		}
		if i > 0 {
			assert.Less(t, words[i-1], word, "sorted, and none twice")
		}
	}
	for _, variants := range [][]string{{"color", "colour"}, {"gray", "grey"}, {"knight", "night"}, {"flour", "flower"}, {"organize", "organise"}, {"there", "their"}} {
		for _, word := range variants {
			assert.False(t, known[word], word)
		}
	}
}

// slips are what one missing, additional, wrong or swapped letter makes of a word.
func slips(word string) (list []string) {
	for i := range len(word) + 1 {
		before, rest := word[:i], word[i:]
		for letter := 'a'; letter <= 'z'; letter++ {
			list = append(list, before+string(letter)+rest)
			if rest != "" && rune(rest[0]) != letter {
				list = append(list, before+string(letter)+rest[1:])
			}
		}
		if rest != "" {
			list = append(list, before+rest[1:])
		}
		if len(rest) > 1 && rest[0] != rest[1] {
			list = append(list, before+string(rest[1])+string(rest[0])+rest[2:])
		}
	}
	return list
}

func TestGeneratedPasswordsAreOfTheFriendlyList(t *testing.T) {
	words := strings.Fields(englishWords)
	for _, name := range []string{"", "en"} {
		list, err := openWordList(name)
		require.NoError(t, err)
		drawn, err := list.Generate(50)
		require.NoError(t, err)
		assert.Subset(t, words, drawn)
	}
	secret, err := archivePassphrase()
	require.NoError(t, err)
	parts := strings.Split(secret.Reveal(), "-")
	assert.Len(t, parts, archiveWords)
	assert.Subset(t, words, parts)
}
