package importer

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"strings"
	"time"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/internal/files"
)

// ledgerVersion is that of the file's format.
const ledgerVersion = 1

// maxLedger bounds what is read: 100,000 accounts take about 30 MB.
const maxLedger = 256 << 20

// Ledger is the importer's own memory: per managed container, what was
// accepted and done. It holds no names and no passwords.
type Ledger struct {
	Version    int                     `json:"version"`
	Containers map[adrules.GUID]Record `json:"containers"`
}

// Record is the memory of one managed container.
type Record struct {
	File     AcceptedFile             `json:"file"`
	Run      RunMark                  `json:"run"`
	Finished bool                     `json:"finished"` // a first run has finished
	Accounts map[adrules.GUID]Account `json:"accounts"`
	Intended map[string]time.Time     `json:"intended,omitempty"` // anchors that a run meant to create
	Groups   map[string]string        `json:"groups,omitempty"`   // SIDs of mapped groups, by configured name
	Recent   []Recent                 `json:"recent,omitempty"`
}

// AcceptedFile is the last user file that passed all guards.
type AcceptedFile struct {
	SHA256   string    `json:"sha256"`
	Newest   time.Time `json:"newest"` // newest timestamp ever accepted
	Domain   string    `json:"domain"`
	Scope    string    `json:"scope"`
	Searches []string  `json:"searches,omitempty"`
	Signed   bool      `json:"signed"`
	Complete bool      `json:"complete"`
	Anchored bool      `json:"anchored"`
}

// RunMark is the last run that wrote.
type RunMark struct {
	ID         string    `json:"id"`
	Controller string    `json:"controller"`
	Started    time.Time `json:"started"`
	Finished   bool      `json:"finished"`
}

// Account is what is remembered of one managed account. The meant values are
// written before the directory is, so that a run that is killed leaves no doubt.
type Account struct {
	Anchor       string      `json:"anchor,omitempty"`
	How          string      `json:"how"`
	Expires      int64       `json:"expires,omitempty"` // accountExpires last written
	MeantExpires int64       `json:"meant_expires,omitempty"`
	DisabledFor  plan.Reason `json:"disabled_for,omitempty"`
	MeantDisable plan.Reason `json:"meant_disable,omitempty"`
	DisabledAt   time.Time   `json:"disabled_at,omitzero"`
	WasEnabled   bool        `json:"was_enabled,omitempty"`
}

// Recent counts what was done to accounts at one time, for the brakes.
type Recent struct {
	At       time.Time         `json:"at"`
	Accounts map[plan.Kind]int `json:"accounts"`
}

// LedgerPath is the ledger that belongs to a resolutions file.
func LedgerPath(resolutions string) string {
	return strings.TrimSuffix(resolutions, ".json") + ".state.json"
}

// loadLedger reads the ledger; one that does not exist is empty.
func loadLedger(path string) (*Ledger, error) {
	empty := &Ledger{Version: ledgerVersion, Containers: map[adrules.GUID]Record{}}
	data, err := files.ReadLimited(path, maxLedger)
	if errors.Is(err, fs.ErrNotExist) {
		return empty, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the ledger %s: %w", path, err)
	}
	l := &Ledger{}
	if err := json.Unmarshal(data, l); err != nil {
		return nil, fmt.Errorf("read the ledger %s: %w", path, err)
	}
	if l.Version != ledgerVersion {
		return nil, fmt.Errorf("read the ledger %s: its version is %d, this program knows %d", path, l.Version, ledgerVersion)
	}
	if l.Containers == nil {
		l.Containers = map[adrules.GUID]Record{}
	}
	return l, nil
}

func (l *Ledger) save(path string) error {
	err := files.Replace(path, 0o600, func(w io.Writer) error {
		encoder := json.NewEncoder(w)
		encoder.SetIndent("", " ")
		return encoder.Encode(l)
	})
	if err != nil {
		return fmt.Errorf("write the ledger %s: %w", path, err)
	}
	return nil
}

// known tells whether the ledger has a record of the container.
func (l *Ledger) known(container adrules.GUID) bool {
	_, ok := l.Containers[container]
	return ok
}

// record gives a copy to work on.
func (l *Ledger) record(container adrules.GUID) Record {
	r := l.Containers[container]
	r.Accounts = maps.Clone(r.Accounts)
	if r.Accounts == nil {
		r.Accounts = map[adrules.GUID]Account{}
	}
	r.Intended = maps.Clone(r.Intended)
	if r.Intended == nil {
		r.Intended = map[string]time.Time{}
	}
	r.Groups = maps.Clone(r.Groups)
	if r.Groups == nil {
		r.Groups = map[string]string{}
	}
	return r
}

// reconcile settles, from what is seen now, what a run that was killed had
// carried out of what it meant to do.
func (r *Record) reconcile(accounts []plan.Account) {
	for i := range accounts {
		a := &accounts[i]
		known, ok := r.Accounts[a.GUID]
		if !ok {
			continue
		}
		if known.MeantExpires != 0 && a.Expires == known.MeantExpires {
			known.Expires = known.MeantExpires
		}
		if a.Enabled() {
			known.WasEnabled, known.DisabledFor = true, ""
		} else if known.MeantDisable != "" {
			known.DisabledFor = known.MeantDisable
		}
		known.MeantExpires, known.MeantDisable = 0, ""
		r.Accounts[a.GUID] = known
	}
}

// memory is what the plan is told.
func (r *Record) memory(now time.Time) plan.Memory {
	m := plan.Memory{Accounts: map[adrules.GUID]plan.Remembered{}, Intended: r.Intended,
		Finished: r.Finished, Recent: map[plan.Kind]int{}}
	for guid, a := range r.Accounts {
		m.Accounts[guid] = plan.Remembered{Anchor: a.Anchor, How: a.How, Expires: a.Expires,
			DisabledFor: a.DisabledFor, DisabledAt: a.DisabledAt, WasEnabled: a.WasEnabled}
	}
	for _, recent := range r.Recent {
		if now.Sub(recent.At) < 24*time.Hour {
			for kind, n := range recent.Accounts {
				m.Recent[kind] += n
			}
		}
	}
	return m
}
