package importer

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"ad-user-sync/import/ledger"
	"ad-user-sync/import/plan"
	"ad-user-sync/import/words"
	"ad-user-sync/schema"
)

// Clock tolerances: for a timestamp with a zone, for one without (the widest
// offset of a zone), and for this machine's clock.
const (
	aheadTolerance     = 15 * time.Minute
	unzonedTolerance   = 14 * time.Hour
	localClockDistance = 5 * time.Minute
)

// Refusal means that the user file was not accepted; nothing was written.
type Refusal struct {
	Reason string
	WayOn  string // what a person can do; "" where nothing but another file helps
	Old    bool   // it is the last file that was accepted, and is too old by now: a person may give accounts more time (rule 37)
}

// Error is the reason and the way on.
func (r *Refusal) Error() string {
	switch {
	case r.WayOn == "":
		return r.Reason
	case strings.Contains(r.Reason, "\n"): // a list of faults
		return r.Reason + "\n" + r.WayOn
	}
	return r.Reason + ". " + r.WayOn
}

// freshness judges whether this file may be imported now (rules 3 and 4).
type freshness struct {
	file     *schema.UserFile
	sha256   string
	signed   bool
	cfg      *schema.ImportConfig
	known    bool  // the ledger has a record of the container
	damaged  error // the ledger's
	record   ledger.Record
	accounts []plan.Account
	outside  []plan.Account // anchored for this source, where the ledger is lost
	shared   []string       // other source domains from which the ledger has accepted files, while it does not know the container
	answered int            // answers of earlier sessions, where there is no ledger
	started  time.Time      // when a person started the import after looks, as is remembered beside the ledger; zero: not so
	now      time.Time
	named    string // SHA-256 that --accept-file names
	accept   string // the same, unless it was used up
	agreed   bool   // to the new source domain, in a run that was killed
}

// doubt is what speaks against a file, and what helps in most cases.
type doubt struct{ text, remedy string }

// What helps where a file is not what it should be.
const (
	carryAgain  = "Export again, and check that the file is carried across completely"
	fetchNewest = "Fetch the newest file; if there is none, export again, and check how files are carried across"
)

// check refuses, or lists what was let through by --accept-file.
func (f freshness) check() (letThrough []doubt, err error) {
	if reason := f.fromTheFuture(); reason != "" {
		return nil, &Refusal{Reason: reason, WayOn: "Check the clocks of both sides and export again"}
	}
	if refusal := f.migration(); refusal != nil {
		return nil, refusal
	}
	if reason := f.unexpected(); reason != "" {
		return nil, &Refusal{Reason: reason, WayOn: "The configuration pins this under expect; correct it there if it is meant"}
	}
	doubts := f.doubts()
	if len(doubts) == 0 || f.accept != "" && strings.EqualFold(f.accept, f.sha256) {
		return doubts, nil
	}
	return nil, f.refusal(doubts)
}

func (f freshness) refusal(doubts []doubt) *Refusal {
	var texts, remedies []string
	for _, d := range doubts {
		texts = append(texts, d.text)
		if !slices.Contains(remedies, d.remedy) {
			remedies = append(remedies, d.remedy)
		}
	}
	if f.named != "" && !strings.EqualFold(f.named, f.sha256) {
		texts = append(texts, fmt.Sprintf("--accept-file names another file than this one, which may have come since; the digest of this one is %s", f.sha256))
	}
	last := "If this very file is to be imported nevertheless, run the import once with --accept-file " + f.sha256
	if slices.ContainsFunc(f.record.Used, func(u string) bool { return strings.EqualFold(u, f.sha256) }) {
		last = "This file was let through by --accept-file before, which works once"
	}
	if f.old() {
		remedies = append(remedies, "Until one comes, more time can be given to accounts with import --interactive")
	}
	return &Refusal{Reason: strings.Join(texts, "; "), WayOn: strings.Join(append(remedies, last), ". "), Old: f.old()}
}

// old reports whether nothing but its age speaks against the last file that a run has
// imported.
func (f freshness) old() bool {
	return f.last() && f.tooOld() && len(f.doubts()) == 1
}

// last reports whether it is the last file that a run has imported.
func (f freshness) last() bool {
	return f.known && f.record.Run.Finished && f.record.File.SHA256 == f.sha256
}

func (f freshness) tooOld() bool {
	return f.cfg.MaxAge != nil && !f.file.Timestamp.IsZero() && f.cfg.MaxAge.After(f.file.Timestamp).Before(f.now)
}

func (f freshness) fromTheFuture() string {
	written, tolerance := f.file.Timestamp, aheadTolerance
	if !f.file.Zoned && f.file.Source == nil { // the older tool wrote local time
		tolerance = unzonedTolerance
	}
	if written.IsZero() || written.Sub(f.now) <= tolerance {
		return ""
	}
	return fmt.Sprintf("the file's timestamp %s is ahead of the domain controller's clock, %s", words.When(written), words.When(f.now))
}

func (f freshness) unexpected() string {
	domain, scope := f.source()
	expect := f.cfg.Expect
	switch {
	case expect.Domain != "" && !strings.EqualFold(expect.Domain, domain) && !f.beforeMigration():
		return fmt.Sprintf("the file comes from source domain %q, expected is %q", domain, expect.Domain)
	case expect.Scope != "" && !strings.EqualFold(expect.Scope, scope):
		return fmt.Sprintf("the file's scope is %q, expected is %q", scope, expect.Scope)
	}
	return ""
}

func (f freshness) source() (domain, scope string) {
	if f.file.Source == nil {
		return "", ""
	}
	return sourceDomain(f.file), f.file.Source.Scope
}

func (f freshness) sourceDomain() string { return sourceDomain(f.file) }

func sourceDomain(file *schema.UserFile) string {
	if file.Source == nil {
		return ""
	}
	return strings.ToLower(file.Source.Domain)
}

// doubts are what a person may overrule for this one file.
func (f freshness) doubts() []doubt {
	var doubts []doubt
	add := func(remedy, format string, values ...any) { // what the file says may not look like a line of ours
		doubts = append(doubts, doubt{schema.Visible(fmt.Sprintf(format, values...)), remedy})
	}
	if f.tooOld() {
		add(fetchNewest, "the file is older than max_age %s: it was written %s", f.cfg.MaxAge, words.When(f.file.Timestamp))
	}
	last := f.record.File
	if domain := f.sourceDomain(); !f.known && domain != "" && len(f.shared) > 0 {
		remedy := "Give this configuration a resolutions_file of its own: two sources share neither resolutions, nor the ledger and lock beside them"
		if slices.Contains(f.shared, f.migrating().From) {
			remedy = "Set managed_user_path to the container of before: first the source domain changes, then the container"
		}
		add(remedy, "the ledger %s is that of an import from another source domain: %s", ledger.Path(f.cfg.ResolutionsFile), strings.Join(f.shared, ", "))
	}
	if !f.known || last.SHA256 == "" { // or one was only looked at
		if anchored := f.anchored(); len(anchored) > 0 && !f.known {
			add(f.putBack(), "the ledger %s is lost, while these accounts carry an anchor: %s",
				ledger.Path(f.cfg.ResolutionsFile), someOf(anchored))
		} else if f.damaged != nil {
			add("Put it back from a backup", "the ledger is lost, and it is unknown which accounts it knew: %v", f.damaged)
		} else if f.answered > 0 {
			add(putBack, "the ledger %s is lost, and it is unknown which accounts it knew: %s holds answers that were given in earlier imports (%d)",
				ledger.Path(f.cfg.ResolutionsFile), f.cfg.ResolutionsFile, f.answered)
		} else if !f.started.IsZero() && !f.known {
			add(putBack, "the ledger %s is lost, and it is unknown which accounts it knew: a person started this import on %s, as %s says",
				ledger.Path(f.cfg.ResolutionsFile), words.When(f.started), ledger.LooksPath(f.cfg.ResolutionsFile))
		}
		if len(f.outside) > 0 {
			add(putBack, "these accounts outside the managed container are anchored for the same source, and count from now on as moved out of it: %s",
				someOf(displayed(f.outside)))
		}
	}
	if last.SHA256 == "" || f.sha256 == last.SHA256 {
		return doubts
	}
	domain, scope := f.source()
	if !f.file.Timestamp.IsZero() && f.file.Timestamp.Before(last.Newest) {
		add(fetchNewest, "the file is older (%s) than the newest that was accepted (%s)", words.When(f.file.Timestamp), words.When(last.Newest))
	}
	migrates := f.migrates()
	if last.Domain != "" && f.file.Source != nil && domain != last.Domain && !migrates {
		add("Look at who brings this file, and whether input_file names the right one. If another configuration imports from there, give each a resolutions_file of its own: two sources share neither resolutions, nor the ledger and lock beside them",
			"the file comes from source domain %s, files were accepted from %s", domain, last.Domain)
	}
	if last.Scope != "" && f.file.Source != nil && scope != last.Scope && !migrates {
		add("If that was not meant, correct the configuration of the export and export again", "the export selects users in another way than before: %s", f.scopeChange(last))
	}
	if last.Signed && !f.signed {
		add("Export again with the key", "the file is not signed, the last one was")
	}
	if last.Anchored && !f.file.Anchored() || last.Complete && f.file.Complete == nil || !last.Newest.IsZero() && f.file.Timestamp.IsZero() {
		add("Export again with the program, and the source_anchor, of before", "the file is of the older format, the last one was of the newer")
	}
	return doubts
}

// What helps where the ledger is lost.
const (
	putBack = "Put the ledger back from a backup, or correct resolutions_file if it was moved"
	orAsked = ". Where there is none, the file is let through: then a person is asked about each of these accounts, together, and nothing is done to them before the answer"
)

func (f freshness) putBack() string {
	if f.cfg.AnchorAttribute == "" || !f.file.Anchored() {
		return putBack
	}
	return putBack + orAsked
}

// anchored lists the accounts that a lost ledger knew. Those of another source
// belong to another import into the same container.
func (f freshness) anchored() []string {
	var names []string
	for i := range f.accounts {
		if a := &f.accounts[i]; a.Anchor.For(f.sourceDomain()) {
			names = append(names, a.CN)
		}
	}
	slices.Sort(names)
	return names
}

// accepted is what the ledger keeps of the file. An older file that was let
// through does not say where it comes from; what was known of that stays.
func (f freshness) accepted() ledger.AcceptedFile {
	kept := ledger.AcceptedFile{SHA256: f.sha256, Newest: f.record.File.Newest, Signed: f.signed,
		Complete: f.file.Complete != nil, Anchored: f.file.Anchored()}
	written := f.file.Timestamp
	if !f.file.Zoned && written.After(f.now) { // local time must not make the next files old
		written = f.now
	}
	if written.After(kept.Newest) {
		kept.Newest = written
	}
	kept.Domain, kept.Scope = f.source()
	kept.Searches = searchTexts(f.file)
	if f.file.Source == nil {
		last := f.record.File
		kept.Domain, kept.Scope, kept.Searches, kept.Controller = last.Domain, last.Scope, last.Searches, last.Controller
	} else {
		kept.Controller = f.file.Source.Controller
	}
	return kept
}

// otherController says that the file was read from another domain controller of
// the source than the last one, which may have known more or less.
func (f freshness) otherController() string {
	last := f.record.File
	if f.file.Source == nil || f.migrates() || f.sha256 == last.SHA256 || last.Controller == "" || f.file.Source.Controller == "" || strings.EqualFold(last.Controller, f.file.Source.Controller) {
		return ""
	}
	return schema.Visible(fmt.Sprintf("the file was read from the source's domain controller %s, the last one from %s: should people be missing from it, look whether these two have replicated", f.file.Source.Controller, last.Controller))
}

func displayed(accounts []plan.Account) (dns []string) {
	for i := range accounts {
		dns = append(dns, accounts[i].DN)
	}
	slices.Sort(dns)
	return dns
}
