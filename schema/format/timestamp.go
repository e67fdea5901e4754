package format

import (
	"errors"
	"time"
)

// ParseTimestamp reads RFC 3339, or ISO 8601 without a zone as the older tool
// writes it, which is taken for UTC. A blank may stand for the T.
func ParseTimestamp(s string) (t time.Time, zoned bool, err error) {
	s = withT(s)
	if t, err = time.Parse(time.RFC3339Nano, s); err == nil {
		zoned = true
	} else if t, err = time.Parse("2006-01-02T15:04:05.999999999", s); err != nil {
		return time.Time{}, false, errors.New("not a time such as 2026-11-22T08:15:30Z")
	}
	t = t.UTC()
	if t.Year() < 1601 || t.Year() > 9999 { // FILETIME begins in 1601
		return time.Time{}, false, errors.New("a time outside the years 1601 to 9999")
	}
	return t, zoned, nil
}

func withT(s string) string {
	if len(s) > 10 && s[10] == ' ' {
		return s[:10] + "T" + s[11:]
	}
	return s
}

// Timestamp is t in UTC as Python's isoformat writes it, six digits of a second or
// none, and a Z.
func Timestamp(t time.Time) string { return WithoutZone(t) + "Z" }

// WithoutZone is Timestamp as the older tool has it.
func WithoutZone(t time.Time) string {
	t = t.UTC().Truncate(time.Microsecond)
	layout := "2006-01-02T15:04:05.000000"
	if t.Nanosecond() == 0 {
		layout = "2006-01-02T15:04:05"
	}
	return t.Format(layout)
}
