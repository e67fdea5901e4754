package ledger

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/internal/files"
	"ad-user-sync/schema"
)

// looksVersion is that of the file's format.
const looksVersion = 1

// Looks is the memory of imports that only look (observe), by the DN of the managed
// container. It is no ledger: whatever it says, it lets no import begin.
type Looks struct {
	Version    int             `json:"version"`
	Containers map[string]Look `json:"containers"`

	// Started has the imports that have begun since, as long as observe is in their configuration.
	Started map[string]Started `json:"started,omitempty"`
}

// Look is what is remembered of one container.
type Look struct {
	Since   time.Time            `json:"since"` // the first plan
	Files   []string             `json:"files"` // SHA-256 of the user files that a plan was made for
	File    AcceptedFile         `json:"file"`  // the last of them
	Run     RunMark              `json:"run"`
	Plan    string               `json:"plan"` // digest of the last plan
	Does    []string             `json:"does"` // what it would do unasked, in order: a digest, a blank, the kind, who and which group
	LeftOut map[string]time.Time `json:"left_out,omitempty"`

	// Standing has the accounts that carry an anchor while there is no ledger, by objectGUID,
	// each with how it stood (plan.Standings).
	Standing map[string]string `json:"standing,omitempty"`
}

// Started is when a person began an import that had only looked, for which plan, and
// what observe said then.
type Started struct {
	At      time.Time      `json:"at"`
	Plan    string         `json:"plan"`
	Domain  string         `json:"domain,omitempty"` // of the source
	Observe schema.Observe `json:"observe,omitzero"`
}

// LooksPath is the memory that belongs to a resolutions file.
func LooksPath(resolutions string) string {
	return strings.TrimSuffix(resolutions, ".json") + ".observed.json"
}

// LoadLooks reads the memory; one that does not exist is empty. With an error it is
// empty, too: it counts as lost, and looking begins anew.
func LoadLooks(path string) (Looks, error) {
	empty := Looks{Version: looksVersion, Containers: map[string]Look{}}
	data, err := files.ReadOwn(path, maxLedger)
	if errors.Is(err, fs.ErrNotExist) {
		return empty, nil
	}
	l := Looks{}
	if err == nil {
		err = json.Unmarshal(data, &l)
	}
	if err == nil && l.Version != looksVersion {
		err = fmt.Errorf("it has version %d, this program knows %d", l.Version, looksVersion)
	}
	if err == nil {
		err = l.checkTyped()
	}
	if err != nil {
		return empty, fmt.Errorf("read what was looked at so far, %s: %w", path, err)
	}
	if l.Containers == nil {
		l.Containers = map[string]Look{}
	}
	return l, nil
}

var (
	digestForm = regexp.MustCompile("^[0-9a-f]{64}$") // SHA-256
	runForm    = regexp.MustCompile("^[A-Z2-7]{26}$") // crypto/rand.Text
)

// checkTyped refuses what a person would be told to type, and no look wrote.
func (l Looks) checkTyped() error {
	for container, look := range l.Containers {
		switch {
		case look.Plan != "" && !digestForm.MatchString(look.Plan):
			return fmt.Errorf("the plan of %s is no digest", schema.Quoted(container))
		case look.Run.ID != "" && !runForm.MatchString(look.Run.ID):
			return fmt.Errorf("the run of %s is none", schema.Quoted(container))
		}
	}
	return nil
}

// Save replaces the memory.
func (l Looks) Save(path string) error {
	err := files.Replace(path, 0o600, func(w io.Writer) error {
		encoder := json.NewEncoder(w)
		encoder.SetIndent("", " ")
		return encoder.Encode(l)
	})
	if err != nil {
		return fmt.Errorf("keep what was looked at: %w", err)
	}
	return nil
}

// Forget keeps no more of a container, whatever it was called, and removes a memory of none.
func (l Looks) Forget(place, source, path string) error {
	delete(l.Containers, place)
	maps.DeleteFunc(l.Started, func(of string, s Started) bool {
		return of == place || source != "" && strings.EqualFold(s.Domain, source)
	})
	if len(l.Containers)+len(l.Started) == 0 {
		return os.Remove(path)
	}
	return l.Save(path)
}

// Begin keeps of a container that an import into it was started, and no more.
func (l Looks) Begin(place string, s Started, path string) error {
	delete(l.Containers, place)
	l.Started = maps.Clone(l.Started)
	if l.Started == nil {
		l.Started = map[string]Started{}
	}
	l.Started[place] = s
	return l.Save(path)
}

// PlaceOf is what a container is remembered under.
func PlaceOf(container string) string {
	dn, err := ad.ParseDN(container)
	if err != nil {
		return strings.ToLower(container)
	}
	return dn.Key()
}

// Over reports whether no run looks any more, and why.
func (l Look) Over(o schema.Observe, zone schema.TimeZone, now time.Time) (why string, over bool) {
	switch {
	case len(l.Files) >= o.Files:
		were := " were looked at"
		if len(l.Files) == 1 {
			were = " was looked at"
		}
		return schema.Plural(len(l.Files), "user file") + were, true
	case !now.Before(o.End(zone)):
		return "the last day was " + o.Until, true
	case !now.Before(l.Until(o, zone)):
		return fmt.Sprintf("%d days are over since the first look", schema.MostObserveDays), true
	}
	return "", false
}

// Until is when no run looks any more, however few files have come.
func (l Look) Until(o schema.Observe, zone schema.TimeZone) time.Time {
	end := o.End(zone)
	if most := l.Since.AddDate(0, 0, schema.MostObserveDays); !l.Since.IsZero() && most.Before(end) {
		return most
	}
	return end
}

// See remembers a plan, for whatever file, and how the accounts stood that only carry an
// anchor.
func (l Look) See(file AcceptedFile, run RunMark, p *plan.Plan, standings map[adrules.GUID]string) Look {
	if l.Since.IsZero() || l.Since.After(run.Started) { // it cannot have been then
		l.Since = run.Started
	}
	if !slices.Contains(l.Files, file.SHA256) {
		l.Files = append(slices.Clone(l.Files), file.SHA256)
	}
	l.File, l.Run, l.Plan, l.Does, l.Standing = file, run, p.Digest, deeds(p), nil
	if len(standings) > 0 {
		l.Standing = map[string]string{}
	}
	for guid, stands := range standings {
		l.Standing[guid.String()] = stands[:shortID]
	}
	return l
}

// Moved returns the objectGUIDs of accounts that stand otherwise than was seen, that are
// new, or no longer there.
func (l Look) Moved(standings map[adrules.GUID]string) []string {
	var moved []string
	for guid, stands := range standings {
		if l.Standing[guid.String()] != stands[:shortID] {
			moved = append(moved, guid.String())
		}
	}
	for guid := range l.Standing {
		if id, err := adrules.ParseGUID(guid); err != nil || standings[id] == "" {
			moved = append(moved, guid)
		}
	}
	slices.Sort(moved)
	return moved
}

const shortID = 16

// shortened is enough of each digest to tell one from another.
func shortened(named string) string {
	digests := strings.Fields(named)
	for i, d := range digests {
		digests[i] = d[:min(shortID, len(d))]
	}
	return strings.Join(digests, "+")
}

func deeds(p *plan.Plan) []string {
	list := []string{}
	for a := range plan.Each(p.Actions) {
		named := p.Named(a)
		if named == "" {
			continue
		}
		what := string(a.Kind) + " " + a.Person.CN
		if a.Group != nil {
			what += ": " + a.Group.CN
		}
		list = append(list, shortened(named)+" "+what)
	}
	slices.Sort(list)
	return list
}

// Changed says what a plan would do that the last one would not, what it would not do
// any more, and what it would do in another way, each by kind and person.
func (l Look) Changed(p *plan.Plan) (more, less, other []string) {
	before, now := byDeed(l.Does), byDeed(deeds(p))
	for what, ids := range now {
		switch known, ok := before[what]; {
		case !ok:
			more = append(more, what)
		case known != ids:
			other = append(other, what)
		}
	}
	for what := range before {
		if _, ok := now[what]; !ok {
			less = append(less, what)
		}
	}
	slices.Sort(more)
	slices.Sort(less)
	slices.Sort(other)
	return more, less, other
}

func byDeed(list []string) map[string]string {
	ids := map[string]string{}
	for _, deed := range list {
		id, what, _ := strings.Cut(deed, " ")
		ids[what] += id + " "
	}
	return ids
}
