package ad_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
)

// people are seven objects on pages of two. The first, the fourth and the last
// have more values than come at once, so that ranges are asked for on the first,
// a middle, and the last page.
const people = 7

func person(i int) object {
	o := object{fmt.Sprintf("CN=p%d,DC=fake,DC=example", i), map[string][]string{"cn": {fmt.Sprint("p", i)}, "objectGUID": {fmt.Sprintf("guid-of-person-%d", i)}}}
	if i == 0 || i == 3 || i == people-1 {
		o.values["member;range=0-1"] = []string{"a", "b"}
	}
	return o
}

// served answers without a fault.
func served(base, attribute, cookie string) reply {
	if _, low, ranged := strings.Cut(attribute, ";range="); ranged {
		values := map[string]map[string][]string{"2-*": {"member;range=2-3": {"c", "d"}}, "4-*": {"member;range=4-*": {"e"}}}
		return reply{entries: []object{{base, values[low]}}}
	}
	from, _ := strconv.Atoi(cookie)
	r := reply{referrals: []string{"ldap://forest.example/DC=forest,DC=example"}}
	for i := from; i < min(from+2, people); i++ {
		r.entries = append(r.entries, person(i))
	}
	if from+2 < people {
		r.cookie = strconv.Itoa(from + 2)
	}
	return r
}

// disturbed changes the answer to the n-th request of a search, and to those
// behind it while more are left.
func disturbed(n, times int, disturb func(reply) reply) func(base, attribute, cookie string) reply {
	asked := 0
	return func(base, attribute, cookie string) reply {
		r := served(base, attribute, cookie)
		if asked++; asked >= n && times > 0 {
			times--
			return disturb(r)
		}
		return r
	}
}

func readPeople(t *testing.T, search func(base, attribute, cookie string) reply, attributes ...string) ([]ad.Entry, ad.Summary, error) {
	f := newFake(t)
	f.search = search
	client := connect(t, f.options())
	var found []ad.Entry
	summary, err := client.Search(context.Background(), ad.Search{Base: client.Domain().Base, Attributes: attributes}, func(e ad.Entry) error {
		found = append(found, e)
		return nil
	})
	assert.Equal(t, len(found), summary.Entries)
	return found, summary, err
}

// assertWhole: everybody, once, with all values.
func assertWhole(t *testing.T, found []ad.Entry, summary ad.Summary) {
	t.Helper()
	require.Len(t, found, people)
	for i, e := range found {
		wanted := person(i)
		assert.Equal(t, wanted.dn, e.DN.String())
		if wanted.values["member;range=0-1"] != nil {
			assert.Equal(t, []string{"a", "b", "c", "d", "e"}, e.Texts("member"))
		}
		assert.NotContains(t, strings.Join(e.Names(), " "), ";")
	}
	assert.Equal(t, 4, summary.Referrals, "one on each page of the pass that was whole")
}

var disturbances = map[string]func(reply) reply{
	"cut before the answer":       func(reply) reply { return reply{cut: true} },
	"cut before the result":       func(r reply) reply { r.withhold = true; return r },
	"the same page again":         func(r reply) reply { return withEntries(r, person(0), person(1)) },
	"no paging control":           func(r reply) reply { r.noPaging = true; return r },
	"an option not known":         func(r reply) reply { return withValues(r, "cn;lang-de", "p") },
	"too few values":              func(r reply) reply { return withValues(r, "member;range=0-4", "a") },
	"a range that is not a range": func(r reply) reply { return withValues(r, "member;range=x", "a") },
	"a range from the middle":     func(r reply) reply { return withValues(r, "member;range=7-*", "z") },
	"a range without values":      func(r reply) reply { return withValues(r, "member;range=2-2") },
	"the same values again":       func(r reply) reply { return withValues(r, "member;range=2-*", "a", "b") },
}

func withEntries(r reply, entries ...object) reply {
	r.entries = entries
	return r
}

func withValues(r reply, name string, values ...string) reply {
	o := r.entries[0]
	r.entries = slices.Clone(r.entries)
	r.entries[0] = object{o.dn, map[string][]string{"objectGUID": o.values["objectGUID"], name: values}}
	return r
}

// Whatever goes wrong once, at whichever request, a read is whole; where it goes
// on going wrong, the read fails. Never is it half.
func TestSearchIsWholeOrFailed(t *testing.T) {
	faults := map[string]func(reply) reply{}
	for _, code := range []int{1, 3, 4, 8, 10, 11, 12, 32, 50, 51, 52, 53, 80} {
		faults[fmt.Sprintf("code %d", code)] = func(reply) reply { return reply{code: code} }
		faults[fmt.Sprintf("code %d behind the entries", code)] = func(r reply) reply { r.code = code; return r }
	}
	for name, disturb := range disturbances {
		faults[name] = disturb
	}
	const requests = 10 // four pages, and two ranges for each of three people
	for name, disturb := range faults {
		for n := 1; n <= requests; n++ {
			t.Run(fmt.Sprintf("%s/request %d", name, n), func(t *testing.T) {
				t.Parallel()
				found, summary, err := readPeople(t, disturbed(n, 1, disturb), "cn", "member", "objectGUID")
				if err == nil {
					assertWhole(t, found, summary)
				} else {
					assert.Equal(t, 1, n, "a first page is asked for once more only where the controller is busy: %v", err)
				}
			})
		}
	}
}

func TestSearchFailsWhereTheFaultStays(t *testing.T) {
	busy := func(reply) reply { return reply{code: 51} }
	faults := map[string]func(reply) reply{"busy": busy}
	maps.Copy(faults, disturbances)
	for name, disturb := range faults {
		last := 10
		if name == "no paging control" {
			last = 8 // which ranges do without
		}
		for n := 2; n <= last; n++ {
			t.Run(fmt.Sprintf("%s/from request %d", name, n), func(t *testing.T) {
				t.Parallel()
				found, _, err := readPeople(t, disturbed(n, 1000, disturb), "cn", "member", "objectGUID")
				require.Error(t, err)
				assert.Less(t, len(found), people)
				kind := ad.ErrRefused
				if name == "busy" || strings.HasPrefix(name, "cut") {
					kind = ad.ErrUnreachable
				}
				require.ErrorIs(t, err, kind)
			})
		}
	}
}

// A controller that was asked for a page with a cookie has gone on, also where it
// answers that it is busy: what it gives next is another page.
func TestNoCookieIsUsedTwice(t *testing.T) {
	for n := 1; n <= 10; n++ {
		pass, used := 0, map[string]int{}
		search := disturbed(n, 1, func(reply) reply { return reply{code: 51} })
		found, summary, err := readPeople(t, func(base, attribute, cookie string) reply {
			if strings.Contains(attribute, ";range=") {
				return search(base, attribute, "")
			}
			if cookie == "" {
				pass++
			} else {
				used[cookie]++
			}
			_, from, _ := strings.Cut(cookie, "/")
			r := search(base, attribute, from)
			if r.cookie != "" {
				r.cookie = fmt.Sprintf("%d/%s", pass, r.cookie)
			}
			return r
		}, "cn", "member", "objectGUID")
		require.NoError(t, err)
		assertWhole(t, found, summary)
		for cookie, times := range used {
			assert.Equal(t, 1, times, "cookie %s, request %d", cookie, n)
		}
	}
}

// An object that is renamed while pages are read may come twice. It is one
// object, by its objectGUID, also where the caller did not ask for that.
func TestObjectThatComesTwiceIsHandedOnOnce(t *testing.T) {
	twice := func(_, attribute, cookie string) reply {
		renamed := person(0)
		renamed.dn = "CN=new,DC=fake,DC=example"
		r := served("", attribute, cookie)
		if cookie == "6" {
			r.entries = append(r.entries, renamed)
		}
		for _, o := range r.entries {
			delete(o.values, "member;range=0-1")
		}
		return r
	}
	for _, asked := range [][]string{{"cn"}, {"cn", "OBJECTGUID"}} {
		found, _, err := readPeople(t, twice, asked...)
		require.NoError(t, err)
		require.Len(t, found, people)
		assert.Equal(t, "CN=p0,DC=fake,DC=example", found[0].DN.String())
		assert.Equal(t, len(asked) == 2, found[0].Has("objectGUID"), "only what was asked for")
	}
}

func TestAttributesInOtherForms(t *testing.T) {
	for name, given := range map[string]map[string][]string{
		"binary":                {"userCertificate;binary": {"x", "y"}},
		"another case":          {"USERCERTIFICATE": {"x", "y"}},
		"in two pieces":         {"userCertificate": {"x"}, "UserCertificate": {"y"}},
		"binary and in a range": {"userCertificate;binary;range=0-*": {"x", "y"}},
		"empty, and in a range": {"userCertificate": nil, "userCertificate;Range=0-*": {"x", "y"}},
	} {
		t.Run(name, func(t *testing.T) {
			found, _, err := readPeople(t, func(_, _, _ string) reply {
				return reply{entries: []object{{"CN=a,DC=fake,DC=example", given}}}
			}, "userCertificate")
			require.NoError(t, err)
			require.Len(t, found, 1)
			assert.ElementsMatch(t, []string{"x", "y"}, found[0].Texts("userCertificate"))
			assert.Equal(t, []string{"usercertificate"}, found[0].Names())
		})
	}
}

// Who ends a run by hand is not told that the controller cannot be reached.
func TestGivenUpIsSaidInWords(t *testing.T) {
	for _, at := range []string{"", "2"} {
		ctx, cancel := context.WithCancel(context.Background())
		f := newFake(t)
		f.search = func(base, attribute, cookie string) reply {
			if cookie == at && !strings.Contains(attribute, ";range=") {
				cancel()
				return reply{silent: true}
			}
			return served(base, attribute, cookie)
		}
		client := connect(t, f.options())
		_, err := client.Search(ctx, ad.Search{Base: client.Domain().Base, Attributes: []string{"cn"}}, func(ad.Entry) error { return nil })
		require.ErrorIs(t, err, context.Canceled)
		require.ErrorIs(t, err, ad.ErrUnreachable)
		assert.Equal(t, "read DC=fake,DC=example: it was given up", err.Error())
	}
}

func TestEmptyPagesWithOneCookieEnd(t *testing.T) {
	_, _, err := readPeople(t, func(_, _, _ string) reply { return reply{cookie: "1"} }, "cn")
	require.ErrorIs(t, err, ad.ErrRefused)
	assert.ErrorContains(t, err, "same page")
}

// A link may be slow. As long as something arrives, no one gives up.
func TestSlowPagesArrive(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.search = func(_, _, _ string) reply {
		r := reply{}
		for i := range 12 {
			o := person(i + 1)
			delete(o.values, "member;range=0-1")
			r.entries = append(r.entries, o)
		}
		return r
	}
	o := f.options()
	o.Timeout = 500 * time.Millisecond
	client := connect(t, o)
	f.mu.Lock()
	f.pace = 100 * time.Millisecond // which makes 1.3 seconds for all of them
	f.mu.Unlock()
	assert.Len(t, all(t, client, ad.Search{Base: client.Domain().Base, Attributes: []string{"cn"}}), 12)
}

// An answer that only drips does not hold a run for ever.
func TestPageThatDripsIsGivenUp(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.search = func(_, _, _ string) reply {
		f.drip = 20 * time.Millisecond
		return reply{entries: []object{{"CN=a,DC=fake,DC=example", map[string][]string{"cn": {strings.Repeat("x", 3000)}}}}} // a minute
	}
	o := f.options()
	o.Timeout = 100 * time.Millisecond
	client := connect(t, o)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	_, err := client.Search(ctx, ad.Search{Base: client.Domain().Base, Attributes: []string{"cn"}}, func(ad.Entry) error { return nil })
	require.ErrorIs(t, err, ad.ErrUnreachable)
	assert.ErrorContains(t, err, "its answer did not end, and hardly anything moved: ")
	require.NoError(t, ctx.Err())
}

// What a controller cannot put together in time is asked for in smaller pages.
func TestPageThatIsTooSlowIsAskedForSmaller(t *testing.T) {
	for name, slow := range map[string]reply{"silent": {silent: true}, "time limit": {code: 3}, "administrative limit": {code: 11}} {
		for _, from := range []string{"", "4"} {
			t.Run(name+" from "+from, func(t *testing.T) {
				t.Parallel()
				f := newFake(t)
				f.search = func(base, attribute, cookie string) reply {
					if !strings.Contains(attribute, ";range=") && cookie == from && f.pageSize > 40 {
						return slow
					}
					return served(base, attribute, cookie)
				}
				o := f.options()
				o.PageSize, o.Timeout = 500, 300*time.Millisecond
				client := connect(t, o)
				assert.Len(t, all(t, client, ad.Search{Base: client.Domain().Base, Attributes: []string{"cn", "member"}}), people)
				assert.Equal(t, uint32(31), f.pageSize)
			})
		}
	}
}

// Nothing of an answer that was cut short is handed on.
func TestWhatIsTooMuchAtOnceComesInPages(t *testing.T) {
	for name, code := range map[string]int{"size limit": 4, "time limit": 3} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.search = func(base, attribute, cookie string) reply {
				r := served(base, attribute, cookie)
				if f.pageSize == 0 {
					r.code = code
				}
				return r
			}
			client := connect(t, f.options())
			assert.Len(t, all(t, client, ad.Search{Base: client.Domain().Base, Attributes: []string{"cn", "member"}, AtOnce: true}), people)
			assert.Equal(t, uint32(2), f.pageSize)
		})
	}
}
