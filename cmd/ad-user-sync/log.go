package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/DeRuina/timberjack"
	"github.com/rs/zerolog"

	importer "ad-user-sync/import"
	"ad-user-sync/internal/files"
	"ad-user-sync/schema"
)

// levels are the names a configuration may use.
var levels = map[string]zerolog.Level{
	"DEBUG": zerolog.DebugLevel, "INFO": zerolog.InfoLevel, "WARNING": zerolog.WarnLevel,
	"ERROR": zerolog.ErrorLevel, "CRITICAL": zerolog.FatalLevel, "FATAL": zerolog.FatalLevel,
}

// openLog logs to standard error, to the file and to the event log, as
// configured. The latter two are kept for the error that a run may end with,
// of which a person is told in another form.
func (a *app) openLog(cfg schema.Log) (zerolog.Logger, error) {
	var kept []io.Writer
	if cfg.LogFile != "" {
		if err := logFile(cfg.LogFile); err != nil {
			return a.kept, err
		}
		file, err := newRotating(cfg)
		if err != nil {
			return a.kept, fmt.Errorf("log_file: %w", err)
		}
		kept, a.closeLog = append(kept, file), file.close
	}
	if cfg.LogWindows {
		events, err := a.openEvents()
		if err != nil {
			a.warn("the Windows event log cannot be written: " + err.Error())
		} else {
			kept = append(kept, events)
		}
	}
	level := levels[cfg.LogLevel]
	a.kept = newLog(level, kept...)
	shown := a.shown(level)
	writers := []io.Writer{&zerolog.FilteredLevelWriter{Writer: a.screen(), Level: shown}}
	for _, w := range kept {
		writers = append(writers, &zerolog.FilteredLevelWriter{Writer: levelled(w), Level: level})
	}
	return newLog(min(level, shown), writers...), nil
}

// shown is the level of what a person sees, by -q and -v.
func (a *app) shown(level zerolog.Level) zerolog.Level {
	switch {
	case a.quiet:
		return max(level, zerolog.WarnLevel)
	case a.verbose:
		return min(level, zerolog.InfoLevel)
	}
	return level
}

// screen is what a person sees. On a terminal, what is done to single people and what it
// comes to are left to the report, which has a line for each and one for all, and to the log file.
func (a *app) screen() zerolog.LevelWriter {
	w := zerolog.LevelWriterAdapter{Writer: console(a.std.err)}
	if isTerminal(a.std.err) && !a.verbose {
		return inReport{w}
	}
	return w
}

type inReport struct{ zerolog.LevelWriter }

// WriteLevel is that of a [zerolog.LevelWriter].
func (w inReport) WriteLevel(level zerolog.Level, line []byte) (int, error) {
	if level < zerolog.WarnLevel && (bytes.Contains(line, []byte(`"user":`)) || bytes.Contains(line, []byte(`"message":"`+importOver+`"`))) { // quotes in a value would be escaped
		return len(line), nil
	}
	return w.LevelWriter.WriteLevel(level, line)
}

func levelled(w io.Writer) zerolog.LevelWriter {
	if l, is := w.(zerolog.LevelWriter); is {
		return l
	}
	return zerolog.LevelWriterAdapter{Writer: w}
}

// logFile refuses what is not a file: rotation would rename it away.
func logFile(path string) error {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return usageError{fmt.Errorf("log_file: %s is a folder or a device, not a file; name a file in it", path)}
	}
	return private(path)
}

func newLog(level zerolog.Level, writers ...io.Writer) zerolog.Logger {
	return zerolog.New(zerolog.MultiLevelWriter(writers...)).Level(level).With().Timestamp().Logger()
}

// importOver is the line of the log with the counts of a run.
const importOver = "the import is over"

// console writes lines for people, coloured on a terminal alone.
func console(w io.Writer) io.Writer {
	return zerolog.ConsoleWriter{Out: w, NoColor: !isTerminal(w) || os.Getenv("NO_COLOR") != "", TimeFormat: "15:04:05"}
}

// rotating begins a new log file before the present one grows too large.
type rotating struct {
	mu     sync.Mutex
	logger *timberjack.Logger
	file   *os.File // in its place where names lead others astray; it does not rotate
	size   int
	limit  int
	failed error // the first line that was lost
}

// close tells of what the log lacks.
func (r *rotating) close() error {
	err := r.logger.Close()
	if r.file != nil {
		err = r.file.Close()
	}
	if r.failed != nil {
		err = r.failed
	}
	if err != nil {
		return fmt.Errorf("log_file: not all of this run could be logged: %w", err)
	}
	return nil
}

func newRotating(cfg schema.Log) (*rotating, error) {
	file, err := files.Append(cfg.LogFile)
	if err != nil {
		return nil, err
	}
	r := &rotating{limit: cfg.LogMaxBytes, file: file, logger: &timberjack.Logger{
		Filename: cfg.LogFile, MaxSize: 1 << 20, MaxBackups: cfg.LogBackupCount, FileMode: 0o600}}
	if info, err := os.Stat(cfg.LogFile); err == nil {
		r.size = int(info.Size())
	}
	return r, nil
}

// Write rotates first where the line would not fit any more.
func (r *rotating) Write(line []byte) (n int, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	defer func() {
		if r.failed == nil {
			r.failed = err
		}
	}()
	if r.file != nil {
		return r.file.Write(line)
	}
	if r.limit > 0 && r.size > 0 && r.size+len(line) > r.limit {
		if err := r.logger.Rotate(); err != nil {
			return 0, err
		}
		r.size = 0
	}
	r.size += len(line)
	return r.logger.Write(line)
}

// logReport ends a run in the log, which is all that a scheduler keeps: what a
// person should read, and what the run came to.
func logReport(log zerolog.Logger, r schema.Report, code int) {
	for _, notice := range r.Notices {
		log.Warn().Msg(schema.Visible(notice))
	}
	for _, o := range r.LeftOut {
		if o.New {
			about(log.Warn(), o.User, o.Code, o.Subject).Str("reason", schema.Visible(o.Reason)).Msg("left out")
		}
	}
	for _, held := range r.HeldBack {
		about(log.Warn(), held.User, held.Code, held.Subject).Str("reason", schema.Visible(held.Reason)).Msg("held back")
	}
	if g := r.Guard; g != nil && g.Name == importer.GuardObserve {
		log.Warn().Str("reason", schema.Visible(g.Reason)).Str("way_on", g.WayOn).Str("run", r.Run).Int("exit", code).Msg("the import waits for its start by a person; nothing was written")
		return
	} else if g != nil {
		log.Warn().Str("limit", g.Name).Str("brake", g.Name).Str("reason", schema.Visible(g.Reason)).Str("way_on", g.WayOn).Str("run", r.Run).Int("exit", code).
			Msg("stopped by a limit; nothing was written")
		return
	}
	event := log.Info()
	if len(r.Failed) > 0 {
		event = log.Warn()
	}
	for _, d := range r.Done() {
		event.Int(d.Name, d.N)
	}
	event.Int("rejected", len(r.Rejected)).Int("failed", len(r.Failed)).Int("left_out", len(r.LeftOut)).Int("held_back", len(r.HeldBack)).Int("open_questions", len(r.RequiredInteractions)).
		Bool("overdue", r.Overdue != nil).Bool("dry_run", r.DryRun).Bool("observed", r.Observed != nil).Str("run", r.Run).Int("exit", code).Msg(importOver)
}

func about(e *zerolog.Event, user, code string, s schema.Subject) *zerolog.Event {
	return e.Str("user", schema.Visible(user)).Str("code", code).Str("account", schema.Visible(s.AccountName)).
		Str("anchor", s.Anchor).Str("objectGUID", s.ObjectGUID).Str("dn", schema.Visible(s.DN))
}
