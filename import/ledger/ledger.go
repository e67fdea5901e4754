package ledger

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	streamed "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	v1 "github.com/go-json-experiment/json/v1"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/internal/files"
)

// ledgerVersion is that of the file's format, oldestLedger the first that is read. What a
// person decided is kept by version 4 only: an older program would save without it.
const (
	ledgerVersion = 4
	oldestLedger  = 1
)

// errDamaged is what a ledger is that counts as lost. One that may not be read, or
// that a newer program wrote, is not: it stays untouched, and nothing is done.
var errDamaged = errors.New("it is damaged")

// maxLedger bounds what is read: 100,000 accounts take about 30 MB.
const maxLedger = 1 << 30

// Ledger is the importer's own memory: per managed container, what was
// accepted and done, and where each account was seen last. It holds no passwords.
type Ledger struct {
	Version    int                     `json:"version"`
	Containers map[adrules.GUID]Record `json:"containers"`

	lost bool // it stands for a file that could not be read
}

// People is how many accounts it knows.
func (l *Ledger) People() (n int) {
	for _, record := range l.Containers {
		n += len(record.Accounts)
	}
	return n
}

// Record is the memory of one managed container.
type Record struct {
	Path        string                     `json:"path,omitempty"` // DN of the container, as a run saw it last
	File        AcceptedFile               `json:"file"`
	Run         RunMark                    `json:"run"`
	Controllers []Controller               `json:"controllers,omitempty"` // that were written through
	Finished    bool                       `json:"finished"`              // a first run has finished
	Accounts    Accounts                   `json:"accounts"`
	Intended    map[string]time.Time       `json:"intended,omitempty"`   // people a run meant to create, by anchor or digest of the CN
	Groups      map[string]string          `json:"groups,omitempty"`     // SIDs of mapped groups, by configured name
	LeftBehind  time.Time                  `json:"left_behind,omitzero"` // since when an import into another container goes on without this one
	Back        bool                       `json:"back,omitempty"`       // an import into it came again after that
	Deleted     map[adrules.GUID]time.Time `json:"deleted,omitempty"`    // accounts that were taken for deleted, when, or when one was seen again last
	Made        map[string]int             `json:"made,omitempty"`       // how many accounts were made, by digest of the CN
	Names       map[string]plan.FormerName `json:"names,omitempty"`      // lower-case account names and UPNs that accounts had
	Consents    bool                       `json:"consents,omitempty"`   // who agreed to joins is recorded
	Unmapped    map[adrules.SID]time.Time  `json:"unmapped,omitempty"`   // groups that were taken out of group_map, since when
	Recent      []Recent                   `json:"recent,omitempty"`
	Owed        *Owed                      `json:"owed,omitempty"`    // what the first run had free and could not do
	Asked       plan.Asked                 `json:"asked,omitempty"`   // joins that wait for a person
	Waiting     []Waiting                  `json:"waiting,omitempty"` // questions that do
	Used        []string                   `json:"used,omitempty"`    // overrides: digests of files and plans
	GivenTime   []GivenTime                `json:"given_time,omitempty"`
	MeantTime   *GivenTime                 `json:"meant_time,omitempty"` // of the accounts with Account.MeantGiven
	Answered    map[string]Answered        `json:"answered,omitempty"`   // consents that were carried out lately, by ID of the question

	AnchoredBefore map[adrules.GUID]string    `json:"anchored_before,omitempty"` // anchors that accounts carried when the ledger was lost: asked about until they are known
	AnchoredGone   map[adrules.GUID]time.Time `json:"anchored_gone,omitempty"`   // of these, since when they are seen nowhere

	Tabled []Tabled `json:"tabled,omitempty"` // rows of a table of match, until a first run has finished

	LeftOut map[string]time.Time `json:"left_out,omitempty"` // values of the file that are left out, since when

	Answers int `json:"answers,omitempty"` // in the resolutions file, as a run saw it last

	AnchorAttribute string `json:"anchor_attribute,omitempty"` // that holds the anchors

	Started *Started `json:"started,omitempty"` // by a person, after the import had only looked

	Released map[plan.Kind]map[string]bool `json:"-"` // whom a person let go in this run; they are not counted

	meant bool // the last of Recent is what this run means to do
}

// AcceptedFile is the last user file that passed all guards.
type AcceptedFile struct {
	SHA256     string    `json:"sha256"`
	Newest     time.Time `json:"newest"` // newest timestamp ever accepted
	Domain     string    `json:"domain"`
	Scope      string    `json:"scope"`
	Searches   []string  `json:"searches,omitempty"`
	Controller string    `json:"controller,omitempty"` // of the source domain, that was read
	Signed     bool      `json:"signed"`
	Complete   bool      `json:"complete"`
	Anchored   bool      `json:"anchored"`
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
	Anchor        string       `json:"anchor,omitempty"`
	Domain        string       `json:"domain,omitempty"`       // of the source, that the anchor named when it was written, or seen first
	MeantAnchor   string       `json:"meant_anchor,omitempty"` // of an adoption
	MeantKeeps    *plan.Keeps  `json:"meant_keeps,omitempty"`
	How           string       `json:"how,omitempty"`
	Adopted       time.Time    `json:"adopted,omitzero"`  // when an action took it over; older ledgers do not say
	Expires       int64        `json:"expires,omitempty"` // accountExpires last written
	MeantExpires  int64        `json:"meant_expires,omitempty"`
	FormerExpires []int64      `json:"former_expires,omitempty"` // written before that
	Given         *plan.Given  `json:"given,omitempty"`          // by a person, while no file came
	MeantGiven    *plan.Given  `json:"meant_given,omitempty"`
	KeepsExpiry   bool         `json:"keeps_expiry,omitempty"` // the end it had when it was taken over
	FirstEnd      int64        `json:"first_end,omitempty"`    // which no lease brings forward
	Source        *plan.Source `json:"source,omitempty"`       // what the file had then, as long as names or values are kept
	DisabledFor   plan.Reason  `json:"disabled_for,omitempty"`
	MeantDisable  plan.Reason  `json:"meant_disable,omitempty"`
	DisabledAt    time.Time    `json:"disabled_at,omitzero"`
	WasEnabled    bool         `json:"was_enabled,omitempty"`
	Enabled       bool         `json:"enabled,omitempty"`       // at the last sight of it that can be trusted, or by an action since
	Made          time.Time    `json:"made,omitzero"`           // when this program created it,
	Through       string       `json:"through,omitempty"`       // and through which controller
	Seen          plan.Sight   `json:"seen,omitzero"`           // as a run saw it last
	Gone          time.Time    `json:"gone,omitzero"`           // since when it is seen nowhere
	Joined        plan.Joins   `json:"joined,omitempty"`        // mapped groups that a run put it into
	PasswordAt    time.Time    `json:"password_at,omitzero"`    // when a person gave it a new password last,
	PasswordBy    string       `json:"password_by,omitempty"`   // and who
	DeniesChange  bool         `json:"denies_change,omitempty"` // of the password, by entries that this program wrote
}

// Recent is whom was acted on unasked at one time, for the limits.
type Recent struct {
	At     time.Time              `json:"at"`
	People map[plan.Kind][]string `json:"people"` // by plan.Person.Trace

	Disabled []string                 `json:"disabled,omitempty"` // of these, what was surely done
	Left     map[string][]adrules.SID `json:"left,omitempty"`
}

// Path is the ledger that belongs to a resolutions file.
func Path(resolutions string) string {
	return strings.TrimSuffix(resolutions, ".json") + ".state.json"
}

// LockWait is how long a run waits for another one to end (rule 24).
const LockWait = 60 * time.Second

// LockPath is the lock that a run takes before it reads either.
func LockPath(resolutions string) string { return resolutions + ".lock" }

// SessionPrefix begins the names of the marks by which approval sessions that use the
// same resolutions file know of each other.
func SessionPrefix(resolutions string) string { return resolutions + ".session-" }

func New() *Ledger {
	return &Ledger{Version: ledgerVersion, Containers: map[adrules.GUID]Record{}}
}

// IsSound reports whether the ledger at path, or that there is none, can be
// used. Check says why not.
func IsSound(path string) bool {
	_, err := Load(path)
	return err == nil
}

// Load reads the ledger; one that does not exist is empty.
func Load(path string) (*Ledger, error) {
	data, err := files.ReadOwn(path, maxLedger)
	if errors.Is(err, fs.ErrNotExist) {
		return New(), nil
	}
	if errors.Is(err, files.ErrEmpty) {
		return nil, fmt.Errorf("read the ledger %s: %w: it is empty", path, errDamaged)
	}
	if err != nil {
		return nil, fmt.Errorf("read the ledger: %w. It is not lost, so that --accept-file is of no use: let this user read and change it, as docs/operation.md says under \"Two users of one machine\"", err)
	}
	version := struct{ Version int }{}
	if err := v1.Unmarshal(data, &version); err != nil {
		return nil, fmt.Errorf("read the ledger %s: %w: %w", path, errDamaged, err)
	}
	switch {
	case version.Version > ledgerVersion:
		return nil, fmt.Errorf("read the ledger %s: a newer program wrote it (version %d, this one knows %d). Use that program; the ledger is left as it is", path, version.Version, ledgerVersion)
	case version.Version < oldestLedger:
		return nil, fmt.Errorf("read the ledger %s: %w: it names no version", path, errDamaged)
	}
	l := &Ledger{}
	if err := v1.Unmarshal(data, l); err != nil {
		return nil, fmt.Errorf("read the ledger %s: %w: %w", path, errDamaged, err)
	}
	if l.Version < codesSince {
		l.speakCodes()
	}
	l.Version = ledgerVersion
	if l.Containers == nil {
		l.Containers = map[adrules.GUID]Record{}
	}
	return l, nil
}

// Save replaces the ledger, in the form of encoding/json, which would have all of it in
// memory. One that could not be read is kept beside it, since
// it may know other containers.
func (l *Ledger) Save(path string) error {
	if l.lost {
		if err := os.Rename(path, path+".unreadable"); err != nil {
			return fmt.Errorf("keep the unreadable ledger %s: %w", path, err)
		}
		l.lost = false
	}
	err := files.Replace(path, 0o600, func(w io.Writer) error {
		if err := streamed.MarshalWrite(w, l, v1.DefaultOptionsV1(), jsontext.WithIndent(" ")); err != nil {
			return err
		}
		_, err := w.Write([]byte{'\n'})
		return err
	})
	if err != nil {
		return fmt.Errorf("the ledger: %w", err)
	}
	return nil
}

// Known reports whether the ledger has a record of the container.
func (l *Ledger) Known(container adrules.GUID) bool {
	_, ok := l.Containers[container]
	return ok
}

// codesSince is the first version of the ledger whose reasons are codes. Those
// before held sentences.
const codesSince = 3

// sentences are all that an older ledger may hold.
var sentences = map[plan.Reason]plan.Reason{
	"missing in file":    plan.MissingInFile,
	"disabled in source": plan.DisabledInSource,
	"taken over":         plan.TakenOver,
}

// speakCodes puts codes for the sentences. One that is not known stays, and counts
// as every other reason of this program.
func (l *Ledger) speakCodes() {
	for _, r := range l.Containers {
		for guid, known := range r.Accounts {
			for _, why := range []*plan.Reason{&known.DisabledFor, &known.MeantDisable} {
				if code, ok := sentences[*why]; ok {
					*why = code
				}
			}
			r.Accounts[guid] = known
		}
	}
}
