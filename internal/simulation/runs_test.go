package simulation

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"

	"github.com/rs/zerolog"

	"ad-user-sync/export"
	"ad-user-sync/hmacfile"
	importer "ad-user-sync/import"
	"ad-user-sync/import/ledger"
	"ad-user-sync/import/matchtable"
	"ad-user-sync/schema"
)

// Runs have most of their days; "carries" comes between export and import.
var runKinds = []kind{
	{"exports", 8000, (*world).exports},
	{"exports through another controller", 300, (*world).exportThere},
	{"carries an old file", 200, (*world).carryOld},
	{"carries", 10_000, (*world).carry},
	{"imports", 8000, (*world).imports},
	{"imports again", 1000, (*world).imports},
	{"imports through another controller", 500, (*world).importThere},
	{"imports half blind", 200, (*world).importBlind},
	{"imports while others work", 300, (*world).importMeanwhile},
	{"opens a page", 1500, (*world).openPage},
	{"opens another page", 400, (*world).openPage},
	{"answers", 5000, (*world).answers},
	{"asks again", 300, (*world).askAgain},
}

func (w *world) exports(r *rand.Rand) string {
	from := &wire{Directory: w.source, controller: "dc1." + w.domain, fault: drawFault(r), known: &w.heardThere}
	if from.fault.name == "killed" || from.fault.write {
		from.fault = fault{}
	}
	told, failed := w.exportFrom(r, from, w.source.HighestUSN())
	if failed && chance(r, 30) { // someone has read it, and says that this controller is right
		_, w.exported = os.Remove(w.export.ExportFile+".controller"), 0
	}
	return told
}

// exportThere goes through the second controller, which may not have heard of
// everything.
func (w *world) exportThere(r *rand.Rand) string {
	if w.sourceSecond == nil || chance(r, 40) {
		w.sourceSecond, w.sourceHeard = w.source.Twin("dc2"), w.source.HighestUSN()
	}
	told, _ := w.exportFrom(r, &wire{Directory: w.sourceSecond, controller: "dc2." + w.domain, known: &w.heardSecondThere}, w.sourceHeard)
	return fmt.Sprintf("lacks %d changes: %s", w.source.HighestUSN()-w.sourceHeard, told)
}

// exportFrom exports through a controller that has heard of changes up to this
// one.
func (w *world) exportFrom(r *rand.Rand, from *wire, heard int64) (told string, failed bool) {
	before, _ := os.ReadFile(w.export.ExportFile)
	_, err := export.Run(ctx, from, w.export, export.Options{Tool: "simulation", Key: &w.key, Former: w.formerFile()})
	after, _ := os.ReadFile(w.export.ExportFile)
	if err != nil {
		if !bytes.Equal(before, after) {
			w.breach("export", "it failed (%v), and the file is another one", err)
		}
		return "fails: " + firstLine(strings.ReplaceAll(err.Error(), w.folder, "folder")), true
	}
	if heard < w.exported {
		w.breach("export", "%s knows less than the last file does, and gave one", from.controller)
	}
	w.exported = heard
	w.judge.exported(after, from.Directory)
	w.send(r, after)
	return "", false
}

func firstLine(text string) string { line, _, _ := strings.Cut(text, "\n"); return line }

// send brings a file on its way, which may be long, or twice, or harmful.
func (w *world) send(r *rand.Rand, file []byte) {
	p := parcel{due: w.day, data: file}
	switch n := r.IntN(100); {
	case n < 8:
		p.due += 1 + r.IntN(6)
	case n < 12:
		w.onTheWay = append(w.onTheWay, parcel{w.day + 1 + r.IntN(9), file})
	case n < 14:
		p.data = file[:r.IntN(len(file))]
	case n < 16:
		p.data = bytes.Clone(file)
		p.data[r.IntN(len(file))] ^= 1
	}
	w.onTheWay = append(w.onTheWay, p)
}

func (w *world) carry(*rand.Rand) string {
	if w.day < w.quiet {
		return ""
	}
	for _, p := range w.onTheWay {
		if p.due <= w.day {
			w.inbox = p.data
		}
	}
	w.onTheWay = slices.DeleteFunc(w.onTheWay, func(p parcel) bool { return p.due <= w.day })
	return ""
}

// carryOld lets today's files come a day later than others.
func (w *world) carryOld(*rand.Rand) string {
	for i := range w.onTheWay {
		w.onTheWay[i].due++
	}
	return fmt.Sprint(len(w.onTheWay), " files wait")
}

// run is one import, with all that the judge needs to know of it.
type run struct {
	*importer.Import
	to            *wire
	logins        map[string][]string
	settings      settings // as they were when it was started
	before, after view
	result        *importer.Result
	err           error
	killed        bool
	disturbed     bool // at the desk something may have gone wrong on the way
	code          int
	confirmed     bool
	agreed        []consent       // at the desk
	done, failed  []consent       // of these, by what the person was told
	begun         map[string]bool // accounts that a person gave away, and that may not be taken over yet
	usn           int64           // before
	given         map[string]int  // days that a person gives to these accounts
	idle          bool
	touched       []string          // accounts that others changed during it
	partial       bool              // an attribute could not be read
	table         *matchtable.Table // that a person edited
	starts        string            // digest of the plan that a person starts the import with
	stale, behind bool              // the controller has not heard of something, or of what a run wrote
}

// file is what the run is about.
func (x *run) file() *schema.UserFile { return x.Input.File }

func (w *world) imports(r *rand.Rand) string {
	f := drawFault(r)
	x, why := w.start(f, importer.Options{})
	if x == nil {
		return why
	}
	told := w.finish(x)
	switch {
	case x.killed && chance(r, 50):
		again, _ := w.start(fault{}, importer.Options{})
		told += "; again " + w.finish(again)
	case x.code == 4 && chance(r, 70):
		again, _ := w.start(fault{}, importer.Options{Confirm: x.result.Report.Plan})
		again.confirmed = true
		told += "; confirmed: " + w.finish(again)
	case x.code == 3 && chance(r, 5):
		again, _ := w.start(fault{}, importer.Options{Accept: x.Input.SHA256})
		told += "; accepted: " + w.finish(again)
	case (x.code == 0 || x.code == 5) && f.name == "" && chance(r, 30):
		again, _ := w.start(fault{}, importer.Options{})
		r := x.result.Report
		again.idle = len(r.Adopted)+len(r.Failed)+len(r.HeldBack) == 0
		w.finish(again)
	}
	return told
}

// start prepares an import of what is in the inbox; nil where that is not a file.
func (w *world) start(f fault, o importer.Options) (*run, string) {
	if w.inbox == nil {
		return nil, ""
	}
	in, err := importer.Open("users.json", w.inbox, []hmacfile.Key{w.key})
	if err != nil {
		return nil, "the file is refused: damaged"
	}
	x := &run{settings: w.settings, logins: w.judge.logins, begun: w.judge.begun, to: &wire{Directory: w.target, controller: "dc1.plant.example", fault: f, known: &w.heardHere, world: w}}
	o.Config, o.Directory, o.Input, o.Log, o.Clock = w.cfg, x.to, in, zerolog.Nop(), w.clock
	o.Reopen = func() (*importer.Input, error) { return importer.Open("users.json", w.inbox, []hmacfile.Key{w.key}) }
	x.Import = importer.New(o)
	return x, ""
}

// finish runs it, and has it judged.
func (w *world) finish(x *run) string {
	x.before, x.usn = w.look(), w.target.HighestUSN()
	w.protected(x, func() { x.result, x.err = x.Run(ctx) })
	x.after = w.look()
	w.judge.apart(x)
	w.forgets(x)
	if w.target.HighestUSN() != x.usn && x.to.also == nil {
		w.wrote = w.target.HighestUSN()
	}
	x.code = code(x)
	w.counts[fmt.Sprintf("exit %d", x.code)]++
	told := w.summary(x)
	w.note("import: %s", told)
	w.judge.run(x)
	return told
}

// forgets: it was killed before it could remember what it did.
func (w *world) forgets(x *run) {
	if x.to.fault.name == "forgets" && x.to.ledger != nil {
		must(os.WriteFile(ledger.Path(w.cfg.ResolutionsFile), x.to.ledger, 0o600))
		x.killed, x.result, x.err = true, nil, nil
	}
}

// protected does what may be killed.
func (w *world) protected(x *run, do func()) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case killed:
			x.killed = true
			_ = os.Remove(w.cfg.ResolutionsFile + ".lock") // which ends with a process
		default:
			panic(r)
		}
	}()
	do()
}

// code is the exit code, as the documentation has it.
func code(x *run) int {
	var refusal *importer.Refusal
	var waits *importer.NotStarted
	switch {
	case x.killed:
		return 137
	case errors.Is(x.err, importer.ErrConfiguration):
		return 2
	case errors.As(x.err, &refusal):
		return 3
	case errors.As(x.err, &waits):
		return 9
	case x.err != nil || x.result == nil:
		return 1
	case x.result.Report.Guard != nil:
		return 4
	case len(x.result.Report.Failed) > 0:
		return 5
	}
	return 0
}

func (w *world) summary(x *run) string {
	text := fmt.Sprintf("exit %d", x.code)
	if x.to.fault.name != "" {
		text += fmt.Sprintf(" (%s at %d)", x.to.fault.name, x.to.fault.at)
	}
	if x.err != nil {
		return text + ": " + firstLine(x.err.Error())
	}
	if x.result == nil {
		return text
	}
	return text + reportText(x.result.Report)
}

// reportText is what a report told, without what differs in every run.
func reportText(r schema.Report) string {
	text := ""
	add := func(word string, list []string) {
		if len(list) > 0 {
			text += fmt.Sprintf(" %s %v", word, list)
		}
	}
	add("created", r.Created)
	add("adopted", r.Adopted)
	add("renamed", r.Renamed)
	add("updated", r.Updated)
	add("enabled", r.Enabled)
	add("disabled", r.Disabled)
	for _, m := range r.Joined {
		text += fmt.Sprintf(" joined %s %s", m.Group, m.User)
	}
	for _, m := range r.Left {
		text += fmt.Sprintf(" left %s %s", m.Group, m.User)
	}
	for _, o := range r.Failed {
		text += fmt.Sprintf(" failed %s (%s)", o.User, o.Reason)
	}
	for _, i := range r.RequiredInteractions {
		text += fmt.Sprintf(" asks %s %s%s (%s)", i.Type, i.User, i.Group, i.Reason)
	}
	if r.Guard != nil {
		text += " guard " + r.Guard.Reason
	}
	return text
}
