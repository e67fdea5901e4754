package schema

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// ResolutionsError lists what is wrong in a resolutions file.
type ResolutionsError struct{ Faults []Fault }

// Error lists all faults, one a line.
func (e *ResolutionsError) Error() string { return listFaults("the resolutions file", e.Faults, false) }

var resolutionKinds = []string{KindEnable, KindDisable, KindJoin, KindLeave, KindName, KindAdopt, KindCreate}

// DecodeResolutions reads a resolutions file in its order, duplicates
// included. An error is a *ResolutionsError.
func DecodeResolutions(body []byte) ([]Resolution, error) {
	d := &resolutionsDecoder{}
	body, _ = toUTF8(body)
	root, faults := readJSONTree(body)
	if d.faults = faults; root != nil {
		root.doubles(nil, func(_ []string, _ *member, _ member, fault Fault) { d.faults = append(d.faults, fault) })
	}
	if root != nil {
		d.document(root)
	}
	if len(d.faults) > 0 {
		return nil, &ResolutionsError{Faults: d.faults[:min(len(d.faults), maxFaults)]}
	}
	return d.list, nil
}

type resolutionsDecoder struct {
	list   []Resolution
	faults []Fault
}

func (d *resolutionsDecoder) fault(n *node, format string, values ...any) {
	d.faults = append(d.faults, Fault{n.line, fmt.Sprintf(format, values...)})
}

func (d *resolutionsDecoder) document(root *node) {
	list := root.get("resolutions")
	switch {
	case root.kind != objectNode || list == nil || list.kind != listNode:
		d.fault(root, `it must be an object with a list "resolutions"`)
		return
	case len(root.members) > 1:
		for _, m := range root.members {
			if m.name != "resolutions" && m.name != "$schema" {
				d.fault(m.value, "the key %s is not known beside resolutions", quoted(m.name))
			}
		}
	}
	for i, entry := range list.items {
		first := len(d.faults)
		d.list = append(d.list, d.entry(entry))
		for j := first; j < len(d.faults); j++ {
			d.faults[j].Text = fmt.Sprintf("entry %d: %s", i+1, d.faults[j].Text)
		}
	}
}

// entry reads one entry; one of an unknown type is kept as it is.
func (d *resolutionsDecoder) entry(n *node) (r Resolution) {
	kind := n.get("type")
	if n.kind != objectNode || kind == nil || kind.kind != textNode {
		d.fault(n, `it must be an object with a text "type"`)
		return r
	}
	if !slices.Contains(resolutionKinds, kind.text) {
		return Resolution{Unknown: json.RawMessage(n.json())}
	}
	for _, m := range n.members {
		if m.value.kind != nullNode {
			d.member(&r, m)
		}
	}
	for _, key := range neededKeys(r.Type) {
		if v := n.get(key); v == nil || v.kind == textNode && v.text == "" {
			d.fault(n, "%s without %s", r.Type, key)
		}
	}
	return r
}

func neededKeys(kind string) []string {
	switch kind {
	case KindJoin, KindLeave:
		return []string{"user", "accept", "group"}
	case KindName:
		return []string{"user", "accept", "name"}
	}
	return []string{"user", "accept"}
}

func (d *resolutionsDecoder) member(r *Resolution, m member) {
	texts := map[string]*string{
		"type": &r.Type, "user": &r.User, "group": &r.Group, "group_sid": &r.GroupSID, "name": &r.Name,
		"by": &r.By, "reason": &r.Reason, "new_name": &r.NewName,
	}
	truths := map[string]*bool{"accept": &r.Accept, "take_over_account": &r.TakeOver, "done": &r.Done}
	guids := map[string]*string{"anchor": &r.Anchor, "account": &r.Account, "former_anchor": &r.FormerAnchor}
	switch {
	case texts[m.name] != nil:
		*texts[m.name] = d.text(m)
	case truths[m.name] != nil:
		if m.value.kind != boolNode {
			d.fault(m.value, "%s must be true or false, not %s", m.name, m.value.kind)
		}
		*truths[m.name] = m.value.text == "true"
	case m.name == "timestamp":
		r.Timestamp = d.time(m)
	case m.name == "until":
		until := d.time(m)
		r.Until = &until
	case m.name == "password":
		password := Secret(d.text(m))
		r.Password = &password
	case guids[m.name] != nil:
		if *guids[m.name] = strings.ToLower(d.text(m)); m.value.text != "" && !dashedGUID.MatchString(*guids[m.name]) {
			d.fault(m.value, "%s is not a GUID of the form 6f9619ff-8b86-d011-b42d-00cf4fc964ff", m.name)
		}
	default:
		if r.Extra == nil {
			r.Extra = map[string]json.RawMessage{}
		}
		r.Extra[m.name] = json.RawMessage(m.value.json())
	}
}

func (d *resolutionsDecoder) text(m member) string {
	if m.value.kind != textNode {
		d.fault(m.value, "%s must be text, not %s", m.name, m.value.kind)
	}
	return m.value.text
}

func (d *resolutionsDecoder) time(m member) time.Time {
	t, _, err := parseTimestamp(d.text(m))
	if err != nil && m.value.kind == textNode {
		d.fault(m.value, "%s %s is %s", m.name, quoted(m.value.text), err)
	}
	return t
}
