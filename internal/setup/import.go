package setup

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	importer "ad-user-sync/import"
	"ad-user-sync/import/observe"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/files"
	"ad-user-sync/schema"
	"ad-user-sync/schema/config"
)

func importQuestions() []question {
	return []question{
		{key: "managed_user_path", why: "The organizational unit for the accounts this program makes, and for nothing else. It must exist.",
			chosen: true, offer: offerManaged, accept: takeManaged},
		{key: "hmac_file", why: "Key that both sides share, by which the import knows that the file was not changed on the way. Keep it secret.",
			offer: always("hmac.key"), accept: takeKey},
		{key: "input_file", why: "The user file, as it comes from the source side.", offer: inExchange("users.json"), accept: takeInput},
		{key: "group_path", why: "Where the groups are that people are put into. Without it no one is put into groups.", optional: true,
			offer: offerGroupPath, accept: optionalPlace},
		{key: "group_map", why: "Group of the source, as the user file has it, to the group of this domain that its people are put into; * stands for everybody.",
			optional: true, skip: func(w *wizard) bool { return w.draft.text("group_path") == "" }, offer: offerGroupMap, dialog: askGroupMap, accept: takeGroupMap},
		{key: "restricted_groups", why: "Groups that people are put into only after a person agreed; those that grant rights over the domain are guarded in any case.",
			optional: true, skip: func(w *wizard) bool { return len(mapTargets(w.draft.value("group_map"))) == 0 }, offer: offerRestricted, accept: takeRestricted},
		{key: "prefix_common_names", why: "Put before the full name (CN) of every account, with a blank behind it, so that everybody sees where it comes from; none: nothing is put there.",
			blank: true, offer: offerPrefix, accept: takePrefix},
		{key: "names.account_name", why: "How new accounts are named, such as {givenName|ascii|lower|1}{sn|ascii|letters|lower|7}{n}: attributes of the user file, what is done to each, {n} a number where the name is taken. Without it, as in the source.",
			optional: true, accept: takeTemplate},
		{key: "expect_every", why: "The longest time between two user files (ISO 8601: P1D daily, P3D on working days, P7D weekly). Runs say when one is overdue; max_age and expiration_time follow from it.",
			offer: always("P1D")},
		{key: "max_age", why: "A file that is older is refused.", quiet: true, offer: offerMaxAge},
		{key: "expiration_time", why: "Accounts end by themselves so long after the last file, should no file come any more.", quiet: true, offer: offerLease},
		{key: "time_zone", why: "Time zone of the people here. Should no file come any more, their accounts end between 09:00 and 15:00 there, each at another time.",
			offer: offerTimeZone, accept: takeTimeZone},
		{key: "users_must_change_password", why: "People choose a password of their own at the first logon.", quiet: true,
			offer: always("yes"), accept: takeYesOrNo},
		{key: "password_word_count", why: "Words of a password that is handed out.", quiet: true, offer: always("4")},
		{key: "anchor_attribute", why: "Attribute that keeps who the person is in the source, so that the account stays the same after a change of name.",
			quiet: true, offer: always(schema.DefaultAnchorAttribute)},
		{key: "expect.domain", why: "Files of another domain are refused. Without it, the first file decides.", optional: true, offer: offerExpected},
		{key: "approval_directory.domain", why: "Whoever decides open questions logs on as another account than the scheduled import, which so needs no right to set passwords.",
			quiet: true, offer: func(w *wizard) offer { return offer{standard: w.draft.text("directory.domain")} }},
		{key: "approval_directory.username", why: `Account of whoever decides, as DOMAIN\name; its password is asked for each time. Without it, whoever runs "import --interactive" decides, by the own logon.`,
			optional: true, skip: func(w *wizard) bool { return w.draft.given["approval_directory.auth"] != "" },
			offer: func(w *wizard) offer { return offer{needed: w.found.own == ""} }, accept: takeApprover},
		{key: "resolutions_file", why: "Kept answers; the program's own memory lies beside it.", quiet: true, skip: oneFolder, offer: inState("resolutions.json")},
		{key: "observe.until", why: "For the first weeks the scheduled import can only look: it tells what it would do and writes nothing, until a person starts it. Until this day, at most 14 away, such as " + time.Now().AddDate(0, 0, schema.MostObserveDays).Format(time.DateOnly) + ". Without it, it writes from the first run on.",
			optional: true, accept: takeLastDay},
		{key: "report_dir", why: "Folder in which each run's report is kept.", quiet: true, offer: inState("reports")},
		{key: "log_file", why: "Log, beside what is printed.", quiet: true, offer: inState("import.log")},
		{key: "log_windows", why: "How each run ended is told in the Windows event log (docs/windows.md).", quiet: true, skip: notWindows, offer: always("yes"), accept: takeYesOrNo},
	}
}

// takeLastDay refuses a day that an import would refuse.
func takeLastDay(_ *wizard, text string) (any, error) {
	if text == "" {
		return nil, nil
	}
	o := schema.Observe{Until: text}
	now := time.Now()
	switch end := o.End("UTC"); {
	case end.IsZero():
		return nil, fmt.Errorf("%q is not a day such as %s", text, now.Format(time.DateOnly))
	case !end.After(now):
		return nil, fmt.Errorf("%s is over", text)
	case end.After(now.AddDate(0, 0, schema.MostObserveDays+1)):
		return nil, fmt.Errorf("%s is more than %d days away", text, schema.MostObserveDays)
	}
	return text, nil
}

func always(standard string) func(*wizard) offer {
	return func(*wizard) offer { return offer{standard: standard} }
}

func takeManaged(w *wizard, text string) (any, error) {
	if text == "" {
		return nil, errors.New("this needs an answer; make an organizational unit for this purpose first, if there is none")
	}
	if err := observe.Fit(w.ctx, w.dir, text); err != nil {
		return nil, err
	}
	dn, err := ad.ParseDN(text)
	if err != nil {
		return nil, err
	}
	return text, w.noticeRights(dn)
}

// takeInput looks at the file where it has come already.
func takeInput(w *wizard, text string) (any, error) {
	path := w.draft.inFolder(text)
	if text == "" || !files.Exists(path) {
		return text, w.writableFolder(path)
	}
	in, err := w.program.OpenInput(path, w.keys)
	if err != nil {
		return nil, err
	}
	w.incoming = in
	w.console.say(fmt.Sprintf("  %s is sound: %d users", text, len(in.File.Users)))
	return text, nil
}

// sourceGroups are those that the user file names.
func (w *wizard) sourceGroups() []string {
	groups := map[string]bool{}
	if w.incoming != nil {
		for i := range w.incoming.File.Users {
			for _, g := range w.incoming.File.Users[i].MemberOf {
				groups[g] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(groups))
}

// offerRestricted suggests the groups that grant rights over the domain.
func offerRestricted(w *wizard) offer {
	o := offer{many: true, choices: choices(mapTargets(w.draft.value("group_map")))}
	why, err := observe.PrivilegedTargets(w.ctx, w.dir, &schema.ImportConfig{
		GroupPath: w.draft.text("group_path"), GroupMap: map[string]schema.OneOrMore{"*": mapTargets(w.draft.value("group_map"))}})
	if err != nil {
		w.console.say("  " + err.Error())
	}
	for i, c := range o.choices {
		if why[c.value] != "" {
			o.choices[i].remark = "(" + why[c.value] + ")"
		}
	}
	o.standard = strings.Join(slices.Sorted(maps.Keys(why)), "; ")
	return o
}

func takeRestricted(w *wizard, text string) (any, error) {
	names, err := w.draft.takeList("restricted_groups", text)
	if err != nil || len(names) == 0 {
		return nil, err
	}
	names = relative(names)
	return names, w.seeGroups(names)
}

// offerPrefix is made of the source domain's name where that is known.
func offerPrefix(w *wizard) offer {
	if domain := offerExpected(w).standard; domain != "" {
		return offer{standard: strings.ToUpper(firstLabel(domain))}
	}
	return offer{standard: "EXT"}
}

// takePrefix puts a blank behind a word.
func takePrefix(_ *wizard, text string) (any, error) {
	text = strings.TrimSpace(text)
	if text != "" && !strings.ContainsAny(text[len(text)-1:], "-_.:") {
		text += " "
	}
	return text, nil
}

// takeTemplate shows what it comes to where the file has come already.
func takeTemplate(w *wizard, text string) (any, error) {
	if text == "" {
		return nil, nil
	}
	if w.incoming != nil {
		for _, line := range importer.NameExamples(schema.Names{AccountName: text}, config.DefaultAccountNamePattern, w.incoming) {
			w.console.say("  " + line)
		}
	}
	return text, nil
}

func offerExpected(w *wizard) offer {
	if w.incoming != nil && w.incoming.File.Source != nil {
		return offer{standard: w.incoming.File.Source.Domain}
	}
	return offer{}
}

// takeApprover completes approval_directory with the way to the same
// controllers.
func takeApprover(w *wizard, text string) (any, error) {
	for _, key := range []string{"servers", "security", "ca_file"} {
		if value := w.draft.value("directory." + key); value != nil && w.draft.given["approval_directory."+key] == "" {
			w.draft.put("approval_directory."+key, value, "")
		}
	}
	if text != "" {
		if text == w.draft.text("directory.username") {
			return nil, errors.New("this is the account that imports; let another one decide, so that the scheduled import needs no right to set passwords")
		}
		w.sealed("approval_directory")
		return text, nil
	}
	return nil, w.ownLogon()
}

// ownLogon tries whether the domain knows who runs this.
func (w *wizard) ownLogon() error {
	o := w.draft.directory()
	o.Auth = ad.Auth(ownAuth())
	dir, err := ad.Connect(w.ctx, o)
	if err != nil {
		return fmt.Errorf("the domain does not know the running user, so an account is needed (%v)", err) // an answer is missing; the directory is fine
	}
	w.console.say("  whoever runs this is known as " + dir.Domain().Identity)
	w.draft.put("approval_directory.auth", ownAuth(), "")
	return dir.Close()
}
