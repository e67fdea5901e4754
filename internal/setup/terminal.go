package setup

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/term"

	"ad-user-sync/schema"
)

// mostChoices are listed; others can be given by name.
const mostChoices = 40

func (w *wizard) explain(q question, o offer) {
	w.say("\n" + wrap(q.key+": "+q.why))
	for i, c := range o.choices {
		if i == mostChoices {
			w.say(fmt.Sprintf("      and %d more, by name", len(o.choices)-i))
			break
		}
		w.say(fmt.Sprintf("%5d  %s", i+1, strings.TrimRight(c.value+"  "+c.remark, " ")))
	}
	switch {
	case len(o.choices) > 0 && o.many:
		w.say("Numbers, as \"1 3\", or names with \";\" between them.")
	case len(o.choices) > 0:
		w.say("A number or a name.")
	}
}

func prompt(q question, o offer) string {
	switch {
	case o.standard != "":
		return q.key + " [" + o.standard + "]: "
	case q.optional && !o.needed:
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
func (w *wizard) line(prompt string) (string, error) {
	if w.lines == nil {
		return "", UsageError{errors.New("there is no input to read answers from; give them with --set, and --yes")}
	}
	fmt.Fprint(w.program.Out, schema.Visible(prompt))
	return w.wait(func() (string, error) {
		text, err := w.lines.ReadString('\n')
		if err != nil && strings.TrimSpace(text) != "" {
			err = nil // the last line, without an end
		}
		return strings.TrimSpace(text), err
	})
}

// hidden reads a password, which does not show.
func (w *wizard) hidden(prompt string) (string, error) {
	if in := w.program.In; in == nil || !term.IsTerminal(int(in.Fd())) {
		return "", fmt.Errorf("a password can be typed on a terminal only; name a file with password_file, or set %s", w.program.PasswordVariable)
	}
	fmt.Fprint(w.program.Out, schema.Visible(prompt))
	state, err := term.GetState(int(w.program.In.Fd()))
	if err != nil {
		return "", err
	}
	defer fmt.Fprintln(w.program.Out)
	defer func() { _ = term.Restore(int(w.program.In.Fd()), state) }()
	return w.wait(func() (string, error) {
		text, err := term.ReadPassword(int(w.program.In.Fd()))
		return string(text), err
	})
}

func (w *wizard) wait(read func() (string, error)) (string, error) {
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
	case <-w.ctx.Done():
		return "", fmt.Errorf("nothing was written: %w", w.ctx.Err())
	}
}

// agree asks for yes or no; no is the default.
func (w *wizard) agree(prompt string) (bool, error) {
	for {
		text, err := w.line(prompt + " [no]: ")
		if err != nil {
			return false, err
		}
		if yes, err := yesOrNo(text); err == nil {
			return yes, nil
		}
		w.say("  yes or no")
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

// wrap breaks text into lines of 100 characters.
func wrap(text string) string {
	var s strings.Builder
	n := 0
	for _, word := range strings.Fields(text) {
		switch {
		case n > 0 && n+1+len(word) > 100:
			s.WriteString("\n")
			n = 0
		case n > 0:
			s.WriteString(" ")
			n++
		}
		s.WriteString(word)
		n += len(word)
	}
	return s.String()
}
