package simulation

import (
	"context"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"ad-user-sync/hmacfile"
	"ad-user-sync/import/matchtable"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/memad"
	"ad-user-sync/schema"
)

// world is a source domain, the way to the target, and everybody at work there. A
// second source of a life is another one (second_test.go).
type world struct {
	*common
	domain  string   // of the source
	formers []string // domains that it was before
	migration
	looks   looks
	unread  bool              // the ledger is gone, and no one has read that yet
	table   *matchtable.Table // of match, of the day when one was made last
	folder  string
	managed ad.DN // the container of its import
	night   ad.DN // in it

	source                *memad.Directory
	heardThere            answers
	seen                  view
	sourceSecond          *memad.Directory // the other controller of the source
	sourceHeard, exported int64            // changes there: what the second has heard of, and the last file
	heardSecondThere      answers
	wrote                 int64           // of the target: what a run wrote last
	slept                 map[string]bool // of hidden accounts, who was disabled when they were hidden
	settings              settings
	export                *schema.ExportConfig
	cfg                   *schema.ImportConfig
	key                   hmacfile.Key

	inbox    []byte // the user file on the target side; nil: none came yet
	onTheWay []parcel
	pages    []*page
	quiet    int // until this day no file arrives
	backup   *backup

	judge *judge
}

// common is what all sources of a life share: the target, the clock, and the story.
type common struct {
	seed   uint64
	chosen func(day int, name string) bool // nil: every event may happen
	now    time.Time
	day    int

	target       *memad.Directory
	targetBackup *backup
	heardHere    answers
	second       *memad.Directory  // the other controller of the target; nil: not asked yet
	heard        int64             // of the first one: what the second has heard
	hidden       map[string]string // accounts of the target that the imports cannot read, or not list
	heardSecond  answers

	sides    []*world // each source
	happened []string // events, whether or not they came to something
	story    []string // what happened, for people
	trace    []string // the same and what every run did, for comparison
	counts   map[string]int
}

// event is something that may happen on a day.
type event struct {
	day  int
	name string
}

func (e event) String() string { return fmt.Sprintf("%d/%s", e.day, e.name) }

type parcel struct {
	due  int
	data []byte
}

// breach ends a life: something is not as it has to be.
type breach struct {
	Rule, Text string
}

func (b breach) String() string { return b.Rule + ": " + b.Text }

func (w *world) breach(rule, format string, values ...any) {
	panic(breach{rule, fmt.Sprintf(format, values...)})
}

// dice are those of one kind of event on one day.
func (w *world) dice(day int, name string) *rand.Rand {
	return rand.New(rand.NewPCG(w.seed, hash(fmt.Sprint(day, "/", name))))
}

func hash(text string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(text))
	return mix(h.Sum64())
}

func mix(x uint64) uint64 { // splitmix64
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}

func chance(r *rand.Rand, percent int) bool { return r.IntN(100) < percent }

func oneOf[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }

// someone draws in such a way that who else is there matters little: a life in
// which an event is left out goes on alike.
func somebody[T any](r *rand.Rand, list []T, name func(T) string) (found T, ok bool) {
	salt, least := r.Uint64(), uint64(0)
	for _, one := range list {
		if n := mix(hash(name(one)) ^ salt); !ok || n < least {
			found, ok, least = one, true, n
		}
	}
	return found, ok
}

const groupsOU = "OU=Groups,DC=plant,DC=example"

var (
	ctx       = context.Background()
	beginning = time.Date(2026, 1, 5, 4, 0, 0, 0, time.UTC)
	elsewhere = dn("OU=Elsewhere,DC=plant,DC=example")
)

var names = map[string]ad.DN{}

func dn(text string) ad.DN {
	d, known := names[text]
	if !known {
		var err error
		d, err = ad.ParseDN(text)
		must(err)
		names[text] = d
	}
	return d
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// blank are the domains before anybody works there.
var blankSource, blankTarget = blankOf("corp.example"), blank()

func blankOf(domain string) *memad.Directory {
	source := memad.New(domain, memad.At(beginning.AddDate(-1, 0, 0)))
	for _, unit := range []string{"OU=Office,OU=People", "OU=Works,OU=People", "OU=Former"} {
		source.AddOU(unit)
	}
	for _, group := range sourceGroups {
		source.AddGroup("CN=" + group + ",OU=Groups")
	}
	return source
}

func blank() *memad.Directory {
	target := memad.New("plant.example", memad.At(beginning.AddDate(-1, 0, 0)))
	target.AddOU("OU=Night,OU=Managed")
	target.AddOU("OU=Night,OU=Partners")
	target.AddOU("OU=Elsewhere")
	for _, group := range targetGroups {
		target.AddGroup("CN=" + group + ",OU=Groups")
	}
	target.AddGroup("CN=l-Local,OU=Groups")
	for _, u := range []memad.User{{Parent: "OU=Elsewhere", CN: "Carla Ash", AccountName: "cash"},
		{Parent: "OU=Elsewhere", CN: "Dora Local", AccountName: "ddorn", Groups: []string{"CN=p-Viewers,OU=Groups"}},
		{Parent: "OU=Elsewhere", CN: "Chief", AccountName: "chief", Groups: []string{"CN=Domain Admins,CN=Users", "CN=p-Admins,OU=Groups"}},
		{Parent: "OU=Managed", CN: "Local Backup", AccountName: "lbackup", Groups: []string{"CN=p-Editors,OU=Groups"}}} {
		u.Password = "By-Hand-4711!"
		target.AddUser(u)
	}
	return target
}

func newWorld(seed uint64) *world {
	all := &common{seed: seed, now: beginning, counts: map[string]int{}, hidden: map[string]string{}, target: blankTarget.Clone()}
	memad.Clock(func() time.Time { return all.now })(all.target)
	w := all.side("corp.example", "OU=Managed,DC=plant,DC=example", blankSource)
	r := w.dice(0, "settings")
	w.settings = draw(r)
	w.addLooks()
	w.configure()
	for i := range 5 + r.IntN(8) {
		w.hire(w.dice(0, fmt.Sprint("first ", i)))
	}
	w.addSecond()
	return w
}

// side is one more source of this life.
func (all *common) side(domain, container string, source *memad.Directory) *world {
	folder := "" // the system's
	if _, err := os.Stat("/dev/shm"); err == nil {
		folder = "/dev/shm" // nothing here has to survive a power cut
	}
	folder, err := os.MkdirTemp(folder, "simulation-")
	must(err)
	w := &world{common: all, domain: domain, folder: folder, managed: dn(container), slept: map[string]bool{}, source: source.Clone()}
	w.night = w.managed.Child("OU", "Night")
	memad.Clock(func() time.Time { return all.now })(w.source)
	w.key, err = hmacfile.ParseKey(strings.Repeat("5c", 32))
	must(err)
	w.judge = newJudge(w)
	all.sides = append(all.sides, w)
	return w
}

// root of a domain.
func root(domain string) string { return "DC=" + strings.ReplaceAll(domain, ".", ",DC=") }

func (w *world) people() ad.DN { return dn("OU=People," + root(w.domain)) }

func (w *world) former() ad.DN { return dn("OU=Former," + root(w.domain)) }

func (w *world) works() ad.DN { return dn("OU=Works,OU=People," + root(w.domain)) }

func (w *world) path(name string) string { return filepath.Join(w.folder, name) }

func (w *world) note(format string, values ...any) {
	w.trace = append(w.trace, fmt.Sprintf("day %d: ", w.day)+fmt.Sprintf(format, values...))
}

// live lets days pass until something is broken.
func (w *world) live(days int) (broken *breach) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case breach:
			broken = &r
		default:
			panic(r)
		}
	}()
	for w.day = 1; w.day <= days; w.day++ {
		w.now = beginning.AddDate(0, 0, w.day)
		for _, k := range kinds {
			w.happen(k)
		}
	}
	w.day = days
	return nil
}

func (w *world) happen(k kind) {
	if k.needsSecond() && len(w.sides) < 2 {
		return
	}
	r := w.dice(w.day, k.name)
	if r.IntN(10_000) >= k.often || slices.Contains(strings.Split(*without, ","), k.name) || w.chosen != nil && !w.chosen(w.day, k.name) {
		return
	}
	w.now = w.now.Add(time.Duration(1+r.IntN(9)) * time.Minute)
	w.happened = append(w.happened, event{w.day, k.name}.String())
	if told := k.do(w, r); told != "" {
		w.counts[k.name]++
		w.story = append(w.story, fmt.Sprintf("day %d, %s: %s", w.day, k.name, told))
		w.note("%s: %s", k.name, told)
	}
}

func (w *world) end() {
	for _, side := range w.sides {
		_ = os.RemoveAll(side.folder)
	}
}

func (w *world) clock() time.Time { return w.now }
