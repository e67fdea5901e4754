package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"ad-user-sync/export"
	"ad-user-sync/schema"
)

// preview prints who would go, who would not and why, and the counts last,
// where they are seen.
func (a *app) preview(dir export.Directory, cfg *schema.ExportConfig, format string) error {
	p, err := export.Preview(a.ctx, dir, cfg)
	if p == nil {
		return err
	}
	for _, w := range p.Warnings {
		a.warn(schema.Visible(w))
	}
	if format == "json" {
		return errors.Join(writeJSON(a.std.out, p), err)
	}
	return errors.Join(writePreview(a.std.out, p), err)
}

func writePreview(w io.Writer, p *export.Previewed) error {
	lines := table{}
	for _, c := range p.Candidates {
		switch {
		case c.Outside: // counted apart
			lines.add("outside", c.CN, c.SAMAccountName, c.LeftOut)
			continue
		case c.LeftOut != "":
			lines.add("left out", c.CN, c.SAMAccountName, c.LeftOut)
			continue
		}
		lines.add("goes", c.CN, c.SAMAccountName, strings.Join(remarks(c), ", "))
	}
	if err := lines.write(w); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n"+previewCounts(p))
	return err
}

func remarks(c export.Candidate) []string {
	var all []string
	if c.Disabled {
		all = append(all, "disabled")
	}
	if c.Expired {
		all = append(all, "expired")
	}
	return append(all, c.MemberOf...)
}

func previewCounts(p *export.Previewed) string {
	var s strings.Builder
	disabled, expired := 0, 0
	for _, c := range p.Candidates {
		switch {
		case c.LeftOut == "" && c.Disabled:
			disabled++
		case c.LeftOut == "" && c.Expired:
			expired++
		}
	}
	fmt.Fprintf(&s, "%d would go (%d disabled, %d expired), %d would be left out\n", p.Going(), disabled, expired, p.LeftOut)
	for _, rule := range slices.Sorted(maps.Keys(p.Reasons)) {
		fmt.Fprintf(&s, "%7d  %s\n", p.Reasons[rule], schema.Visible(rule))
	}
	if p.Unjudged > 0 {
		fmt.Fprintf(&s, "%d cannot be judged, so that no file would be written\n", p.Unjudged)
	}
	if p.Outside > 0 {
		fmt.Fprintf(&s, "%d more are in none of search_groups\n", p.Outside)
	}
	if p.Twice > 0 {
		fmt.Fprintf(&s, "%d were found by several queries and count once\n", p.Twice)
	}
	if p.Referrals > 0 {
		fmt.Fprintf(&s, "%d referrals were not followed: other parts of the forest are not searched\n", p.Referrals)
	}
	return s.String()
}
