// Command lab starts and ends the two Samba domains of the tests:
//
//	go run ./internal/adtest/lab up|down|status
package main

import (
	"fmt"
	"os"

	"ad-user-sync/internal/adtest"
)

const next = `
Two domains are running: corp.example (source, %s) and plant.example (target, %s).
Passwords and certificates are in .lab. Export from one and import into the other:

    go run ./cmd/ad-user-sync export --config examples/lab/export_config.json
    go run ./cmd/ad-user-sync import --config examples/lab/import_config.json --interactive

"make lab-down" ends them; what was changed in them is gone at the next start.
`

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "lab:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("say one of up, down, status")
	}
	switch args[0] {
	case "up":
		lab, err := adtest.Up(func(format string, a ...any) { fmt.Fprintf(os.Stderr, format+"\n", a...) })
		if err != nil {
			return err
		}
		fmt.Printf(next, lab.Source.Address, lab.Target.Address)
		return nil
	case "down":
		return adtest.Down()
	case "status":
		_, up, err := adtest.Running()
		if err == nil && !up {
			err = fmt.Errorf("not running; \"make lab\" starts it")
		}
		return err
	}
	return fmt.Errorf("%q is none of up, down, status", args[0])
}
