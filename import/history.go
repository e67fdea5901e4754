package importer

import (
	"bytes"
	"errors"
	"maps"
	"slices"
	"time"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// history is what earlier imports left, by which an observation looks for what is not
// where it was.
type history struct {
	ledger  *Ledger // nil: nothing is looked for
	damaged error   // the ledger's, which counts as lost and is empty
	answers []schema.Resolution
	source  string // domain of the user file
	now     time.Time
}

// recall reads the ledger.
func (im *Import) recall(now time.Time) (history, error) {
	h := history{now: now}
	if im.Input != nil {
		h.source = sourceDomain(im.Input.File)
	}
	ledger, err := loadLedger(LedgerPath(im.Config.ResolutionsFile))
	if errors.Is(err, errDamaged) {
		im.Log.Warn().Err(err).Msg("the ledger counts as lost")
		ledger, h.damaged, err = emptyLedger(), err, nil
		ledger.lost = true
	}
	h.ledger = ledger
	return h, err
}

// answered counts the answers of earlier sessions, where there is no ledger.
func (h history) answered() int {
	if len(h.ledger.Containers) > 0 {
		return 0
	}
	return decided(h.answers)
}

// knows reports whether any container's record has the account.
func (h history) knows(account adrules.GUID) bool {
	for _, record := range h.ledger.Containers {
		if _, known := record.Accounts[account]; known {
			return true
		}
	}
	return false
}

// accounts are those that belong into a container, and those in containers that were
// left behind for it.
func (h history) accounts(container adrules.GUID) map[adrules.GUID]bool {
	list := map[adrules.GUID]bool{}
	for guid := range h.ledger.Containers[container].Accounts {
		list[guid] = true
	}
	for _, other := range h.others(container) {
		if other.left {
			for guid := range other.Accounts {
				list[guid] = true
			}
		}
	}
	return list
}

// otherRecord is that of another container.
type otherRecord struct {
	Record
	guid adrules.GUID
	left bool // behind, for the present one
}

// others are the containers that the ledger knows of the file's source domain,
// where it knows nothing of the present one (rule 07).
// Later these are the ones that were left behind when a person confirmed that, until
// an import into them comes again; that leaves behind what the imports went to
// meanwhile, unless both are seen to have imports of their own.
func (h history) others(container adrules.GUID) (list []otherRecord) {
	here, away := h.ledger.Containers[container], h.now.Sub(h.ledger.Containers[container].LeftBehind)
	for _, guid := range slices.SortedFunc(maps.Keys(h.ledger.Containers), func(a, b adrules.GUID) int { return bytes.Compare(a[:], b[:]) }) {
		record := h.ledger.Containers[guid]
		left := !record.LeftBehind.IsZero() || !here.LeftBehind.IsZero() && !(record.Back && away < plan.LeftToThemselves)
		if guid == container || h.ledger.known(container) && !left || !sameDomain(record.File.Domain, h.source) {
			continue
		}
		list = append(list, otherRecord{record, guid, left})
	}
	return list
}
