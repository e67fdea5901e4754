package files

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/windows"
)

func setDACL(t *testing.T, path, sddl string) {
	t.Helper()
	descriptor, err := windows.SecurityDescriptorFromString(sddl)
	require.NoError(t, err)
	dacl, _, err := descriptor.DACL()
	require.NoError(t, err)
	require.NoError(t, windows.SetNamedSecurityInfo(path, windows.SE_FILE_OBJECT,
		windows.DACL_SECURITY_INFORMATION|windows.PROTECTED_DACL_SECURITY_INFORMATION, nil, nil, dacl, nil))
}

func sddlOf(t *testing.T, path string) string {
	t.Helper()
	s, err := securityOf(path)
	require.NoError(t, err)
	return s.sddl
}

func TestCheckPrivateByAccessList(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "private")
	require.NoError(t, MkdirPrivate(folder))
	path := filepath.Join(folder, "config.json")
	require.NoError(t, os.WriteFile(path, []byte("x"), 0o600))
	for _, c := range []struct {
		sddl           string
		fault, warning bool
	}{
		{"D:P(A;;FA;;;OW)(A;;FA;;;SY)(A;;FA;;;BA)", false, false},
		{"D:P(A;;FA;;;BA)(A;;FR;;;WD)", false, true},
		{"D:P(A;;FA;;;WD)", true, false},
	} {
		setDACL(t, path, c.sddl)
		fault, warning := CheckPrivate(path)
		assert.Equal(t, c.fault, fault != nil, "%s: %v", c.sddl, fault)
		assert.Equal(t, c.warning, warning != nil, "%s: %v", c.sddl, warning)
	}
	assert.NoError(t, CheckOwner(path))
}

func TestReplaceKeepsTheAccessList(t *testing.T) {
	path := filepath.Join(t.TempDir(), "users.json")
	write := func(w io.Writer) error { _, err := io.WriteString(w, "x"); return err }
	require.NoError(t, Replace(path, 0o600, write))
	_, warning := CheckPrivate(path)
	require.NoError(t, warning)
	setDACL(t, path, "D:P(A;;FA;;;BA)(A;;FR;;;WD)")
	require.NoError(t, Replace(path, 0o600, write))
	_, warning = CheckPrivate(path)
	require.Error(t, warning, "the courier may still read it")
}

// A closed folder's list is handed down to what is made in it; where the folder is
// open, the file has a list of its own.
func TestReplaceTakesTheListOfAClosedFolder(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "users.json")
	write := func(w io.Writer) error { _, err := io.WriteString(w, "x"); return err }
	setDACL(t, folder, "D:P(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)(A;OICI;FA;;;OW)(A;OICI;0x1301bf;;;S-1-5-32-551)")
	for range 2 {
		require.NoError(t, Replace(path, 0o600, write))
		assert.False(t, protected(sddlOf(t, path)))
		assert.Contains(t, sddlOf(t, path), ";BO)", "who else the folder names")
	}
	require.NoError(t, Mkdir(filepath.Join(folder, "reports")))
	assert.Contains(t, sddlOf(t, filepath.Join(folder, "reports")), ";BO)")
	require.NoError(t, MkdirPrivate(filepath.Join(folder, "page")))
	assert.NotContains(t, sddlOf(t, filepath.Join(folder, "page")), ";BO)")
	require.NoError(t, os.Remove(path))
	setDACL(t, folder, "D:P(A;OICI;FA;;;WD)")
	require.NoError(t, Replace(path, 0o600, write))
	assert.True(t, protected(sddlOf(t, path)))
}
