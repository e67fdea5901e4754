# "make" lists what there is to make.

GO  ?= go
LAB := $(GO) run ./internal/adtest/lab

# Programs the tests call, and the Debian packages that hold them.
PROGRAMS := samba samba-tool ldbadd ldbmodify ldbsearch kinit chromium chromium-headless-shell 7z zsh fish mmdebstrap rpm rpm2cpio cpio unzip wine x86_64-w64-mingw32-gcc
PACKAGES := samba samba-ad-provision samba-dsdb-modules samba-vfs-modules libnss-wrapper ldb-tools krb5-user chromium chromium-headless-shell fonts-dejavu-core p7zip-full zsh fish \
	mmdebstrap rpm rpm2cpio cpio unzip wine wine64 gcc-mingw-w64-x86-64-win32

# Tools are run by version and are no part of the program.
DEPGUARD    := github.com/OpenPeeDeeP/depguard/v2/cmd/depguard@v2.3.0
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
ERRCHECK    := github.com/kisielk/errcheck@v1.30.0
INEFFASSIGN := github.com/gordonklaus/ineffassign@v0.2.0
MISSPELL    := github.com/golangci/misspell/cmd/misspell@v0.8.0
VULNCHECK   := golang.org/x/vuln/cmd/govulncheck@v1.9.0

.PHONY: help build test test-domains test-others race fuzz faults mutants pictures axe scripts simulate bench vuln lint lab lab-down install release release-check secrets
.DEFAULT_GOAL := help

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## bin/ad-user-sync; for Windows: GOOS=windows make build
	$(GO) build -trimpath -o bin/ ./cmd/ad-user-sync

# Dates are those of the commit. Tools come by the Go module proxy.
release: ## dist/: what people download, for every system; the same commit and Go give the same bytes
	$(GO) run ./internal/release

release-check: ## a release of every system, built twice from nothing; installed, run and removed (root, Debian)
	AD_USER_SYNC_RELEASE=all $(GO) test -v -count=1 -timeout 60m -run '^TestRelease$$' ./internal/release

# It installs nothing. What cannot run is named, with what is missing, and is a
# failure where CI is set.
test: ## all tests: units, two Samba domains, the built program, the browser
	@set -eu; left=; \
	if [ "$$(id -u)" != 0 ] || ! command -v samba >/dev/null; then \
		left=1; export AD_USER_SYNC_LAB=none; \
		echo "LEFT OUT: everything that needs the two Samba domains (needs root and Samba; on Debian, as root: make install test)" >&2; \
	fi; \
	if ! command -v chromium >/dev/null || ! command -v 7z >/dev/null; then \
		left=1; export AD_USER_SYNC_BROWSER=none; \
		echo "LEFT OUT: the approval page in a real browser (needs chromium and 7z; on Debian, as root: make install)" >&2; \
	fi; \
	if [ -n "$$left" ] && [ -n "$${CI:-}" ]; then echo "nothing may be left out where CI is set" >&2; exit 1; fi; \
	stop=:; up=; \
	if [ "$${AD_USER_SYNC_LAB:-}" != none ]; then \
		$(LAB) status 2>/dev/null || stop="$(LAB) down"; \
		$(LAB) up >/dev/null & up=$$!; \
	fi; \
	trap "wait $$up || :; $$stop" EXIT; \
	$(GO) vet ./...; \
	wait $$up; \
	$(MAKE) --no-print-directory -j 2 test-domains test-others

# Packages whose tests use the domains; faults does so for "make faults" alone.
DOMAINS = $$(grep -rlE --include='*_test.go' 'adtest\.(Lab|LabAlone|TwoControllers)\(' . | xargs -n 1 dirname | sort -ru | grep -v /faults)

# They share the domains, so one is tested after the other; the page, which is measured,
# last, when the others are done. "make test" has vetted all.
test-domains:
	@$(GO) test -vet=off -p 1 -timeout 20m $(DOMAINS)

# Beside them: what needs no domain, and last the release, which lists what ran
# under Wine. It is said when all is done, so that nothing is mixed up.
test-others:
	@said=$$(mktemp); trap 'cat "$$said"; rm "$$said"' EXIT; { set -eu; \
	nice $(GO) test -vet=off -p 1 -timeout 20m -skip '^TestRelease$$' $$($(GO) list ./... | grep -vxF "$$($(GO) list $(DOMAINS))"); \
	AD_USER_SYNC_RELEASE=some nice $(GO) test -vet=off -v -timeout 20m -run '^TestRelease$$' ./internal/release; } >"$$said" 2>&1

# With the lab up. It compiles everything anew, and keeps each write: too long for every day.
secrets: ## all tests, and all that they wrote searched for every secret that they used (internal/adtest/written); PKG=./import/...
	@set -eu; overlay=$$($(GO) run ./internal/adtest/written overlay); failed=; \
	GOFLAGS="$${GOFLAGS:-} -overlay=$$overlay" $(GO) test -p 1 -count=1 -timeout 1h -skip '^TestRelease$$' $(or $(PKG),./...) || failed=1; \
	$(GO) run ./internal/adtest/written search; test -z "$$failed"

# The last line says how many scenarios there were, and how many broke.
faults: ## the program under each fault of a controller, on memad, and one of each kind on Samba (root)
	@set -eu; stop=:; \
	$(LAB) status >/dev/null 2>&1 || stop="$(LAB) down"; \
	$(LAB) up >/dev/null; \
	trap "$$stop >/dev/null" EXIT; \
	$(GO) test -c -o bin/faults.test ./internal/adtest/faults; \
	( cd internal/adtest/faults && AD_USER_SYNC_FAULTS=all ../../../bin/faults.test -test.timeout 4h -test.parallel 6 )

# Where goroutines meet; the import alone has none of its own.
race: ## once more under the race detector, without lab and browser; needs cgo and a C compiler
	@command -v $$($(GO) env CC) >/dev/null || { echo "the race detector needs cgo and a C compiler; on Debian: apt-get install gcc libc6-dev" >&2; exit 1; }
	CI= CGO_ENABLED=1 AD_USER_SYNC_LAB=none AD_USER_SYNC_BROWSER=none $(GO) test -vet=off -race -count=1 \
		./approval ./internal/ad ./internal/files ./internal/memad ./internal/demo
	CI= CGO_ENABLED=1 AD_USER_SYNC_LAB=none $(GO) test -vet=off -race -count=1 -run "AtAPage|AtAWrite|AtAGroup" ./internal/adtest/faults

# Inputs are counted, not seconds: a run that ends by the clock may fail by it.
FUZZ ?= 3000x

fuzz: ## every fuzz target, FUZZ inputs each (or seconds: FUZZ=60s)
	@set -eu; grep -rl --include='*_test.go' '^func Fuzz' . | while read -r file; do \
		for target in $$(sed -n 's/^func \(Fuzz[A-Za-z]*\)(.*/\1/p' "$$file"); do \
			echo "$$(dirname "$$file") $$target"; \
			$(GO) test -vet=off -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZ) -fuzzminimizetime 10x "$$(dirname "$$file")" </dev/null; \
		done; \
	done

mutants: ## faults that are put into a copy of the program; it must be shown by faults, or by the simulation within 10,000 days
	$(GO) test -tags mutants -run Mutants -count 1 -v ./internal/adtest/faults
	internal/simulation/mutants.sh

pictures: ## docs/images anew, where the approval page says something else by now
	$(GO) test -count=1 -run '^TestPictures$$' ./approval -update

axe: ## the approval page by axe-core, which npm brings
	@command -v npm >/dev/null || { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends npm; }
	cd approval/testdata && npm ci --ignore-scripts --no-audit --no-fund
	$(GO) test -tags axe -run Axe ./approval

scripts: ## the PowerShell scripts of examples under a parser, which npm brings
	@command -v npm >/dev/null || { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends npm; }
	cd .ci/powershell && npm ci --ignore-scripts --no-audit --no-fund
	node .ci/powershell/parse.mjs $$(git ls-files '*.ps1' '*/powershell' '*/documents/windows.txt')

simulate: ## years in a minute, until told to stop; DAYS=N, SEED=N
	$(GO) test -count=1 -timeout 0 -v -run '^TestLives$$' ./internal/simulation -life 365 -days $(or $(DAYS),-1) -seed $(or $(SEED),1)

# BIN="OLD NEW" measures these programs in turns, PEOPLE="1000" other sizes, ONLY="first|plan" the rows of these names.
wanted = $(findstring $(1),$(or $(ONLY),$(1)))
bench: ## export, import, plan and page, for 1,000 to 100,000 people (SCALE=1: to 1,000,000; ONLY=export), beside ldapsearch and ldapmodify (root)
	@command -v ldapsearch >/dev/null || { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends ldap-utils; }
	$(GO) test -run '^$$' -bench BesideLDAPTools -benchtime 1x -timeout 0 ./internal/adtest/bench
	$(if $(call wanted,plan),$(GO) test -run '^$$' -bench Make -benchtime 1x -timeout 0 ./import/plan)
	$(if $(call wanted,page),$(GO) test -run '^$$' -bench Questions ./approval)

vuln: ## known vulnerabilities in what the program calls; asks vuln.go.dev, so it is no part of CI
	$(GO) run $(VULNCHECK) ./...

lint: ## format, vet, staticcheck, errors not looked at, spelling, words, and which package may import what
	@test -z "$$(gofmt -l .)" || { gofmt -l .; echo "run gofmt -w on these" >&2; exit 1; }
	$(GO) mod tidy -diff
	$(GO) vet ./...
	$(GO) run $(STATICCHECK) -checks "SA*,U1000" ./...
	$(GO) run $(ERRCHECK) -ignoretests -exclude .errcheck ./...
	$(GO) run $(INEFFASSIGN) ./...
	@git ls-files | grep -vE '\.(png|tsv|sum)$$|^approval/words/' | xargs $(GO) run $(MISSPELL) -error
	$(GO) run $(DEPGUARD) ./...
	@DEPGUARD=$(DEPGUARD) .ci/layers
	@.ci/words

lab: ## two Samba domains on 127.0.0.20 and 127.0.0.30, to try the program on (root)
	@$(LAB) up

lab-down: ## end them
	@$(LAB) down

install: ## what the tests need, by apt (Debian, root)
	@missing=; \
	for p in $(PROGRAMS); do command -v $$p >/dev/null || missing="$$missing $$p"; done; \
	ldconfig -p | grep -q libnss_wrapper.so || missing="$$missing names of two controllers"; \
	test -d /usr/share/samba/setup || missing="$$missing provisioning"; \
	if [ -n "$$missing" ]; then \
		echo "installing, for$$missing: $(PACKAGES)"; \
		apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends $(PACKAGES); \
	fi
