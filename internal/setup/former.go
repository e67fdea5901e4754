package setup

import (
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"ad-user-sync/internal/files"
	"ad-user-sync/schema/config"
)

// unfinished is where the answers of a conversation are kept that was ended early.
func (d *draft) unfinished() string {
	return strings.TrimSuffix(d.path, filepath.Ext(d.path)) + ".answers.yaml"
}

// remember takes the answers of an earlier configuration, which may be unfinished.
func (d *draft) remember(path string) error {
	if path == "" {
		return nil
	}
	if err := d.program.Private(path); err != nil {
		return err
	}
	former, err := config.Read(path)
	if err != nil {
		return UsageError{fmt.Errorf("--from: %w", err)}
	}
	d.former = former
	return nil
}

// keep writes down what was answered so far, and reports whether there is anything.
func (d *draft) keep() (bool, error) {
	if len(d.items) == 0 {
		return false, nil
	}
	text, err := d.configuration()
	if err != nil {
		return false, err
	}
	return true, replace(d.unfinished(), text)
}

// before is the value that a key had, nil for none.
func (d *draft) before(key string) any {
	var value any = d.former
	for step := range strings.SplitSeq(key, ".") {
		object, _ := value.(map[string]any)
		value = object[step]
	}
	return value
}

// answered is the value that a key had as a person would write it, "" for none.
func (d *draft) answered(key string) string {
	switch value := d.before(key).(type) {
	case nil:
		return ""
	case string:
		return value
	case []any:
		if len(value) == 0 {
			return ""
		}
		if text, plain := plainList(value); plain {
			return text
		}
		return inJSON(value)
	case map[string]any:
		if len(value) == 0 {
			return ""
		}
		return inJSON(value)
	default:
		return fmt.Sprint(value)
	}
}

// leftEmpty reports whether an earlier configuration has a key empty or null, which may
// mean something else than its default does. How to connect is found anew.
func (d *draft) leftEmpty(q question) bool {
	if q.key == "" || q.chosen || strings.HasPrefix(q.key, "directory.") || !d.has(q.key) {
		return false
	}
	switch value := d.before(q.key).(type) {
	case nil:
		return true
	case string:
		return value == ""
	case []any:
		return len(value) == 0
	case map[string]any:
		return len(value) == 0
	}
	return false
}

// has reports whether an earlier configuration has a key, with whatever value.
func (d *draft) has(key string) bool {
	object := d.former
	parent, name, nested := strings.Cut(key, ".")
	if nested {
		object, _ = d.former[parent].(map[string]any)
	} else {
		name = key
	}
	_, is := object[name]
	return is
}

func plainList(values []any) (string, bool) {
	texts := make([]string, len(values))
	for i, v := range values {
		text, is := v.(string)
		if !is || strings.ContainsAny(text, ";[") {
			return "", false
		}
		texts[i] = text
	}
	return strings.Join(texts, "; "), true
}

func inJSON(value any) string {
	text, err := json.Marshal(value)
	if err != nil { // not reachable: it was read from a document
		panic(err)
	}
	return string(text)
}

// takeOthers keeps the keys of the earlier configuration that no question is about.
func (d *draft) takeOthers(questions []question) {
	asked := map[string]bool{}
	for _, q := range questions {
		asked[q.key] = true
		parent, _, nested := strings.Cut(q.key, ".")
		asked[parent] = asked[parent] || nested
	}
	for _, key := range slices.Sorted(maps.Keys(d.former)) {
		object, nested := d.former[key].(map[string]any)
		switch {
		case !asked[key]:
			d.putOther(key, d.former[key])
		case nested && !slices.ContainsFunc(questions, func(q question) bool { return q.key == key }):
			for _, name := range slices.Sorted(maps.Keys(object)) {
				if !asked[key+"."+name] {
					d.putOther(key+"."+name, object[name])
				}
			}
		}
	}
}

func (d *draft) putOther(key string, value any) {
	if _, given := d.given[key]; !given && d.value(key) == nil {
		d.put(key, value, "")
	}
}

// offerUnfinished tells of answers that an earlier conversation left.
func (w *wizard) offerUnfinished() {
	if path := w.draft.unfinished(); w.draft.former == nil && files.Exists(path) {
		w.console.say(fmt.Sprintf("Answers of a conversation that was ended are in %s; --from %s takes them as defaults.", path, filepath.Base(path)))
	}
}
