package main

import (
	"github.com/rs/zerolog"

	"ad-user-sync/approval"
	"ad-user-sync/internal/demo"
	"ad-user-sync/schema"
)

type demoCommand struct {
	Yes       bool   `help:"Run without a person: the demo answers itself."`
	NoBrowser bool   `help:"Do not open the browser; its address is printed."`
	Dir       string `placeholder:"DIR" help:"New or empty folder for the files; default: ad-user-sync-demo in the working folder, with a number where it exists."`
}

// Run tells the story, and lets a person decide at its end.
func (c demoCommand) Run(a *app) error {
	folder, err := demo.NewFolder(c.Dir)
	if err != nil {
		return usageError{err}
	}
	options := demo.Options{Folder: folder, Out: a.std.out, Tool: tool(), Operator: operator(`PLANT\svc-import`)}
	if !c.Yes {
		options.Page = func(cfg schema.Session, desk approval.Desk, log zerolog.Logger) error {
			return a.session(cfg, desk, nil, log, !c.NoBrowser)
		}
	}
	_, err = demo.Run(a.ctx, options)
	return err
}
