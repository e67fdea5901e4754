package schema

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Period is an ISO 8601 duration of whole units: calendar months apart from
// days, and days apart from hours. It is never negative.
type Period struct {
	Months   int // years count as 12
	Days     int // weeks count as 7
	Duration time.Duration
}

// IsZero reports whether the period has no length.
func (p Period) IsZero() bool { return p == Period{} }

// After adds the period to t in UTC: months first, clamped to the last day of
// the month reached, then days, then hours.
func (p Period) After(t time.Time) time.Time {
	t = t.UTC()
	first := time.Date(t.Year(), t.Month()+time.Month(p.Months), 1, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(t.Day(), last)-1+p.Days).Add(p.Duration)
}

// Times is the period n times over.
func (p Period) Times(n int) Period {
	return Period{Months: n * p.Months, Days: n * p.Days, Duration: time.Duration(n) * p.Duration}
}

// periodUnits is the strict form: whole numbers, each unit once, in order.
var periodUnits = regexp.MustCompile(`^P(?:(\d{1,10})Y)?(?:(\d{1,10})M)?(?:(\d{1,10})W)?(?:(\d{1,10})D)?` +
	`(?:T(?:(\d{1,10})H)?(?:(\d{1,10})M)?(?:(\d{1,10})S)?)?$`)

// maxPeriodSeconds is 100 years. It also keeps every sum far from overflow.
const maxPeriodSeconds = 100 * secondsPerYear

const (
	secondsPerDay  = 24 * 60 * 60
	secondsPerYear = 36525 * secondsPerDay / 100
)

// ParsePeriod reads an ISO 8601 duration such as P1M1D or PT12H, at most 100
// years long.
func ParsePeriod(s string) (Period, error) {
	m := periodUnits.FindStringSubmatch(s)
	if m == nil || strings.HasSuffix(s, "P") || strings.HasSuffix(s, "T") {
		return Period{}, fmt.Errorf("%q is not an ISO 8601 duration of whole units, such as P1M1D, P2W or PT12H", s)
	}
	var n [8]int64
	total := int64(0)
	seconds := [8]int64{0, secondsPerYear, secondsPerYear / 12, 7 * secondsPerDay, secondsPerDay, 3600, 60, 1}
	for i := 1; i < len(n); i++ {
		if m[i] != "" {
			n[i], _ = strconv.ParseInt(m[i], 10, 64) // at most ten digits
		}
		total += n[i] * seconds[i]
	}
	if total > maxPeriodSeconds {
		return Period{}, fmt.Errorf("the duration %q is longer than 100 years", s)
	}
	return Period{
		Months:   int(n[1]*12 + n[2]),
		Days:     int(n[3]*7 + n[4]),
		Duration: time.Duration(n[5]*3600+n[6]*60+n[7]) * time.Second,
	}, nil
}

// UnmarshalText is ParsePeriod.
func (p *Period) UnmarshalText(text []byte) (err error) {
	*p, err = ParsePeriod(string(text))
	return err
}

// MarshalText writes what UnmarshalText reads.
func (p Period) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// String is the ISO 8601 form, with months as years and months and without
// weeks.
func (p Period) String() string {
	if p.IsZero() {
		return "P0D"
	}
	b := []byte{'P'}
	b = appendUnit(b, p.Months/12, 'Y')
	b = appendUnit(b, p.Months%12, 'M')
	b = appendUnit(b, p.Days, 'D')
	if p.Duration != 0 {
		b = append(b, 'T')
		seconds := int(p.Duration / time.Second)
		b = appendUnit(b, seconds/3600, 'H')
		b = appendUnit(b, seconds/60%60, 'M')
		b = appendUnit(b, seconds%60, 'S')
	}
	return string(b)
}

func appendUnit(b []byte, n int, unit byte) []byte {
	if n == 0 {
		return b
	}
	return append(strconv.AppendInt(b, int64(n), 10), unit)
}
