package bench

import (
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/adtest"
)

// table is what a run measures. The programs are BIN, separated by spaces, or
// the one that is built here.
type table struct {
	*testing.B
	source, target *side
	programs       []string
	only           *regexp.Regexp // ONLY: the rows that are wanted
	people         []int
	dir            string             // of configurations and files
	smaller        map[string]float64 // what a person cost at the last size, by row and program
}

const (
	rounds = 5 // how often most is measured
	firsts = 3 // how often a first import is, of up to 5,000
)

// What is multiplied, and imported beside others, are the largest of the sizes up to
// this.
const most = 5000

func BenchmarkBesideLDAPTools(b *testing.B) {
	t := &table{B: b, dir: b.TempDir(), only: regexp.MustCompile(os.Getenv("ONLY")), people: sizes(b), smaller: map[string]float64{},
		programs: strings.Fields(os.Getenv("BIN"))}
	if !t.wants(append(imports, exported, exportMultiplied)...) {
		return
	}
	if len(t.programs) == 0 {
		program := filepath.Join(t.dir, "ad-user-sync")
		out, err := exec.Command("go", "build", "-o", program, "ad-user-sync/cmd/ad-user-sync").CombinedOutput()
		require.NoError(b, err, "%s", out)
		t.programs = []string{program}
	}
	lab := adtest.LabAlone(b)
	t.source, t.target = newSide(b, lab.Source, lab.CAFile), newSide(b, lab.Target, lab.CAFile)
	fmt.Println(head)
	for _, n := range t.people {
		t.exports(n)
		if t.wants(imports...) {
			t.imports(n)
		}
	}
}

// sizes are PEOPLE, or 1,000 and 5,000, and with SCALE 20,000.
func sizes(b *testing.B) (all []int) {
	text := cmp.Or(os.Getenv("PEOPLE"), "1000 5000")
	if os.Getenv("SCALE") != "" {
		text += " 20000"
	}
	for _, one := range strings.Fields(text) {
		n, err := strconv.Atoi(one)
		require.NoError(b, err)
		all = append(all, n)
	}
	return all
}

func (t *table) wants(rows ...string) bool { return slices.ContainsFunc(rows, t.only.MatchString) }

// multiplies reports whether n people are to be multiplied.
func (t *table) multiplies(n int) bool {
	larger := func(other int) bool { return other > n && other <= most }
	return n <= most && !slices.ContainsFunc(t.people, larger)
}

// multiples are the sizes to which people are multiplied; of a million an import takes
// more memory than most machines have.
func multiples() []int {
	if os.Getenv("SCALE") == "" {
		return []int{100_000}
	}
	return []int{100_000, 1_000_000}
}

// compare runs each program and the tool in turns.
func (t *table) compare(what string, n int, d adtest.Domain, args []string, tool func() *exec.Cmd, searches int) {
	rows := make([]row, len(t.programs))
	for range rounds {
		for i, program := range t.programs {
			rows[i].ours = append(rows[i].ours, run(t.B, d, exec.Command(program, args...)))
			rows[i].tool = append(rows[i].tool, run(t.B, d, tool()))
		}
	}
	for i, program := range t.programs {
		rows[i].what, rows[i].people, rows[i].program, rows[i].searches = what, n, name(program), searches
		t.add(rows[i])
	}
}

func name(program string) string {
	base := filepath.Base(program)
	return base[:min(len(base), 12)]
}

// add shows a row as soon as it is measured.
func (t *table) add(r row) {
	key := r.what + "\x00" + r.program
	each := median(of(r.ours, cost.work)).Seconds() / float64(r.people)
	if before := t.smaller[key]; before > 0 {
		r.growth = each / before
	}
	t.smaller[key] = each
	fmt.Println(r)
}

func (t *table) write(name, text string) string {
	path := filepath.Join(t.dir, name)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}
