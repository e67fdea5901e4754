package setup

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/term"

	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
	"ad-user-sync/schema/config"
)

// widest is how many characters a line has on a terminal that is wide enough.
const widest = 100

// mostChoices are listed; others can be given by name.
const mostChoices = 40

// console is where a person is asked and told.
type console struct {
	ctx      context.Context
	in       *os.File // nil: no one answers
	out      io.Writer
	lines    *bufio.Reader
	password func(prompt string) (string, error)
	variable string // of the environment, that can hold the password
	asked    int    // how many lines were read
	width    int    // of the terminal, in characters
	terminal bool
}

func newConsole(ctx context.Context, program Program) *console {
	c := &console{ctx: ctx, in: program.In, out: program.Out, password: program.Hidden, variable: program.PasswordVariable, width: widest}
	if out, isFile := program.Out.(*os.File); isFile {
		if width, _, err := term.GetSize(int(out.Fd())); err == nil && width > 0 {
			c.width, c.terminal = min(width-1, widest), true
		}
	}
	if c.in != nil {
		c.lines = bufio.NewReader(c.in)
	}
	return c
}

func (c *console) say(text string) {
	for line := range strings.Lines(text) {
		line = schema.Visible(strings.TrimRight(line, "\n"))
		if words, note := strings.CutPrefix(line, remark); note && c.terminal && !strings.HasPrefix(words, " ") && utf8.RuneCountInString(line) > c.width {
			line = remark + strings.Join(config.Wrap(words, c.width-len(remark)), "\n"+remark)
		}
		fmt.Fprintln(c.out, line)
	}
}

// remark begins what is said of an answer.
const remark = "  "

func (c *console) hint(err error) {
	if hint := ad.Hint(err); hint != "" {
		c.say("  hint: " + hint)
	}
}

func (c *console) explain(q question, o offer) {
	c.say("\n" + c.wrap(q.key+": "+q.why))
	for i, choice := range o.choices {
		if i == mostChoices {
			c.say(fmt.Sprintf("      and %d more, by name", len(o.choices)-i))
			break
		}
		one := fmt.Sprintf("%5d  %s", i+1, strings.TrimRight(choice.value+"  "+choice.remark, " "))
		if c.terminal && utf8.RuneCountInString(one) > c.width { // what it is called stays in one piece
			one = fmt.Sprintf("%5d  %s\n       %s", i+1, choice.value, strings.Join(config.Wrap(choice.remark, c.width-7), "\n       "))
		}
		c.say(strings.TrimRight(one, " \n"))
	}
	switch {
	case len(o.choices) > 0 && o.many:
		c.say(c.wrap("Numbers, as \"1 3\", or names with \";\" between them."))
	case len(o.choices) > 0:
		c.say("A number or a name.")
	}
}

func prompt(q question, o offer) string {
	switch {
	case o.standard != "":
		return q.key + " [" + o.standard + "]: "
	case q.optional && !o.needed, o.empty:
		return q.key + " [none]: "
	}
	return q.key + ": "
}

var numbers = regexp.MustCompile(`^\d+([ ,;]+\d+)*$`)

// pick puts the choices in place of their numbers.
func pick(text string, o offer) (string, error) {
	if len(o.choices) == 0 || !numbers.MatchString(text) {
		return text, nil
	}
	var picked []string
	for _, number := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" ,;", r) }) {
		n, err := strconv.Atoi(number)
		if err != nil || n < 1 || n > len(o.choices) {
			return "", fmt.Errorf("there is no number %s in the list", number)
		}
		picked = append(picked, o.choices[n-1].value)
	}
	if len(picked) > 1 && !o.many {
		return "", errors.New("only one can be chosen")
	}
	return strings.Join(picked, "; "), nil
}

// line reads one line; an interrupt ends the waiting.
func (c *console) line(prompt string) (string, error) {
	if c.lines == nil {
		return "", UsageError{errors.New("there is no input to read answers from; give them with --set, and --yes")}
	}
	fmt.Fprint(c.out, schema.Visible(prompt))
	c.asked++
	return c.wait(func() (string, error) {
		text, err := c.lines.ReadString('\n')
		if err != nil && strings.TrimSpace(text) != "" {
			err = nil // the last line, without an end
		}
		return strings.TrimSpace(text), err
	})
}

// hidden reads a password, which does not show.
func (c *console) hidden(prompt string) (string, error) {
	if in := c.in; in == nil || !term.IsTerminal(int(in.Fd())) {
		return "", fmt.Errorf("a password can be typed on a terminal only; name a file with password_file, or set %s", c.variable)
	}
	text, err := c.password(prompt)
	if err != nil && c.ctx.Err() != nil {
		return "", interrupted{c.ctx.Err()}
	}
	return text, err
}

func (c *console) wait(read func() (string, error)) (string, error) {
	type result struct {
		text string
		err  error
	}
	done := make(chan result, 1)
	go func() {
		text, err := read()
		done <- result{text, err}
	}()
	select {
	case r := <-done:
		return r.text, r.err
	case <-c.ctx.Done():
		fmt.Fprintln(c.out) // the prompt stands in its line
		return "", interrupted{c.ctx.Err()}
	}
}

// agree asks for yes or no; no is the default.
func (c *console) agree(prompt string) (bool, error) {
	for {
		text, err := c.line(prompt + " [no]: ")
		if err != nil {
			return false, err
		}
		if yes, err := yesOrNo(text); err == nil {
			return yes, nil
		}
		c.say("  yes or no")
	}
}

func yesOrNo(text string) (bool, error) {
	switch strings.ToLower(text) {
	case "yes", "y", "true":
		return true, nil
	case "", "no", "n", "false":
		return false, nil
	}
	return false, errors.New("answer yes or no")
}

// interrupted is Ctrl-C.
type interrupted struct{ error }

func (interrupted) Error() string   { return "interrupted; nothing was written" }
func (i interrupted) Unwrap() error { return i.error }

func (c *console) wrap(text string) string { return strings.Join(config.Wrap(text, c.width), "\n") }
