package schema

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
)

// Limits of a user file. An exporter writes nothing beyond them, and an importer
// reads nothing beyond them.
const (
	MaxFile       = 256 << 20 // bytes, the trailer included
	MaxAttributes = 200       // of one user
	MaxValues     = 1000      // of one attribute or memberOf
	MaxName       = 4096      // characters of a name, of a person, a group or an attribute; no directory has one of a third of it
	MaxUsers      = 1_000_000
	MaxAllValues  = 8_000_000 // attributes and values of all users; both take memory
	maxFaults     = 20        // that are listed
)

// toolThrough is between the tool and the domain controller it read.
const toolThrough = " through "

// UserFileError lists what is wrong in a user file.
type UserFileError struct {
	Faults []Fault
	More   bool // reading stopped before the end
}

// Error lists all faults, one a line.
func (e *UserFileError) Error() string { return listFaults("the user file", e.Faults, e.More) }

// DecodeUserFile reads a user file without its trailer. It is strict: an error
// is a *UserFileError, and nothing of the file is to be used then. The body is
// not changed and not kept.
func DecodeUserFile(body []byte) (*UserFile, error) {
	d := &userFileDecoder{
		in: newJSONReader(body), fold: map[string]string{}, names: map[string]attributeName{}, groups: map[string]string{},
	}
	err := d.document()
	if err == nil {
		d.checkWhole()
	} else if stop, ok := errors.AsType[*stopped](err); ok {
		d.faults = append(d.faults, stop.Fault)
	}
	if len(d.faults) > 0 {
		return nil, &UserFileError{Faults: d.faults, More: errors.Is(err, errEnough)}
	}
	return &d.file, nil
}

type userFileDecoder struct {
	in     *jsonReader
	file   UserFile
	lines  []int32 // of each user
	values int     // attributes and values so far
	faults []Fault

	fold   map[string]string        // keys of the present user, lower case to as written
	names  map[string]attributeName // so that equal names share memory
	groups map[string]string
}

// errEnough ends reading when maxFaults faults were found.
var errEnough = errors.New("too many faults")

// fault notes a fault at the present line. The error, if any, ends reading.
func (d *userFileDecoder) fault(format string, values ...any) error {
	return d.faultAt(d.in.line(), format, values...)
}

func (d *userFileDecoder) faultAt(line int, format string, values ...any) error {
	if len(d.faults) >= maxFaults {
		return errEnough
	}
	d.faults = append(d.faults, Fault{Line: line, Text: fmt.Sprintf(format, values...)})
	return nil
}

func (d *userFileDecoder) document() error {
	if len(bytes.TrimSpace(d.in.body)) == 0 {
		return &stopped{Fault{Text: "the file is empty"}}
	}
	if err := d.members("the user file", d.topLevel); err != nil {
		return err
	}
	return d.in.end()
}

func (d *userFileDecoder) topLevel(key string) error {
	switch key {
	case "timestamp":
		return d.timestamp()
	case "users":
		return d.list("users", func(int) error { return d.user() })
	case "source":
		d.file.Source = &Source{}
		return d.source(d.file.Source)
	case "complete":
		d.file.Complete = &Complete{Users: -1}
		return d.complete(d.file.Complete)
	}
	return d.unknown(key)
}

func (d *userFileDecoder) unknown(key string) error {
	if err := d.fault("the key %s is not known; a newer program may have written this file", quoted(key)); err != nil {
		return err
	}
	return d.skip()
}

func (d *userFileDecoder) timestamp() error {
	var text string
	faults := len(d.faults)
	if err := d.text("timestamp", &text); err != nil || len(d.faults) > faults {
		return err
	}
	t, zoned, err := parseTimestamp(text)
	if err != nil {
		return d.fault("timestamp %s is %s", quoted(text), err)
	}
	d.file.Timestamp, d.file.Zoned = t, zoned
	return nil
}

func (d *userFileDecoder) source(s *Source) error {
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

func (d *userFileDecoder) complete(c *Complete) error {
	return d.members("complete", func(key string) error {
		switch key {
		case "users":
			return d.count("complete.users", &c.Users)
		case "searches":
			return d.list("complete.searches", func(int) error {
				var s SearchResult
				err := d.search(&s)
				c.Searches = append(c.Searches, s)
				return err
			})
		}
		return d.unknown("complete." + key)
	})
}

func (d *userFileDecoder) search(s *SearchResult) error {
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
