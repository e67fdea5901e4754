package setup

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"ad-user-sync/hmacfile"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/files"
)

// takeKey takes a key that is there, or has one made: both sides need the same.
func takeKey(w *wizard, text string) (any, error) {
	if text == "" {
		return nil, errors.New("a file without a key can be changed by whoever carries it; name a file")
	}
	path := w.draft.inFolder(text)
	if !files.Exists(path) {
		w.draft.later = append(w.draft.later, func() error {
			w.console.say(fmt.Sprintf("  a new key was made: %s. The other side needs a copy of this file.", text))
			return writeSecret(path, hmacfile.NewKey())
		})
		return text, w.writableFolder(path)
	}
	key, err := w.program.ReadSecret("hmac_file", path)
	if err != nil {
		return nil, err
	}
	keys, err := w.program.ParseKeys([]string{key})
	w.keys = keys
	return text, err
}

// takeFile takes the name of a file that the job writes.
func takeFile(w *wizard, text string) (any, error) {
	if strings.HasSuffix(text, "/") || strings.HasSuffix(text, `\`) {
		return nil, errors.New("name a file in that folder")
	}
	return text, w.writableFolder(w.draft.inFolder(text))
}

func (w *wizard) writableFolder(path string) error {
	if err := files.Writable(filepath.Dir(path)); err != nil {
		return err
	}
	return w.program.Private(path)
}

// known tells which attributes the schema of the domain does not have.
func (w *wizard) known(names []string) error {
	missing := map[string]string{}
	var one []ad.Filter
	for _, name := range names {
		missing[strings.ToLower(name)] = name
		one = append(one, ad.Equal("lDAPDisplayName", name))
	}
	_, err := w.dir.Search(w.ctx, ad.Search{
		Base: w.dir.Domain().Schema, Scope: ad.ScopeOneLevel, Filter: ad.Or(one...), Attributes: []string{"lDAPDisplayName"},
	}, func(e ad.Entry) error {
		delete(missing, strings.ToLower(e.Text("lDAPDisplayName")))
		return nil
	})
	for _, name := range names {
		if missing[strings.ToLower(name)] != "" {
			return errors.Join(err, fmt.Errorf("the schema of %s has no attribute %q", w.dir.Domain().Name, name))
		}
	}
	return err
}
