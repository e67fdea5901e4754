package demo

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"slices"
	"strings"

	"ad-user-sync/import/plan"
	"ad-user-sync/import/words"
	"ad-user-sync/schema"
)

// liveOn is a week in both domains.
func (s *story) liveOn(context.Context) error {
	s.clock.setBack(7 * day)
	s.teller.chapter(s.today() + ": a week later")
	s.world.corp.marry("akowalska", "Anna Nowak", "Nowak", "anowak")
	s.world.corp.swap("jkim", "jkim2")
	s.world.corp.leave("sobrien", "t-Viewers")
	s.world.corp.disable("rsilva")
	s.world.corp.expire("loliveira", s.clock.now().Add(-day))
	s.world.corp.set("jmueller", "department", "Process control")
	s.world.corp.set("jmueller", "thumbnailPhoto", photo())
	s.world.corp.set("okoval", "manager", s.world.corp.find("zangstrom").String())
	s.world.hire(newcomer)
	s.world.local("OU=Managed", "LAB Ingrid Solheim", "isolheim", anchored("3b7bb1a5-5c0f-4f1e-9d7a-1f60c2f2a9d4", "lab.example"))
	s.teller.say("In corp, Anna Kowalska married and is Anna Nowak now. The two Kims got each other's account names. " +
		"Sinéad O'Brien left, Rafael Silva is disabled, Lucas Oliveira's contract ended early. " +
		"Jörg Müller has another department and a photo, Олена Коваль another manager. Amara Okafor is new.")
	return nil
}

func (s *story) importAgain(ctx context.Context) error {
	s.teller.chapter(s.today() + ": the same two commands again")
	s.teller.command("export --output users-2.json")
	if _, err := s.export(ctx, "users-2.json"); err != nil {
		return err
	}
	s.teller.command("import --input users-2.json --dry-run")
	before := s.world.plant.HighestUSN()
	dry, err := s.imports(ctx, "users-2.json", "3-dry-run", true)
	if err != nil {
		return err
	}
	after := s.world.plant.HighestUSN()
	s.teller.promise(before == after && len(dry.Report.Changes) > 0, "The dry run plans %s and writes nothing: the domain's update number stays %d.",
		schema.Plural(len(dry.Plan.Actions), "action"), after)
	s.teller.command("import --input users-2.json")
	result, err := s.imports(ctx, "users-2.json", "4-second-import", false)
	if err != nil {
		return err
	}
	r := facts{result.Report}
	s.teller.promise(r.Plan == dry.Report.Plan && s.world.plant.HighestUSN() > after && len(r.Failed) == 0, "The import carries out just that plan, %s…", short(r.Plan))
	s.renamedAfterAWeek(r)
	s.changedAfterAWeek(r)
	s.goneAfterAWeek(r)
	return nil
}

func (s *story) renamedAfterAWeek(r facts) {
	nowak, woo, won := prefix+"Anna Nowak", prefix+"Kim Ji-woo", prefix+"Kim Ji-won"
	wasNowak, _ := r.change(nowak, "cn")
	_, wooNow := r.change(woo, "sAMAccountName")
	_, wonNow := r.change(won, "sAMAccountName")
	s.teller.promise(wasNowak == prefix+"Anna Kowalska" && !slices.Contains(r.Created, nowak),
		"%s renamed. %s is %s: accounts are known by their anchor, not by their names.", schema.Plural(len(r.Renamed), "account"), wasNowak, nowak)
	s.teller.promise(s.world.plant.entry("jkim2").Text("cn") == woo && s.world.plant.entry("jkim").Text("cn") == won && wooNow != wonNow,
		"%s and %s swapped account names, by way of a third one.", woo, won)
}

func (s *story) changedAfterAWeek(r facts) {
	was, department := r.change(prefix+"Müller, Jörg", "department")
	_, picture := r.change(prefix+"Müller, Jörg", "thumbnailPhoto")
	s.teller.promise(department == "Process control" && picture != "" && r.changed(prefix+"Олена Коваль", "manager"),
		"%s updated: department of %s from %q to %q and a photo of %s, the manager of %s.",
		schema.Plural(len(r.Updated), "account"), prefix+"Müller, Jörg", was, department, picture, prefix+"Олена Коваль")
	s.teller.promise(slices.Equal(r.Created, []string{prefix + "Amara Okafor"}) && r.Extended > 0,
		"%s created. %s extended, since a newer file came.", enumerate(r.Created), schema.Plural(r.Extended, "account"))
}

func (s *story) goneAfterAWeek(r facts) {
	gone := []string{prefix + "Sinéad O'Brien", prefix + "Rafael Silva", prefix + "Lucas Oliveira"}
	s.teller.promise(len(r.Disabled) == len(gone) && s.all(gone, false) && slices.Contains(r.Left, schema.Membership{User: gone[0], Group: "p-Viewers"}),
		"%s disabled, never deleted: %s (%s), %s (%s), %s (%s).", schema.Plural(len(r.Disabled), "account"),
		gone[0], r.why("disable", gone[0]), gone[1], r.why("disable", gone[1]), gone[2], r.why("disable", gone[2]))
	lab := about(r.Unmanaged, "LAB Ingrid Solheim")
	s.teller.promise(strings.HasPrefix(lab, words.OfReason(plan.Foreign)), "Left alone: LAB Ingrid Solheim, another import's account in the same place (%s).", words.OfReason(plan.Foreign))
}

// marry changes the name of a user of the source domain.
func (h *hand) marry(account, cn, surname, name string) {
	h.rename(account, cn)
	for attribute, value := range map[string]string{"sn": surname, "displayName": cn, "mail": name + "@corp.example"} {
		h.set(account, attribute, value)
	}
	h.set(account, "sAMAccountName", name)
}

// swap exchanges two account names.
func (h *hand) swap(one, other string) {
	h.set(one, "sAMAccountName", "between")
	h.set(other, "sAMAccountName", one)
	h.set("between", "sAMAccountName", other)
}

// photo is a small JPEG picture.
func photo() string {
	picture := image.NewRGBA(image.Rect(0, 0, 48, 48))
	for i := range 48 * 48 {
		picture.Set(i%48, i/48, color.RGBA{R: 0x30, G: uint8(0x60 + i/48), B: 0x90, A: 0xFF})
	}
	var b bytes.Buffer
	must(jpeg.Encode(&b, picture, nil))
	return b.String()
}

// short is the beginning of a digest, enough to tell it from others.
func short(digest string) string { return digest[:min(len(digest), 12)] }
