package schema

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// EncodeResolutions writes a resolutions file. The password of an entry that
// was carried out is blanked; that of any other is written as it was read.
func EncodeResolutions(list []Resolution) ([]byte, error) {
	var out indented
	out.begin('{')
	out.key("resolutions")
	out.begin('[')
	for i := range list {
		out.item()
		if err := encodeResolution(&out, &list[i]); err != nil {
			return nil, fmt.Errorf("writing entry %d of the resolutions file: %w", i+1, err)
		}
	}
	out.end(']')
	out.end('}')
	return append(out.bytes, '\n'), nil
}

func encodeResolution(out *indented, r *Resolution) error {
	if r.Unknown != nil {
		return out.raw(r.Unknown)
	}
	out.begin('{')
	out.textMember("type", r.Type)
	out.textMember("user", r.User)
	out.optional("group", r.Group)
	out.optional("group_sid", r.GroupSID)
	out.optional("name", r.Name)
	out.key("accept")
	out.literal(r.Accept)
	out.time("timestamp", r.Timestamp)
	out.optional("anchor", r.Anchor)
	out.optional("account", r.Account)
	out.optional("former_anchor", r.FormerAnchor)
	out.optional("by", r.By)
	out.optional("reason", r.Reason)
	if r.Until != nil {
		out.time("until", *r.Until)
	}
	out.optional("new_name", r.NewName)
	out.flag("take_over_account", r.TakeOver)
	if r.Password != nil && r.Done {
		out.textMember("password", "")
	} else if r.Password != nil {
		out.textMember("password", r.Password.Reveal())
	}
	out.flag("done", r.Done)
	for _, key := range slices.Sorted(maps.Keys(r.Extra)) {
		out.key(key)
		if err := out.raw(r.Extra[key]); err != nil {
			return err
		}
	}
	out.end('}')
	return nil
}

func (b *indented) optional(name, value string) {
	if value != "" {
		b.textMember(name, value)
	}
}

func (b *indented) flag(name string, value bool) {
	if value {
		b.key(name)
		b.literal(true)
	}
}

func (b *indented) time(name string, t time.Time) {
	if !t.IsZero() {
		b.key(name)
		b.timestamp(t)
	}
}

// raw writes JSON text with this indentation.
func (b *indented) raw(text json.RawMessage) error {
	n, faults := readJSONTree(text)
	if len(faults) > 0 {
		return errors.New(faults[0].Text)
	}
	b.node(n)
	return nil
}

func (b *indented) node(n *node) {
	switch n.kind {
	case objectNode:
		b.begin('{')
		for _, m := range n.members {
			b.key(m.name)
			b.node(m.value)
		}
		b.end('}')
	case listNode:
		b.begin('[')
		for _, item := range n.items {
			b.item()
			b.node(item)
		}
		b.end(']')
	case textNode:
		b.quote(n.text)
	default:
		b.bytes = append(b.bytes, n.json()...)
	}
}
