package faults_test

import (
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/adtest/faults"
	"ad-user-sync/internal/adtest/ldapserver"
	"ad-user-sync/internal/memad"
)

// before is a proxy that stands before a domain of five people, and a client that
// is logged on through it.
func before(t *testing.T, kind faults.Kind, fault faults.Fault) *ldap.Conn {
	d := memad.New("plant.example")
	d.AddUser(memad.User{AccountName: "op", Password: "By-Hand-4711!"})
	for _, name := range strings.Split("abcde", "") {
		d.AddUser(memad.User{Parent: "OU=People", AccountName: name})
	}
	d.AddGroup("CN=g,OU=People", "CN=a,OU=People", "CN=b,OU=People", "CN=c,OU=People")
	server := &ldapserver.Server{Directory: d}
	proxy := &faults.Proxy{At: faults.Point{Kind: kind, N: 1}, Fault: fault, Dial: func() (net.Conn, error) {
		here, there := net.Pipe()
		go server.ServeConn(there)
		return here, nil
	}}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	go proxy.Serve(listener)
	conn, err := ldap.DialURL("ldap://" + listener.Addr().String())
	require.NoError(t, err)
	t.Cleanup(func() {
		_ = conn.Close()
		_ = listener.Close()
		assert.True(t, proxy.Given())
	})
	require.NoError(t, conn.Bind(`PLANT\op`, "By-Hand-4711!"))
	return conn
}

func page(conn *ldap.Conn, cookie []byte) (*ldap.SearchResult, error) {
	return conn.Search(ldap.NewSearchRequest("OU=People,DC=plant,DC=example", ldap.ScopeSingleLevel, ldap.NeverDerefAliases, 0, 0, false,
		"(objectClass=user)", []string{"cn", "sAMAccountName"}, []ldap.Control{&ldap.ControlPaging{PagingSize: 4, Cookie: cookie}}))
}

func cookie(r *ldap.SearchResult) []byte {
	if paging, ok := ldap.FindControl(r.Controls, ldap.ControlTypePaging).(*ldap.ControlPaging); ok {
		return paging.Cookie
	}
	return nil
}

// Each fault shows at a first page as its name says.
func TestFaultsAtAPage(t *testing.T) {
	shows := map[string]func(*testing.T, *ldap.Conn, *ldap.SearchResult, error){
		"no-answer": func(t *testing.T, _ *ldap.Conn, _ *ldap.SearchResult, err error) {
			assert.ErrorContains(t, err, "timed out")
		},
		"cut-before": isCut, "cut-after": isCut, "cut-midway": isCut, "gone-before": isCut, "gone-after": isCut,
		"delay": func(t *testing.T, _ *ldap.Conn, r *ldap.SearchResult, err error) {
			require.NoError(t, err)
			assert.Len(t, r.Entries, 4)
		},
		"page-cut-short": shorter(2), "page-empty": shorter(0),
		"no-paging": func(t *testing.T, _ *ldap.Conn, r *ldap.SearchResult, err error) {
			require.NoError(t, err)
			assert.Len(t, r.Entries, 4)
			assert.Empty(t, r.Controls)
		},
		"twice": entries(func(t *testing.T, found []*ldap.Entry) { assert.Len(t, found, 8) }),
		"reordered": entries(func(t *testing.T, found []*ldap.Entry) {
			assert.Equal(t, "sAMAccountName", found[0].Attributes[0].Name)
		}),
		"another-case": entries(func(t *testing.T, found []*ldap.Entry) { assert.Equal(t, "CN", found[0].Attributes[0].Name) }),
		"options": entries(func(t *testing.T, found []*ldap.Entry) {
			assert.Equal(t, "anders", found[0].GetAttributeValue("cn;lang-de"))
		}),
		"ranges": entries(func(t *testing.T, found []*ldap.Entry) {
			assert.Len(t, found[0].Attributes, 2, "neither member nor memberOf")
		}),
		"reference": func(t *testing.T, _ *ldap.Conn, r *ldap.SearchResult, err error) {
			require.NoError(t, err)
			assert.Len(t, r.Referrals, 1)
		},
	}
	for _, fault := range faults.Faults() {
		if !fault.At(faults.FirstPage) {
			continue
		}
		t.Run(fault.Name, func(t *testing.T) {
			conn := before(t, faults.FirstPage, fault)
			if fault.Silent() {
				conn.SetTimeout(100 * time.Millisecond)
			}
			r, err := page(conn, nil)
			if show := shows[fault.Name]; show != nil {
				show(t, conn, r, err)
				return
			}
			var answer *ldap.Error
			require.ErrorAs(t, err, &answer)
			assert.Contains(t, fault.Name+"-", fmt.Sprintf("-%d-", answer.ResultCode))
			assert.Equal(t, strings.HasSuffix(fault.Name, "-late"), len(r.Entries) > 0, "what was asked for comes first")
		})
	}
}

func isCut(t *testing.T, conn *ldap.Conn, _ *ldap.SearchResult, err error) {
	require.Error(t, err)
	assert.True(t, conn.IsClosing())
}

// shorter is a page of which the rest comes for a good cookie.
func shorter(n int) func(*testing.T, *ldap.Conn, *ldap.SearchResult, error) {
	return func(t *testing.T, conn *ldap.Conn, r *ldap.SearchResult, err error) {
		require.NoError(t, err)
		assert.Len(t, r.Entries, n)
		rest, err := page(conn, cookie(r))
		require.NoError(t, err)
		assert.Len(t, rest.Entries, 4-n)
		last, err := page(conn, cookie(rest))
		require.NoError(t, err)
		assert.Len(t, last.Entries, 1)
		assert.Empty(t, cookie(last))
	}
}

func entries(holds func(*testing.T, []*ldap.Entry)) func(*testing.T, *ldap.Conn, *ldap.SearchResult, error) {
	return func(t *testing.T, _ *ldap.Conn, r *ldap.SearchResult, err error) {
		require.NoError(t, err)
		holds(t, r.Entries)
	}
}

// A write that is answered with an error may be done, or not, as the name says.
func TestFaultsAtAWrite(t *testing.T) {
	for _, fault := range faults.Faults() {
		if !fault.At(faults.Modify) {
			continue
		}
		t.Run(fault.Name, func(t *testing.T) {
			conn := before(t, faults.Modify, fault)
			if fault.Silent() {
				conn.SetTimeout(100 * time.Millisecond)
			}
			change := ldap.NewModifyRequest("CN=a,OU=People,DC=plant,DC=example", nil)
			change.Replace("title", []string{"Boss"})
			err := conn.Modify(change)
			assert.Equal(t, fault.Name == "delay", err == nil, "%v", err)
			if strings.HasPrefix(fault.Name, "cut-") || fault.Silent() {
				return // no one can say from here
			}
			r, err := conn.Search(ldap.NewSearchRequest("CN=a,OU=People,DC=plant,DC=example", ldap.ScopeBaseObject, ldap.NeverDerefAliases, 0, 0, false,
				"(objectClass=*)", []string{"title"}, nil))
			require.NoError(t, err)
			done := strings.HasSuffix(fault.Name, "-done") || strings.HasSuffix(fault.Name, "-stays") || fault.Name == "delay"
			assert.Equal(t, done, r.Entries[0].GetAttributeValue("title") == "Boss")
		})
	}
}

// Members come one by one, and the rest of them from the controller.
func TestRangesAtAGroup(t *testing.T) {
	for _, fault := range faults.Faults() {
		if fault.Name != "ranges" {
			continue
		}
		conn := before(t, faults.Base, fault)
		r, err := conn.Search(ldap.NewSearchRequest("CN=g,OU=People,DC=plant,DC=example", ldap.ScopeBaseObject, ldap.NeverDerefAliases, 0, 0, false,
			"(objectClass=*)", []string{"member"}, nil))
		require.NoError(t, err)
		assert.Len(t, r.Entries[0].GetAttributeValues("member;range=0-0"), 1)
	}
}
