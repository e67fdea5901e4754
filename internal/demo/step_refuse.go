package demo

import (
	"bytes"
	"context"
	"errors"
	"os"
	"slices"

	"ad-user-sync/export"
	importer "ad-user-sync/import"
	"ad-user-sync/import/ledger"
	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

// refuse shows files that are not believed.
func (s *story) refuse(ctx context.Context) error {
	s.clock.setBack(2 * day)
	s.teller.chapter(s.today() + ": files that are not believed")
	before, memory := s.world.plant.HighestUSN(), s.memory()
	if err := s.damage("users-2.json", "users-2-damaged.json"); err != nil {
		return err
	}
	s.refused(ctx, "users-2-damaged.json", "One bit was flipped")
	s.refused(ctx, "users-1.json", "An old file came again; it would bring back whoever left")
	s.teller.promise(s.world.plant.HighestUSN() == before && bytes.Equal(s.memory(), memory), "Both times exit code 3, and nothing was written.")
	return nil
}

// damage copies a file and flips one bit in its middle.
func (s *story) damage(from, to string) error {
	data, err := os.ReadFile(s.path(from))
	if err != nil {
		return err
	}
	data[len(data)/2] ^= 1
	return os.WriteFile(s.path(to), data, 0o600)
}

// refused tells in which words a file is not accepted.
func (s *story) refused(ctx context.Context, file, what string) {
	s.teller.command("import --input " + file)
	_, err := s.imports(ctx, file, "refused", false)
	var refusal *importer.Refusal
	if !errors.As(err, &refusal) {
		s.teller.check(false, file+" is refused")
		return
	}
	s.teller.promise(refusal.Reason != "", "%s. The import says: %s.", what, refusal.Reason)
}

// memory is the ledger, as bytes.
func (s *story) memory() []byte {
	data, err := os.ReadFile(ledger.Path(s.path("resolutions.json")))
	must(err)
	return data
}

// limit shows a mistake in the source that would hit many.
func (s *story) limit(ctx context.Context) error {
	s.teller.chapter(s.today() + ": a mistake in corp, and the limit")
	members := s.world.corp.empty("t-Viewers")
	s.teller.say("An administrator of corp empties the group t-Viewers by mistake. The next file is signed, fresh and complete.")
	s.teller.command("export --output users-3.json")
	exported, err := s.export(ctx, "users-3.json")
	if err != nil {
		return err
	}
	s.teller.command("import --input users-3.json")
	before, memory := s.world.plant.HighestUSN(), s.memory()
	result, err := s.imports(ctx, "users-3.json", "5-limit", false)
	if err != nil {
		return err
	}
	s.limitTold(facts{result.Report}, exported)
	s.teller.promise(s.world.plant.HighestUSN() == before && bytes.Equal(s.memory(), memory), "Exit code 4. Were it meant, --confirm-plan with the digest %s… would let this one plan through.", short(result.Report.Plan))
	s.world.corp.refill("t-Viewers", members)
	s.teller.say("Corp puts the people back into the group.")
	return nil
}

func (s *story) limitTold(r facts, exported export.Result) {
	guard := r.Guard
	if guard == nil {
		s.teller.check(false, "a limit stops users-3.json")
		return
	}
	s.teller.promise(r.nothing() && len(guard.Users) > 5 && slices.Contains(guard.Users, prefix+"Anna Nowak"),
		"%s are left of %d. The import stopped before anything was written: %s.", schema.Plural(exported.Users, "person"), s.lastUsers(), guard.Reason)
}

// lastUsers is how many people the last accepted file had.
func (s *story) lastUsers() int {
	for _, kept := range slices.Backward(s.reports) {
		if kept.report.Guard == nil && kept.report.Input != nil {
			return kept.report.Input.Users
		}
	}
	return 0
}

// empty takes everybody out of a group and tells who that was.
func (h *hand) empty(group string) (members []string) {
	members = h.entry(group).Texts("member")
	h.modify(h.find(group), ad.Change{Kind: ad.DeleteValues, Attribute: "member"})
	return members
}

func (h *hand) refill(group string, members []string) {
	h.modify(h.find(group), ad.Change{Kind: ad.AddValues, Attribute: "member", Values: ad.Values(members...)})
}
