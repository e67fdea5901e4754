package plan

import (
	"strings"
	"time"

	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// stampPrefix begins every stamp in a text attribute.
const stampPrefix = "ad-user-sync:"

// StampText is the stamp of a source anchor: ad-user-sync:<objectGUID>@<source
// domain>.
func StampText(anchor string, source *schema.Source) string {
	if source == nil {
		return stampPrefix + anchor
	}
	return stampPrefix + anchor + "@" + strings.ToLower(source.Domain)
}

// ParseStamp reads the value of an anchor attribute: a text, or 16 bytes.
func ParseStamp(value []byte) Stamp {
	if len(value) == 0 {
		return Stamp{}
	}
	if len(value) == len(adrules.GUID{}) && !strings.HasPrefix(string(value), stampPrefix) {
		if guid, err := adrules.GUIDFromBytes(value); err == nil && !guid.IsZero() {
			return Stamp{Anchor: guid.String()}
		}
	}
	rest, ours := strings.CutPrefix(string(value), stampPrefix)
	anchor, domain, _ := strings.Cut(rest, "@")
	guid, err := adrules.ParseGUID(anchor)
	if !ours || err != nil || guid.IsZero() {
		return Stamp{Other: string(value)}
	}
	return Stamp{Anchor: guid.String(), Domain: strings.ToLower(domain)}
}

// stamps reports whether accounts are recognised by their stamp; otherwise by CN,
// as the older tool does.
func (m *maker) stamps() bool { return m.cfg.AnchorAttribute != "" && m.in.File.Anchored() }

// foreign reports whether the account is stamped for another source domain.
func (m *maker) foreign(a *Account) bool {
	source := m.in.File.Source
	return a.Stamp.Domain != "" && source != nil && !sameFold(a.Stamp.Domain, source.Domain)
}

// remembered is what the ledger knows of an account. An adoption that was only
// meant is no knowledge.
func (m *maker) remembered(a *Account) (known Remembered, ok bool) {
	known, ok = m.in.Memory.Accounts[a.GUID]
	return known, ok && (known.How != "" || known.Meant == "")
}

// confirmed reports whether the ledger bears the stamp out: a stamp alone proves
// nothing, since anybody who may write the attribute can copy one.
func (m *maker) confirmed(a *Account) bool {
	if known, ok := m.in.Memory.Accounts[a.GUID]; ok {
		return a.Stamp.Anchor == known.Anchor || a.Stamp.Anchor == known.Meant
	}
	return !m.index.remembered[a.Stamp.Anchor] && m.meant(a.Stamp.Anchor, a)
}

// meant reports whether a run meant to create an account for somebody, and this
// one was made since (rule 5). A directory keeps whole seconds.
func (m *maker) meant(key string, a *Account) bool {
	since, ok := m.in.Memory.Intended[key]
	return ok && key != "" && !a.Created.Before(since.Truncate(time.Second))
}

// managed reports whether the account is this tool's to keep.
func (m *maker) managed(a *Account) bool {
	if a.Class != "user" || m.foreign(a) {
		return false
	}
	known, ok := m.remembered(a)
	switch {
	case m.stamps() && a.Stamp.Anchor != "":
		return m.confirmed(a)
	case m.stamps():
		return ok && known.Anchor == "" // of files without anchors
	case ok:
		return true
	case a.Stamp.Anchor != "":
		return false // somebody's, and nobody knows whose
	}
	prefix := m.cfg.PrefixCommonNames
	return prefix != "" && strings.HasPrefix(a.CN, prefix)
}

// stampChange writes the source anchor, where one is written and missing.
func (m *maker) stampChange(p *person) []Change {
	if !m.stamps() || (p.account != nil && p.account.Stamp.Anchor == p.user.ObjectGUID) {
		return nil
	}
	change := Change{Attribute: m.cfg.AnchorAttribute, After: []string{StampText(p.user.ObjectGUID, m.in.File.Source)}}
	if m.schemaOf(m.cfg.AnchorAttribute).Binary {
		guid, _ := adrules.ParseGUID(p.user.ObjectGUID)
		change.After, change.Binary = []string{string(guid[:])}, true
	}
	return []Change{change}
}
