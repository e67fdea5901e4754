package importer

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// called is what an account is called.
type called struct{ cn, name, dn string }

// ring is a domain in which a file gives each of some people the names of the next.
type ring struct {
	*scene
	file    *Input
	anchors map[string]string          // by objectGUID of the account
	had     map[string]map[called]bool // what it was called at any moment, by objectGUID
	looking bool                       // faults are not meant for the test itself
	met     bool                       // the run came to the fault
}

func newRing(t *testing.T, size int) *ring {
	s := newScene(t)
	s.with(`"attributes": {"displayName": {}, "department": {}}, "limits": {"rename": null, "join": null, "leave": null}`)
	people := []schema.User{s.person("Anna A"), s.person("Bert B"), s.person("Carl C")}[:size]
	stays := s.person("Dora D")
	s.staffed(append(slices.Clone(people), stays)...)
	r := &ring{s, nil, map[string]string{}, map[string]map[called]bool{}, false, false}
	for _, p := range people {
		guid := s.get(s.account(p.CN), "objectGUID").GUID().String()
		r.anchors[guid], r.had[guid] = p.ObjectGUID, map[called]bool{}
	}
	r.note()
	first := people[0]
	for i := range people {
		next := first
		if i+1 < size {
			next = people[i+1]
		}
		people[i].CN, people[i].SAMAccountName = next.CN, next.SAMAccountName
		people[i].Attributes = schema.AttributesOf(map[string]schema.Value{"department": {List: []string{"New"}}})
		people[i].MemberOf = []string{"CN=t-Viewers", "CN=t-Admins"}
	}
	r.file = s.file(append(people, stays)...)
	return r
}

func (r *ring) now(guid string) called {
	id, err := adrules.ParseGUID(guid)
	require.NoError(r.t, err)
	e := r.get(ad.ByGUID(id), "cn", "sAMAccountName")
	return called{e.Text("cn"), e.Text("sAMAccountName"), e.DN.String()}
}

// note remembers what everybody is called at this moment.
func (r *ring) note() {
	r.looking = true
	defer func() { r.looking = false }()
	for guid := range r.anchors {
		r.had[guid][r.now(guid)] = true
	}
}

// watched notes after each write what everybody is called.
type watched struct {
	Directory
	note func()
}

func (w watched) Rename(ctx context.Context, from, to ad.DN) error {
	defer w.note()
	return w.Directory.Rename(ctx, from, to)
}

func (w watched) Modify(ctx context.Context, dn ad.DN, changes []ad.Change) error {
	defer w.note()
	return w.Directory.Modify(ctx, dn, changes)
}

// subjects are all entries of a report that are about one account, as a program
// reads them.
func subjects(t testing.TB, r schema.Report) map[string][]map[string]any {
	text, err := json.Marshal(r)
	require.NoError(t, err)
	var keys map[string]any
	require.NoError(t, json.Unmarshal(text, &keys))
	all := map[string][]map[string]any{}
	for key, value := range keys {
		list, _ := value.([]any)
		for _, one := range list {
			if entry, _ := one.(map[string]any); entry["objectGUID"] != nil {
				all[key] = append(all[key], entry)
			}
		}
	}
	return all
}

// Wherever people who pass on their names in a ring are cut apart, each entry of
// report and log is about one of them: the report as the directory shows them at
// the end of the run, the log as it did at that moment.
func TestCutRingOfNamesMixesNobodyUp(t *testing.T) {
	faults := map[string]func(n int) func(memOperation) error{
		"refused": func(n int) func(memOperation) error {
			return func(op memOperation) error {
				if op.Write == n && !op.Done {
					return &ad.Error{Doing: "write", Object: op.DN.String(), Kind: ad.ErrDenied, Code: 50}
				}
				return nil
			}
		},
		"refused late": func(n int) func(memOperation) error {
			return func(op memOperation) error {
				if op.Write == n && op.Done {
					return &ad.Error{Doing: "write", Object: op.DN.String(), Kind: ad.ErrRefused, Code: 80}
				}
				return nil
			}
		},
		"lost before": func(n int) func(memOperation) error { return dies(n, false) },
		"lost after":  func(n int) func(memOperation) error { return dies(n, true) },
	}
	for size := 2; size <= 3; size++ {
		for name, fault := range faults {
			if size > 2 && strings.HasSuffix(name, "before") { // as it is with two
				continue
			}
			for n := size - 1; n < 30; n += size - 1 { // of three, every other write
				at := fmt.Sprintf("%d people, write %d %s", size, n, name)
				r := newRing(t, size)
				cut, err := r.cut(fault(n))
				require.Equal(t, strings.HasPrefix(name, "lost") && r.met, err != nil, "%s: %v", at, err)
				r.agrees(at, cut, name == "lost after")
				r.logAgrees(at)
				again, err := r.start(r.file).Run(t.Context())
				require.NoError(t, err, at)
				assert.Empty(t, again.Report.Failed, at)
				r.agrees(at+", and again", again.Report, false)
				if !r.met {
					require.Greater(t, n, 4)
					break
				}
			}
		}
	}
}

// cut imports and runs into a fault.
func (r *ring) cut(fault func(memOperation) error) (schema.Report, error) {
	r.log.Reset()
	r.mem.Fail(func(op memOperation) error {
		if r.looking {
			return nil
		}
		err := fault(op)
		r.met = r.met || err != nil
		return err
	})
	defer r.mem.Fail(nil)
	result, err := r.start(r.file, func(o *Options) { o.Directory = watched{r.mem, r.note} }).Run(r.t.Context())
	require.NotNil(r.t, result, "%v", err)
	return result.Report, err
}

// agrees compares each entry with the directory; of a write whose outcome no one
// knows, with what the account was called before or after.
func (r *ring) agrees(at string, report schema.Report, unsure bool) {
	for key, entries := range subjects(r.t, report) {
		for _, e := range entries {
			guid := e["objectGUID"].(string)
			if r.anchors[guid] == "" {
				continue
			}
			assert.Equal(r.t, r.anchors[guid], e["anchor"], at)
			says := called{e["user"].(string), e["account_name"].(string), e["dn"].(string)}
			if !unsure || !r.had[guid][says] {
				assert.Equal(r.t, r.now(guid), says, "%s: %s %v", at, key, e)
			}
		}
	}
}

func (r *ring) logAgrees(at string) {
	for line := range strings.Lines(r.log.String()) {
		var e map[string]any
		require.NoError(r.t, json.Unmarshal([]byte(line), &e))
		guid, _ := e["objectGUID"].(string)
		if r.anchors[guid] == "" {
			continue
		}
		assert.Equal(r.t, r.anchors[guid], e["anchor"], at)
		says := called{e["user"].(string), e["account"].(string), e["dn"].(string)}
		assert.True(r.t, r.had[guid][says], "%s: %s was never called %v", at, line, says)
	}
}
