package text

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"ad-user-sync/schema"
)

// Metrics writes the status in the text format of Prometheus, for the textfile
// collector of its node exporter. It has numbers alone, and no names of people. The
// path of the configuration is a label: of two imports of one machine that say the
// same the exporter would drop one.
func Metrics(w io.Writer, config string, s schema.Status) error {
	var out strings.Builder
	config = labelEscapes.Replace(strings.ToValidUTF8(config, "\uFFFD"))
	add := func(name, help string, value float64) {
		name = "ad_user_sync_" + name
		fmt.Fprintf(&out, "# HELP %[1]s %[2]s\n# TYPE %[1]s gauge\n%[1]s{config=\"%[3]s\"} %[4]s\n", name, help, config, strconv.FormatFloat(value, 'f', -1, 64))
	}
	at := func(name, help string, t time.Time) {
		if !t.IsZero() {
			add(name+"_timestamp_seconds", help, float64(t.Unix()))
		}
	}
	add("status", "Exit code of status --check; 0: all is well.", float64(s.ExitCode))
	if run := s.Run; run != nil {
		at("last_run", "When the last import began.", run.Started)
		if run.ExitCode != nil {
			add("last_run_exit_code", "Exit code of the last import.", float64(*run.ExitCode))
		}
		add("last_run_failed", "Actions of the last import that failed.", float64(run.Failed))
	}
	if f := s.File; f != nil {
		at("last_file", "When the newest user file was written.", f.Written)
		overdue := 0.0
		if f.Overdue != nil {
			overdue = 1
		}
		add("file_overdue", "Whether a newer user file is overdue.", overdue)
	}
	add("waiting", "Questions that wait for a person.", float64(len(s.Waiting)))
	at("waiting_since", "Since when the oldest of them waits.", oldest(s.Waiting))
	add("accounts_enabled", "Managed accounts that are enabled.", float64(s.Enabled))
	add("accounts_ended", "Enabled accounts whose end is over.", float64(len(s.Ended)))
	add("accounts_disabled", "Managed accounts that the import disabled.", float64(len(s.Disabled)))
	if len(s.Next) > 0 {
		at("next_end", "When the next account ends, unless a newer user file comes.", s.Next[0].At)
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// labelEscapes are those of the exposition formats, "Text format details".
var labelEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

func oldest(waiting []schema.StatusWaiting) (first time.Time) {
	for _, q := range waiting {
		if first.IsZero() || q.Since.Before(first) {
			first = q.Since
		}
	}
	return first
}
