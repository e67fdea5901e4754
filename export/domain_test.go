package export_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ad-user-sync/export"
	"ad-user-sync/hmacfile"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/memad"
	"ad-user-sync/schema"
	"ad-user-sync/schema/userfile"
)

var clock = time.Date(2026, 11, 22, 8, 15, 30, 0, time.UTC)

const photo = "\xff\xd8\xff\xe0 no text"

// corp is a source domain with people, groups of groups and accounts that must
// never go.
func corp() *memad.Directory {
	d := memad.New("corp.example", memad.At(clock))
	d.AddUser(memad.User{Parent: "OU=People", CN: "Ada Okonkwo", AccountName: "boss", Password: "Passw0rd.Lab"})
	user := func(cn, account string, attributes map[string]string) ad.DN {
		if attributes == nil {
			attributes = map[string]string{}
		}
		return d.AddUser(memad.User{Parent: "OU=People", CN: cn, AccountName: account, Password: "Passw0rd.Lab", Attributes: attributes})
	}
	user("Doe, Jane", "jdoe", map[string]string{
		"mail": "jane@corp.example", "manager": "CN=Ada Okonkwo,OU=People,DC=corp,DC=example",
		"thumbnailPhoto": photo, "accountExpires": "134432316000000000", "otherTelephone": "1",
	})
	user("Jürgen Müller", "jmueller", map[string]string{"manager": `CN=Doe\, Jane,OU=People,DC=corp,DC=example`})
	d.AddUser(memad.User{Parent: "OU=People", CN: "Gone Party", AccountName: "gparty", Disabled: true})
	user("Adm Jane", "adm-jane", nil)
	d.AddUser(memad.User{Parent: "OU=Lab,OU=People", CN: "Nina Keller", AccountName: "ngroup", Password: "Passw0rd.Lab"})
	d.AddGroup("CN=Interns,OU=Groups", `CN=Jürgen Müller,OU=People`)
	d.AddGroup("CN=Circle,OU=Groups", "CN=Interns,OU=Groups")
	d.AddGroup("CN=t-Viewers,OU=Groups", `CN=Doe\, Jane,OU=People`, "CN=Gone Party,OU=People", "CN=Adm Jane,OU=People")
	d.AddGroup("CN=t-Editors,OU=Groups", "CN=Circle,OU=Groups", "CN=Ada Okonkwo,OU=People")
	return d
}

func config(t testing.TB, change func(*schema.ExportConfig)) *schema.ExportConfig {
	t.Helper()
	cfg := &schema.ExportConfig{
		ExportFile: filepath.Join(t.TempDir(), "users.json"), UserPath: "OU=People,DC=corp,DC=example",
		GroupPath: "OU=Groups,DC=corp,DC=example", SearchGroups: []string{"CN=t-Viewers", "CN=t-Editors"}, SourceAnchor: true,
	}
	if change != nil {
		change(cfg)
	}
	return cfg
}

var options = export.Options{Tool: "ad-user-sync test"}

// exported runs and reads the file as an importer would.
func exported(t testing.TB, d export.Directory, cfg *schema.ExportConfig) (*schema.UserFile, export.Result) {
	t.Helper()
	result, err := export.Run(t.Context(), d, cfg, options)
	require.NoError(t, err)
	data, err := os.ReadFile(cfg.ExportFile)
	require.NoError(t, err)
	opened, err := hmacfile.Open(data, nil)
	require.NoError(t, err)
	file, err := userfile.Decode(opened.Body)
	require.NoError(t, err)
	return file, result
}

func accounts(file *schema.UserFile) []string {
	names := []string{}
	for _, u := range file.Users {
		names = append(names, u.SAMAccountName)
	}
	return names
}

func find(t testing.TB, file *schema.UserFile, account string) schema.User {
	t.Helper()
	for _, u := range file.Users {
		if u.SAMAccountName == account {
			return u
		}
	}
	t.Fatalf("%s is not in the file", account)
	return schema.User{}
}

// carries reports whether a user has a value of an attribute, null included.
func carries(u schema.User, attribute string) bool {
	_, ok := u.Attributes.Get(attribute)
	return ok
}

// broken fails a search for users after so many entries, as a lost connection does.
type broken struct {
	export.Directory
	after int
	err   error
	times int // it fails so often; later searches succeed
}

func (b *broken) Search(ctx context.Context, s ad.Search, each func(ad.Entry) error) (ad.Summary, error) {
	if b.times == 0 || s.Scope != ad.ScopeSubtree {
		return b.Directory.Search(ctx, s, each)
	}
	n := 0
	summary, err := b.Directory.Search(ctx, s, func(e ad.Entry) error {
		if n++; n > b.after {
			return b.err
		}
		return each(e)
	})
	if errors.Is(err, b.err) {
		b.times--
	}
	return summary, err
}

// keys of the first user, in the file's order.
func members(t testing.TB, raw []byte) []string {
	t.Helper()
	var file struct{ Users []json.RawMessage }
	require.NoError(t, json.Unmarshal(raw, &file))
	decoder := json.NewDecoder(bytes.NewReader(file.Users[0]))
	_, err := decoder.Token()
	require.NoError(t, err)
	var keys []string
	for decoder.More() {
		key, err := decoder.Token()
		require.NoError(t, err)
		keys = append(keys, key.(string))
		var skip json.RawMessage
		require.NoError(t, decoder.Decode(&skip))
	}
	return keys
}
