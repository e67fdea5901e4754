package faults_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"ad-user-sync/hmacfile"
	importer "ad-user-sync/import"
	"ad-user-sync/import/matchtable"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/internal/adtest/faults"
	"ad-user-sync/internal/memad"
	"ad-user-sync/schema"
	"ad-user-sync/schema/config"
	"ad-user-sync/schema/userfile"
)

// pageSize and maxValues are small, so that a few people make pages and ranges.
const (
	pageSize  = 4
	maxValues = 2
)

// world is a domain, and this program's files beside it.
type world struct {
	t      *testing.T
	admin  importer.Directory // by the administrator's hand: without faults
	mem    *memad.Directory   // nil: Samba
	ou     ad.DN              // holds everything of the scenario
	suffix string             // of account names, in a domain that others use, too
	now    time.Time
	folder string

	certificate tls.Certificate // for who stands before the controller
	address     string          // where
	dial        func() (net.Conn, error)
	second      func() (net.Conn, error) // to another controller of the domain, which knows the same
	options     ad.Options               // to connect to it; without a server
	patience    time.Duration

	selection string // of an export, beside the unit
	keys      string // further ones of an import's configuration
	side      string // whose import: the folder of its files; "": that of the first source
	source    string // domain of it
	former    string // domain that it was before
	accept    bool   // a person accepts the file, whatever is known of it
	begin     string // digest of the plan that a person starts the import with
	leases    bool   // every end that is written is a lease
	days      int    // that a person gives to accounts
	table     []byte // of match, that a person has edited

	users map[string]string // who it is, by CN in the file
	stamp time.Time         // of the last user file
}

// through makes the proxy stand before the controller.
func (w *world) through(proxy *faults.Proxy) ad.Options {
	proxy.Dial = w.dial
	if w.mem == nil { // Samba gives all values at once
		proxy.MaxValues = maxValues
	}
	options := w.options
	options.Servers, options.Timeout = []string{w.listen(proxy)}, w.patience
	if proxy.Fault.Gone() {
		options.Servers = append(options.Servers, w.listen(&faults.Proxy{Dial: w.second, MaxValues: proxy.MaxValues, AfterWrite: proxy.AfterWrite}))
	}
	return options
}

func (w *world) listen(proxy *faults.Proxy) (url string) {
	listener, err := tls.Listen("tcp", net.JoinHostPort(w.address, "0"), &tls.Config{Certificates: []tls.Certificate{w.certificate}})
	require.NoError(w.t, err)
	w.t.Cleanup(func() { _ = listener.Close() })
	go proxy.Serve(listener)
	return "ldaps://" + listener.Addr().String()
}

func (w *world) managed() ad.DN          { return w.ou.Child("OU", "Managed") }
func (w *world) staff() ad.DN            { return w.ou.Child("OU", "Staff") }
func (w *world) groups() ad.DN           { return w.ou.Child("OU", "Groups") }
func (w *world) group(name string) ad.DN { return w.groups().Child("CN", name) }

func (w *world) add(dn ad.DN, class string, attributes ...ad.Attribute) {
	w.t.Helper()
	all := append([]ad.Attribute{{Name: "objectClass", Values: ad.Values(class)}}, attributes...)
	require.NoError(w.t, w.admin.Add(context.Background(), dn, all))
}

func text(name string, values ...string) ad.Attribute {
	return ad.Attribute{Name: name, Values: ad.Values(values...)}
}

func (w *world) change(dn ad.DN, kind ad.ChangeKind, attribute string, values ...string) {
	w.t.Helper()
	change := ad.Change{Kind: kind, Attribute: attribute, Values: ad.Values(values...)}
	require.NoError(w.t, w.admin.Modify(context.Background(), dn, []ad.Change{change}))
}

// local makes an enabled account by hand.
func (w *world) local(parent ad.DN, cn, account string) ad.DN {
	w.t.Helper()
	dn := parent.Child("CN", cn)
	w.add(dn, "user", text("sAMAccountName", account+w.suffix), text("userAccountControl", "512"),
		text("unicodePwd", string(ad.PasswordValue("By-Hand-4711!"))))
	return dn
}

// furnish makes what every scene finds: the container with a local account in
// it, three groups, and someone outside who is in one of them.
func (w *world) furnish() {
	w.add(w.managed(), "organizationalUnit")
	w.add(w.groups(), "organizationalUnit")
	for _, name := range mapped {
		w.add(w.group(name), "group", text("sAMAccountName", name+w.suffix))
	}
	local := w.local(w.managed(), "Local Louis", "louis")
	outside := w.local(w.ou, "Outside Olga", "olga")
	w.change(w.group("p-Viewers"), ad.AddValues, "member", local.String(), outside.String())
}

var mapped = []string{"p-Admins", "p-Editors", "p-Viewers"}

// files are in the folder of one source's import.
func (w *world) files() string { return filepath.Join(w.folder, w.side) }

// configuration is read anew by every run, as from a file.
func (w *world) configuration() *schema.ImportConfig {
	w.t.Helper()
	text := fmt.Sprintf(`{"input_file": "users.json", "managed_user_path": %q, "group_path": %q, "restricted_groups": ["p-Admins"],
		"group_map": {"t-Viewers": "p-Viewers", "t-Editors": "p-Editors", "t-Admins": "p-Admins"},
		"attributes": {"displayName": {}, "title": {}, "manager": {}}%s}`, w.managed().String(), w.groups().String(), w.keys)
	cfg, _, err := config.DecodeImport([]byte(text), w.files())
	require.NoError(w.t, err)
	for kind := range cfg.Limits { // nothing but the reading keeps people safe here
		cfg.Limits[kind] = schema.Limit{}
	}
	return cfg
}

// anchor is someone's objectGUID in the source domain.
func (w *world) anchor(who string) string {
	sum := sha256.Sum256([]byte(who + w.suffix))
	guid, _ := adrules.GUIDFromBytes(sum[:16])
	return guid.String()
}

// person of a user file; who it is does not change when the names do.
func (w *world) person(who, cn string, more ...func(*schema.User)) schema.User {
	first, _, _ := strings.Cut(strings.ToLower(cn), " ")
	u := schema.User{CN: cn, SAMAccountName: first + w.suffix, ObjectGUID: w.anchor(who),
		Attributes: schema.AttributesOf(map[string]schema.Value{"displayName": {List: []string{cn}}, "manager": {}})}
	for _, f := range more {
		f(&u)
	}
	return u
}

func in(groups ...string) func(*schema.User) {
	return func(u *schema.User) {
		for _, group := range groups {
			u.MemberOf = append(u.MemberOf, "CN="+group)
		}
	}
}

func has(attribute, value string) func(*schema.User) {
	return func(u *schema.User) { u.Attributes.Set(attribute, schema.Value{List: []string{value}}) }
}

func disabled(u *schema.User) { u.Disabled = true }

// write makes the user file of the day.
func (w *world) write(users ...schema.User) {
	w.t.Helper()
	w.stamp = w.stamp.Add(time.Minute)
	var body, sealed bytes.Buffer
	require.NoError(w.t, os.MkdirAll(w.files(), 0o700))
	file := userfile.NewWriter(&body, userfile.Head{Timestamp: w.stamp, Source: &schema.Source{Domain: w.source, Scope: "5c09e", Tool: "test"}})
	w.users = map[string]string{}
	for _, u := range users {
		require.NoError(w.t, file.Write(u))
		w.users[u.CN] = u.ObjectGUID
	}
	if w.former != "" {
		file.Migrated(w.migrated(users))
	}
	require.NoError(w.t, file.Close(&schema.Complete{Users: len(users), Searches: []schema.SearchResult{
		{Base: "OU=People,DC=corp,DC=example", Filter: "(objectClass=user)", Entries: len(users)}}}))
	sealer := hmacfile.NewSealer(&sealed, nil)
	_, err := sealer.Write(body.Bytes())
	require.NoError(w.t, err)
	require.NoError(w.t, sealer.Close())
	require.NoError(w.t, os.WriteFile(filepath.Join(w.files(), "users.json"), sealed.Bytes(), 0o600))
}

// start is a fresh process that imports the file of the day.
func (w *world) start(dir importer.Directory) *importer.Import {
	w.t.Helper()
	data, err := os.ReadFile(filepath.Join(w.files(), "users.json"))
	require.NoError(w.t, err)
	in, err := importer.Open("users.json", data, nil)
	require.NoError(w.t, err)
	options := importer.Options{Config: w.configuration(), Directory: dir, Input: in, Log: zerolog.Nop(), Start: w.begin}
	if w.accept {
		options.Accept = in.SHA256
	}
	if w.table != nil {
		options.Table, err = matchtable.Read(w.table)
		require.NoError(w.t, err)
	}
	if w.mem != nil {
		options.Clock = func() time.Time { return w.now }
	}
	im := importer.New(options)
	require.NoError(w.t, im.CheckTable())
	return im
}

// later moves the clock on by a day, where it is ours.
func (w *world) later() {
	if w.mem != nil {
		w.now = w.now.Add(24 * time.Hour)
		w.mem.SetTime(w.now)
	}
}
