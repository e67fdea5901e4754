package demo

import (
	"context"
	_ "embed"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/rs/zerolog"

	"ad-user-sync/approval"
	"ad-user-sync/hmacfile"
	importer "ad-user-sync/import"
	"ad-user-sync/schema"
)

// Options of a demonstration.
type Options struct {
	Folder   string // as NewFolder returns it
	Out      io.Writer
	Tool     string // name and version, written into the user files
	Operator string // who runs this, as kept answers name them

	// Page lets a person decide; nil: the demo decides itself.
	Page func(schema.Session, approval.Desk, zerolog.Logger) error
}

// Files of the folder.
const (
	exportFile = "export_config.json"
	importFile = "import_config.json"
	keyFile    = "hmac.key"
	logFile    = "import.log"
	reportsDir = "reports"
)

//go:embed export_config.json
var exportConfig []byte

//go:embed import_config.json
var importConfig []byte

// story is one demonstration while it is told.
type story struct {
	options Options
	teller  *teller
	world   *world
	clock   *clock
	key     hmacfile.Key
	log     zerolog.Logger
	logFile *os.File
	last    *importer.Import // that a person may decide about
	reports []keptReport
}

// keptReport is a report that was written to the folder.
type keptReport struct {
	name   string
	report schema.Report
}

// Run tells the story. Reports are given in their order, also with an error:
// the first thing that was not as the story says.
func Run(ctx context.Context, o Options) ([]keptReport, error) {
	s, err := begin(o)
	if err != nil {
		return nil, err
	}
	defer s.logFile.Close()
	err = s.tell(ctx)
	return s.reports, err
}

func (s *story) tell(ctx context.Context) error {
	for _, step := range []func(context.Context) error{
		s.introduce, s.exportFirst, s.importFirst, s.decideFirst, s.liveOn, s.importAgain, s.refuse, s.limit, s.importToday, s.decide, s.finish,
	} {
		if err := step(ctx); err != nil {
			return fmt.Errorf("demo, step %d: %v", s.teller.step, err) // not %w: a file that is refused here is the demo's fault
		}
		if err := s.teller.kept(); err != nil {
			return err
		}
	}
	return nil
}

// begin writes what the story starts from.
func begin(o Options) (*story, error) {
	c := &clock{}
	c.setBack(400 * day) // what is there before the story is older than it
	s := &story{options: o, teller: &teller{out: o.Out}, world: newWorld(c.now, &secrets{}), clock: c}
	c.setBack(14 * day)
	s.world.corp.expire("loliveira", c.now().Add(25*day))
	key := hmacfile.NewKey()
	for name, content := range map[string][]byte{exportFile: exportConfig, importFile: importConfig, keyFile: []byte(key + "\n")} {
		if err := os.WriteFile(s.path(name), content, 0o600); err != nil {
			return nil, err
		}
	}
	var err error
	if s.key, err = hmacfile.ParseKey(key); err != nil {
		return nil, err
	}
	s.logFile, err = os.OpenFile(s.path(logFile), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	s.log = zerolog.New(s.logFile).Hook(zerolog.HookFunc(func(e *zerolog.Event, _ zerolog.Level, _ string) {
		e.Time(zerolog.TimestampFieldName, c.now()) // the story's, not the machine's
	}))
	return s, err
}

func (s *story) path(name string) string { return filepath.Join(s.options.Folder, name) }
