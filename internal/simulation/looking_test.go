package simulation

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"time"

	importer "ad-user-sync/import"
	"ad-user-sync/import/ledger"
	"ad-user-sync/schema"
)

// Some imports only look at first (observe), until a person starts them with the plan that
// was read. What a look remembers may be lost, damaged, or older.

var lookingKinds = []kind{
	{"starts the import", 1500, (*world).startImport},
	{"loses its looks", 300, (*world).loseLooks},
	{"takes observe out", 2000, (*world).takeObserveOut},
}

// looks are those of an import that has not begun; zero: it has, or does not look.
type looks struct {
	until string        // of the configuration; "": it does not look, any more
	waits bool          // no person has started it
	last  schema.Report // of the last look
	usn   int64         // of the target, then
	older []byte        // the memory of a day before
}

func (w *world) addLooks() {
	if r := w.dice(0, "looks"); chance(r, 20) {
		w.looks = looks{until: beginning.AddDate(0, 0, 3+r.IntN(11)).Format(time.DateOnly), waits: true}
	}
}

func (w *world) observe() string {
	if w.looks.until == "" {
		return ""
	}
	return fmt.Sprintf(`"observe": {"until": %q, "files": 6},`, w.looks.until)
}

// startImport is a person who has read the last look, or reads the plan of now.
func (w *world) startImport(r *rand.Rand) string {
	if !w.looks.waits {
		return ""
	}
	digest := w.looks.last.Plan
	if chance(r, 60) {
		x, why := w.start(fault{}, importer.Options{DryRun: true})
		if x == nil {
			return why
		}
		w.finish(x)
		if x.result == nil {
			return "and finds no plan to read"
		}
		digest = x.result.Report.Plan
	}
	if digest == "" {
		return ""
	}
	confirm := ""
	if chance(r, 30) {
		confirm = digest // of the limits, too
	}
	x, why := w.start(drawFault(r), importer.Options{Start: digest, Confirm: confirm})
	if x == nil {
		return why
	}
	x.starts, x.confirmed = digest, confirm != ""
	return w.finish(x)
}

func (w *world) loseLooks(r *rand.Rand) string {
	path := ledger.LooksPath(w.cfg.ResolutionsFile)
	data, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	switch n := r.IntN(3); {
	case n == 0:
		must(os.Remove(path))
		return "all of them"
	case n == 1 && w.looks.waits: // later it is of no use to anyone
		must(os.WriteFile(path, data[:r.IntN(len(data))], 0o600))
		return "they are damaged"
	case w.looks.older != nil && w.looks.waits:
		must(os.WriteFile(path, w.looks.older, 0o600))
		return "they are of another day"
	}
	w.looks.older = data
	return ""
}

func (w *world) takeObserveOut(*rand.Rand) string {
	if w.looks.until == "" || w.looks.waits {
		return ""
	}
	w.looks.until = ""
	w.configure()
	return "it has begun"
}

// onlyLooks judges a run of an import that no person has started: it writes nothing, and
// no ledger. Whoever starts one gets what the plan said that they have read.
func (j *judge) onlyLooks(x *run) bool {
	if !j.looks.waits {
		return false
	}
	_, err := os.Stat(ledger.Path(x.Config.ResolutionsFile))
	began, written := err == nil, j.target.HighestUSN() != x.usn
	switch {
	case x.starts == "" && (written || began):
		j.breach("observe", "no person has started the import; written: %v, a ledger: %v", written, began)
	case written && !began:
		j.breach("observe", "something was written before the ledger")
	case x.starts == "" && x.code == 0 && x.result.Report.Observed == nil:
		j.breach("observe", "the report does not say that it only looked")
	}
	if began {
		j.looks.waits = false
		j.counts["(an import was started)"]++
		last, same := j.looks.last, j.looks.usn == x.usn && j.looks.last.Plan == x.starts
		if same && x.code == 0 && x.to.fault.name == "" && !x.partial && did(last) != did(x.result.Report) {
			j.breach("observe", "started was %s, and done was %s", did(last), did(x.result.Report))
		}
		return false
	}
	if x.result != nil && x.err == nil && x.starts == "" && !x.stale && !x.partial {
		j.counts["(looks)"]++
		j.looks.last, j.looks.usn = x.result.Report, x.usn
	}
	if x.code == 9 {
		j.counts["(looking is over)"]++
	}
	return true
}

func did(r schema.Report) string {
	list := slices.Concat(r.Created, r.Adopted, r.Renamed, r.Disabled)
	for _, m := range slices.Concat(r.Joined, r.Left) {
		list = append(list, m.User+" "+m.Group)
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}
