// Package importer is the target side: it reads the managed container, has the
// plan made (package plan), carries it out and reports.
//
// Run reads like the manual: lock, read, plan, stop or apply, report. A Desk
// does the same for the answers of one person, through the same code. What was
// done is remembered in the ledger, beside the resolutions file.
package importer
