package userfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"ad-user-sync/schema"
	"ad-user-sync/schema/format"
)

// Limits of a user file. An exporter writes nothing beyond them, and an importer
// reads nothing beyond them. A million people with a dozen attributes have 750 MiB
// and 15 million values.
const (
	MaxFile       = 1 << 30 // bytes, the trailer included
	MaxAttributes = 200     // of one user
	MaxValues     = 1000    // of one attribute or memberOf
	MaxName       = 4096    // characters of a name, of a person, a group or an attribute; no directory has one of a third of it
	MaxUsers      = 1_000_000
	MaxAllValues  = 20_000_000 // attributes and values of all users; both take memory
)

// toolThrough is between the tool and the domain controller it read.
const toolThrough = " through "

// Error lists what is wrong in a user file.
type Error struct {
	Faults []schema.Fault
	More   bool // reading stopped before the end
}

// Error lists all faults, one a line.
func (e *Error) Error() string { return schema.ListFaults("the user file", e.Faults, e.More) }

// Decode reads a user file without its trailer, as Read does. The body is not changed
// and not kept.
func Decode(body []byte) (*schema.UserFile, error) { return Read(bytes.NewReader(body)) }

// Read reads a user file without its trailer. It is strict: an error is a *Error, or
// that of from, and nothing of the file is to be used then.
func Read(from io.Reader) (*schema.UserFile, error) {
	d := &decoder{
		in: format.NewReader(from), fold: map[string]string{}, names: map[string]attributeName{}, groups: map[string]string{},
	}
	err := d.document()
	stop, stopped := errors.AsType[*format.Stopped](err)
	switch {
	case err == nil:
		d.checkWhole()
	case stopped:
		d.faults = append(d.faults, stop.Fault)
	case !errors.Is(err, errEnough):
		return nil, err
	}
	if len(d.faults) > 0 {
		return nil, &Error{Faults: d.faults, More: errors.Is(err, errEnough)}
	}
	return &d.file, nil
}

type decoder struct {
	in     *format.Reader
	file   schema.UserFile
	lines  []int32 // of each user
	values int     // attributes and values so far
	faults []schema.Fault

	fold   map[string]string        // keys of the present user, lower case to as written
	names  map[string]attributeName // so that equal names share memory
	groups map[string]string

	attributes schema.Packer
}

// errEnough ends reading when maxFaults faults were found.
var errEnough = errors.New("too many faults")

// fault notes a fault at the present line. The error, if any, ends reading.
func (d *decoder) fault(format string, values ...any) error {
	return d.faultAt(d.in.Line(), format, values...)
}

func (d *decoder) faultAt(line int, format string, values ...any) error {
	if len(d.faults) >= schema.MaxFaults {
		return errEnough
	}
	d.faults = append(d.faults, schema.Fault{Line: line, Text: fmt.Sprintf(format, values...)})
	return nil
}

func (d *decoder) document() error {
	if err := d.members("the user file", d.topLevel); err != nil {
		if d.in.Blank() {
			return &format.Stopped{Fault: schema.Fault{Text: "the file is empty"}}
		}
		return err
	}
	return d.in.End()
}

func (d *decoder) topLevel(key string) error {
	switch key {
	case "timestamp":
		return d.timestamp()
	case "users":
		return d.list("users", func(int) error { return d.user() })
	case "source":
		d.file.Source = &schema.Source{}
		return d.source(d.file.Source)
	case "migrated":
		d.file.Migrated = &schema.Migrated{}
		return d.migrated(d.file.Migrated)
	case "complete":
		d.file.Complete = &schema.Complete{Users: -1}
		return d.complete(d.file.Complete)
	}
	return d.unknown(key)
}

func (d *decoder) unknown(key string) error {
	if err := d.fault("the key %s is not known; a newer program may have written this file", schema.Quoted(key)); err != nil {
		return err
	}
	return d.skip()
}

func (d *decoder) timestamp() error {
	var text string
	faults := len(d.faults)
	if err := d.text("timestamp", &text); err != nil || len(d.faults) > faults {
		return err
	}
	t, zoned, err := format.ParseTimestamp(text)
	if err != nil {
		return d.fault("timestamp %s is %s", schema.Quoted(text), err)
	}
	d.file.Timestamp, d.file.Zoned = t, zoned
	return nil
}

func (d *decoder) source(s *schema.Source) error {
	if err := d.members("source", func(key string) error {
		switch key {
		case "domain":
			return d.nameText("source.domain", &s.Domain)
		case "scope":
			return d.nameText("source.scope", &s.Scope)
		case "tool":
			return d.nameText("source.tool", &s.Tool)
		}
		return d.unknown("source." + key)
	}); err != nil {
		return err
	}
	s.Tool, s.Controller, _ = strings.Cut(s.Tool, toolThrough)
	if s.Domain == "" || s.Scope == "" {
		return d.fault("source does not name its domain and scope")
	}
	return nil
}

func (d *decoder) complete(c *schema.Complete) error {
	return d.members("complete", func(key string) error {
		switch key {
		case "users":
			return d.count("complete.users", &c.Users)
		case "searches":
			return d.list("complete.searches", func(int) error {
				var s schema.SearchResult
				err := d.search(&s)
				c.Searches = append(c.Searches, s)
				return err
			})
		}
		return d.unknown("complete." + key)
	})
}

func (d *decoder) search(s *schema.SearchResult) error {
	return d.members("complete.searches", func(key string) error {
		switch key {
		case "base":
			return d.text("base", &s.Base)
		case "filter":
			return d.text("filter", &s.Filter)
		case "entries":
			return d.count("entries", &s.Entries)
		case "referrals":
			return d.count("referrals", &s.Referrals)
		}
		return d.unknown("complete.searches." + key)
	})
}
