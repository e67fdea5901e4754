package approval

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	importer "ad-user-sync/import"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adtest"
	"ad-user-sync/schema"
	"ad-user-sync/schema/config"
	"ad-user-sync/schema/userfile"
)

// labScene is a part of the lab's target domain, where the import and the
// approver have their rights and no others, and what one installation keeps.
type labScene struct {
	*testing.T
	*adtest.Admin
	domain     adtest.Domain
	lab        *adtest.TwoDomains
	mark       string // makes account names unique
	in, staff  string // DN of the managed container, and of a place that accounts may be taken over from
	unattended *ad.Client
	approver   *ad.Client
	users      map[string]schema.User // of the next file, by first name
	stamp      time.Time
	folder     string
	config     string // JSON members beside the usual ones
}

const (
	before   = "Before-4711-Password" // of accounts that have worked already
	asking   = `"approve": {"disable": true, "leave": true}`
	notAsked = `"approve": {"disable": false, "leave": false}`
)

func newLabScene(t *testing.T) *labScene {
	t.Parallel() // they wait for the controller, and for the page, most of the time
	return sceneAlone(t)
}

func sceneAlone(t *testing.T) *labScene {
	lab := adtest.Lab(t)
	d := lab.Target
	s := &labScene{T: t, Admin: d.Admin(t), domain: d, lab: lab, mark: strings.ToLower(rand.Text()[:5]), users: map[string]schema.User{},
		stamp: time.Now().UTC().Add(-time.Hour).Truncate(time.Second), folder: t.TempDir(), config: notAsked}
	s.in, s.staff = "OU=approval-"+s.mark+",OU=Managed,"+d.Base, "OU=staff-"+s.mark+","+d.Base
	for _, dn := range []string{s.in, s.staff} {
		t.Cleanup(func() { d.Admin(t).Delete(dn) }) // the controller may have been restarted
		s.Add(dn, map[string][]string{"objectClass": {"organizationalUnit"}})
	}
	d.Delegate(t, adtest.Rights{Container: s.in, Elsewhere: []string{s.staff}})
	s.unattended, s.approver = s.connect("svc-import", d.URL()), s.connect("svc-approver", d.URL())
	return s
}

func (s *labScene) connect(account, url string) *ad.Client {
	s.Helper()
	client, err := ad.Connect(s.Context(), ad.Options{Servers: []string{url}, CAFile: s.lab.CAFile, Security: ad.SecurityLDAPS, Auth: ad.AuthSimple,
		Username: s.domain.Account(account), Password: ad.Password(s.domain.Password(s, account)), NeedWritable: true})
	require.NoError(s, err)
	s.Cleanup(func() { _ = client.Close() })
	return client
}

// account is the account name of someone of this scene, and of no other.
func (s *labScene) account(first string) string { return strings.ToLower(first) + "-" + s.mark }

func (s *labScene) dn(cn string) string { return "CN=" + cn + "," + s.in }

// employ puts people into the next file; the first name tells them apart.
func (s *labScene) employ(names ...string) {
	for _, name := range names {
		first, _, _ := strings.Cut(name, " ")
		s.users[first] = schema.User{CN: name, SAMAccountName: s.account(first), ObjectGUID: uuid.NewSHA1(uuid.Nil, []byte(s.mark+first)).String(),
			Attributes: schema.AttributesOf(map[string]schema.Value{"displayName": {List: []string{name}}, "department": {List: []string{"Assembly"}},
				"mail": {List: []string{s.account(first) + "@corp.example"}}})}
	}
}

func (s *labScene) give(first string, groups ...string) {
	u := s.users[first]
	u.MemberOf = groups
	s.users[first] = u
}

// input is the user file as it arrives, a minute younger than the one before.
func (s *labScene) input() *importer.Input {
	s.Helper()
	s.stamp = s.stamp.Add(time.Minute)
	var text bytes.Buffer
	w := userfile.NewWriter(&text, userfile.Head{Timestamp: s.stamp, Source: &schema.Source{Domain: "corp.example", Scope: "5c09e"}})
	for _, u := range maps.Clone(s.users) {
		require.NoError(s, w.Write(u))
	}
	n := len(s.users)
	require.NoError(s, w.Close(&schema.Complete{Users: n, Searches: []schema.SearchResult{{Base: "OU=People,DC=corp,DC=example", Filter: "(objectClass=user)", Entries: n}}}))
	in, err := importer.Open("users.json", text.Bytes(), nil)
	require.NoError(s, err)
	return in
}

// start is an import of the next file; nothing was done yet.
func (s *labScene) start() *importer.Import {
	s.Helper()
	cfg, _, err := config.DecodeImport([]byte(fmt.Sprintf(`{"input_file": "users.json", "managed_user_path": %q, "group_path": %q,
		"group_map": {"t-Viewers": "CN=p-Viewers", "t-Editors": "CN=p-Editors", "t-Administrators": "CN=p-Administrators"},
		"restricted_groups": ["CN=p-Editors"], %s}`, s.in, "OU=Groups,"+s.domain.Base, s.config)), s.folder)
	require.NoError(s, err)
	return importer.New(importer.Options{Config: cfg, Directory: s.unattended, Input: s.input(), Log: zerolog.Nop()})
}

// run imports the next file as the unattended account.
func (s *labScene) run() *importer.Import {
	s.Helper()
	im := s.start()
	result, err := im.Run(s.Context())
	require.NoError(s, err)
	require.Empty(s, result.Report.Failed)
	return im
}

// settled imports the next file and enables everybody, unseen.
func (s *labScene) settled() {
	s.Helper()
	desk := s.run().NewDesk(s.approver, "a test")
	view, err := desk.Look(s.Context())
	require.NoError(s, err)
	var answers []plan.Answer
	for _, q := range view.Questions {
		answers = append(answers, plan.Answer{ID: q.ID, Accept: true, Password: before})
	}
	results, err := desk.Decide(s.Context(), answers, func(plan.Result) {})
	require.NoError(s, err)
	for _, r := range results {
		require.Equal(s, plan.Done, r.Outcome, r.Problem)
	}
}

// open shows a desk to a person.
func (s *labScene) open(desk Desk, change ...func(*Options)) (*served, *tab) {
	s.Helper()
	served := serve(s.T, desk, brisk, change...)
	served.written = []string{s.folder}
	served.secrets["the password of before"] = before
	for _, account := range []string{"svc-import", "svc-approver"} {
		served.secrets["the password of "+account] = s.domain.Password(s, account)
	}
	b := look(s.T, served.address)
	b.sees("Approvals for " + s.domain.Name)
	return served, b
}

// desk is the approver at the import's desk.
func (s *labScene) desk(im *importer.Import) *importer.Desk {
	return im.NewDesk(s.approver, `jdoe as PLANT\svc-approver`)
}

func (s *labScene) resolutions() string {
	s.Helper()
	text, err := os.ReadFile(filepath.Join(s.folder, "resolutions.json"))
	if !os.IsNotExist(err) {
		require.NoError(s, err)
	}
	return string(text)
}

func (s *labScene) enabled(cn string) bool {
	s.Helper()
	return s.Read(s.dn(cn), "userAccountControl")["userAccountControl"][0] == "512"
}

func (s *labScene) member(cn, group string) bool {
	s.Helper()
	return strings.Contains(strings.Join(s.Read(s.dn(cn), "memberOf")["memberOf"], "\n"), "CN="+group+",")
}

// question is the selector of the open question of a kind about someone, who
// is told apart by what its heading says.
func (b *tab) question(kind plan.Kind, who string) string {
	b.t.Helper()
	find := fmt.Sprintf(`[...document.querySelectorAll('article[data-kind=%q]')].find((a) => a.querySelector("h3").textContent.includes(%s))?.dataset.id`, kind, quote(who))
	b.until(find)
	return fmt.Sprintf("article[data-kind][data-id=%q]", eval[string](b, find))
}

// settles waits until a question is no longer open on any tab.
func (b *tab) settles(card string) {
	b.t.Helper()
	b.until("!document.querySelector(" + quote(card) + ")")
}

func (b *tab) says(within, text string) {
	b.t.Helper()
	b.until(fmt.Sprintf(`document.querySelector(%s)?.textContent.includes(%s)`, quote(within), quote(text)))
}

// selectLabel is what the box of a question is called.
func (b *tab) selectLabel(kind plan.Kind, who string) string {
	b.t.Helper()
	return eval[string](b, `document.querySelector('`+b.question(kind, who)+` input.pick').getAttribute("aria-label")`)
}

// step is a subtest in the same tab.
func (b *tab) step(t *testing.T, name string, do func(*testing.T)) {
	t.Helper()
	whole := b.t
	ok := t.Run(name, func(t *testing.T) {
		b.t = t
		do(t)
	})
	b.t = whole
	require.True(t, ok, "the steps build on one another")
}
