package resolutions

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"ad-user-sync/schema"
	"ad-user-sync/schema/format"
)

// Error lists what is wrong in a resolutions file.
type Error struct{ Faults []schema.Fault }

// Error lists all faults, one a line.
func (e *Error) Error() string { return schema.ListFaults("the resolutions file", e.Faults, false) }

var resolutionKinds = []string{schema.KindEnable, schema.KindDisable, schema.KindJoin, schema.KindLeave, schema.KindName, schema.KindAdopt, schema.KindCreate}

// Decode reads a resolutions file in its order, duplicates
// included. An error is a *Error.
func Decode(body []byte) ([]schema.Resolution, error) {
	d := &decoder{}
	body, _ = format.ToUTF8(body)
	root, faults := format.ReadTree(body)
	if d.faults = faults; root != nil {
		root.Doubles(nil, func(_ []string, _ *format.Member, _ format.Member, fault schema.Fault) {
			d.faults = append(d.faults, fault)
		})
	}
	if root != nil {
		d.document(root)
	}
	if len(d.faults) > 0 {
		return nil, &Error{Faults: d.faults[:min(len(d.faults), schema.MaxFaults)]}
	}
	return d.list, nil
}

type decoder struct {
	list   []schema.Resolution
	faults []schema.Fault
}

func (d *decoder) fault(n *format.Node, format string, values ...any) {
	d.faults = append(d.faults, schema.Fault{Line: n.Line, Text: fmt.Sprintf(format, values...)})
}

func (d *decoder) document(root *format.Node) {
	list := root.Get("resolutions")
	switch {
	case root.Kind != format.ObjectNode || list == nil || list.Kind != format.ListNode:
		d.fault(root, `it must be an object with a list "resolutions"`)
		return
	case len(root.Members) > 1:
		for _, m := range root.Members {
			if m.Name != "resolutions" && m.Name != "$schema" {
				d.fault(m.Value, "the key %s is not known beside resolutions", schema.Quoted(m.Name))
			}
		}
	}
	for i, entry := range list.Items {
		first := len(d.faults)
		d.list = append(d.list, d.entry(entry))
		for j := first; j < len(d.faults); j++ {
			d.faults[j].Text = fmt.Sprintf("entry %d: %s", i+1, d.faults[j].Text)
		}
	}
}

// entry reads one entry; one of an unknown type is kept as it is.
func (d *decoder) entry(n *format.Node) (r schema.Resolution) {
	kind := n.Get("type")
	if n.Kind != format.ObjectNode || kind == nil || kind.Kind != format.TextNode {
		d.fault(n, `it must be an object with a text "type"`)
		return r
	}
	if !slices.Contains(resolutionKinds, kind.Text) {
		return schema.Resolution{Unknown: json.RawMessage(n.JSON())}
	}
	for _, m := range n.Members {
		if m.Value.Kind != format.NullNode {
			d.member(&r, m)
		}
	}
	for _, key := range neededKeys(r.Type) {
		if v := n.Get(key); v == nil || v.Kind == format.TextNode && v.Text == "" {
			d.fault(n, "%s without %s", r.Type, key)
		}
	}
	return r
}

func neededKeys(kind string) []string {
	switch kind {
	case schema.KindJoin, schema.KindLeave:
		return []string{"user", "accept", "group"}
	case schema.KindName:
		return []string{"user", "accept", "name"}
	}
	return []string{"user", "accept"}
}

func (d *decoder) member(r *schema.Resolution, m format.Member) {
	texts := map[string]*string{
		"type": &r.Type, "user": &r.User, "group": &r.Group, "group_sid": &r.GroupSID, "name": &r.Name,
		"by": &r.By, "reason": &r.Reason, "new_name": &r.NewName,
	}
	truths := map[string]*bool{"accept": &r.Accept, "take_over_account": &r.TakeOver, "done": &r.Done}
	guids := map[string]*string{"anchor": &r.Anchor, "account": &r.Account, "container": &r.Container, "former_anchor": &r.FormerAnchor}
	switch {
	case texts[m.Name] != nil:
		*texts[m.Name] = d.text(m)
	case truths[m.Name] != nil:
		if m.Value.Kind != format.BoolNode {
			d.fault(m.Value, "%s must be true or false, not %s", m.Name, format.KindName(m.Value.Kind))
		}
		*truths[m.Name] = m.Value.Text == "true"
	case m.Name == "timestamp":
		r.Timestamp = d.time(m)
	case m.Name == "until":
		until := d.time(m)
		r.Until = &until
	case m.Name == "password":
		password := schema.Secret(d.text(m))
		r.Password = &password
	case guids[m.Name] != nil:
		if *guids[m.Name] = strings.ToLower(d.text(m)); m.Value.Text != "" && !schema.DashedGUID.MatchString(*guids[m.Name]) {
			d.fault(m.Value, "%s is not a GUID of the form 6f9619ff-8b86-d011-b42d-00cf4fc964ff", m.Name)
		}
	default:
		if r.Extra == nil {
			r.Extra = map[string]json.RawMessage{}
		}
		r.Extra[m.Name] = json.RawMessage(m.Value.JSON())
	}
}

func (d *decoder) text(m format.Member) string {
	if m.Value.Kind != format.TextNode {
		d.fault(m.Value, "%s must be text, not %s", m.Name, format.KindName(m.Value.Kind))
	}
	return m.Value.Text
}

func (d *decoder) time(m format.Member) time.Time {
	t, _, err := format.ParseTimestamp(d.text(m))
	if err != nil && m.Value.Kind == format.TextNode {
		d.fault(m.Value, "%s %s is %s", m.Name, schema.Quoted(m.Value.Text), err)
	}
	return t
}
