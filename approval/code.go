package approval

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"
)

// What an exchange of a code for a token can come to.
var (
	errCodeUnknown = errors.New("this address is not valid (any more)")
	errCodeExpired = errors.New("this address has expired")
	// errReplayed means that a one-time address was used a second time, so that
	// another user may have read it.
	errReplayed = errors.New("the one-time address of the approval session was used twice: another user of this machine may have read it; " +
		"the session was ended; look at who is logged on, then start again")
)

// access decides who may speak to the session: one live one-time code, one
// token. Both are kept as digests alone.
type access struct {
	life  time.Duration // of a code
	clock clock

	mu       sync.Mutex
	code     *digest // nil: none is live
	live     context.Context
	spent    func() // ends live
	issued   time.Time
	used     []digest
	token    *digest // nil: no one is signed in
	activity time.Time
	locked   bool
	closed   bool
}

type digest [sha256.Size]byte

func (d *digest) is(secret string) bool {
	other := sha256.Sum256([]byte(secret))
	return d != nil && subtle.ConstantTimeCompare(d[:], other[:]) == 1
}

func digestOf(secret string) *digest {
	d := digest(sha256.Sum256([]byte(secret)))
	return &d
}

// issue makes a new code of 130 random bits; the one before is no longer valid.
func (a *access) issue() string {
	code := rand.Text()
	a.mu.Lock()
	defer a.mu.Unlock()
	a.spend()
	a.code, a.issued = digestOf(code), a.clock.now()
	a.live, a.spent = context.WithTimeout(context.Background(), a.life)
	return code
}

// worth lasts as long as the last code can be used.
func (a *access) worth() context.Context {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.live
}

// spend makes the last code worthless. The caller holds mu.
func (a *access) spend() {
	if a.code = nil; a.spent != nil {
		a.spent()
	}
}

// exchange takes a code and returns a token; the token before is no longer valid.
// welcome is called once the code was found right, before the page is unlocked.
func (a *access) exchange(code string, welcome func()) (token string, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for i := range a.used {
		if a.used[i].is(code) {
			a.spend()
			a.token, a.closed = nil, true
			return "", errReplayed
		}
	}
	switch {
	case a.closed || !a.code.is(code):
		return "", errCodeUnknown
	case a.clock.since(a.issued) > a.life:
		a.spend()
		return "", errCodeExpired
	}
	welcome()
	a.used = append(a.used, *a.code)
	a.spend()
	token = rand.Text()
	a.token, a.activity, a.locked = digestOf(token), a.clock.now(), false
	return token, nil
}

// admits reports whether a request comes from who is signed in.
func (a *access) admits(r *http.Request) bool {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return ok && a.allows(token)
}

func (a *access) allows(token string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.token.is(token)
}

// touch notes that a person did something.
func (a *access) touch() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.activity = a.clock.now()
}

// lockAfter revokes the token of a person who has been idle for so long. It
// reports whether it did.
func (a *access) lockAfter(idle time.Duration) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.token == nil || a.clock.since(a.activity) < idle {
		return false
	}
	a.token, a.locked = nil, true
	return true
}

func (a *access) isLocked() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.locked
}

// stale reports whether no code is live.
func (a *access) stale() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.code == nil || a.clock.since(a.issued) > a.life
}

// close lets no one in any more.
func (a *access) close() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.spend()
	a.token, a.closed = nil, true
}
