package importer

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// A resolutions file that is gone looks like one that never was: whom somebody
// decided to keep would be disabled. The ledger knows better.

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
