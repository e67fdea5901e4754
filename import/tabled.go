package importer

import (
	"fmt"
	"strings"
	"time"

	"ad-user-sync/import/matchtable"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

// headerOf is what a table of match is made of.
func headerOf(cfg *schema.ImportConfig, file *schema.UserFile, target string) matchtable.Header {
	return matchtable.Header{Format: matchtable.Name, Source: sourceDomain(file), Target: target, Container: cfg.ManagedUserPath, File: file.Timestamp.UTC().Format(time.RFC3339Nano)}
}

// rowsPerUser is more than a person needs who is there twice by mistake.
const rowsPerUser = 2

// CheckTable refuses a table that was made of other domains, another container, or
// another user file: what it says of people may be true there, or have been then.
func (im *Import) CheckTable() error {
	if im.Table == nil {
		return nil
	}
	now, then := headerOf(im.Config, im.Input.File, im.Directory.Domain().Name), im.Table.Header
	switch {
	case im.Config.Match == nil:
		return fmt.Errorf("%w: it has no match, so that nothing is asked which the table could answer", ErrConfiguration)
	case !strings.EqualFold(then.Source, now.Source):
		return otherTable("of source domain", then.Source, now.Source)
	case !strings.EqualFold(then.Target, now.Target):
		return otherTable("of target domain", then.Target, now.Target)
	case !sameDN(then.Container, now.Container):
		return otherTable("of container", then.Container, now.Container)
	case then.File != now.File:
		return otherTable("of the user file written", then.File, now.File)
	case len(im.Table.Taken()) > rowsPerUser*len(im.Input.File.Users):
		return fmt.Errorf("%w: the table says yes in %d rows, and the user file has %s: it is not what ad-user-sync match has written", ErrConfiguration, len(im.Table.Taken()), schema.Plural(len(im.Input.File.Users), "user"))
	}
	if !im.Input.File.Anchored() {
		return fmt.Errorf("%w: the user file has no anchors, by which the table could name people", ErrConfiguration)
	}
	if err := im.checkRefusals(); err != nil {
		return err
	}
	im.Log.Info().Int("rows", len(im.Table.Rows)).Int("to_take_over", len(im.Table.Taken())).Msg("table of match read; the approval page has it confirmed")
	return nil
}

func otherTable(what, then, now string) error {
	return fmt.Errorf("%w: the table is %s %s, and this import is %s %s; make a new one by ad-user-sync match", ErrConfiguration, what, schema.Visible(matchtable.Shown(then)), what, schema.Visible(now))
}

func sameDN(one, other string) bool {
	a, err := ad.ParseDN(one)
	b, fault := ad.ParseDN(other)
	return err == nil && fault == nil && a.Equal(b)
}

// checkRefusals refuses a table in which a no has lost whose it is: the person might be
// given an account all the same.
func (im *Import) checkRefusals() error {
	known := map[string]bool{}
	for i := range im.Input.File.Users {
		known[strings.ToLower(im.Input.File.Users[i].ObjectGUID)] = true
	}
	for _, r := range im.Table.Rows {
		if blank := r.Anchor+r.GUID+r.Digest+r.AccountName == ""; !r.Take && !blank && (r.Anchor == "" || !known[strings.ToLower(r.Anchor)]) {
			return fmt.Errorf("%w: the table, line %d: it says no, and its anchor, %q, is no one's of the user file, so that no one would be refused anything; put it back as ad-user-sync match wrote it", ErrConfiguration, r.Line, matchtable.Shown(r.Anchor))
		}
	}
	return nil
}

// wishes are what the table says of whom nothing is to be taken over unasked, and what that
// of a first run said which was cut short.
func (im *Import) wishes(s *situation) plan.Wishes {
	var w plan.Wishes
	for _, r := range append(im.rows(), s.record.Heeded()...) {
		w.Add(r)
	}
	return w
}

func (im *Import) rows() []plan.Row {
	var rows []plan.Row
	if im.Table == nil {
		return rows
	}
	for _, r := range im.Table.Rows {
		rows = append(rows, plan.Row{Line: r.Line, User: matchtable.Shown(r.User), Anchor: r.Anchor, GUID: r.GUID, Wanted: r.AccountName, HasName: r.HasName, Digest: r.Digest, Refused: !r.Take})
	}
	return rows
}

// hold holds the table against the plan that was just made.
func (im *Import) hold(s *situation) {
	if im.Table == nil {
		return
	}
	sameFile := im.Table.File == headerOf(im.Config, im.Input.File, "").File
	tabled := s.plan.Hold(im.rows(), sameFile)
	s.tabled = &tabled
}
