package adtest_test

import (
	"testing"

	"ad-user-sync/internal/adtest"
)

func TestTwoControllersReplicate(t *testing.T) {
	twins := adtest.TwoControllers(t)
	first := twins.First.Admin(t)
	ou := first.OU()
	twins.AwaitReplication(t, ou, "ou")
	second := twins.Second.Admin(t)
	second.Add("CN=Anna,"+ou, map[string][]string{"objectClass": {"contact"}})
	twins.AwaitReplication(t, "CN=Anna,"+ou, "cn")
}
