package main

import (
	"fmt"
	"io"
	"strings"

	"ad-user-sync/export"
	"ad-user-sync/schema"
)

type attributesCommand struct {
	Config string `placeholder:"FILE" help:"Configuration of the export; default: export_config.json, or .yaml."`
	Format string `enum:"text,json" default:"text" help:"text or json."`
}

// Help tells what the columns mean.
func (attributesCommand) Help() string {
	return `Reads the users that the configuration selects, and lists every attribute with a value among them: how many have one, one value,
and what an import may do with it:

  always      it is part of every user file
  by default  imported where the import's configuration has no "attributes"
  by a rule   imported where "attributes" of the import has a rule for it
  never       for the reason given

A + stands before what the configuration exports. It judges by the schema of this domain; that of the target has the last word.`
}

// Run reads, and writes nothing but the list.
func (c attributesCommand) Run(a *app) error {
	cfg, dir, err := a.openExport(c.Config)
	if err != nil {
		return err
	}
	defer dir.Close()
	v, err := export.TakeInventory(a.ctx, dir, cfg, a.counter("users read"))
	if err != nil {
		return err
	}
	if c.Format == "json" {
		return writeJSON(a.std.out, v)
	}
	return writeInventory(a.std.out, v)
}

var carriedWords = map[export.Carried]string{
	export.CarriedAlways: "always", export.CarriedDefault: "by default", export.CarriedByRule: "by a rule", export.CarriedNever: "never",
}

func writeInventory(w io.Writer, v *export.Inventory) error {
	lines := table{{"  ATTRIBUTE", "  USERS", "", "EXAMPLE", "IMPORT"}}
	var more []string
	for _, a := range v.Attributes {
		mark := "  "
		switch {
		case a.Exported:
			mark = "+ "
		case a.Import == export.CarriedDefault:
			more = append(more, fmt.Sprintf("%q", a.Name))
		}
		word := carriedWords[a.Import]
		if a.Reason != "" {
			word += ": " + a.Reason
		}
		lines.add(mark+a.Name, fmt.Sprintf("%7d", a.Users), share(a.Users, v.Users), a.Example, word)
	}
	if _, err := fmt.Fprintf(w, "%d users of %s, read from %s\n\n", v.Users, schema.Visible(v.Domain), schema.Visible(v.Controller)); err != nil {
		return err
	}
	if err := lines.write(w); err != nil {
		return err
	}
	var s strings.Builder
	note := func(text string, names []string) {
		if len(names) > 0 {
			fmt.Fprintf(&s, "\n%s: %s\n", text, schema.Visible(strings.Join(names, ", ")))
		}
	}
	note("Imported by default and not exported yet; to be added to \"attributes\"", more)
	note("In \"attributes\", and no user has a value", v.Empty)
	note("Kept by the directory and left out here", v.System)
	_, err := io.WriteString(w, s.String())
	return err
}

// share rounds so that 100% are all and 0% are none.
func share(part, whole int) string {
	switch n := part * 100 / whole; {
	case n == 0 && part > 0:
		return "  <1%"
	default:
		return fmt.Sprintf("%4d%%", n)
	}
}
