package main

import (
	"errors"
	"fmt"

	"ad-user-sync/import/matchtable"
	"ad-user-sync/internal/files"
)

// table reads the table of --adopt; nil where there is none. It says whose accounts
// become whose, so that no one else may have a hand in it.
func (c importCommand) table() (*matchtable.Table, error) {
	if c.Adopt == "" {
		return nil, nil
	}
	if fault, readable := files.CheckPrivate(c.Adopt); fault != nil || readable != nil {
		return nil, usageError{fmt.Errorf("--adopt: %w", errors.Join(fault, readable))}
	}
	data, err := files.ReadLimited(c.Adopt, matchtable.Most)
	if err != nil {
		return nil, usageError{fmt.Errorf("--adopt: %w", err)}
	}
	if err := files.CheckControlled(c.Adopt); err != nil {
		return nil, usageError{fmt.Errorf("--adopt: the table says whose accounts become whose, and %w. Keep it in a folder that you alone can change", err)}
	}
	t, err := matchtable.Read(data)
	if err != nil {
		return nil, usageError{fmt.Errorf("--adopt: %s: %w", c.Adopt, err)}
	}
	if len(t.Taken()) == 0 {
		return nil, usageError{fmt.Errorf("--adopt: %s: no row says yes under \"take over\"", c.Adopt)}
	}
	return t, nil
}
