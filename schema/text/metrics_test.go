package text

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ad-user-sync/schema"
)

// Two imports of one machine are told apart, wherever their configurations are.
func TestMetricsSayWhichImport(t *testing.T) {
	for config, label := range map[string]string{
		"/etc/ad-user-sync/corp.yaml": `/etc/ad-user-sync/corp.yaml`,
		`C:\ProgramData\new.yaml`:     `C:\\ProgramData\\new.yaml`,
		"/srv/\"a\"\n{b}=ä.yaml":      `/srv/\"a\"\n{b}=ä.yaml`,
		"/srv/\xff.yaml":              "/srv/\uFFFD.yaml",
	} {
		var out strings.Builder
		require.NoError(t, Metrics(&out, config, schema.Status{ExitCode: 8}))
		require.Contains(t, out.String(), "\nad_user_sync_status{config=\""+label+"\"} 8\n")
		for line := range strings.SplitSeq(strings.TrimSpace(out.String()), "\n") {
			require.Regexp(t, `^(# (HELP|TYPE) ad_user_sync_\w+ .+|ad_user_sync_\w+{config="`+`.*"} [0-9]+)$`, line)
		}
	}
}
