package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/rs/zerolog"

	importer "ad-user-sync/import"
	"ad-user-sync/import/matchtable"
	"ad-user-sync/internal/files"
)

type matchCommand struct {
	Config    string  `placeholder:"FILE" help:"Configuration of the import; default: import_config.json, or .yaml."`
	HMAC      *string `name:"hmac" placeholder:"KEY" help:"HMAC key; better hmac_file, or the environment variable AD_USER_SYNC_HMAC."`
	Input     string  `placeholder:"FILE" help:"User file instead of input_file; - for standard input."`
	Format    string  `enum:"text,csv,json" default:"text" help:"text, csv or json."`
	Separator string  `enum:";,comma" default:";" help:"Of the cells of csv: ; or comma."`
	Out       string  `placeholder:"FILE" help:"Write into this new file, which no one else can read, instead of standard output; - is standard output."`
}

// Help tells what the rows mean.
func (matchCommand) Help() string {
	return `Reads what an import would read, by its configuration and user file, and lists everyone who has no account of the import's yet:

  sure     number and names agree; may be accepted together with others; or taken over unasked for both names
  likely   is decided alone
  several  cannot be told apart: leave the value with the right one
  barred   an administrator's or a service's, or not within match.within
  none     a new account is made, or none, and why

Nothing is written: import --interactive asks. csv and json are made to be edited, and to be answered by in one go: the column "take over" says
yes for the sure ones; write no, or take the line out, for who is not to be taken over, and give the file to import --adopt. Exit code 0 whatever was found; 2 where the configuration has no match, or its last
day is over; 3 where the user file is refused; 1 where the directory could not be read.`
}

// Run reads, and writes nothing but the list.
func (c matchCommand) Run(a *app) error {
	if c.Out == "-" {
		c.Out = ""
	}
	if c.Out != "" && files.Exists(c.Out) {
		return usageError{fmt.Errorf("%s is there already, and may have been edited; name another file", c.Out)}
	}
	like := importCommand{Config: c.Config, HMAC: c.HMAC, Input: c.Input}
	cfg, err := like.configuration(a)
	if err != nil {
		return err
	}
	im := importer.New(importer.Options{Config: cfg, DryRun: true, Log: zerolog.Nop()})
	if err := like.read(a, im); err != nil {
		return err
	}
	dir, err := a.connect(connection{config: cfg.Directory, dn: cfg.ManagedUserPath, writable: true, environment: true})
	if err != nil {
		return err
	}
	defer dir.Close()
	im.Directory = dir
	list, err := importer.Matches(a.ctx, im.Options)
	if err != nil {
		return err
	}
	if c.Out == "" {
		return c.write(a.std.out, list)
	}
	return files.Create(c.Out, func(w io.Writer) error { return c.write(w, list) })
}

func (c matchCommand) write(w io.Writer, list matchtable.Table) error {
	switch c.Format {
	case "json":
		return writeJSON(w, list)
	case "csv":
		return matchtable.WriteCSV(w, list, c.comma())
	}
	return writeMatches(w, list.Rows)
}

func (c matchCommand) comma() rune {
	if c.Separator == "comma" {
		return ','
	}
	return ';'
}

func writeMatches(w io.Writer, list []matchtable.Row) error {
	lines := table{}
	lines.add("MATCH", "USER", "NAME", "ACCOUNT HERE", "WHERE", "WHY")
	count := map[string]int{}
	for _, m := range list {
		count[m.Match]++
		lines.add(m.Match, m.User, m.AccountName, m.HasName, m.Account, matchWhy(m))
	}
	if err := lines.write(w); err != nil {
		return err
	}
	if err := writeMoving(w, list); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\n%d sure, %d likely, %d several, %d barred, %d none\n", count[importer.MatchSure], count[importer.MatchLikely],
		count[importer.MatchSeveral], count[importer.MatchBarred], count[importer.MatchNone])
	return err
}

// writeMoving counts what accounts lose and gain that are moved in from outside.
func writeMoving(w io.Writer, list []matchtable.Row) error {
	count := map[string]int{}
	for _, m := range list {
		for _, text := range m.Moving {
			count[text]++
		}
	}
	lines := table{}
	for _, text := range slices.Sorted(maps.Keys(count)) {
		lines.add(fmt.Sprint(count[text]), text)
	}
	if len(lines) == 0 {
		return nil
	}
	if _, err := io.WriteString(w, "\nACCOUNTS, BY BEING MOVED INTO THE MANAGED CONTAINER:\n"); err != nil {
		return err
	}
	return lines.write(w)
}

// matchWhy is what keeps an account from being taken over, or else what speaks for it.
func matchWhy(m matchtable.Row) string {
	switch {
	case m.Why != "":
		return m.Why
	case m.Match == importer.MatchNone:
		return "a new account is made"
	}
	return strings.Join(m.Evidence, "; ")
}
