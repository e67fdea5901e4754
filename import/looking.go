package importer

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"ad-user-sync/import/ledger"
	"ad-user-sync/import/words"
	"ad-user-sync/internal/files"
	"ad-user-sync/schema"
)

// NotStarted means that the import only looked so far (observe), and that a person has
// to start it; nothing was written.
type NotStarted struct{ Reason, WayOn string }

// Error is the reason and the way on.
func (e *NotStarted) Error() string { return e.Reason + ". " + e.WayOn }

// GuardObserve names in a report that a person has to start the import.
const GuardObserve = "observe"

// looking is what a run has that only looks, or that is to end the looking.
type looking struct {
	only  bool // nothing is written
	seen  bool // there was a look before
	kept  bool // there is a memory of looks, be it damaged
	waits bool // no person has started the import yet
	begun bool // this run has started it
	ended bool // a person started the import before, and there is a memory of looks still
	all   ledger.Looks
	last  ledger.Look
	said  []string // for the report
}

// Prepare says, by what earlier runs left, whether this run only looks. It contacts
// nothing. Errors are *NotStarted, and ErrConfiguration where observe does not fit what
// was done already. Run prepares, too, under its lock; of a dry run no error stands in
// its way.
func (im *Import) Prepare() error {
	im.looking = looking{}
	o, path := im.Config.Observe, ledger.LooksPath(im.Config.ResolutionsFile)
	if o == nil && im.Start == "" && !files.Exists(path) {
		return nil
	}
	h, err := im.recall(im.Clock())
	if err != nil {
		return err
	}
	record, begun := h.Ledger.Of(im.Config.ManagedUserPath)
	im.looking.ended = begun && record.Started != nil && files.Exists(path)
	known := begun || im.ofSource(h.Ledger)
	lost := im.lookBack(path)
	if known { // it began, whatever is left of the looks
		im.looking.said = nil
	}
	if o == nil && im.Start == "" && known {
		return nil
	}
	if before, started := im.startedBefore(); started && !known && (o != nil || im.Start != "") {
		return fmt.Errorf("%w: a person started this import on %s, as %s says, and the ledger %s does not know of it: it is lost. Put it back from a backup. Where there is none, take observe out of the configuration, and import without --start",
			ErrConfiguration, words.When(before.At), path, ledger.Path(im.Config.ResolutionsFile))
	}
	switch {
	case im.Start != "" && known:
		return fmt.Errorf("%w: --start is for an import that has not begun, and the ledger %s knows its container, or other files of its source domain. Run it without --start",
			ErrConfiguration, ledger.Path(im.Config.ResolutionsFile))
	case im.Start != "":
		im.looking.waits = true
		return nil
	case o == nil && (im.looking.seen || lost != nil || im.lookedElsewhere()):
		im.looking.waits = true
		return fmt.Errorf("%w: this import has only looked so far, as %s says, and observe is missing. A person starts it: %s. To begin without that, remove the file first",
			ErrConfiguration, path, im.wayOfStart())
	case o == nil:
		return nil
	case known && record.Started != nil && record.Started.Observe == *o:
		im.looking.said = append(im.looking.said, fmt.Sprintf("observe is over since a person started this import on %s; take it out of the configuration", words.When(record.Started.At)))
		return nil
	case known:
		return fmt.Errorf("%w: observe is for an import that has not begun, and the ledger %s knows its container, or other files of its source domain. Take observe out of the configuration; to look at a plan without carrying it out there is import --dry-run",
			ErrConfiguration, ledger.Path(im.Config.ResolutionsFile))
	case o.End(im.Config.TimeZone).After(im.Clock().AddDate(0, 0, schema.MostObserveDays+1)):
		return fmt.Errorf("%w: observe.until is %s, which is more than %d days away; choose a nearer day", ErrConfiguration, o.Until, schema.MostObserveDays)
	}
	im.looking.only, im.looking.waits = true, true
	return im.over()
}

// OnlyLooks reports whether nothing is written, however this run ends.
func (im *Import) OnlyLooks() bool { return im.looking.only }

// ofSource reports whether the ledger knows files of the source domain, or any, as long
// as it is not known which that is: two sources share no ledger.
func (im *Import) ofSource(l *ledger.Ledger) bool {
	switch {
	case im.Input != nil:
		return l.OfSource(sourceDomain(im.Input.File))
	case im.Config.Expect.Domain != "":
		return l.OfSource(im.Config.Expect.Domain)
	}
	for _, r := range l.Containers {
		if r.File.Domain != "" {
			return true
		}
	}
	return false
}

// lookedElsewhere reports whether files of the source domain were looked at for another
// container, which may be this one under a former name.
func (im *Import) lookedElsewhere() bool {
	if im.Input == nil {
		return false
	}
	for _, look := range im.looking.all.Containers {
		if source := sourceDomain(im.Input.File); source != "" && strings.EqualFold(look.File.Domain, source) {
			return true
		}
	}
	return false
}

// lookBack reads what was looked at so far. What cannot be read counts as lost.
func (im *Import) lookBack(path string) (lost error) {
	im.looking.all, lost = ledger.LoadLooks(path)
	if lost != nil {
		im.looking.said = append(im.looking.said, fmt.Sprintf("looking (observe) begins anew: %v", lost))
	}
	im.looking.kept = files.Exists(path)
	im.looking.last, im.looking.seen = im.looking.all.Containers[ledger.PlaceOf(im.Config.ManagedUserPath)]
	if now := im.Clock(); im.looking.last.Since.After(now) { // it cannot have been then
		im.looking.last.Since = now
	}
	return lost
}

func (im *Import) over() error {
	last := im.looking.last
	why, over := last.Over(*im.Config.Observe, im.Config.TimeZone, im.Clock())
	if !over {
		return nil
	}
	reason := fmt.Sprintf("observe is over: %s; nothing was written", why)
	if !im.looking.seen {
		reason += fmt.Sprintf("; neither a look nor the ledger %s is there. If this import has begun before, put the ledger back from a backup", ledger.Path(im.Config.ResolutionsFile))
	}
	return &NotStarted{Reason: reason, WayOn: upper(im.wayOfStart())}
}

func (im *Import) wayOfStart() string {
	if last := im.looking.last; last.Plan != "" {
		return fmt.Sprintf("read the last plan (ad-user-sync report %.8s; import --dry-run shows that of now), and start the import with it: ad-user-sync import --start %s", last.Run.ID, last.Plan)
	}
	return "read the plan of import --dry-run, which says how the import is started with it"
}

// Observed says how far the looking has come; nil where the import has begun, or does not
// look first.
func (im *Import) Observed() *schema.Observed {
	if !im.looking.only && !im.looking.waits {
		return nil
	}
	last, o := im.looking.last, im.Config.Observe
	said := &schema.Observed{Since: last.Since, Files: len(last.Files), Plan: last.Plan}
	if o == nil { // --start without it
		said.Over = true
		return said
	}
	_, said.Over = last.Over(*o, im.Config.TimeZone, im.Clock())
	said.Of, said.Until = o.Files, last.Until(*o, im.Config.TimeZone).UTC()
	return said
}

// remember keeps the plan of a run that only looks, but for a dry run. Where it cannot be
// kept, the file counts as not looked at.
func (im *Import) remember(s *situation) error {
	if !im.looking.only {
		return nil
	}
	if im.DryRun {
		im.looking.last.Plan = s.plan.Digest
		return nil
	}
	s.record.NoteLeftOut(s.plan.LeftOut, true, s.now)
	run := ledger.RunMark{ID: im.id, Controller: im.Directory.Domain().Controller, Started: im.started.UTC().Truncate(time.Second), Finished: true}
	im.looking.last = im.looking.last.See(s.fresh.accepted(), run, &s.plan, s.standings())
	im.looking.last.LeftOut = s.record.LeftOut
	if im.Config.Observe == nil && !im.looking.seen {
		return nil
	}
	im.looking.all.Containers[ledger.PlaceOf(im.Config.ManagedUserPath)] = im.looking.last
	return im.looking.all.Save(ledger.LooksPath(im.Config.ResolutionsFile))
}

// recollect has a file judged by what was looked at so far, where the ledger knows nothing.
func (im *Import) recollect(s *situation) {
	if (im.looking.only || im.Start != "") && s.record.File.SHA256 == "" {
		s.record.File, s.record.LeftOut = im.looking.last.File, im.looking.last.LeftOut
		s.record.File.Searches = slices.Clone(s.record.File.Searches)
	}
}

func upper(text string) string { return strings.ToUpper(text[:1]) + text[1:] }
