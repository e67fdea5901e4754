package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"html/template"
	"io"
	"os"
	"path/filepath"

	"github.com/pkg/browser"

	"ad-user-sync/internal/files"
)

// onward sends a browser to an address.
var onward = template.Must(template.New("onward").Parse(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url={{.}}">
<title>Approvals</title>
<p><a href="{{.}}">Go on to the approvals</a></p>
</html>
`))

// openBrowser opens a browser at an address that is a secret while ctx lasts.
// Every user of a machine may read the arguments of a process: the browser is
// given the name of a file that no other user can read, which sends it on. That
// file is gone on return.
func openBrowser(ctx context.Context, address string) error {
	folder := filepath.Join(os.TempDir(), "ad-user-sync-"+rand.Text())
	if err := files.MkdirPrivate(folder); err != nil {
		return fmt.Errorf("make a folder for the browser: %w", err)
	}
	defer os.RemoveAll(folder)
	page := filepath.Join(folder, "approvals.html")
	if err := files.Replace(page, 0o600, func(w io.Writer) error { return onward.Execute(w, address) }); err != nil {
		return err
	}
	browser.Stdout, browser.Stderr = io.Discard, io.Discard
	opened := make(chan error, 1) // some come back only when the browser is closed
	go func() { opened <- browser.OpenFile(page) }()
	select {
	case err := <-opened:
		if err != nil {
			return err
		}
	case <-ctx.Done():
	}
	<-ctx.Done() // the browser reads the file when it has started
	return nil
}
