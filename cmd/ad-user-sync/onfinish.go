package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"ad-user-sync/internal/files"
	"ad-user-sync/schema"
	"ad-user-sync/schema/text"
)

// finishTime is what on_finish may take.
const finishTime = time.Minute

// administered refuses on_finish where others than administrators could say what it
// runs.
func administered(config string, cfg *schema.ImportConfig) error {
	if len(cfg.OnFinish) == 0 {
		return nil
	}
	err := files.CheckProgram(cfg.OnFinish[0])
	for _, path := range append(finishFiles(cfg)[1:], config) {
		err = cmp.Or(err, files.CheckAdministered(path))
	}
	if err != nil {
		return usageError{fmt.Errorf("on_finish runs a program after each scheduled import, and %w. "+
			"Keep the configuration and the program where administrators alone can change them (docs/operation.md, \"Two folders\"), or leave out on_finish", err)}
	}
	return nil
}

// finishFiles are the program of on_finish, and what it is told to run: of an
// interpreter, the script.
func finishFiles(cfg *schema.ImportConfig) []string {
	var list []string
	for i, argument := range cfg.OnFinish {
		if i == 0 || filepath.IsAbs(argument) && files.Exists(argument) {
			list = append(list, argument)
		}
	}
	return list
}

// finish runs on_finish after an unattended run. What comes of it is logged, and no
// fault of the run.
func (a *app) finish(command []string, r schema.Report, log zerolog.Logger) {
	if len(command) == 0 {
		return
	}
	var report bytes.Buffer
	err := text.ReportJSON(&report, r)
	if err == nil {
		err = runProgram(context.WithoutCancel(a.ctx), finishTime, command, &report)
	}
	if err != nil {
		log.Warn().Str("error", schema.Visible(err.Error())).Msg("on_finish failed; the run is no worse for it")
		return
	}
	log.Info().Str("program", command[0]).Msg("on_finish is done")
}

// runProgram hands a program the report on standard input, and nothing of this
// program's environment, which may hold secrets.
func runProgram(ctx context.Context, timeout time.Duration, command []string, report *bytes.Buffer) error {
	ctx, stop := context.WithTimeout(ctx, timeout)
	defer stop()
	program := exec.CommandContext(ctx, command[0], command[1:]...)
	said := &lastWords{}
	program.Env, program.Dir, program.Stdin = cleanEnvironment(), filepath.Dir(command[0]), report
	program.Stdout, program.Stderr = said, said
	program.WaitDelay = time.Second // a child of it may hold the streams open
	err := runWithChildren(program)
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("on_finish: %s was ended, since it took longer than %s", command[0], timeout)
	case err != nil:
		return fmt.Errorf("on_finish: run %s: %w%s", command[0], err, said)
	}
	return nil
}

// lastWords keeps the end of what a program says, however much that is.
type lastWords struct {
	kept []byte
	cut  bool
}

const mostWords = 500

func (w *lastWords) Write(said []byte) (int, error) {
	w.kept = append(w.kept, said...)
	if extra := len(w.kept) - mostWords; extra > 0 {
		w.kept, w.cut = append(w.kept[:0], w.kept[extra:]...), true
	}
	return len(said), nil
}

func (w *lastWords) String() string {
	said := strings.TrimSpace(strings.ToValidUTF8(string(w.kept), ""))
	switch {
	case said == "":
		return ""
	case w.cut:
		return fmt.Sprintf("; it said much, and in the last %d bytes: %s", mostWords, said)
	}
	return "; it said: " + said
}

// cleanEnvironment is the least that programs rely on.
func cleanEnvironment() []string {
	if runtime.GOOS != "windows" {
		return []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8"}
	}
	root := os.Getenv("SystemRoot")
	return []string{"SystemRoot=" + root, `PATH=` + filepath.Join(root, "System32")}
}
