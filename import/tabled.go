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

// refused are those whom the table refuses, by anchor.
func (im *Import) refused() map[string]bool {
	if im.Table == nil {
		return nil
	}
	refused := map[string]bool{}
	for _, r := range im.Table.Rows {
		if !r.Take && r.Anchor != "" {
			refused[strings.ToLower(r.Anchor)] = true
		}
	}
	return refused
}

// hold holds the table against the plan that was just made.
func (im *Import) hold(s *situation) {
	if im.Table == nil {
		return
	}
	sameFile := im.Table.File == headerOf(im.Config, im.Input.File, "").File
	var rows []plan.Row
	for _, r := range im.Table.Rows {
		rows = append(rows, plan.Row{Line: r.Line, User: matchtable.Shown(r.User), Anchor: r.Anchor, GUID: r.GUID, Wanted: r.AccountName, HasName: r.HasName, Digest: r.Digest, Refused: !r.Take})
	}
	tabled := s.plan.Hold(rows, sameFile)
	s.tabled = &tabled
}
