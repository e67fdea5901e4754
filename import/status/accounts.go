package status

import (
	"bytes"
	"cmp"
	"maps"
	"slices"
	"time"

	"ad-user-sync/import/ledger"
	"ad-user-sync/import/words"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// shownEnds is how many accounts that end next are listed.
const shownEnds = 20

// stays are the anchors of whom disabling was rejected, and that holds.
func stays(answers []schema.Resolution, now time.Time) map[string]bool {
	list := map[string]bool{}
	for _, r := range answers {
		if r.Type == schema.KindDisable && r.Anchor != "" {
			list[r.Anchor] = !r.Accept && (r.Until == nil || r.Until.After(now))
		}
	}
	return list
}

// accounts counts who is enabled, and lists whose end comes next, whose end is over,
// and who was disabled by the import, the latest first.
func accounts(record ledger.Record, stays map[string]bool, now time.Time) (enabled int, next, ended, disabled []schema.StatusAccount) {
	next, ended, disabled = []schema.StatusAccount{}, []schema.StatusAccount{}, []schema.StatusAccount{}
	byGUID := func(a, b adrules.GUID) int { return bytes.Compare(a[:], b[:]) }
	for _, guid := range slices.SortedFunc(maps.Keys(record.Accounts), byGUID) {
		known := record.Accounts[guid]
		end, ends := adrules.TimeFromFileTime(known.Expires)
		written := ends && known.Expires != 0 && !known.KeepsExpiry
		switch {
		case !known.Gone.IsZero():
		case known.Enabled:
			enabled++
			switch a := account(known, end); {
			case !written:
			case end.After(now):
				next = append(next, a)
			default:
				if stays[known.Anchor] {
					a.Reason, a.Code = "disabling was rejected", rejected
				}
				ended = append(ended, a)
			}
		case known.DisabledFor != "":
			a := account(known, known.DisabledAt)
			a.Reason, a.Code = words.OfReason(known.DisabledFor), string(known.DisabledFor)
			disabled = append(disabled, a)
		}
	}
	sooner := func(a, b schema.StatusAccount) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.User, b.User)) }
	slices.SortStableFunc(next, sooner)
	slices.SortStableFunc(ended, sooner)
	slices.SortStableFunc(disabled, func(a, b schema.StatusAccount) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.User, b.User)) })
	return enabled, next[:min(shownEnds, len(next))], ended, disabled
}

func account(known ledger.Account, at time.Time) schema.StatusAccount {
	return schema.StatusAccount{User: known.Seen.CN, AccountName: known.Seen.AccountName, DN: known.Seen.DN, At: at.UTC().Truncate(time.Second)}
}
