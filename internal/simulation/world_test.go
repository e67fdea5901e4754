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
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/memad"
	"ad-user-sync/schema"
	"ad-user-sync/schema/config"
)

// world is two domains, the way between them, and everybody at work there.
type world struct {
	seed   uint64
	chosen func(day int, name string) bool // nil: every event may happen
	folder string
	now    time.Time
	day    int

	source, target        *memad.Directory
	heardThere, heardHere answers
	seen                  view
	sourceSecond          *memad.Directory // the other controller of the source
	sourceHeard, exported int64            // changes there: what the second has heard of, and the last file
	heardSecondThere      answers
	second                *memad.Directory  // the other controller of the target; nil: not asked yet
	heard, wrote          int64             // of the first one: what the second has heard, and what a run wrote last
	hidden                map[string]string // accounts of the target that the import cannot read, or not list
	slept                 map[string]bool   // of these, who was disabled when they were hidden
	heardSecond           answers
	backups               []backup
	settings              settings
	export                *schema.ExportConfig
	cfg                   *schema.ImportConfig
	key                   hmacfile.Key

	inbox    []byte // the user file on the target side; nil: none came yet
	onTheWay []parcel
	pages    []*page
	quiet    int // until this day no file arrives

	judge    *judge
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

const (
	peopleOU  = "OU=People,DC=corp,DC=example"
	managedOU = "OU=Managed,DC=plant,DC=example"
	groupsOU  = "OU=Groups,DC=plant,DC=example"
)

var (
	ctx       = context.Background()
	beginning = time.Date(2026, 1, 5, 4, 0, 0, 0, time.UTC)
	managed   = dn(managedOU)
	elsewhere = dn("OU=Elsewhere,DC=plant,DC=example")
	night     = managed.Child("OU", "Night")
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

// blank are the two domains before anybody works there.
var blankSource, blankTarget = blank()

func blank() (source, target *memad.Directory) {
	source = memad.New("corp.example", memad.At(beginning.AddDate(-1, 0, 0)))
	for _, unit := range []string{"OU=Office,OU=People", "OU=Works,OU=People", "OU=Former"} {
		source.AddOU(unit)
	}
	for _, group := range sourceGroups {
		source.AddGroup("CN=" + group + ",OU=Groups")
	}
	target = memad.New("plant.example", memad.At(beginning.AddDate(-1, 0, 0)))
	target.AddOU("OU=Night,OU=Managed")
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
	return source, target
}

func newWorld(seed uint64) *world {
	folder := "" // the system's
	if _, err := os.Stat("/dev/shm"); err == nil {
		folder = "/dev/shm" // nothing here has to survive a power cut
	}
	folder, err := os.MkdirTemp(folder, "simulation-")
	must(err)
	w := &world{seed: seed, folder: folder, now: beginning, counts: map[string]int{}, hidden: map[string]string{}, slept: map[string]bool{}, source: blankSource.Clone(), target: blankTarget.Clone()}
	clock := memad.Clock(func() time.Time { return w.now })
	clock(w.source)
	clock(w.target)
	w.key, err = hmacfile.ParseKey(strings.Repeat("5c", 32))
	must(err)
	w.judge = newJudge(w)
	r := w.dice(0, "settings")
	w.settings = draw(r)
	w.configure()
	for i := range 5 + r.IntN(8) {
		w.hire(w.dice(0, fmt.Sprint("first ", i)))
	}
	return w
}

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

func (w *world) end() { _ = os.RemoveAll(w.folder) }

// settings are what administrators have configured.
type settings struct {
	Prefix         string
	Disable        bool // ask about it
	Leave          bool
	Expiry         string
	Lease          string
	Restricted     []string
	Unmapped       []string // source groups that lead to none
	Count, Percent int
	Until          string // the last day on which accounts are matched; "": never
}

func draw(r *rand.Rand) settings {
	s := settings{Prefix: oneOf(r, "", "X "), Disable: chance(r, 15), Leave: chance(r, 15), Expiry: oneOf(r, "cap", "cap", "ignore"),
		Lease: oneOf(r, "P1M1D", "P10D", "P3M"), Restricted: []string{"CN=p-Admins"}, Count: 2 + r.IntN(4), Percent: 10 + 10*r.IntN(3)}
	if chance(r, 50) {
		s.Until = matchingUntil(beginning)
	}
	return s
}

var (
	sourceGroups = []string{"t-Viewers", "t-Editors", "t-Admins"}
	targetGroups = []string{"p-Viewers", "p-Editors", "p-Admins", "p-Shift"}
	leadsTo      = map[string][]string{"t-Viewers": {"p-Viewers"}, "t-Editors": {"p-Editors", "p-Shift"}, "t-Admins": {"p-Admins"}}
)

// mapped are the target groups that a source group leads to now.
func (s settings) mapped(sourceGroup string) []string {
	if slices.Contains(s.Unmapped, sourceGroup) {
		return nil
	}
	return leadsTo[sourceGroup]
}

func (w *world) configure() {
	s := w.settings
	groupMap := []string{}
	for _, from := range sourceGroups {
		if to := s.mapped(from); to != nil {
			groupMap = append(groupMap, fmt.Sprintf(`"CN=%s": ["CN=%s"]`, from, strings.Join(to, `", "CN=`)))
		}
	}
	limit := fmt.Sprintf(`{"count": %d, "percent": %d}`, s.Count, s.Percent)
	text := fmt.Sprintf(`{"input_file": "users.json", "managed_user_path": %q, "group_path": %q, "group_map": {%s}, "restricted_groups": ["%s"],
		"prefix_common_names": %q, "approve": {"disable": %v, "leave": %v}, "source_expiry": %q, "expiration_time": %q, "max_age": null, "expect_every": "P2D",
		"attributes": {"displayName": {}, "department": {}, "mail": {}, "manager": {}, "employeeID": {}, "givenName": {}, "sn": {}}, %s
		"limits": {"disable": %s, "leave": %s, "rename": %s, "create": %s, "join": %s}}`,
		managedOU, groupsOU, strings.Join(groupMap, ", "), strings.Join(s.Restricted, `", "`), s.Prefix, s.Disable, s.Leave, s.Expiry, s.Lease, s.matching(),
		limit, limit, limit, limit, limit)
	var err error
	w.cfg, _, err = config.DecodeImport([]byte(text), w.folder)
	must(err)
	w.export, _, err = config.DecodeExport(fmt.Appendf(nil, `{"export_file": "export.json", "user_path": %q, "group_path": "OU=Groups,DC=corp,DC=example",
		"search_groups": ["CN=t-Viewers", "CN=t-Editors", "CN=t-Admins"], "attributes": ["displayName", "department", "mail", "manager", "employeeID", "givenName", "sn"]}`, peopleOU), w.folder)
	must(err)
}

func (w *world) clock() time.Time { return w.now }
