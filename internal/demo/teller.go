package demo

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"ad-user-sync/schema"
)

// width of the narration, in characters.
const width = 96

// teller writes the narration. Text of files and directories passes through
// schema.Visible.
type teller struct {
	out    io.Writer
	step   int
	broken []string // what was promised and did not hold
	err    error    // of writing
}

func (t *teller) line(text string) {
	if t.err == nil {
		_, t.err = fmt.Fprintln(t.out, schema.Visible(text))
	}
}

// chapter begins a step.
func (t *teller) chapter(title string) {
	t.step++
	t.line("")
	t.line(fmt.Sprintf("%2d  %s", t.step, title))
}

// indent of everything but titles.
const indent = "    "

func (t *teller) say(format string, values ...any) {
	t.wrap(indent, indent, fmt.Sprintf(format, values...))
}

// command is what would be typed in a terminal.
func (t *teller) command(text string) { t.line(indent + "$ ad-user-sync " + text) }

// promise tells something that is true; where it is not, the step fails.
func (t *teller) promise(holds bool, format string, values ...any) {
	text := fmt.Sprintf(format, values...)
	if !holds {
		t.broken = append(t.broken, text)
		return
	}
	t.wrap(indent+"- ", indent+"  ", text)
}

// check is a promise that is not worth telling.
func (t *teller) check(holds bool, text string) {
	if !holds {
		t.broken = append(t.broken, text)
	}
}

// kept reports whether everything was as promised.
func (t *teller) kept() error {
	if len(t.broken) > 0 {
		return fmt.Errorf("the demo did not do what it says in step %d: %s", t.step, schema.Visible(strings.Join(t.broken, "; ")))
	}
	return t.err
}

// wrap breaks text between words.
func (t *teller) wrap(first, rest, text string) {
	line, empty := first, true
	for word := range strings.FieldsSeq(schema.Visible(text)) {
		if !empty && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width {
			t.line(line)
			line, empty = rest, true
		}
		if !empty {
			line += " "
		}
		line, empty = line+word, false
	}
	t.line(line)
}

// enumerate is "A, B and C".
func enumerate(items []string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	last := len(items) - 1
	return strings.Join(items[:last], ", ") + " and " + items[last]
}
