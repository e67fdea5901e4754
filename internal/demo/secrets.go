package demo

import (
	"crypto/rand"
	"strings"

	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// secrets makes passwords that no one is shown, and remembers them, so that a
// test can look for them where they must not be.
type secrets struct{ made []schema.Secret }

// policy is that of both domains.
var policy = adrules.PasswordPolicy{MinLength: 7, Complex: true, History: 24}

// passphrase makes a password of 130 random bits that the domain takes for a
// person.
func (s *secrets) passphrase(names ...string) schema.Secret {
	for {
		text := rand.Text()
		text = strings.ToLower(text[:6]) + "-" + text[6:]
		if len(policy.Broken(text, names...)) == 0 {
			s.made = append(s.made, schema.Secret(text))
			return schema.Secret(text)
		}
	}
}
