// Command written shows that no secret of a test run was written anywhere.
//
//	go run ./internal/adtest/written overlay   prints the file for go test -overlay
//	go run ./internal/adtest/written search    searches what was written since
//
// With the overlay, every test and every program that a test builds keeps what
// it writes to files, pipes and the terminal, temporary and overwritten files
// too, and every secret that it uses or makes: no test has to say which these
// are. The search finds a secret in each usual encoding, except in the files
// that exist to hold one (holders.go).
package main
