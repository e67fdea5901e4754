package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rs/zerolog"

	importer "ad-user-sync/import"
	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
	"ad-user-sync/schema/text"
)

// precedence of exit codes: the first that applies is a run's (rule 26).
var precedence = []int{exitUsage, exitRefused, exitFault, exitObserve, exitLimit, exitPartial, exitOverdue, exitDone}

// stops tells of a fault that ends the job, whose exit code the next run has
// unless another one goes before it.
func (i *inspection) stops(part, step string, err error) {
	i.fault(part, step, err)
	i.foresee(exitCode(err), step+": "+after(step, err))
}

func (i *inspection) foresee(code int, text string) {
	if i.check.Next == nil || slices.Index(precedence, code) < slices.Index(precedence, i.check.Next.ExitCode) {
		i.check.Next = &schema.NextRun{ExitCode: code, Text: strings.ReplaceAll(text, "\n", "; ")}
	}
}

// plan foresees how the next import ends, by a dry run.
func (i *inspection) plan(options importer.CheckOptions) {
	if options.Input == nil {
		return
	}
	result, err := importer.New(importer.Options{Config: options.Config, Directory: options.Directory, Input: options.Input, DryRun: true, Log: zerolog.Nop()}).Run(i.app.ctx)
	if err != nil {
		said := err.Error()
		if hint := ad.Hint(err); hint != "" {
			said += ". " + hint
		}
		i.foresee(exitCode(err), said)
		return
	}
	code := reportCode(result.Report, false)
	i.foresee(code, ending(result.Report, code))
}

func ending(r schema.Report, code int) string {
	switch code {
	case exitLimit:
		if r.Guard.Name == importer.GuardMigrated {
			return r.Guard.Reason + ". " + r.Guard.WayOn
		}
		return fmt.Sprintf("the limit %s: %s. %s", r.Guard.Name, r.Guard.Reason, r.Guard.WayOn)
	case exitPartial:
		const named = 3
		var list []string
		for _, o := range r.Failed[:min(named, len(r.Failed))] {
			list = append(list, o.User+": "+o.Reason)
		}
		if more := len(r.Failed) - named; more > 0 {
			list = append(list, fmt.Sprintf("and %d more (import --dry-run lists all)", more))
		}
		return strings.Join(list, "; ")
	}
	if code == exitOverdue {
		return importer.OverdueText(r)
	}
	return text.Counts(r)
}
