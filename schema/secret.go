package schema

// Secret is a password or key. It prints as stars, in logs and in JSON, too.
type Secret string

const Stars = "********"

// String hides the secret.
func (Secret) String() string { return Stars }

// GoString hides the secret from %#v.
func (Secret) GoString() string { return Stars }

// MarshalText hides the secret from encoders.
func (Secret) MarshalText() ([]byte, error) { return []byte(Stars), nil }

// Reveal returns the secret itself, for the one place that needs it.
func (s Secret) Reveal() string { return string(s) }
