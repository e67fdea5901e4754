package ad_test

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
)

func TestAnswersOfWindowsToSearches(t *testing.T) {
	one := object{"CN=a,DC=fake,DC=example", map[string][]string{"cn": {"a"}}}
	run := func(t *testing.T, search func(base, attribute, cookie string) reply) ([]ad.Entry, *fake, error) {
		f := newFake(t)
		f.search = search
		client := connect(t, f.options())
		assert.False(t, client.Domain().Encrypted)
		var found []ad.Entry
		summary, err := client.Search(context.Background(), ad.Search{Base: client.Domain().Base, Attributes: []string{"cn", "member"}}, func(e ad.Entry) error {
			found = append(found, e)
			return nil
		})
		assert.Equal(t, len(found), summary.Entries)
		return found, f, err
	}
	t.Run("three pages, the last one empty", func(t *testing.T) {
		two, three := object{"CN=b,DC=fake,DC=example", one.values}, object{"CN=c,DC=fake,DC=example", one.values}
		found, _, err := run(t, func(_, _, cookie string) reply {
			return map[string]reply{"": {entries: []object{one, two}, cookie: "1"}, "1": {entries: []object{three}, cookie: "2"}, "2": {}}[cookie]
		})
		require.NoError(t, err)
		assert.Len(t, found, 3)
	})
	t.Run("no paging control comes back", func(t *testing.T) {
		_, _, err := run(t, func(_, _, _ string) reply { return reply{entries: []object{one}, noPaging: true} })
		require.ErrorIs(t, err, ad.ErrRefused)
		assert.ErrorContains(t, err, "incomplete")
		assert.Contains(t, ad.Hint(err), "LDAP proxy")
	})
	for name, code := range map[string]int{"size limit": 4, "time limit": 3, "administrative limit": 11} {
		t.Run(name, func(t *testing.T) {
			found, _, err := run(t, func(_, _, cookie string) reply {
				if cookie == "" {
					return reply{entries: []object{one}, cookie: "1"}
				}
				return reply{entries: []object{one}, code: code}
			})
			require.ErrorIs(t, err, ad.ErrRefused)
			assert.Len(t, found, 1)
		})
	}
	t.Run("cookie forgotten", func(t *testing.T) {
		_, _, err := run(t, func(_, _, cookie string) reply {
			if cookie == "" {
				return reply{entries: []object{one}, cookie: "1"}
			}
			return reply{code: 53, diagnostic: "00000057: LdapErr: DSID-0C090AE2, comment: Error processing control, data 0, v4563"}
		})
		require.ErrorIs(t, err, ad.ErrRefused)
	})
	t.Run("base elsewhere", func(t *testing.T) {
		_, _, err := run(t, func(_, _, _ string) reply { return reply{code: 10, diagnostic: "0000202B: RefErr: DSID-03100835"} })
		require.ErrorIs(t, err, ad.ErrNotFound)
	})
	t.Run("busy for a moment", func(t *testing.T) {
		tries := 0
		found, _, err := run(t, func(_, _, _ string) reply {
			if tries++; tries < 3 {
				return reply{code: 51}
			}
			return reply{entries: []object{one}}
		})
		require.NoError(t, err)
		assert.Len(t, found, 1)
	})
	t.Run("large groups come in ranges", func(t *testing.T) {
		group := func(name string, values ...string) reply {
			return reply{entries: []object{{"CN=g,DC=fake,DC=example", map[string][]string{"cn": {"g"}, "member": nil, name: values}}}}
		}
		found, _, err := run(t, func(_, attribute, _ string) reply {
			switch attribute {
			case "member;range=2-*":
				return group("member;range=2-3", "CN=c", "CN=d")
			case "member;range=4-*":
				return group("member;range=4-*", "CN=e")
			}
			return group("member;range=0-1", "CN=a", "CN=b")
		})
		require.NoError(t, err)
		assert.Equal(t, []string{"CN=a", "CN=b", "CN=c", "CN=d", "CN=e"}, found[0].Texts("member"))
		assert.Equal(t, []string{"cn", "member"}, found[0].Names())
	})
	t.Run("a range that stops too early", func(t *testing.T) {
		_, _, err := run(t, func(_, attribute, _ string) reply {
			if attribute == "cn" {
				return reply{entries: []object{{"CN=g,DC=fake,DC=example", map[string][]string{"member;range=0-1": {"CN=a", "CN=b"}}}}}
			}
			return reply{entries: []object{{"CN=g,DC=fake,DC=example", nil}}}
		})
		require.ErrorIs(t, err, ad.ErrRefused)
	})
	t.Run("a malformed range", func(t *testing.T) {
		_, _, err := run(t, func(_, _, _ string) reply {
			return reply{entries: []object{{"CN=g,DC=fake,DC=example", map[string][]string{"member;range=x": {"CN=a"}}}}}
		})
		require.ErrorIs(t, err, ad.ErrRefused)
	})
}

// MaxPageSize holds, whatever is asked for: 1,000 of 2,500 come at once, with a
// cookie for the rest, and without pages an error with the first 1,000.
func TestMoreUsersThanAPageHolds(t *testing.T) {
	const users, most = 2_500, 1_000
	f := newFake(t)
	f.search = func(_, _, cookie string) reply {
		from, _ := strconv.Atoi(cookie)
		r := reply{}
		for i := from; i < min(from+most, users); i++ {
			r.entries = append(r.entries, object{fmt.Sprintf("CN=u%d,DC=fake,DC=example", i), map[string][]string{"cn": {fmt.Sprint("u", i)}}})
		}
		if from+most < users {
			r.cookie = strconv.Itoa(from + most)
		}
		return r
	}
	o := f.options()
	o.PageSize = 5_000
	client := connect(t, o)
	search := ad.Search{Base: client.Domain().Base, Attributes: []string{"cn"}}
	seen := map[string]bool{}
	for _, e := range all(t, client, search) {
		seen[e.Text("cn")] = true
	}
	assert.Len(t, seen, users)

	whole := f.search
	f.mu.Lock()
	f.search = func(base, attribute, cookie string) reply {
		r := whole(base, attribute, cookie)
		return reply{entries: r.entries, code: 4, diagnostic: "Size Limit Exceeded", noPaging: true}
	}
	f.mu.Unlock()
	summary, err := client.Search(context.Background(), search, func(ad.Entry) error { return nil })
	require.ErrorIs(t, err, ad.ErrRefused)
	assert.Zero(t, summary.Entries, "not the first 1,000, as if they were all")
}

func TestAnswersOfWindowsToWrites(t *testing.T) {
	f := newFake(t)
	client := connect(t, f.options())
	name := client.Domain().Base.Child("CN", "x")
	for diagnostic, tc := range map[string]struct {
		code int
		kind error
	}{
		"00002071: UpdErr: DSID-031A11DF, problem 6005 (ENTRY_EXISTS), data 0":                                        {68, ad.ErrExists},
		"00000524: UpdErr: DSID-031A11E2, problem 6005 (ENTRY_EXISTS), data 0":                                        {68, ad.ErrExists},
		"000021C8: AtrErr: DSID-03200EDB, #1: 0: 000021C8: DSID-03200EDB, problem 1005 (CONSTRAINT_ATT_TYPE)":         {19, ad.ErrExists},
		"00000562: UpdErr: DSID-031A11DF, problem 6005 (ENTRY_EXISTS), data 0":                                        {68, ad.ErrExists},
		"00000561: SvcErr: DSID-031A11DF, problem 5003 (WILL_NOT_PERFORM), data 0":                                    {53, ad.ErrNotFound},
		"0000208D: NameErr: DSID-03100288, problem 2001 (NO_OBJECT), data 0, best match of: 'DC=x'":                   {32, ad.ErrNotFound},
		"00002085: AtrErr: DSID-03150B8B, problem 1001 (NO_ATTRIBUTE_OR_VAL)":                                         {16, ad.ErrNotFound},
		"00000057: LdapErr: DSID-0C090D8B, comment: Error in attribute conversion operation, data 0":                  {16, ad.ErrBadValue},
		"00002082: AtrErr: DSID-03151904, problem 1005 (CONSTRAINT_ATT_TYPE), data 0, Att 90573 (department):len 130": {19, ad.ErrBadValue},
		"0000207B: AtrErr: DSID-03151904, problem 1006 (ATT_OR_VALUE_EXISTS)":                                         {20, ad.ErrBadValue},
		"00000523: SvcErr: DSID-031A1202, problem 5003 (WILL_NOT_PERFORM), data 0":                                    {53, ad.ErrBadValue},
		"0000052D: SvcErr: DSID-031A12D2, problem 5003 (WILL_NOT_PERFORM), data 0":                                    {53, ad.ErrPasswordPolicy},
		"0000052D: AtrErr: DSID-03191083, #1: problem 1005 (CONSTRAINT_ATT_TYPE)":                                     {19, ad.ErrPasswordPolicy},
		"0000001F: SvcErr: DSID-031A12D2, problem 5003 (WILL_NOT_PERFORM), data 0":                                    {53, ad.ErrRefused},
		"00002098: SecErr: DSID-03150F94, problem 4003 (INSUFF_ACCESS_RIGHTS), data 0":                                {50, ad.ErrDenied},
		"00000005: SecErr: DSID-031A1190, problem 4003 (INSUFF_ACCESS_RIGHTS), data 0":                                {50, ad.ErrDenied},
		"000004DC: LdapErr: DSID-0C090A5C, comment: In order to perform this operation a successful bind must":        {1, ad.ErrCredentials},
		"000020EF: SvcErr: DSID-03140288, problem 5001 (BUSY), data 0":                                                {51, ad.ErrUnreachable},
		"00002035: SvcErr: something new":                                                                             {53, ad.ErrRefused},
		"":                                                                                                            {80, ad.ErrRefused},
	} {
		t.Run(diagnostic, func(t *testing.T) {
			f.mu.Lock()
			f.modify = func() (int, string) { return tc.code, diagnostic }
			f.mu.Unlock()
			changes := []ad.Change{{Kind: ad.DeleteValues, Attribute: "member", Values: ad.Values("CN=a")}, replace("description", "x")}
			err := client.Modify(context.Background(), name, changes)
			require.ErrorIs(t, err, tc.kind)
			var own *ad.Error
			require.ErrorAs(t, err, &own)
			assert.Equal(t, tc.code, own.Code)
			assert.Equal(t, name.String(), own.Object)
		})
	}
}

// insecure-plaintext reads and writes, but no passwords.
func TestNoPasswordOverPlaintext(t *testing.T) {
	f := newFake(t)
	f.modify = func() (int, string) { return 0, "" }
	client := connect(t, f.options())
	name := client.Domain().Base.Child("CN", "x")
	require.NoError(t, client.Modify(t.Context(), name, []ad.Change{replace("description", "x")}))
	sent := client.Operations()
	password := [][]byte{ad.PasswordValue("Some-Passw0rd")}
	for _, err := range []error{
		client.Modify(t.Context(), name, []ad.Change{{Attribute: "UnicodePwd", Values: password}}),
		client.Add(t.Context(), name, []ad.Attribute{{Name: "unicodePwd", Values: password}}),
	} {
		require.ErrorIs(t, err, ad.ErrRefused)
		assert.ErrorContains(t, err, "no password is sent over a connection that is not encrypted")
		assert.NotEmpty(t, ad.Hint(err))
	}
	assert.Equal(t, sent, client.Operations(), "nothing was sent")
}

// The flags of the descriptor control are not visible in what Samba answers to
// an administrator, so the request itself is looked at.
func TestDescriptorsCarryTheControl(t *testing.T) {
	f := newFake(t)
	f.search = func(_, _, _ string) reply { return reply{} }
	f.modify = func() (int, string) { return 0, "" }
	client := connect(t, f.options())
	name := client.Domain().Base.Child("CN", "x")
	_, err := client.Search(context.Background(), ad.Search{Base: name, Scope: ad.ScopeBase, Attributes: []string{"ntsecuritydescriptor"}}, nil)
	require.NoError(t, err)
	require.NoError(t, client.Modify(context.Background(), name, []ad.Change{replace("nTSecurityDescriptor", "x")}))
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, request := range f.requests[len(f.requests)-2:] {
		control := request.Children[2].Children[0]
		assert.Equal(t, "1.2.840.113556.1.4.801", control.Children[0].Data.String())
		assert.Equal(t, true, control.Children[1].Value)
		assert.Equal(t, []byte{0x30, 3, 2, 1, []byte{5, 4}[i]}, control.Children[2].Data.Bytes())
	}
}

// A ticket cache may be replaced while a run goes on. What the other account may
// read is something else, so that nothing is done as that.
func TestNobodyElseGoesOnAfterAReconnect(t *testing.T) {
	f := newFake(t)
	cut := true
	f.search = func(_, _, cookie string) reply {
		if cookie == "2" && cut {
			cut = false
			f.root["tokenGroups"] = []string{strings.Replace(f.root["tokenGroups"][0], "\x50\x04", "\x51\x04", 1)}
			return reply{cut: true}
		}
		r := served("", "", cookie)
		for _, o := range r.entries {
			delete(o.values, "member;range=0-1")
		}
		return r
	}
	client := connect(t, f.options())
	n := 0
	_, err := client.Search(context.Background(), ad.Search{Base: client.Domain().Base}, func(ad.Entry) error { n++; return nil })
	for range 2 {
		require.ErrorIs(t, err, ad.ErrIdentity)
		require.NotErrorIs(t, err, ad.ErrUnreachable)
		assert.ErrorContains(t, err, "-1104) before")
		assert.ErrorContains(t, err, "-1105) now")
		assert.Contains(t, ad.Hint(err), "ticket cache")
		err = client.Failover(context.Background())
	}
	assert.Equal(t, 2, n)
	require.ErrorIs(t, client.Modify(context.Background(), client.Domain().Base, []ad.Change{replace("description", "x")}), ad.ErrIdentity)
}

// An approver's page is loaded often, and each try with a password that was
// changed meanwhile would bring the account nearer to being locked.
func TestRefusedLogonIsNotTriedAgain(t *testing.T) {
	f := newFake(t)
	client := connect(t, f.options())
	binds := 0
	f.bind = func() (int, string) {
		binds++
		return 49, "80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data 52e, v4563"
	}
	f.search = func(_, _, _ string) reply { return reply{cut: true} }
	for range 5 {
		_, err := client.Search(context.Background(), ad.Search{Base: client.Domain().Base}, func(ad.Entry) error { return nil })
		require.ErrorIs(t, err, ad.ErrCredentials)
		assert.Contains(t, ad.Hint(err), "start again with the new one")
		require.ErrorIs(t, client.Modify(context.Background(), client.Domain().Base, []ad.Change{replace("description", "x")}), ad.ErrCredentials)
		require.ErrorIs(t, client.Failover(context.Background()), ad.ErrCredentials)
	}
	assert.Equal(t, 1, binds)
}
