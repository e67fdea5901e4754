package setup

import (
	"errors"
	"strings"

	"ad-user-sync/export"
	"ad-user-sync/schema/config"
)

func exportQuestions() []question {
	return []question{
		{key: "user_path", why: "Where the people are who are to be exported; units below count, too.", chosen: true, offer: offerUserPath, accept: takePlace,
			skip: func(w *wizard) bool { return w.draft.given["queries"] != "" }},
		{key: "group_path", why: "Where the groups are that select people. Without it everybody of user_path goes, and the file says of no one in which groups they are: an import can then put everybody into groups alike, and no one by the groups here.", optional: true,
			offer: offerGroupPath, accept: optionalPlace},
		{key: "search_groups", why: "Whoever is in one of these groups goes, and the file says in which.",
			skip:  func(w *wizard) bool { return w.draft.text("group_path") == "" },
			offer: func(w *wizard) offer { return offer{choices: choices(w.groups()), many: true} }, accept: takeSearchGroups},
		{key: "nested_groups", why: "Whether members of groups in these groups go, too.", skip: withoutSearchGroups,
			offer: always("no"), accept: takeYesOrNo},
		{key: "attributes", why: "Further attributes that are exported. \"ad-user-sync attributes\" lists which there are, and what an import may carry.",
			optional: true, offer: offerAttributes, accept: takeAttributes},
		{key: "hmac_file", why: "Key that both sides share, by which the import knows that the file was not changed on the way. Keep it secret.",
			offer: always("hmac.key"), accept: takeKey},
		{key: "export_file", why: "Where the user file goes; it is written completely or not at all.",
			offer: inExchange("users.json"), accept: takeFile},
		{key: "log_file", why: "Log, beside what is printed.", quiet: true, offer: inState("export.log")},
		{key: "log_windows", why: "How each run ended is told in the Windows event log (docs/windows.md).", quiet: true, skip: notWindows, offer: always("yes"), accept: takeYesOrNo},
	}
}

func withoutSearchGroups(w *wizard) bool { return len(w.draft.list("search_groups")) == 0 }

func optionalPlace(w *wizard, text string) (any, error) {
	if text == "" {
		return nil, nil
	}
	return takePlace(w, text)
}

func takeSearchGroups(w *wizard, text string) (any, error) {
	names, err := w.draft.takeList("search_groups", text)
	if err == nil && len(names) == 0 {
		err = errors.New("name at least one group")
	}
	if err != nil {
		return nil, err
	}
	names = relative(names)
	return names, w.seeGroups(names)
}

func takeYesOrNo(_ *wizard, text string) (any, error) { return yesOrNo(text) }

// offerAttributes suggests what the people have and an import carries by
// default.
func offerAttributes(w *wizard) offer {
	text, err := w.draft.configuration()
	if err != nil {
		return offer{}
	}
	cfg, _, err := config.DecodeExport(text, w.draft.folder)
	if err != nil {
		return offer{}
	}
	found, err := export.TakeInventory(w.ctx, w.dir, cfg, w.program.Progress("users read"))
	if err != nil {
		w.console.say("  " + err.Error())
		return offer{}
	}
	var names []string
	for _, a := range found.Attributes {
		if a.Import == export.CarriedDefault {
			names = append(names, a.Name)
		}
	}
	return offer{standard: strings.Join(names, "; ")}
}

func takeAttributes(w *wizard, text string) (any, error) {
	if text == "" {
		return nil, nil
	}
	names, err := w.draft.takeList("attributes", text)
	if err != nil {
		return nil, err
	}
	return names, w.known(names)
}
