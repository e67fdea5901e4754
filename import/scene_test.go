package importer

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"ad-user-sync/hmacfile"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/internal/adtest"
	"ad-user-sync/internal/memad"
	"ad-user-sync/schema"
	"ad-user-sync/schema/config"
)

// scene is a target domain with a container to manage, three groups, and the
// import's own files.
type scene struct {
	t      testing.TB
	dir    Directory        // bound as the import, which has its rights and no others
	desks  Directory        // bound as whoever decides, likewise
	admin  Directory        // bound as the administrator
	mem    *memad.Directory // nil where the domain is Samba's
	ou     ad.DN            // holds everything of this test
	cfg    *schema.ImportConfig
	now    time.Time
	stamp  time.Time // of the next user file
	suffix string    // makes account names unique in a shared domain
	log    bytes.Buffer
	accept string
	key    *hmacfile.Key
	source *schema.Source // of user files; nil: corp
	built  int            // writes that furnished the scene
}

const groupMap = `{"t-Viewers": "p-Viewers", "t-Editors": ["p-Editors"], "t-Admins": "p-Admins"}`

func newScene(t testing.TB, options ...memad.Option) *scene {
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	mem := memad.New("plant.example", append([]memad.Option{memad.At(now)}, options...)...)
	s := &scene{t: t, dir: mem, desks: mem, admin: mem, mem: mem, ou: mem.AddOU("OU=Test"), now: now}
	s.furnish()
	return s
}

// labScene works in the lab's target domain.
func labScene(t testing.TB) *scene {
	lab := adtest.Lab(t)
	ou, err := ad.ParseDN(lab.Target.Admin(t).OU())
	require.NoError(t, err)
	connect := func(account string) *ad.Client {
		client, err := ad.Connect(t.Context(), ad.Options{Servers: []string{lab.Target.URL()}, CAFile: lab.CAFile, Security: ad.SecurityLDAPS,
			Auth: ad.AuthSimple, Username: lab.Target.Account(account), Password: ad.Password(lab.Target.Password(t, account)), NeedWritable: true})
		require.NoError(t, err)
		t.Cleanup(func() { _ = client.Close() })
		return client
	}
	_, name := ou.Name()
	s := &scene{t: t, dir: connect("svc-import"), desks: connect("svc-approver"), admin: connect("Administrator"), ou: ou, now: time.Now().UTC()}
	s.suffix = "-" + name[len(name)-5:]
	s.furnish()
	carried := append(schema.SafeAttributes(), "thumbnailPhoto")
	for _, ref := range schema.References {
		carried = append(carried, ref.Attribute)
	}
	lab.Target.Delegate(t, adtest.Rights{Container: s.managed().String(), Groups: []string{s.group("p-Viewers").String(), s.group("p-Editors").String()},
		Guarded: []string{s.group("p-Admins").String()}, Elsewhere: []string{ou.String()},
		Options: []string{"--attributes=" + strings.Join(carried, " "), "--can-not-change-password", "--fine-grained-policies"}})
	return s
}

func (s *scene) furnish() {
	s.stamp = s.now.Add(-time.Hour)
	folder := s.t.TempDir()
	s.add(s.ou.Child("OU", "Managed"), "organizationalUnit", nil)
	s.add(s.ou.Child("OU", "Groups"), "organizationalUnit", nil)
	for _, group := range []string{"p-Viewers", "p-Editors", "p-Admins"} {
		s.add(s.group(group), "group", map[string]string{"sAMAccountName": group + s.suffix})
	}
	s.configure(`"restricted_groups": ["p-Admins"]`, folder)
	s.built = writes(s.admin.Operations())
}

// configure reads a configuration whose further keys are given.
func (s *scene) configure(more, folder string) {
	if more != "" {
		more = ", " + more
	}
	text := fmt.Sprintf(`{"input_file": "users.json", "managed_user_path": %q, "group_path": %q, "group_map": %s%s}`,
		s.managed().String(), s.ou.Child("OU", "Groups").String(), groupMap, more)
	cfg, _, err := config.DecodeImport([]byte(text), folder)
	require.NoError(s.t, err)
	s.cfg = cfg
}

// with reads another configuration for the same files.
func (s *scene) with(more string) { s.configure(more, filepath.Dir(s.cfg.ResolutionsFile)) }

func (s *scene) managed() ad.DN           { return s.ou.Child("OU", "Managed") }
func (s *scene) group(name string) ad.DN  { return s.ou.Child("OU", "Groups").Child("CN", name) }
func (s *scene) account(cn string) ad.DN  { return s.managed().Child("CN", cn) }
func (s *scene) name(short string) string { return short + s.suffix }

func (s *scene) add(dn ad.DN, class string, attributes map[string]string) {
	s.t.Helper()
	list := []ad.Attribute{{Name: "objectClass", Values: ad.Values(class)}}
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		list = append(list, ad.Attribute{Name: name, Values: ad.Values(attributes[name])})
	}
	require.NoError(s.t, s.admin.Add(context.Background(), dn, list))
}

// user adds an account by hand, enabled and with a password.
func (s *scene) user(dn ad.DN, account string, more map[string]string) {
	s.t.Helper()
	attributes := map[string]string{"sAMAccountName": s.name(account), "userAccountControl": "512",
		"userPrincipalName": s.name(account) + "@plant.example", "unicodePwd": string(ad.PasswordValue("By-Hand-4711!"))}
	maps.Copy(attributes, more)
	s.add(dn, "user", attributes)
}

// set changes an object by hand; "" clears.
func (s *scene) set(dn ad.DN, attribute, value string) {
	s.t.Helper()
	change := ad.Change{Kind: ad.Replace, Attribute: attribute}
	if value != "" {
		change.Values = ad.Values(value)
	}
	require.NoError(s.t, s.admin.Modify(context.Background(), dn, []ad.Change{change}))
}

func (s *scene) join(group string, member ad.DN) {
	s.t.Helper()
	require.NoError(s.t, s.admin.Modify(context.Background(), s.group(group), []ad.Change{{Kind: ad.AddValues, Attribute: "member", Values: ad.Values(member.String())}}))
}

func (s *scene) leave(group string, member ad.DN) {
	s.t.Helper()
	require.NoError(s.t, s.admin.Modify(context.Background(), s.group(group), []ad.Change{{Kind: ad.DeleteValues, Attribute: "member", Values: ad.Values(member.String())}}))
}

// get reads attributes of one object; nil where it does not exist.
func (s *scene) get(dn ad.DN, attributes ...string) *ad.Entry {
	s.t.Helper()
	found := s.find(dn, ad.ScopeBase, ad.Anything, attributes...)
	if len(found) == 0 {
		return nil
	}
	return &found[0]
}

func (s *scene) find(base ad.DN, scope ad.Scope, filter ad.Filter, attributes ...string) []ad.Entry {
	s.t.Helper()
	var found []ad.Entry
	_, err := s.admin.Search(context.Background(), ad.Search{Base: base, Scope: scope, Filter: filter, Attributes: attributes}, func(e ad.Entry) error {
		found = append(found, e)
		return nil
	})
	if err != nil {
		require.ErrorIs(s.t, err, ad.ErrNotFound)
	}
	return found
}

// members are the CNs in a group.
func (s *scene) members(group string) []string {
	names := []string{}
	for _, text := range s.get(s.group(group), "member").Texts("member") {
		dn, err := ad.ParseDN(text)
		require.NoError(s.t, err)
		_, cn := dn.Name()
		names = append(names, cn)
	}
	slices.Sort(names)
	return names
}

func (s *scene) control(cn string) adrules.UserAccountControl {
	s.t.Helper()
	e := s.get(s.account(cn), "userAccountControl")
	require.NotNil(s.t, e, "%s does not exist", cn)
	v, _ := e.Int("userAccountControl")
	return adrules.UserAccountControl(uint32(v))
}

// usn is uSNChanged of everything in the scene.
func (s *scene) usn() map[string]string {
	all := map[string]string{}
	for _, e := range s.find(s.ou, ad.ScopeSubtree, ad.Anything, "uSNChanged") {
		all[e.DN.Key()] = e.Text("uSNChanged")
	}
	return all
}

// later lets time pass, for the directory and this machine.
func (s *scene) later(d time.Duration) {
	s.now = s.now.Add(d)
	s.stamp = s.now.Add(-time.Hour)
	s.mem.SetTime(s.now)
}

// start is a fresh process that imports.
func (s *scene) start(in *Input, change ...func(*Options)) *Import {
	o := Options{Config: s.cfg, Directory: s.dir, Input: in, Accept: s.accept, Log: zerolog.New(&s.log)}
	if s.mem != nil {
		o.Clock = func() time.Time { return s.now }
	}
	for _, f := range change {
		f(&o)
	}
	return New(o)
}

// run imports, and nothing may fail.
func (s *scene) run(in *Input, change ...func(*Options)) *Result {
	s.t.Helper()
	result, err := s.start(in, change...).Run(s.t.Context())
	require.NoError(s.t, err)
	require.Empty(s.t, result.Report.Failed)
	require.Nil(s.t, result.Report.Guard)
	return result
}

// files are the contents of the import's folder.
func (s *scene) files() map[string]string {
	found := map[string]string{}
	entries, err := os.ReadDir(filepath.Dir(s.cfg.ResolutionsFile))
	require.NoError(s.t, err)
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(filepath.Dir(s.cfg.ResolutionsFile), e.Name()))
		require.NoError(s.t, err)
		if text := strings.TrimSpace(string(data)); text != "" { // a lock that was let go
			found[e.Name()] = text
		}
	}
	return found
}

// stat is when a file of the import was written, and which file it is.
func (s *scene) stat(name string) os.FileInfo {
	info, err := os.Stat(filepath.Join(filepath.Dir(s.cfg.ResolutionsFile), name))
	require.NoError(s.t, err)
	return info
}

// written counts the writes since the scene was furnished.
func (s *scene) written() int { return writes(s.dir.Operations()) - s.built }

func writes(o ad.Operations) int { return o.Adds + o.Modifies + o.Renames }
