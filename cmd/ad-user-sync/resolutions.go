package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	importer "ad-user-sync/import"
	"ad-user-sync/import/ledger"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
	"ad-user-sync/schema/config"
)

type resolutionsCommand struct {
	List   listCommand   `cmd:"" help:"Show what was answered."`
	Forget forgetCommand `cmd:"" help:"Forget answers, so that they are asked again."`
}

type listCommand struct {
	Config string `placeholder:"FILE" help:"Configuration; default: import_config.json, or .yaml."`
	Format string `enum:"text,json" default:"text" help:"text or json."`
}

// Run lists kept answers.
func (c listCommand) Run(a *app) error {
	_, list, err := a.resolutions(c.Config)
	if err != nil {
		return err
	}
	known := []schema.Resolution{}
	for _, r := range list {
		if r.Unknown == nil {
			r.Password, r.Extra = nil, nil
			known = append(known, r)
		}
	}
	if c.Format == "json" {
		return writeJSON(a.std.out, known)
	}
	var t table
	t.add("TYPE", "USER", "ABOUT", "ANSWER", "WHEN", "UNTIL", "BY", "REASON")
	for _, r := range known {
		until := ""
		if r.Until != nil {
			until = r.Until.Format(time.DateOnly)
		}
		t.add(r.Type, r.User, r.Group+r.Name, answerText(r), r.Timestamp.Format(time.DateTime), until, r.By, r.Reason)
	}
	return t.write(a.std.out)
}

func answerText(r schema.Resolution) string {
	switch {
	case r.Done:
		return "accepted, done"
	case r.Accept && r.NewName != "":
		return "named " + r.NewName
	case r.Accept:
		return "accepted"
	}
	return "rejected"
}

type forgetCommand struct {
	Config string `placeholder:"FILE" help:"Configuration; default: import_config.json, or .yaml."`
	User   string `placeholder:"CN" help:"Of the person with this managed CN."`
	Anchor string `placeholder:"GUID" help:"Of the person with this source objectGUID."`
	Type   string `placeholder:"T" help:"Answers of this type only: enable, disable, join, leave, name, adopt or create."`
	Group  string `placeholder:"G" help:"Answers about this group only."`

	Deleted string `placeholder:"GUID" help:"The account with this objectGUID, which a report names as seen nowhere: it was deleted."`
}

var answerTypes = []string{"enable", "disable", "join", "leave", "name", "adopt", "create"}

// Run forgets kept answers, or an account that was deleted.
func (c forgetCommand) Run(a *app) error {
	if c.Deleted != "" {
		return c.deleted(a)
	}
	if c.Type != "" && !slices.Contains(answerTypes, c.Type) {
		return usageError{fmt.Errorf("--type %s: there are no such answers; one of %s", schema.Visible(c.Type), strings.Join(answerTypes, ", "))}
	}
	if (c.User == "") == (c.Anchor == "") {
		return usageError{errors.New("name the person by either --user or --anchor")}
	}
	cfg, err := loaded(a, c.Config, "import_config.json", config.LoadImport)
	if err != nil {
		return err
	}
	n, err := importer.Forget(a.ctx, cfg.ResolutionsFile, func(r schema.Resolution) bool {
		return (c.User == "" || r.User == c.User) && (c.Anchor == "" || strings.EqualFold(r.Anchor, c.Anchor)) &&
			(c.Type == "" || r.Type == c.Type) && (c.Group == "" || strings.EqualFold(r.Group, c.Group))
	})
	if err != nil {
		return err
	}
	if n == 0 {
		return errors.New("no kept answer fits; nothing was changed")
	}
	_, err = fmt.Fprintf(a.std.out, "%d forgotten\n", n)
	return err
}

func (c forgetCommand) deleted(a *app) error {
	guid, err := adrules.ParseGUID(c.Deleted)
	if err != nil || c.User+c.Anchor+c.Type+c.Group != "" {
		return usageError{errors.New("--deleted takes the objectGUID of an account, and no other option")}
	}
	cfg, err := loaded(a, c.Config, "import_config.json", config.LoadImport)
	if err != nil {
		return err
	}
	where, err := ledger.Forget(a.ctx, cfg.ResolutionsFile, guid)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.std.out, "%s is forgotten\n", schema.Visible(where))
	return err
}

func (a *app) resolutions(flag string) (*schema.ImportConfig, []schema.Resolution, error) {
	cfg, err := loaded(a, flag, "import_config.json", config.LoadImport)
	if err != nil {
		return nil, nil, err
	}
	if err := private(cfg.ResolutionsFile); err != nil {
		return nil, nil, err
	}
	list, err := importer.LoadResolutions(cfg.ResolutionsFile)
	return cfg, list, err
}
