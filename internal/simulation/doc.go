// Package simulation lets years pass in a minute: a source and a target domain
// in memory, a clock of its own, and one seed that decides everything. Each day
// people join, leave, marry, swap names, are made anew and come back; administrators of both
// sides disable, move, rename, regroup, delete and restore backups, and rename,
// delete and make anew the mapped groups; files are
// late, doubled, reordered and damaged; runs and approval sessions are killed
// anywhere, also before they remember; controllers of both sides are busy, lost or
// behind; attributes may not be read; administrators work while an import runs;
// people answer, reject, come late, two at once. In some lives a second source has people
// in the same target, in the same container or in one of its own, with an import and a
// judge for itself; people change from one to the other. In some a whole source domain is
// migrated, with the SIDs of before or without, and the first answers to that are killed. Some
// imports only look at first, until a person starts them; the imports of both sources run at
// the same time; tables of match are edited, and read on another day. What runs is the export, the
// import and the desk as they are.
//
// After every run a judge looks at both domains. It shares nothing with package
// plan: it knows the file, what the directory was before and is now, what people
// answered, and what the report told.
//
//	make simulate               until told to stop
//	make simulate DAYS=100000   that many days
//	make simulate SEED=17       this life first
//
// A life that breaks is shrunk: events are switched off as long as the same
// breach remains. What an event draws depends on the seed, the day and its kind
// alone, so those that stay do what they did. What is printed can be replayed
// with -seed and -story; a fault that is found gets a test of its own beside
// the code that had it.
package simulation
