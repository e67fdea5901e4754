package main

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/adtest/mailbox"
)

// Wherever a mail server hangs, and however many letters it is slow with: after half a
// minute an import ends as it would have without it. All wait at once, and while other
// tests run.
func TestTellingPeopleTakesHalfAMinuteAtMost(t *testing.T) {
	all := map[string]mailbox.Options{"several slow letters": {Slow: 12 * time.Second}}
	for _, stage := range mailbox.Stages {
		all["hangs at "+stage] = mailbox.Options{Hangs: stage}
	}
	judge := map[string]func(*testing.T){}
	for name, options := range all {
		judge[name] = toldSlowly(t, options)
	}
	t.Parallel()
	for name := range all {
		t.Run(name, judge[name])
	}
}

// toldSlowly starts an import whose mail server is slow, and returns what judges it when
// it has ended.
func toldSlowly(t *testing.T, options mailbox.Options) (judge func(*testing.T)) {
	_, domain := newListener(t)
	box, folder := mailbox.Open(t, options), t.TempDir()
	writeAll(t, folder, map[string]string{"bind.password": boundPassword, "mail.password": mailbox.Password, "users.json": oneUser,
		"import_config.json": fmt.Sprintf(`{"input_file": "users.json", "managed_user_path": "OU=Managed,DC=plant,DC=example", "max_age": null,
			"resolutions_file": "kept.json", "expiration_time": null,
			"directory": {"servers": ["ldap://%s"], "security": "insecure-plaintext", "username": "PLANT\\svc-import", "password_file": "bind.password"},
			"notify": {"server": %q, "ca_file": %q, "from": "sync@plant.example", "to": ["a@plant.example", "b@plant.example", "c@plant.example", "d@plant.example"],
				"username": %q, "password_file": "mail.password"}}`, domain, box.Address, box.CAFile, mailbox.Username)})
	command := exec.CommandContext(t.Context(), binary, "import")
	command.Dir = folder
	var said []byte
	var err error
	var took time.Duration
	var letters int
	ended := make(chan struct{})
	began := time.Now()
	go func() {
		said, err = command.CombinedOutput()
		took, letters = time.Since(began), len(box.Take())
		close(ended)
	}()
	return func(t *testing.T) {
		<-ended
		require.NoError(t, err, "%s", said)
		assert.Contains(t, string(said), "not everybody under notify.to could be told; the run is no worse for it")
		assert.Greater(t, took, mailTime-5*time.Second, "%s", said)
		assert.Less(t, took, mailTime+15*time.Second, "%s", said)
		require.FileExists(t, filepath.Join(folder, "kept.told.json"))
		if options.Slow > 0 {
			assert.Contains(t, string(said), "told by mail")
			assert.Equal(t, 2, letters)
		}
		t.Logf("ended after %.1f s", took.Seconds())
	}
}
