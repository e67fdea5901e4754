package importer

import (
	"fmt"
	"slices"
	"strings"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// GuardMigrated names in a report that no one has agreed to the new source domain yet.
const GuardMigrated = "migrated"

// howMigrated is the way on of a person who migrates a domain.
const howMigrated = `See "The source domain is migrated" in docs/operation.md`

// migrating is the change of the source domain that the configuration names and the file
// tells of; zero where there is none.
func (f freshness) migrating() plan.Migrating {
	from := strings.ToLower(f.cfg.Expect.MigratedFrom)
	if from == "" || f.file.Source == nil || f.sourceDomain() == from || !f.file.Anchored() || f.cfg.AnchorAttribute == "" {
		return plan.Migrating{}
	}
	return plan.Migrating{From: from, Waits: strings.EqualFold(f.record.File.Domain, from) && f.decidable(from) && !f.agreed}
}

// migrates reports whether the file is the first of the new domain.
func (f freshness) migrates() bool {
	from := f.migrating().From
	return from != "" && strings.EqualFold(f.record.File.Domain, from)
}

// decidable reports whether there is anything to agree to: an account of the former domain
// that works, or of which the file says whose it is.
func (f freshness) decidable(from string) bool {
	named := map[string]bool{}
	if f.file.Migrated != nil {
		for _, u := range f.file.Migrated.Users {
			named[strings.ToLower(u.Former)] = true
		}
	}
	return slices.ContainsFunc(f.accounts, func(a plan.Account) bool {
		return carries(a, from) && (a.Enabled() || named[strings.ToLower(a.Anchor.ObjectGUID)])
	})
}

// agreedBefore reports whether a person has agreed in a run that was killed: an account carries
// the anchor of the new domain that it was meant to carry. Only before the ledger settles that.
func (f freshness) agreedBefore() bool {
	return slices.ContainsFunc(f.accounts, func(a plan.Account) bool {
		known := f.record.Accounts[a.GUID]
		replaced := a.Anchor.Domain == "" && known.Anchor != "" && known.Anchor != known.MeantAnchor
		return a.Anchor.ObjectGUID != "" && a.Anchor.ObjectGUID == known.MeantAnchor && (replaced || strings.EqualFold(a.Anchor.Domain, f.cfg.Expect.Domain))
	})
}

// beforeMigration reports whether the file is of the former domain, and no one has agreed
// to the new one yet.
func (f freshness) beforeMigration() bool {
	from := f.cfg.Expect.MigratedFrom
	return from != "" && strings.EqualFold(f.sourceDomain(), from) && (f.record.File.Domain == "" || strings.EqualFold(f.record.File.Domain, from)) && !f.agreed
}

// migration refuses what would make second accounts, or leave the first ones behind: no
// --accept-file lets that through.
func (f freshness) migration() *Refusal {
	m, from := f.migrating(), f.cfg.Expect.MigratedFrom
	told := ""
	if f.file.Migrated != nil {
		told = f.file.Migrated.From
	}
	switch {
	case told != "" && !strings.EqualFold(told, from) && strings.EqualFold(f.record.File.Domain, told):
		return &Refusal{Reason: schema.Visible(fmt.Sprintf("the file comes from source domain %s and says who its users were in %s, from which files were accepted; the configuration knows nothing of a migration", f.sourceDomain(), told)),
			WayOn: fmt.Sprintf("If it is meant, name both for the time of the change: expect.domain %s and expect.migrated_from %s. %s", schema.Quoted(f.sourceDomain()), schema.Quoted(told), howMigrated)}
	case m.From == "" || !f.formerAccounts(m.From):
		return nil
	case !f.known:
		return &Refusal{Reason: "the ledger is lost, so that nothing confirms the accounts of " + m.From,
			WayOn: "Put it back from a backup. Where there is none: before anything was taken over for the new domain, import the last file of " + m.From + " once more, and let people decide about these accounts; after that comes the new domain. Once all were taken over, take expect.migrated_from out of the configuration"}
	case !strings.EqualFold(told, m.From):
		return &Refusal{Reason: fmt.Sprintf("expect.migrated_from is %s, and the file does not say who its users were there", m.From),
			WayOn: "Export with --migrated-from as long as accounts of " + m.From + " are not decided about. " + howMigrated}
	}
	return nil
}

// formerAccounts reports whether accounts carry an anchor of the former domain, or one
// that names no domain.
func (f freshness) formerAccounts(from string) bool {
	return slices.ContainsFunc(f.accounts, func(a plan.Account) bool { return carries(a, from) })
}

func carries(a plan.Account, from string) bool {
	return a.Anchor.ObjectGUID != "" && (a.Anchor.Domain == "" || strings.EqualFold(a.Anchor.Domain, from))
}

// waits reports whether no one has agreed to the new source domain yet.
func (s *situation) waits() bool { return s.input.Migrating.Waits }

// unconfirmed are the accounts of the former domain by their anchors alone, but those that
// carried them when the ledger was lost, and are asked about.
func (s *situation) unconfirmed() (dns []string) {
	asked := s.record.Unconfirmed(s.obs.Accounts)
	for i := range s.obs.Accounts {
		if a := &s.obs.Accounts[i]; a.Class == "user" && carries(*a, s.input.Migrating.From) && s.record.Accounts[a.GUID].Anchor != a.Anchor.ObjectGUID && asked[a.GUID] != a.Anchor.ObjectGUID {
			dns = append(dns, a.DN)
		}
	}
	slices.Sort(dns)
	return dns
}

// migrationGuard is why a run does nothing before a person has agreed; nil where none has to.
func (s *situation) migrationGuard() *schema.Guard {
	if !s.waits() {
		return nil
	}
	wayOn, unknown := "Run the import with --interactive. ", ""
	if len(s.plan.Questions) == 0 {
		wayOn += "All that could be agreed to was rejected, or is protected: ask again there what was rejected; disable the other enabled accounts of " + s.input.Migrating.From + ", or move them out. "
		if dns := s.unconfirmed(); len(dns) > 0 { // named in the reason: the way on names no one
			unknown = fmt.Sprintf("; the ledger does not know these accounts, which carry anchors of %s, so that no one can agree to them: %s", s.input.Migrating.From, someOf(dns))
			wayOn = fmt.Sprintf("Import the last file of %s once more, which is accepted until then, and decide by it about the accounts that the ledger does not know; or clear their anchors, if no import has written them. ",
				s.input.Migrating.From)
		}
	}
	return &schema.Guard{Name: GuardMigrated, Reason: schema.Visible(fmt.Sprintf("the source domain changes from %s to %s, and no one has agreed yet: %s",
		s.input.Migrating.From, s.fresh.sourceDomain(), schema.Plural(len(s.plan.Questions), "account")+" to be decided about") + unknown),
		WayOn: schema.Visible(wayOn + howMigrated)}
}
