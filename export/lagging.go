package export

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"time"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/internal/files"
)

// Who is missing from a file is disabled by the import. So a file must never be
// read from a controller that knows less than the one of the last file: who was
// made meanwhile, or moved in, would be missing.

// mark is how much the controller of the last file knew. It is kept beside the
// file.
type mark struct {
	Domain     string                 `json:"domain"`
	Controller string                 `json:"controller"`        // dnsHostName
	Database   adrules.GUID           `json:"database,omitzero"` // its invocationId
	Known      map[adrules.GUID]int64 `json:"known,omitempty"`   // by invocationId, its own too: the USN up to which it knew all
	Exported   time.Time              `json:"exported"`
}

const (
	markSuffix = ".controller"
	maxMark    = 1 << 20
	// unknownFor is how long a controller that does not tell what it has heard is
	// taken to know less.
	unknownFor = 24 * time.Hour
)

// MarkPath is where the mark of an export file is kept.
func MarkPath(path string) string { return path + markSuffix }

// lagging means that the controller knows less than that of the last file.
type lagging struct{ controller, text string }

func (l *lagging) Error() string { return l.text }

// readMark returns nil where there is none, as for standard output.
func readMark(path string) (*mark, error) {
	if path == "" {
		return nil, nil
	}
	data, err := files.ReadLimited(MarkPath(path), maxMark)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if errors.Is(err, fs.ErrPermission) {
		return nil, fmt.Errorf("the domain controller of the last file is kept in a file that cannot be read: %w", err)
	}
	m := &mark{}
	if err == nil {
		err = json.Unmarshal(data, m)
	}
	if err != nil {
		return nil, fmt.Errorf("read %s, which keeps the domain controller of the last file: %w; if it is damaged, delete it", MarkPath(path), err)
	}
	return m, nil
}

func (m *mark) write(path string) error {
	if path == "" {
		return nil
	}
	return files.Replace(MarkPath(path), 0o600, func(w io.Writer) error { return json.NewEncoder(w).Encode(m) })
}

// newMark is how much the controller knows now.
func newMark(ctx context.Context, dir Directory, now time.Time) (*mark, error) {
	here, err := ad.ReadReplica(ctx, dir)
	if err != nil {
		return nil, fmt.Errorf("read which domain controller this is: %w", err)
	}
	m := &mark{Domain: dir.Domain().Name, Controller: dir.Domain().Controller, Database: here.Database, Exported: now}
	if !here.Database.IsZero() {
		m.Known = maps.Clone(here.Heard)
		if m.Known == nil {
			m.Known = map[adrules.GUID]int64{}
		}
		m.Known[here.Database] = here.USN
	}
	return m, nil
}

// behind tells in which way a controller knows less than the last one did.
func (here *mark) behind(last *mark, path string) *lagging {
	if last == nil || last.Domain != here.Domain {
		return nil
	}
	const why = ": who is missing from its answer would be disabled by the import"
	wayOn := fmt.Sprintf("; the file of before stays. Export again once they have replicated, name %s first under \"servers\", or, should that controller be gone for good, delete %s", last.Controller, MarkPath(path))
	switch {
	case here.Database.IsZero() || last.Database.IsZero():
		if here.Controller == last.Controller || here.Exported.Sub(last.Exported) >= unknownFor {
			return nil
		}
		return &lagging{here.Controller, fmt.Sprintf("it cannot be told whether %s knows as much as %s did, which gave the last file (%s)%s%s",
			here.Controller, last.Controller, last.Exported.UTC().Format(time.RFC3339), why, wayOn)}
	case here.Database == last.Database && here.Known[here.Database] < last.Known[here.Database]:
		return &lagging{here.Controller, fmt.Sprintf("%s was restored from an old copy: it knows less than when it gave the last file (%s)%s%s",
			here.Controller, last.Exported.UTC().Format(time.RFC3339), why, wayOn)}
	case here.lacks(last):
		return &lagging{here.Controller, fmt.Sprintf("%s has not heard yet of all that %s knew when it gave the last file (%s)%s%s",
			here.Controller, last.Controller, last.Exported.UTC().Format(time.RFC3339), why, wayOn)}
	}
	return nil
}

// lacks compares what both know. A third controller that this one never heard of
// may be long gone.
func (here *mark) lacks(last *mark) bool {
	for database, usn := range last.Known {
		known, heard := here.Known[database]
		if known < usn && (heard || database == last.Database) {
			return true
		}
	}
	return false
}

// passOver goes on to the next controller where one lags, until one of them knows
// enough.
func passOver(ctx context.Context, dir Directory, again func() (Result, error), err error) (Result, error) {
	var over []string
	for seen := map[string]bool{}; ; {
		var l *lagging
		if !errors.As(err, &l) || seen[l.controller] {
			return Result{}, err
		}
		seen[l.controller] = true
		over = append(over, l.text)
		if dir.Failover(ctx) != nil {
			return Result{}, err
		}
		var result Result
		if result, err = again(); err == nil {
			for _, text := range over {
				result.Warnings = append(result.Warnings, "another domain controller was taken: "+text)
			}
			return result, nil
		}
	}
}
