package faults_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/export"
	"ad-user-sync/hmacfile"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adtest/faults"
	"ad-user-sync/schema"
	"ad-user-sync/schema/config"
	"ad-user-sync/schema/userfile"
)

// sourcePeople makes nine people, some in many groups and one in a group of a
// group.
func (w *world) sourcePeople() {
	people, groups := w.ou.Child("OU", "People"), w.ou.Child("OU", "Sources")
	w.add(people, "organizationalUnit")
	w.add(groups, "organizationalUnit")
	members := map[string][]string{}
	for i, who := range everybody[:9] {
		dn := w.local(people, "Source "+who, "src-"+who)
		w.change(dn, ad.Replace, "displayName", "Source "+who)
		for n, group := range []string{"t-Viewers", "t-Editors", "t-Admins"} {
			if i%(n+1) == 0 {
				members[group] = append(members[group], dn.String())
			}
		}
		if i > 0 {
			w.change(dn, ad.Replace, "manager", people.Child("CN", "Source anna").String())
		}
	}
	w.selection = fmt.Sprintf(`"group_path": %q, "search_groups": ["CN=t-Viewers", "CN=t-Editors", "CN=t-Admins"],`, groups.String())
	for group, list := range members {
		dn := groups.Child("CN", group)
		w.add(dn, "group", text("sAMAccountName", group+w.suffix), text("member", list...))
	}
}

const oldFile = "the file of yesterday"

func (w *world) exported() string { return filepath.Join(w.folder, "exported.json") }

// byUnit makes an export of everybody in a unit: no group says who is missing.
func (w *world) byUnit() {
	w.sourcePeople()
	w.selection = ""
}

func (w *world) exportConfiguration() *schema.ExportConfig {
	text := fmt.Sprintf(`{"export_file": "exported.json", "user_path": %q, %s "source_anchor": true,
		"attributes": ["displayName", "mail", "manager"], "exclude": {"sAMAccountName": ["src-bert*"]}}`,
		w.ou.Child("OU", "People").String(), w.selection)
	cfg, _, err := config.DecodeExport([]byte(text), w.folder)
	require.NoError(w.t, err)
	return cfg
}

func exportOnce(ctx context.Context, w *world, connect connect) told {
	require.NoError(w.t, os.WriteFile(w.exported(), []byte(oldFile), 0o600))
	dir, err := connect()
	if err != nil {
		return told{code: 1, err: err}
	}
	defer dir.Close()
	return w.export(ctx, dir)
}

func (w *world) export(ctx context.Context, dir export.Directory) told {
	if _, err := export.Run(ctx, dir, w.exportConfiguration(), export.Options{Tool: "test"}); err != nil {
		return told{code: 1, err: err}
	}
	return told{}
}

// users of the exported file, and whether it says that they are all.
func (w *world) read() *schema.UserFile {
	w.t.Helper()
	data, err := os.ReadFile(w.exported())
	require.NoError(w.t, err)
	opened, err := hmacfile.Open(data, nil)
	require.NoError(w.t, err)
	file, err := userfile.Decode(opened.Body)
	require.NoError(w.t, err)
	return file
}

// tryExport: the file is as it is undisturbed, or the old one stays.
func (st *stage) tryExport(w *world, s scenario) (given bool) {
	t := w.t
	require.NoError(t, w.export(t.Context(), w.admin).err)
	want := w.read()
	require.Len(t, want.Users, 8)
	proxy := &faults.Proxy{At: s.at, Fault: s.fault}
	options := w.through(proxy)
	before := w.outside()
	said := exportOnce(t.Context(), w, func() (*ad.Client, error) { return ad.Connect(t.Context(), options) })
	if !proxy.Given() {
		return false
	}
	assert.Equal(t, before, w.outside(), "an export writes nothing")
	if said.err != nil {
		data, err := os.ReadFile(w.exported())
		require.NoError(t, err)
		assert.Equal(t, oldFile, string(data))
		return true
	}
	has := w.read()
	assert.Equal(t, want.Users, has.Users)
	assert.Equal(t, want.Complete.Users, has.Complete.Users)
	if s.fault.Gone() {
		want.Source.Controller = has.Source.Controller
	}
	assert.Equal(t, want.Source, has.Source)
	return true
}
