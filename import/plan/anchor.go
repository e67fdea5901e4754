package plan

import (
	"slices"
	"strings"
	"time"

	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// anchorPrefix begins the value of an anchor attribute that holds text.
const anchorPrefix = "ad-user-sync:"

// AnchorText is the value for an anchor: ad-user-sync:<objectGUID>@<source
// domain>.
func AnchorText(anchor string, source *schema.Source) string {
	if source == nil {
		return anchorPrefix + anchor
	}
	return anchorPrefix + anchor + "@" + strings.ToLower(source.Domain)
}

// ParseAnchor reads the value of an anchor attribute: a text, or 16 bytes.
func ParseAnchor(value []byte) Anchor {
	if len(value) == 0 {
		return Anchor{}
	}
	if len(value) == len(adrules.GUID{}) && !strings.HasPrefix(string(value), anchorPrefix) {
		if guid, err := adrules.GUIDFromBytes(value); err == nil && !guid.IsZero() {
			return Anchor{ObjectGUID: guid.String()}
		}
	}
	rest, ours := strings.CutPrefix(string(value), anchorPrefix)
	anchor, domain, _ := strings.Cut(rest, "@")
	guid, err := adrules.ParseGUID(anchor)
	if !ours || err != nil || guid.IsZero() {
		return Anchor{Other: string(value)}
	}
	return Anchor{ObjectGUID: guid.String(), Domain: strings.ToLower(domain)}
}

// anchors reports whether accounts are recognised by their anchor; otherwise by CN,
// as the older tool does.
func (l *ledger) anchors() bool { return l.cfg.AnchorAttribute != "" && l.in.File.Anchored() }

// foreign reports whether the account is anchored for another source domain.
func (l *ledger) foreign(a *account) bool {
	source := l.in.File.Source
	return a.Anchor.Domain != "" && source != nil && !sameFold(a.Anchor.Domain, source.Domain) && !l.former(a)
}

// remembered is what the ledger knows of an account. An adoption that was only
// meant is not knowledge.
func (l *ledger) remembered(a *account) (known *Remembered, ok bool) {
	return &a.known, a.listed && (a.known.How != "" || a.known.Meant == "")
}

// confirmed reports whether the ledger confirms the anchor: an anchor alone proves
// nothing, since anybody who may write the attribute can copy one.
func (l *ledger) confirmed(a *account) bool {
	if a.listed {
		return a.Anchor.ObjectGUID == a.known.Anchor || a.Anchor.ObjectGUID == a.known.Meant
	}
	return l.meant(a.Anchor.ObjectGUID, a) && !l.vouchedFor()[a.Anchor.ObjectGUID]
}

// vouchedFor are the anchors of which the ledger knows an account that carries them.
func (l *ledger) vouchedFor() map[string]bool {
	if l.vouched == nil {
		l.vouched = map[string]bool{}
		for anchor, all := range l.index.byAnchor {
			l.vouched[anchor] = slices.ContainsFunc(all, func(a *account) bool {
				known, _ := l.remembered(a)
				return known.Anchor == anchor
			})
		}
	}
	return l.vouched
}

// meant reports whether a run meant to create an account for the person, and this
// one was made since (rule 5). A directory keeps full seconds.
func (l *ledger) meant(key string, a *account) bool {
	since, ok := l.in.Memory.Intended[key]
	return ok && key != "" && !a.Created.Before(since.Truncate(time.Second))
}

// managed reports whether the account is this tool's to keep.
func (l *ledger) managed(a *account) bool {
	if a.Class != "user" || l.foreign(a) {
		return false
	}
	known, ok := l.remembered(a)
	switch {
	case l.anchors() && a.Anchor.ObjectGUID != "":
		return l.confirmed(a)
	case l.anchors():
		return ok && known.Anchor == "" // of files without anchors
	case ok:
		return true
	case a.Anchor.ObjectGUID != "":
		return false // another person's, and it is not known whose
	}
	prefix := l.cfg.PrefixCommonNames
	return prefix != "" && strings.HasPrefix(a.CN, prefix)
}

// anchorChange writes the source anchor, where one is written and missing.
func (x *attributes) anchorChange(p *person) (change Change, ok bool) {
	if !x.ledger.anchors() || p.account != nil && p.account.Anchor.ObjectGUID == p.user.ObjectGUID && !x.ledger.former(p.account) {
		return change, false
	}
	change = Change{Attribute: x.cfg.AnchorAttribute, After: x.slabs.texts.list(AnchorText(p.user.ObjectGUID, x.in.File.Source))}
	if x.anchor.Binary {
		guid, _ := adrules.ParseGUID(p.user.ObjectGUID)
		change.After, change.Binary = []string{string(guid[:])}, true
	}
	return change, true
}
