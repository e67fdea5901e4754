#!/bin/sh
# Faults that are put into the program on purpose: each has to be found within
# 10,000 simulated days. "make mutants"
set -eu
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
held=0
mutant() { # name, file, sed script
	sed "$3" "$2" >"$work/mutant.go"
	if cmp -s "$2" "$work/mutant.go"; then
		echo "$1: nothing in $2 fits any more" >&2
		exit 2
	fi
	printf '{"Replace": {"%s": "%s"}}' "$PWD/$2" "$work/mutant.go" >"$work/overlay.json"
	if go test -count=1 -timeout 0 -overlay "$work/overlay.json" -run '^TestLives$' ./internal/simulation \
		-days 10000 -life 120 -shrink=false -first >"$work/out"; then
		echo "$1: NOT found in 10,000 days"
		held=1
		return
	fi
	found=$(grep -m 1 '^day [0-9]* of all: ' "$work/out") || { cat "$work/out"; exit 2; } # it does not even build
	echo "$1: found on $found"
}
mutant "skip a limit" import/plan/limits.go 's/if !overBoth \&\& !overMax {/if !(overBoth \&\& false) \&\& !overMax {/'
mutant "drop a rejection" import/plan/ask.go '/^func (d \*draft) refusedBefore/,/^}/s/if entry == nil {/if true {/'
mutant "skip the protected" import/observe/account.go '/^func (o \*Observer) account(/,/^}/s/if a.Protected == "" {/if false {/'
mutant "forget an account" import/ledger/learn.go 's/^\t\t\tr.Accounts\[guid\] = learned(.*$/\t\t\tif a.Kind != plan.Create {\n&\n\t\t\t}/'
mutant "ignore a kill" import/run.go '/s.record.Intend(actions, s.now)/d'
mutant "take given time back" import/plan/lease.go 's/ok \&\& given.After(earlier)/ok \&\& false \&\& given.After(earlier)/'
exit $held
