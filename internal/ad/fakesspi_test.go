package ad

import (
	"context"
	"errors"
	"strings"
	"syscall"
	"testing"
)

// ThroughSSPI logs "integrated" on as on Windows, with a context that has the
// tickets of a name and password. Services that end with a given text are not
// known.
func ThroughSSPI(t *testing.T, unknown string) {
	before := integrated
	t.Cleanup(func() { integrated = before })
	integrated = func(ctx context.Context, w wire, o Options, r root) (string, error) {
		return "", sspiLogOn(ctx, w, r, func(service string) (sspiContext, []byte, error) {
			if unknown != "" && strings.HasSuffix(service, unknown) {
				return nil, nil, syscall.Errno(targetUnknown)
			}
			ticket, err := o.ticket(ctx, w.tracked.RemoteAddr(), r.domain().Name, []string{service})
			if err != nil {
				return nil, nil, err
			}
			f := &fakeSSPI{kerberos: &securityContext{ticket: ticket, sealing: true}}
			first, err := f.kerberos.request()
			return f, first, err
		})
	}
}

// fakeSSPI behaves as the context of Windows does, and is made of the own Kerberos.
type fakeSSPI struct {
	kerberos *securityContext
	verified bool
	agreed   bool
}

func (f *fakeSSPI) Update(token []byte) (bool, []byte, error) {
	return true, nil, f.kerberos.readReply(token)
}

func (f *fakeSSPI) VerifyFlags() error { f.verified = true; return nil }

// EncryptMessage leaves nothing of what it was given, as in place.
func (f *fakeSSPI) EncryptMessage(message []byte, qop, _ uint32) ([]byte, error) {
	defer clear(message)
	if !f.verified {
		return nil, errors.New("no one asked whether the flags are kept")
	}
	if qop == signedOnly {
		f.kerberos.maxSize, f.agreed = 1<<16, true
		return f.kerberos.sign(message)
	}
	return f.kerberos.seal(message)
}

func (f *fakeSSPI) DecryptMessage(token []byte, _ uint32) (uint32, []byte, error) {
	if !f.agreed {
		offer, err := f.kerberos.readOffer(token)
		return signedOnly, offer, err
	}
	message, err := f.kerberos.unseal(token)
	return 0, message, err
}
