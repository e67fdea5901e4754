package export

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"

	"ad-user-sync/hmacfile"
	"ad-user-sync/internal/files"
	"ad-user-sync/schema"
	"ad-user-sync/schema/userfile"
)

// print hands the file on when it is complete: until then it is kept in a
// temporary file.
func (e *run) print(ctx context.Context, stdout io.Writer) error {
	temp, err := os.CreateTemp("", "ad-user-sync-*.tmp") // mode 0600
	if err != nil {
		return fmt.Errorf("keep the user file until it is complete: %w", err)
	}
	defer func() {
		_ = temp.Close()
		_ = os.Remove(temp.Name())
	}()
	if err := e.write(ctx, temp); err != nil {
		return err
	}
	if _, err := temp.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read the complete user file back: %w", err)
	}
	if _, err := io.Copy(stdout, temp); err != nil {
		return fmt.Errorf("write the user file to standard output: %w", err)
	}
	return nil
}

// write streams the file; it fails unless the file is complete.
func (e *run) write(ctx context.Context, w io.Writer) error {
	sum := sha256.New()
	seal := hmacfile.NewSealer(&limited{io.MultiWriter(w, sum), fileLimit}, e.opts.Key)
	if err := e.explain(e.fill(ctx, seal)); err != nil {
		return err
	}
	if err := e.explain(seal.Close()); err != nil {
		return err
	}
	e.result.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return ctx.Err()
}

// begin is the head of the file.
func (e *run) begin(w io.Writer) {
	head := userfile.Head{Timestamp: e.result.Timestamp}
	if e.source.wanted.anchored {
		head.Source = &schema.Source{Domain: e.result.Domain, Scope: e.result.Scope, Tool: e.opts.Tool, Controller: e.result.Controller}
	}
	e.file = userfile.NewWriter(w, head)
}

func (e *run) fill(ctx context.Context, w io.Writer) error {
	e.begin(w)
	for _, q := range e.source.wanted.queries {
		if err := e.search(ctx, q); err != nil {
			return err
		}
	}
	if err := e.rest(ctx, e.note); err != nil {
		return err
	}
	e.result.Warnings = append(e.result.Warnings, e.columnWarnings()...)
	if err := e.sound(ctx); err != nil {
		return err
	}
	if e.moved != nil {
		moved, warnings := e.moved.result()
		e.result.Warnings = append(e.result.Warnings, warnings...)
		e.result.Migrated = moved.Users
		e.file.Migrated(moved)
	}
	return e.file.Close(&schema.Complete{Users: e.result.Users, Searches: e.result.Searches})
}

// sound tells why there is no file, though everything was read, or looks what to
// warn of.
func (e *run) sound(ctx context.Context) error {
	if err := e.unjudged.err(); err != nil {
		return err
	}
	if e.result.Users == 0 {
		return e.noUsers()
	}
	if err := e.findIdle(ctx); err != nil {
		return err
	}
	if err := e.findFilterGroups(ctx); err != nil {
		return err
	}
	e.warn()
	return nil
}

// signed reports whether the file of an earlier export has a trailer. What cannot
// be read tells nothing.
func signed(path string) bool {
	if info, err := os.Stat(path); err != nil || files.Special(info) != nil { // to open a pipe may never end
		return false
	}
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	const enough = 1024 // a trailer, and what may follow it
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return false
	}
	end, err := io.ReadAll(io.NewSectionReader(f, max(0, size-enough), enough))
	return err == nil && hmacfile.HasTrailer(end)
}
