package main

import "golang.org/x/sys/windows/svc/eventlog"

// openEventLog opens the Application log. Only an administrator can register the
// source, as schedule.ps1 does; without it Windows shows the text behind a remark
// that a description is missing. A replaceable variable: tests stand in for it.
var openEventLog = func() (eventLog, error) {
	_ = eventlog.InstallAsEventCreate("ad-user-sync", eventlog.Info|eventlog.Warning|eventlog.Error)
	return eventlog.Open("ad-user-sync")
}
