package setup

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"ad-user-sync/hmacfile"
	importer "ad-user-sync/import"
	"ad-user-sync/internal/ad"
	"ad-user-sync/schema/config"
)

// question is about one key of a configuration.
type question struct {
	key      string
	why      string // what it is for; also the comment in the configuration
	quiet    bool   // written with its default, unless --set says otherwise
	optional bool   // an empty answer leaves the key out
	blank    bool   // an empty answer is one, and kept
	chosen   bool   // by a person: hardly ever is there a default
	skip     func(*wizard) bool
	offer    func(*wizard) offer
	accept   func(*wizard, string) (any, error)   // reads and tests an answer; nil: as it is
	dialog   func(*wizard, offer) (string, error) // asks for it in several lines; nil: one line
}

// offer is what the directory suggests.
type offer struct {
	standard string // "": none
	choices  []choice
	many     bool // several may be chosen
	needed   bool // an optional key that cannot be left out here
	empty    bool // an earlier configuration says so, which Enter keeps
}

type choice struct{ value, remark string }

// again sends the person back to an earlier question.
type again struct {
	key string
	error
}

func (e again) Unwrap() error { return e.error }

// wizard asks one question after the other.
type wizard struct {
	ctx      context.Context
	program  Program
	yes      bool
	console  *console
	draft    *draft
	found    reached         // what the connection tests found
	dir      *ad.Client      // nil: not yet logged on
	password string          // of dir, where it has one
	keys     []hmacfile.Key  // of hmac_file, where that exists
	incoming *importer.Input // the user file, where it has come

	said     map[string]string // what a person answered, by key, which is the default for who goes back
	returned bool              // the person went back to what is asked next, so it is asked whatever is known by now
}

// run asks everything, and writes the configuration and what goes with it.
func (w *wizard) run(questions []question, next ...string) (Written, error) {
	defer func() {
		if w.dir != nil {
			_ = w.dir.Close()
		}
	}()
	if !w.yes {
		w.offerUnfinished()
		w.console.say(w.console.wrap(fmt.Sprintf("This asks for what the %s needs, tests every answer, and writes %s at the end. Nothing is written before, and nothing to a directory. "+
			"Enter takes what stands in brackets, none leaves out what may be left out, < goes back; Ctrl-C ends, and what was answered is kept.", w.draft.side, filepath.Base(w.draft.path))))
	}
	var asked []int // of the person
	for i := 0; i < len(questions); i++ {
		spoken := w.console.asked
		err := w.ask(questions[i])
		if errors.Is(err, errBack) {
			if i -= 1; len(asked) > 0 {
				i, asked = asked[len(asked)-1]-1, asked[:len(asked)-1]
				w.returned = true
			}
			continue
		}
		w.returned = false
		if w.console.asked > spoken {
			asked = append(asked, i)
		}
		if back, ok := errors.AsType[again](err); ok && !w.yes && w.draft.given[back.key] == "" {
			w.console.say("  " + back.Error())
			w.console.hint(back)
			i = slices.IndexFunc(questions, func(q question) bool { return q.key == back.key }) - 1
			continue
		}
		if needed, is := errors.AsType[neededError](err); is {
			return Written{}, UsageError{needed.with(w.missing(questions[i+1:]))}
		}
		if err != nil {
			return Written{}, w.ended(err)
		}
	}
	if err := w.draft.write(questions); err != nil {
		return Written{}, err
	}
	fmt.Fprintf(w.program.Out, "\n%s is written.\n\n", w.draft.path)
	return Written{Path: w.draft.path, Password: w.password, Next: w.next(next...)}, nil
}

// errBack: the person wants to answer the question before once more.
var errBack = errors.New("back")

// ended keeps the answers of a person who ends before the end.
func (w *wizard) ended(err error) error {
	if w.yes || w.ctx.Err() == nil {
		return err
	}
	if kept, keepErr := w.draft.keep(); keepErr != nil || !kept {
		return err
	}
	return fmt.Errorf("%w. What was answered is kept: ad-user-sync init %s --from %s goes on", err, w.draft.side, filepath.Base(w.draft.unfinished()))
}

// neededError: a key has no value, and there is no one to ask.
type neededError struct{ question }

func (e neededError) Error() string {
	return fmt.Sprintf("%s has no default here; give it with --set %s=VALUE. %s", e.key, e.key, e.why)
}

// with names what will be needed after that, too.
func (e neededError) with(others []string) error {
	if len(others) == 0 {
		return e
	}
	return fmt.Errorf("%w Needed after that, too: %s", e, strings.Join(others, " "))
}

// missing are the keys that a person chooses and has not.
func (w *wizard) missing(questions []question) (keys []string) {
	for _, q := range questions {
		if _, given := w.draft.given[q.key]; !given && q.chosen && (q.skip == nil || !q.skip(w)) && w.draft.answered(q.key) == "" {
			keys = append(keys, "--set "+q.key+"=VALUE")
		}
	}
	return keys
}

// ask gets one answer: from the command line, the default, or the person.
func (w *wizard) ask(q question) error {
	given, isSet := w.draft.given[q.key]
	if !isSet && !w.returned && q.skip != nil && q.skip(w) {
		return nil
	}
	if isSet {
		text, err := q.orNone(given, false)
		if err == nil {
			err = w.take(q, text)
		}
		return w.refused(q, err)
	}
	var o offer
	if q.offer != nil {
		o = q.offer(w)
	}
	if said, before := w.said[q.key], w.draft.answered(q.key); said != "" {
		o.standard = said
	} else if before != "" {
		o.standard = before
	} else if w.draft.leftEmpty(q) {
		o.standard, o.empty = "", true
	}
	if o.empty && (w.yes || q.quiet) {
		w.draft.put(q.key, w.draft.before(q.key), q.why)
		return nil
	}
	if w.yes || q.quiet {
		if o.standard == "" && !q.optional {
			return neededError{q}
		}
		return w.refused(q, w.take(q, o.standard))
	}
	return w.converse(q, o)
}

// refused names the key whose answer was not accepted, for who asked for no
// conversation.
func (w *wizard) refused(q question, err error) error {
	var answer *ad.Error
	switch {
	case err == nil || q.key == "":
		return err
	case errors.As(err, &answer): // the directory's fault, or not the command line's alone
		return fmt.Errorf("%s: %w", q.key, err)
	}
	return UsageError{fmt.Errorf("%s: %w", q.key, err)}
}

func (w *wizard) converse(q question, o offer) error {
	w.console.explain(q, o)
	for {
		text, err := w.answer(q, o)
		if errors.Is(err, io.EOF) {
			return UsageError{fmt.Errorf("the input ended before %s was answered; answers can be given with --set, and --yes takes the defaults", q.key)}
		}
		if err != nil {
			return err
		}
		if text, err = pick(cmp.Or(text, o.standard), o); err == nil {
			text, err = q.orNone(text, o.empty)
		}
		if err == nil && text == "" && o.empty {
			w.draft.put(q.key, w.draft.before(q.key), q.why)
			return nil
		}
		if err == nil {
			err = w.take(q, text)
		}
		var back again
		if err == nil || errors.As(err, &back) {
			w.remember(q, text)
			return err
		}
		if w.ctx.Err() != nil {
			return interrupted{w.ctx.Err()}
		}
		w.console.say("  " + err.Error())
		w.console.hint(err)
	}
}

// remember keeps an answer as the default for who goes back. Another domain has other places.
func (w *wizard) remember(q question, text string) {
	text = cmp.Or(text, "none")
	if w.said == nil || q.key == "directory.domain" && w.said[q.key] != text {
		w.said = map[string]string{}
	}
	w.said[q.key] = text
}

// orNone is an answer, "" for the word none, which is never a name here; empty: the key
// may be left empty besides.
func (q question) orNone(text string, empty bool) (string, error) {
	switch {
	case !strings.EqualFold(text, "none"):
		return text, nil
	case q.optional || q.blank || empty:
		return "", nil
	}
	return "", errors.New("this cannot be left out")
}

// answer reads what a person says to a question, in as many lines as it takes.
func (w *wizard) answer(q question, o offer) (text string, err error) {
	if q.dialog != nil {
		text, err = q.dialog(w, o)
	} else {
		text, err = w.console.line(prompt(q, o))
	}
	if err == nil && text == "<" {
		return "", errBack
	}
	return text, err
}

// take accepts an answer and keeps it.
func (w *wizard) take(q question, text string) error {
	var value any
	var err error
	switch {
	case q.accept != nil:
		value, err = q.accept(w, text)
	case text == "" && !q.optional:
		err = errors.New("this needs an answer")
	case text != "":
		value, err = config.ParseValue(w.draft.document(), q.key, text)
	}
	if err != nil {
		return err
	}
	if value == nil {
		w.draft.forget(q.key)
		return nil
	}
	w.draft.put(q.key, value, q.why)
	if err := w.draft.fits(q.key); err != nil {
		w.draft.forget(q.key)
		return err
	}
	return nil
}
