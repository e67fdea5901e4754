package importer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"time"

	"ad-user-sync/import/ledger"
	"ad-user-sync/import/plan"
	"ad-user-sync/import/report"
	"ad-user-sync/import/words"
	"ad-user-sync/internal/files"
	"ad-user-sync/schema"
	"ad-user-sync/schema/resolutions"
)

// maxResolutions bounds what is read.
const maxResolutions = 64 << 20

// LoadResolutions reads the resolutions file; one that does not exist is empty.
func LoadResolutions(path string) ([]schema.Resolution, error) {
	data, err := files.ReadOwn(path, maxResolutions)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if errors.Is(err, files.ErrEmpty) {
		return nil, fmt.Errorf("%w: resolutions file %s: it is empty. Put it back from a backup, or delete it: then nothing is answered, and what was rejected is asked, or done, again", ErrConfiguration, path)
	}
	if err != nil {
		return nil, fmt.Errorf("read the resolutions file %s: %w", path, err)
	}
	list, err := resolutions.Decode(data)
	if err != nil {
		return nil, fmt.Errorf("%w: resolutions file %s: %w", ErrConfiguration, path, err)
	}
	return list, nil
}

// SaveResolutions replaces the resolutions file.
func SaveResolutions(path string, list []schema.Resolution) error {
	data, err := resolutions.Encode(list)
	if err != nil {
		return fmt.Errorf("the resolutions file: %w", err)
	}
	err = files.Replace(path, 0o600, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
	if err != nil {
		return fmt.Errorf("the resolutions file: %w", err)
	}
	return nil
}

// Forget drops the entries that match, and tells how many there were.
func Forget(ctx context.Context, path string, match func(schema.Resolution) bool) (int, error) {
	unlock, err := files.Lock(ctx, ledger.LockPath(path), ledger.LockWait)
	if err != nil {
		return 0, err
	}
	defer unlock()
	list, err := LoadResolutions(path)
	if err != nil {
		return 0, err
	}
	rest := slices.DeleteFunc(slices.Clone(list), func(r schema.Resolution) bool { return r.Unknown == nil && match(r) })
	if len(rest) == len(list) {
		return 0, nil
	}
	return len(list) - len(rest), SaveResolutions(path, rest)
}

// checkFuture refuses accepted entries that claim to be from the future: an
// old file with one could never be outdated (rule 28).
func checkFuture(list []schema.Resolution, now time.Time) error {
	for _, r := range list {
		if r.Accept && r.Timestamp.Sub(now) > unzonedTolerance {
			return fmt.Errorf("%w: the resolutions file accepts %s for %s at %s, which is in the future", ErrConfiguration, r.Type, schema.Visible(r.User), words.When(r.Timestamp))
		}
	}
	return nil
}

// rejection is the entry that keeps a person's no.
func (b *batch) rejection(q plan.Question, a plan.Answer) schema.Resolution {
	r, now := b.entry(q), b.s.now
	r.Reason = a.Reason
	if q.Takes() { // rule 27
		until := now.AddDate(0, 0, plan.DefaultRejection)
		if a.Until != nil {
			until = *a.Until
		}
		if latest := now.AddDate(0, 0, plan.MostRejection); until.After(latest) {
			until = latest
		}
		until = until.UTC().Truncate(time.Second)
		r.Until = &until
	}
	return r
}

// rejected is what the report of a session says of a rejection.
func rejected(q plan.Question, r schema.Resolution) schema.Rejected {
	return schema.Rejected{Type: r.Type, User: r.User, Group: r.Group, Name: r.Name, By: r.By, Reason: r.Reason, Until: r.Until, Subject: report.Subject(*q.Person)}
}

// newName is the entry that keeps a person's other account name.
func (b *batch) newName(q plan.Question, a plan.Answer) schema.Resolution {
	r := b.entry(q)
	r.Accept, r.NewName = true, a.NewName
	return r
}

// keptMemberships are the entries by which an account that is taken over keeps
// the memberships that the file does not give. They have no end: a person saw
// them one by one.
func (b *batch) keptMemberships(q plan.Question) (kept []schema.Resolution) {
	for _, g := range q.Losing {
		leave := plan.Question{Kind: plan.Leave, Person: q.Person, Group: g}
		r := b.entry(leave)
		r.Reason = "kept when the account was taken over"
		kept = append(kept, r)
	}
	return kept
}

func (b *batch) entry(q plan.Question) schema.Resolution {
	r := schema.Resolution{Type: string(q.Kind), User: q.Person.CN, Anchor: q.Person.Keep(), Container: b.s.obs.Container.GUID.String(),
		Timestamp: b.s.now.UTC().Truncate(time.Second), By: b.desk.operator}
	if q.Group != nil {
		r.Group, r.GroupSID = q.Group.CN, string(q.Group.SID)
	}
	if q.Kind == plan.Name || q.Kind == plan.Adopt {
		r.Name = q.Wanted
	}
	if q.Kind == plan.Adopt {
		r.Account, r.FormerAnchor = q.Holder.GUID.String(), q.Former
	}
	return r
}

// A resolutions file that is gone looks like one that never was: people
// whom it was decided to keep would be disabled. The ledger knows better.

// noticeAnswersGone speaks of it until there is such a file again.
func (s *situation) noticeAnswersGone(path string) {
	if s.record.Answers > 0 && missing(path) {
		s.notices = append(s.notices, fmt.Sprintf("the resolutions file %s is gone, and with it %d kept answers: what was rejected is asked, or done, again. Put it back from a backup; if it was meant to go, write {\"resolutions\": []} into a new one",
			path, s.record.Answers))
	}
}

// countAnswers remembers how many there are.
func (s *situation) countAnswers(path string) {
	if !missing(path) {
		s.record.Answers = len(s.onDisk)
	}
}

func missing(path string) bool {
	_, err := os.Stat(path)
	return errors.Is(err, fs.ErrNotExist)
}
