package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/rs/zerolog"

	importer "ad-user-sync/import"
	"ad-user-sync/import/ledger"
	"ad-user-sync/import/news"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/mail"
	"ad-user-sync/schema"
	"ad-user-sync/schema/config"
)

// mailTime is all that telling people may take.
const mailTime = 30 * time.Second

type notifyCommand struct {
	Config string `placeholder:"FILE" help:"Configuration; default: import_config.json, or .yaml."`
	Test   bool   `xor:"what" required:"" help:"Send a test to everybody under notify.to."`
	Failed string `xor:"what" required:"" placeholder:"UNIT" help:"Say that this service failed, unless its run told of itself: for OnFailure= of systemd."`
}

// Run sends one letter.
func (c notifyCommand) Run(a *app) error {
	cfg, err := loaded(a, c.Config, "import_config.json", config.LoadImport)
	if err != nil {
		return err
	}
	if cfg.Notify == nil && !c.Test { // a service fails whether or not anybody wants to hear of it
		_, err := fmt.Fprintln(a.std.out, "the configuration has no notify: no one is told")
		return err
	}
	if cfg.Notify == nil {
		return usageError{errors.New("the configuration has no notify: it says to whom mail goes, and by which server")}
	}
	from := sender(cfg, schema.Report{}, "")
	letter := news.Test(from)
	if !c.Test {
		const lately = 10 * time.Minute
		for _, path := range []string{cfg.ResolutionsFile, ledger.LooksPath(cfg.ResolutionsFile)} {
			if m, err := news.Recall(news.Path(path), ledger.PlaceOf(cfg.ManagedUserPath)); err == nil && m.Lately(lately, time.Now()) {
				_, err := fmt.Fprintln(a.std.out, "the run had a look itself at whether there is news; nothing was sent")
				return err
			}
		}
		letter = news.Unit(from, c.Failed)
	}
	sent, err := a.mail(cfg.Notify, letter)
	if err != nil {
		return fmt.Errorf("%d of %d letters were sent: %w", sent, len(cfg.Notify.To), err)
	}
	_, err = fmt.Fprintf(a.std.out, "%s sent by %s\n", schema.Plural(sent, "letter"), schema.Visible(cfg.Notify.Server))
	return err
}

// tell mails the news of an unattended run. Whatever fails is logged, and no fault
// of the run.
func (a *app) tell(cfg *schema.ImportConfig, r schema.Report, kept string, log zerolog.Logger) {
	if cfg.Notify == nil {
		return
	}
	path, place, now := news.Path(cfg.ResolutionsFile), ledger.PlaceOf(cfg.ManagedUserPath), time.Now()
	if r.Observed != nil { // so that the real thing tells everything once more
		path = news.Path(ledger.LooksPath(cfg.ResolutionsFile))
	}
	before, err := news.Recall(path, place)
	if err != nil {
		log.Warn().Str("error", schema.Visible(err.Error())).Msg("it is not known what was told by mail, so news may come twice")
	}
	items := news.Of(r, *cfg.Notify, importer.EndsSoon(cfg, r, now))
	due := before.Due(items, now)
	sent := 0
	if letter := compose(cfg, r, kept, before, items, due, now); letter != nil {
		if sent, err = a.mail(cfg.Notify, *letter); err != nil {
			log.Warn().Str("error", schema.Visible(err.Error())).Msg("not everybody under notify.to could be told; the run is no worse for it")
		}
		if sent > 0 {
			log.Info().Int("letters", sent).Str("subject", letter.Subject).Msg("told by mail")
		}
	}
	after := before.After(items, due, sent > 0, now)
	if before.Over(items) && cfg.Notify.Well && sent == 0 {
		after.Told = before.Told // so that the next run says that all is well
	}
	if err := after.Keep(path, place); err != nil {
		log.Warn().Str("error", schema.Visible(err.Error())).Msg("what was told by mail could not be kept, so it may come twice")
	}
}

// compose is the letter of a run, nil where there is none to send.
func compose(cfg *schema.ImportConfig, r schema.Report, kept string, before news.Memory, items, due []news.Item, now time.Time) *news.Letter {
	from := sender(cfg, r, kept)
	var letter news.Letter
	switch {
	case len(due) > 0:
		letter = news.Tell(from, r, due, cfg.Notify.Names)
	case !well(r):
		return nil // not everything is told, but it is not well
	case before.Over(items) && cfg.Notify.Well:
		letter = news.Well(from, r)
	case len(items) == 0 && cfg.Notify.Weekly && before.Silent(now):
		letter = news.Alive(from, r)
	default:
		return nil
	}
	return &letter
}

// well reports whether a run did its work. Questions may wait.
func well(r schema.Report) bool {
	return r.ExitCode != nil && (*r.ExitCode == exitDone || *r.ExitCode == exitPending)
}

func sender(cfg *schema.ImportConfig, r schema.Report, kept string) news.Sender {
	host, err := os.Hostname()
	if err != nil {
		host = "this computer"
	}
	domain := r.Domain
	if dn, err := ad.ParseDN(cfg.ManagedUserPath); err == nil {
		domain = cmp.Or(domain, dn.DomainName())
	}
	return news.Sender{Host: host, Domain: domain, Report: kept}
}

func (a *app) mail(n *schema.Notify, letter news.Letter) (sent int, err error) {
	account := mail.Account{Server: n.Server, TLS: n.Security == "tls", CAFile: n.CAFile, Username: n.Username, From: n.From}
	if n.PasswordFile != "" {
		if account.Password, err = a.readSecret("notify.password_file", n.PasswordFile); err != nil {
			return 0, err
		}
	}
	ctx, stop := context.WithTimeout(context.WithoutCancel(a.ctx), mailTime) // of an interrupted run, too
	defer stop()
	return mail.Send(ctx, account, mail.Message{To: n.To, Subject: letter.Subject, Text: letter.Text})
}
