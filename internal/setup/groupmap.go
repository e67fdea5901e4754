package setup

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"ad-user-sync/schema/config"
)

// offerGroupMap suggests groups of the same name.
func offerGroupMap(w *wizard) offer {
	here := w.groups()
	same := map[string]any{}
	for _, g := range w.sourceGroups() {
		if i := slices.IndexFunc(here, func(h string) bool { return strings.EqualFold(h, g) }); i >= 0 {
			same[g] = here[i]
		}
	}
	o := offer{choices: choices(here), many: true}
	if len(same) > 0 {
		o.standard = inJSON(same)
	}
	return o
}

// askGroupMap asks for the groups of each group of the user file, then of everybody,
// and of other groups by their names.
func askGroupMap(w *wizard, o offer) (string, error) {
	suggested, err := w.groupMap(o.standard)
	if err != nil {
		return "", err
	}
	sources := w.sourceGroups()
	if len(sources) == 0 && w.incoming != nil {
		w.console.say("  the user file says of no one in which groups they are: search_groups of the export name those")
	}
	for source := range suggested {
		if source != "*" && !slices.Contains(sources, source) {
			sources = append(sources, source)
		}
	}
	slices.Sort(sources)
	sources = append(sources, "*")
	answers := suggested
	for i := 0; ; i++ {
		another := i >= len(sources)
		if another {
			source, err := w.console.line("another group of the source, as CN=name [none]: ")
			switch {
			case err != nil:
				return "", err
			case source == "<":
				i = len(sources) - 2
				continue
			case source == "" || strings.EqualFold(source, "none"):
				return mapText(answers), nil
			}
			sources = append(sources, source)
		}
		targets, err := w.askTargets(sources[i], answers[sources[i]], o)
		switch {
		case errors.Is(err, errBack) && another:
			sources, i = sources[:i], i-1
			continue
		case errors.Is(err, errBack) && i > 0:
			i -= 2
			continue
		case err != nil:
			return "", err
		}
		if delete(answers, sources[i]); len(targets) > 0 {
			answers[sources[i]] = targets
		}
	}
}

// mapText is what a person would write for a map.
func mapText(answers map[string][]string) string {
	if len(answers) == 0 {
		return "none"
	}
	all := map[string]any{}
	for source, targets := range answers {
		all[source] = oneOrMore(targets)
	}
	return inJSON(all)
}

// askTargets asks until every group that is named exists.
func (w *wizard) askTargets(source string, suggested []string, o offer) ([]string, error) {
	what, standard := "people of "+source+" into", strings.Join(suggested, "; ")
	if source == "*" {
		what = "everybody into"
	}
	for {
		text, err := w.console.line(what + " [" + orNone(standard) + "]: ")
		if err != nil {
			return nil, err
		}
		switch {
		case text == "<":
			return nil, errBack
		case text == "":
			text = standard
		}
		if text == "" || strings.EqualFold(text, "none") {
			return nil, nil
		}
		var targets []string
		if text, err = pick(text, o); err == nil {
			targets, err = w.draft.takeList("restricted_groups", text)
		}
		if err == nil {
			err = w.seeGroups(targets)
		}
		if err == nil || w.ctx.Err() != nil {
			return targets, err
		}
		w.console.say("  " + err.Error())
		w.console.hint(err)
	}
}

func oneOrMore(targets []string) any {
	if len(targets) == 1 {
		return targets[0]
	}
	return targets
}

func orNone(text string) string {
	if text == "" {
		return "none"
	}
	return text
}

// groupMap is the text of a map in all of its forms.
func (w *wizard) groupMap(text string) (map[string][]string, error) {
	all := map[string][]string{}
	if text == "" || strings.EqualFold(text, "none") {
		return all, nil
	}
	value, err := config.ParseValue(w.draft.document(), "group_map", text)
	if err != nil {
		return nil, err
	}
	switch m := value.(type) {
	case map[string]string:
		for source, target := range m {
			all[source] = []string{target}
		}
	case map[string]any:
		for source, targets := range m {
			all[source] = mapTargets(map[string]any{"": targets})
		}
	}
	return all, nil
}

func takeGroupMap(w *wizard, text string) (any, error) {
	if text == "" {
		return nil, nil
	}
	value, err := config.ParseValue(w.draft.document(), "group_map", text)
	if err != nil {
		return nil, err
	}
	targets := mapTargets(value)
	if len(targets) == 0 {
		return nil, errors.New(`write it as "CN=source: CN=target; CN=other: CN=target"`)
	}
	return value, w.seeGroups(targets)
}

// mapTargets are the groups that a group map leads to, each once.
func mapTargets(value any) []string {
	all := map[string]bool{}
	add := func(v any) {
		switch v := v.(type) {
		case string:
			all[v] = true
		case []any:
			for _, one := range v {
				all[fmt.Sprint(one)] = true
			}
		}
	}
	switch m := value.(type) {
	case map[string]string:
		for _, v := range m {
			add(v)
		}
	case map[string]any:
		for _, v := range m {
			add(v)
		}
	}
	return slices.Sorted(maps.Keys(all))
}
