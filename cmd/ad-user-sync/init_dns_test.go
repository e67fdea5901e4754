package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/dns/dnsmessage"

	"ad-user-sync/internal/adtest"
)

// withDNS answers every question about the domain as its DNS would.
func withDNS(t *testing.T, d adtest.Domain) {
	before := net.DefaultResolver
	t.Cleanup(func() { net.DefaultResolver = before })
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		here, there := net.Pipe()
		go func() {
			defer there.Close()
			for {
				size := make([]byte, 2) // in front of every message, as over TCP (RFC 1035, 4.2.2)
				if _, err := io.ReadFull(there, size); err != nil {
					return
				}
				query := make([]byte, int(size[0])<<8|int(size[1]))
				if _, err := io.ReadFull(there, query); err != nil {
					return
				}
				answer := answerFor(d, query)
				_, _ = there.Write(append([]byte{byte(len(answer) >> 8), byte(len(answer))}, answer...))
			}
		}()
		return here, nil
	}}
}

func answerFor(d adtest.Domain, query []byte) []byte {
	var m dnsmessage.Message
	if m.Unpack(query) != nil {
		return nil
	}
	q := m.Questions[0]
	head := dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 1}
	m.Response, m.Additionals = true, nil
	switch name := strings.ToLower(q.Name.String()); {
	case q.Type == dnsmessage.TypeSRV && name == "_ldap._tcp.dc._msdcs."+d.Name+".":
		m.Answers = []dnsmessage.Resource{{Header: head, Body: &dnsmessage.SRVResource{Port: 389, Target: dnsmessage.MustNewName(d.Host + ".")}}}
	case q.Type == dnsmessage.TypeA && name == d.Host+".":
		m.Answers = []dnsmessage.Resource{{Header: head, Body: &dnsmessage.AResource{A: [4]byte(net.ParseIP(d.Address).To4())}}}
	case name != d.Host+".":
		m.RCode = dnsmessage.RCodeNameError
	}
	answer, _ := m.Pack()
	return answer
}

// Where the machine's DNS names domain and controllers, no one has to.
func TestLabInitFindsTheDomain(t *testing.T) {
	lab := adtest.Lab(t)
	withDNS(t, lab.Source)
	t.Chdir(t.TempDir())
	t.Setenv("USERDNSDOMAIN", strings.ToUpper(lab.Source.Name))
	var out, said bytes.Buffer
	code := run(t.Context(), []string{"init", "export", "--yes", "--set", "directory.ca_file=" + lab.CAFile,
		"--set", "directory.username=" + lab.Source.Account("svc-export"), "--set", "directory.password_file=" + lab.Source.PasswordFile("svc-export"),
		"--set", "user_path=OU=People," + lab.Source.Base}, streams{nil, &out, &said})
	require.Zero(t, code, "%s%s", out.String(), said.String())
	assert.Contains(t, out.String(), "The export would work")
	text, err := os.ReadFile("export_config.yaml")
	require.NoError(t, err)
	assert.Contains(t, string(text), "    domain: "+lab.Source.Name+"\n")
	assert.NotContains(t, string(text), "servers:")
}
