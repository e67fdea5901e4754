package check

import (
	"fmt"
	"strings"
	"time"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// File is a user file that an import would take.
type File struct {
	*schema.UserFile
	Name       string
	Signed     bool
	Before     bool     // it was imported before
	LeftBehind []string // the containers that would be
	Notices    []string // of the kept answers
}

// Damaged warns of a ledger that cannot be read.
func (t Target) Damaged(err error) {
	t.say().warn("ledger", "put it back from a backup; a run that goes on without it asks for --accept-file", "%v", err)
}

// Lag warns of a controller that does not know what was written through others.
func (t Target) Lag(text string) {
	t.say().warn("replication", "wait until the controllers have replicated, or name one controller under \"servers\"", "%s", text)
}

// File tells of the user file.
func (t Target) File(f File) {
	for _, behind := range f.LeftBehind {
		t.say().say("container", schema.CheckFailed, "the next import stops with exit code 4: "+behind, "correct managed_user_path, or confirm the plan once")
	}
	for _, notice := range f.Notices {
		t.say().warn("resolutions", "", "%s", notice)
	}
	if unused := plan.UnusedGroups(t.Config, f.UserFile); len(unused) > 0 {
		t.say().warn("group_map", "correct their names, as the user file has them, or take them out", "no user in the file is in %s", schema.Visible(strings.Join(unused, ", ")))
	}
	if unused := plan.UnusedSources(t.Config, f.UserFile); len(unused) > 0 {
		t.say().warn("attributes", "correct \"from\", as the user file has the name, or export the attribute", "no user in the file has %s", schema.Visible(strings.Join(unused, ", ")))
	}
	t.names(f)
	if text := f.text(); f.Signed {
		t.say().fine("user file", "%s", strings.TrimSpace(text))
	} else {
		t.say().warn("user file", "give both sides the same key (ad-user-sync keygen)", "%s; it is not signed, so whoever can write it decides who gets an account", text)
	}
}

// names shows what the templates of names come to.
func (t Target) names(f File) {
	e := plan.NameExamples(t.Config.Names, t.Config.AccountNamePattern, f.UserFile)
	if e == nil {
		return
	}
	if len(e.Names) > 0 {
		t.say().fine("names", "new accounts by template, for instance: %s", schema.Visible(strings.Join(e.Names, "; ")))
	}
	for _, text := range e.Told {
		t.say().warn("names", "export the attribute, fill it in the source, or change the template or account_name_pattern", "%s", schema.Visible(text))
	}
}

func (f File) text() string {
	fate := "would be accepted"
	if f.Before {
		fate = "was imported before"
	}
	text := fmt.Sprintf("%s has %d users and %s", schema.Visible(f.Name), len(f.Users), fate)
	if f.Source != nil {
		text += "; it is from " + schema.Visible(f.Source.Domain)
	}
	if !f.Timestamp.IsZero() {
		text += ", of " + f.Timestamp.UTC().Format(time.RFC3339)
	}
	return text
}
