package schema

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestParsePeriod(t *testing.T) {
	for text, want := range map[string]Period{
		"P1M1D":                {Months: 1, Days: 1},
		"P1Y2M3W4DT5H6M7S":     {Months: 14, Days: 25, Duration: 5*time.Hour + 6*time.Minute + 7*time.Second},
		"P2W":                  {Days: 14},
		"PT30S":                {Duration: 30 * time.Second},
		"PT90M":                {Duration: 90 * time.Minute},
		"P0D":                  {},
		"P100Y":                {Months: 1200},
		"PT876600H":            {Duration: 876600 * time.Hour},
		"P0000000001M":         {Months: 1},
		"P1DT1M":               {Days: 1, Duration: time.Minute},
		"P1Y":                  {Months: 12},
		"PT0000000000H":        {},
		"P36525D":              {Days: 36525},
		"P99Y11M30DT10H00M00S": {Months: 1199, Days: 30, Duration: 10 * time.Hour},
	} {
		got, err := ParsePeriod(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
	}
}

func TestParsePeriodRefuses(t *testing.T) {
	for _, text := range []string{
		"", "P", "PT", "P1DT", "1D", "P1", "P1M1Y", "P1D1D", "P1D1M", "P1.5D", "P1,5D", "P-1D", "-P1D", "+P1D",
		"p1d", "P1d", " P1D", "P1D ", "P1D\n", "P1H", "PT1D", "PT1S1M", "P1S", "P١D", "P12345678901D", "P101Y", "P100Y1D",
		"PT9999999999S", "P1W1W", "P1D2W", "PT1H1H", "one month",
	} {
		_, err := ParsePeriod(text)
		assert.Error(t, err, "%q", text)
	}
}

func TestPeriodString(t *testing.T) {
	for text, want := range map[string]string{
		"P1M1D": "P1M1D", "P13M": "P1Y1M", "P2W": "P14D", "PT3661S": "PT1H1M1S", "P0Y": "P0D", "PT24H": "PT24H",
	} {
		p, err := ParsePeriod(text)
		require.NoError(t, err)
		assert.Equal(t, want, p.String())
	}
}

func TestPeriodRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Period{
			Months:   rapid.IntRange(0, 500).Draw(t, "months"),
			Days:     rapid.IntRange(0, 9000).Draw(t, "days"),
			Duration: time.Duration(rapid.IntRange(0, 1e6).Draw(t, "seconds")) * time.Second,
		}
		text, err := p.MarshalText()
		require.NoError(t, err)
		var back Period
		require.NoError(t, back.UnmarshalText(text))
		require.Equal(t, p, back)
	})
}

func TestPeriodAfter(t *testing.T) {
	for _, c := range []struct{ start, period, want string }{
		{"2026-01-31T10:00:00Z", "P1M", "2026-02-28T10:00:00Z"},
		{"2028-01-31T10:00:00Z", "P1M", "2028-02-29T10:00:00Z"},
		{"2026-01-31T10:00:00Z", "P1M1D", "2026-03-01T10:00:00Z"},
		{"2026-01-31T10:00:00Z", "P1M2D", "2026-03-02T10:00:00Z"},
		{"2026-03-31T10:00:00Z", "P1M", "2026-04-30T10:00:00Z"},
		{"2028-02-29T00:00:00Z", "P1Y", "2029-02-28T00:00:00Z"},
		{"2026-11-30T23:59:59Z", "P3M", "2027-02-28T23:59:59Z"},
		{"2026-12-31T23:59:59Z", "P1D", "2027-01-01T23:59:59Z"},
		{"2026-12-15T00:00:00Z", "P13M", "2028-01-15T00:00:00Z"},
		{"2026-11-22T08:15:30Z", "PT36H", "2026-11-23T20:15:30Z"},
		{"2026-02-01T00:30:00+01:00", "P1M", "2026-02-28T23:30:00Z"}, // January 31 in UTC
		{"2026-11-22T08:15:30Z", "P0D", "2026-11-22T08:15:30Z"},
	} {
		start, err := time.Parse(time.RFC3339, c.start)
		require.NoError(t, err)
		p, err := ParsePeriod(c.period)
		require.NoError(t, err)
		assert.Equal(t, c.want, p.After(start).Format(time.RFC3339), "%s + %s", c.start, c.period)
	}
}
