package config

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestAddressesOfServers(t *testing.T) {
	for _, good := range []string{"dc1", "dc1.corp.example", "dc1.corp.example.", "dc1:636", "127.0.0.20", "127.0.0.20:0636", "::1", "[::1]", "[::1]:636", "fe80::1", "dc_1", "münchen.example"} {
		assert.True(t, isAddress(good), good)
	}
	for _, bad := range []string{"", ":636", "dc1:", "dc1:0", "dc1:65536", "dc1:-1", "dc1:ldap", "me@dc1", "dc1/x", "dc1?x", "dc1#x", "::1:x", "[::1", "ldaps://dc1", "dc1:636:636"} {
		assert.False(t, isAddress(bad), bad)
	}
}
