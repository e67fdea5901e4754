package setup

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// places are the folders for what the job writes and for what is carried; "": that
// of the configuration.
type places struct{ state, exchange string }

// usualPlaces keeps apart what the job may write from a configuration in the
// folder that the schedules of examples use: the job's account may not change
// that one (docs/operation.md, "Two folders").
func usualPlaces(system, programData, side, folder string) places {
	switch {
	case system != "windows" && folder == "/etc/ad-user-sync":
		return places{"/var/lib/ad-user-sync", "/var/spool/ad-user-sync"}
	case system == "windows" && programData != "" && strings.EqualFold(folder, programData+`\ad-user-sync`):
		return places{"state", map[string]string{"export": "outbox", "import": "inbox"}[side]}
	}
	return places{}
}

func (w *wizard) places() places {
	return usualPlaces(runtime.GOOS, os.Getenv("ProgramData"), w.draft.side, w.draft.folder)
}

func inState(name string) func(*wizard) offer {
	return func(w *wizard) offer { return offer{standard: filepath.Join(w.places().state, name)} }
}

func inExchange(name string) func(*wizard) offer {
	return func(w *wizard) offer { return offer{standard: filepath.Join(w.places().exchange, name)} }
}

func oneFolder(w *wizard) bool { return w.places() == places{} && !w.draft.has("resolutions_file") }

func notWindows(w *wizard) bool { return runtime.GOOS != "windows" && !w.draft.has("log_windows") }
