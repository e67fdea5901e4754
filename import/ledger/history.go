package ledger

import (
	"bytes"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// History is what earlier imports left, by which an observation looks for what is not
// where it was.
type History struct {
	Ledger  *Ledger
	Damaged error // the ledger's, which counts as lost and is empty
	Answers []schema.Resolution
	Source  string // domain of the user file
	now     time.Time
}

// Recall reads the ledger that belongs to a resolutions file. One that is damaged
// counts as lost.
func Recall(resolutions, source string, now time.Time) (History, error) {
	h := History{Source: source, now: now}
	known, err := Load(Path(resolutions))
	if errors.Is(err, errDamaged) {
		known, h.Damaged, err = New(), err, nil
		known.lost = true
	}
	h.Ledger = known
	if err != nil {
		h.Ledger = New()
	}
	return h, err
}

// Answered counts the answers of earlier sessions, where there is no ledger.
func (h History) Answered() int {
	if len(h.Ledger.Containers) > 0 {
		return 0
	}
	return decided(h.Answers)
}

// Now is when it was recalled; zero for none.
func (h History) Now() time.Time { return h.now }

// Knows reports whether any container's record has the account.
func (h History) Knows(account adrules.GUID) bool {
	for _, record := range h.Ledger.Containers {
		if _, known := record.Accounts[account]; known {
			return true
		}
	}
	return false
}

// AccountsOf are those that belong into a container, and those in containers that were
// left behind for it.
func (h History) AccountsOf(container adrules.GUID) map[adrules.GUID]bool {
	list := map[adrules.GUID]bool{}
	own := h.Ledger.Containers[container]
	for guid := range own.Accounts {
		list[guid] = true
	}
	for guid := range own.AnchoredBefore {
		list[guid] = true
	}
	for _, other := range h.Others(container) {
		if other.Left {
			for guid := range other.Accounts {
				list[guid] = true
			}
		}
	}
	return list
}

// Groups are the SIDs of the groups that were mapped, by relative name.
func (h History) Groups(container adrules.GUID) map[string]string {
	return h.Ledger.Containers[container].Groups
}

// Unmapped are the groups that were taken out of group_map lately, given those that
// are in it.
func (h History) Unmapped(container adrules.GUID, mapped []plan.Group) []adrules.SID {
	record := h.Ledger.Containers[container]
	record.Groups = maps.Clone(record.Groups)
	record.Unmap(mapped, h.now)
	return slices.Sorted(maps.Keys(record.Unmapped))
}

// Other is that of another container.
type Other struct {
	Record
	GUID adrules.GUID
	Left bool // behind, for the present one
}

// Others are the containers that the ledger knows, of whatever source domain, where it
// knows nothing of the present one (rule 07).
// Later these are the ones that were left behind when a person confirmed that, until
// an import into them comes again; that leaves behind what the imports went to
// meanwhile, unless both are seen to have imports of their own. What was left behind stays
// so when the source domain changes.
func (h History) Others(container adrules.GUID) (list []Other) {
	here, away := h.Ledger.Containers[container], h.now.Sub(h.Ledger.Containers[container].LeftBehind)
	for _, guid := range slices.SortedFunc(maps.Keys(h.Ledger.Containers), func(a, b adrules.GUID) int { return bytes.Compare(a[:], b[:]) }) {
		record := h.Ledger.Containers[guid]
		left := !record.LeftBehind.IsZero() || !here.LeftBehind.IsZero() && !(record.Back && away < plan.LeftToThemselves)
		another := record.LeftBehind.IsZero() && !strings.EqualFold(record.File.Domain, h.Source)
		if guid == container || h.Ledger.Known(container) && (!left || another) {
			continue
		}
		list = append(list, Other{record, guid, left})
	}
	return list
}

// OtherSources are the source domains, other than the file's, from which imports into
// other containers accepted files.
func (h History) OtherSources(container adrules.GUID) (domains []string) {
	for guid, record := range h.Ledger.Containers {
		if domain := strings.ToLower(record.File.Domain); guid != container && domain != "" && !strings.EqualFold(domain, h.Source) && !slices.Contains(domains, domain) {
			domains = append(domains, domain)
		}
	}
	slices.Sort(domains)
	return domains
}

// Unknown are the accounts outside the container that no record of the ledger has.
func (h History) Unknown(obs *plan.Observation) []plan.Account {
	return slices.DeleteFunc(slices.Clone(obs.Elsewhere), func(a plan.Account) bool { return h.Knows(a.GUID) })
}

// decided counts the answers that a session of this program wrote. Who prepares a
// first run writes entries, too, that wait to be carried out, or name no one.
func decided(kept []schema.Resolution) (n int) {
	for i := range kept {
		if kept[i].By != "" && (!kept[i].Accept || kept[i].Done) { // else it may be prepared
			n++
		}
	}
	return n
}

// Of is the record of the container of a DN: the latest one, should the container have
// been deleted and made anew. Where no run of this version has said where a container
// is, the only one is meant.
func (l *Ledger) Of(container string) (record Record, found bool) {
	wanted, err := ad.ParseDN(container)
	for _, r := range l.Containers {
		dn, bad := ad.ParseDN(r.Path)
		here := err == nil && bad == nil && dn.Equal(wanted) || len(l.Containers) == 1 && r.Path == ""
		if here && (!found || r.Run.Started.After(record.Run.Started)) {
			record, found = r, true
		}
	}
	return record, found
}

// Meant are the records that may be of the container of a DN: its own, or else all.
func (l *Ledger) Meant(container string) []Record {
	if record, found := l.Of(container); found {
		return []Record{record}
	}
	return slices.Collect(maps.Values(l.Containers))
}

// OfSource reports whether any record is of files of a source domain.
func (l *Ledger) OfSource(domain string) bool {
	for _, r := range l.Containers {
		if domain != "" && strings.EqualFold(r.File.Domain, domain) {
			return true
		}
	}
	return false
}
