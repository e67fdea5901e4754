// Package demo tells, in one run, what the program is for: two domains in
// memory, twenty-odd people who show every case, and two weeks.
//
// Export, import and the decisions of a person are the program's own code,
// driven by configuration files that the demo writes; only the directory is
// another one. What the narration says is taken from the reports, and every
// sentence that claims something is checked first: a demo that does not keep its
// word ends with an error.
//
// The story is told in the files step_*.go, in the order of Run. world.go,
// people.go and hand.go make what it is about.
package demo
