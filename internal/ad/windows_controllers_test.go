package ad_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
)

func TestControllersThatAreNotWanted(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(root map[string][]string)
		text   string
	}{
		"read-only": {func(r map[string][]string) {
			r["supportedCapabilities"] = append(r["supportedCapabilities"], "1.2.840.113556.1.4.1920")
		}, "dc1.fake.example is a read-only domain controller"},
		"no AD":             {func(r map[string][]string) { r["supportedCapabilities"] = nil }, "not an Active Directory"},
		"lightweight AD":    {func(r map[string][]string) { r["supportedCapabilities"] = []string{"1.2.840.113556.1.4.1851"} }, "not an Active Directory"},
		"who is unknown":    {func(r map[string][]string) { r["tokenGroups"] = nil }, "who is logged on"},
		"no naming context": {func(r map[string][]string) { delete(r, "defaultNamingContext") }, "not an Active Directory"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			tc.change(f.root)
			o := f.options()
			o.NeedWritable = true
			_, err := ad.Connect(context.Background(), o)
			require.ErrorIs(t, err, ad.ErrRefused)
			assert.ErrorContains(t, err, tc.text)
		})
	}
}

// After a loss the client goes to another controller only of the same domain.
func TestAnotherDomainAnswersAfterALoss(t *testing.T) {
	first, second := newFake(t), newFake(t)
	second.root["defaultNamingContext"] = []string{"DC=other,DC=example"}
	p := newProxy(t, first.listener.Addr().String())
	o := first.options()
	o.Servers = []string{p.address()}
	client := connect(t, o)
	p.setUpstream(second.listener.Addr().String())
	p.drop()
	_, err := client.Now(context.Background())
	require.ErrorIs(t, err, ad.ErrUnreachable)
	assert.ErrorContains(t, err, "the domain was fake.example before and is other.example now")
}

// One name may stand for several controllers: what it leads to after a loss is
// taken only on purpose.
func TestAnotherControllerAnswersUnderTheSameName(t *testing.T) {
	first, second := newFake(t), newFake(t)
	second.root["dnsHostName"] = []string{"dc2.fake.example"}
	p := newProxy(t, first.listener.Addr().String())
	o := first.options()
	o.Servers, o.Timeout = []string{p.address()}, 300*time.Millisecond
	client := connect(t, o)
	require.ErrorIs(t, client.Failover(t.Context()), ad.ErrUnreachable, "there is no other one")
	p.setUpstream(second.listener.Addr().String())
	p.drop()
	_, err := client.Now(t.Context())
	require.ErrorIs(t, err, ad.ErrUnreachable)
	assert.ErrorContains(t, err, "was dc1.fake.example before and is dc2.fake.example now")
	require.NoError(t, client.Failover(t.Context()))
	assert.Equal(t, "dc2.fake.example", client.Domain().Controller)
	assert.Equal(t, []string{"dc2.fake.example"}, client.Controllers(), "ports of its own cannot be given to others")
}

// A read-only controller is passed over, at the beginning and later.
func TestTheNextWritableControllerIsTaken(t *testing.T) {
	readOnly, first, second := newFake(t), newFake(t), newFake(t)
	readOnly.root["supportedCapabilities"] = append(readOnly.root["supportedCapabilities"], "1.2.840.113556.1.4.1920")
	second.root["dnsHostName"] = []string{"dc2.fake.example"}
	o := first.options()
	o.NeedWritable = true
	o.Servers = nil
	for _, f := range []*fake{readOnly, first, readOnly, second} {
		o.Servers = append(o.Servers, f.listener.Addr().String())
	}
	client := connect(t, o)
	assert.Equal(t, "dc1.fake.example", client.Domain().Controller)
	require.NoError(t, client.Failover(t.Context()))
	assert.Equal(t, "dc2.fake.example", client.Domain().Controller)
	assert.Equal(t, []string{"dc2.fake.example"}, client.Controllers(), "ports of its own cannot be given to others")
}
