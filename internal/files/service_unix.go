//go:build unix

package files

import "os"

// Service reports whether the running user is an account of the system, as no
// person has: by its number, as login.defs and systemd divide them.
func Service() bool {
	uid := os.Geteuid()
	return uid > 0 && uid < 1000 || uid >= 61184 && uid <= 65534 // DynamicUser=, and the last for no one
}
