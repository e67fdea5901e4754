package importer

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// logged are the lines of the log with a message, about someone.
func (s *scene) logged(message, user string) (found []map[string]any) {
	for line := range bytes.Lines(s.log.Bytes()) {
		var said map[string]any
		require.NoError(s.t, json.Unmarshal(line, &said))
		if said["message"] == message && said["user"] == user {
			found = append(found, said)
		}
	}
	return found
}

// Whoever looks for a new account finds it by the log and by every list of the report.
func TestNewAccountsAreNamedInFull(t *testing.T) {
	s := newScene(t)
	r := s.run(s.file(s.person("Jane Doe", in("CN=t-Viewers", "CN=t-Admins")))).Report
	e := s.get(s.account("Jane Doe"), "objectGUID")
	where := [2]string{e.DN.String(), e.GUID().String()}

	done := s.logged("done", "Jane Doe")
	require.Len(t, done, 2)
	assert.Equal(t, "create", done[0]["action"])
	assert.Equal(t, where[0], done[0]["dn"])
	assert.Equal(t, where, [2]string{done[1]["dn"].(string), done[1]["objectGUID"].(string)}, done[1]["action"])
	found := s.logged("the new account was found", "Jane Doe")
	require.Len(t, found, 1)
	assert.Equal(t, where, [2]string{found[0]["dn"].(string), found[0]["objectGUID"].(string)})

	require.Len(t, r.Actions, 2)
	for a := range r.Actions.All() {
		assert.Equal(t, where, [2]string{a.DN, a.ObjectGUID}, a.Type)
	}
	require.Len(t, r.RequiredInteractions, 2)
	for _, q := range r.RequiredInteractions {
		assert.Equal(t, where, [2]string{q.DN, q.ObjectGUID}, q.Type)
	}
}

// What cannot be found yet has its DN.
func TestNewAccountsThatCannotBeFoundYetHaveADN(t *testing.T) {
	s := newScene(t)
	s.dir = &hiding{s.mem, s.managed()}
	r, err := s.start(s.file(s.person("Anna A", in("CN=t-Viewers")))).Run(t.Context())
	require.NoError(t, err)
	require.Len(t, r.Report.Actions, 1)
	require.Len(t, r.Report.Failed, 1)
	assert.Equal(t, s.account("Anna A").String(), r.Report.Actions.Entries()[0].DN)
	assert.Equal(t, s.account("Anna A").String(), r.Report.Failed[0].DN)
}

// What a lost controller made is named as that one knew it, whoever goes on.
func TestAccountsThatALostControllerMadeAreNamedInFull(t *testing.T) {
	for _, knows := range []bool{false, true} {
		s := newScene(t)
		pair := &succession{Directory: s.mem}
		if !knows {
			pair.heir = s.mem.Twin("dc2")
		}
		s.dir = pair
		s.mem.Fail(dies(3, false)) // the first join
		r, err := s.start(s.file(s.person("Anna A", in("CN=t-Viewers")), s.person("Bert B"))).Run(t.Context())
		require.NoError(t, err)
		require.Equal(t, 1, pair.moves)
		require.Equal(t, []string{"Anna A", "Bert B"}, r.Report.Created)
		for a := range r.Report.Actions.All() {
			e := s.get(s.account(a.User), "objectGUID")
			assert.Equal(t, e.DN.String(), a.DN, fmt.Sprint(knows, a))
			assert.Equal(t, e.GUID().String(), a.ObjectGUID, fmt.Sprint(knows, a))
		}
	}
}
