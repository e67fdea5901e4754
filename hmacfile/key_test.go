package hmacfile_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/hmacfile"
)

const referenceKey = "d8b1619ae68eec643255a74014233f6d"

func key(t testing.TB, text string) hmacfile.Key {
	t.Helper()
	k, err := hmacfile.ParseKey(text)
	require.NoError(t, err)
	return k
}

func TestParseKeyAllowsWhiteSpaceAndEitherCase(t *testing.T) {
	for _, text := range []string{referenceKey, strings.ToUpper(referenceKey), " d8b1619a e68eec64\t3255a740\r\n14233f6d\n"} {
		opened, err := hmacfile.Open([]byte(referenceFile), []hmacfile.Key{key(t, text)})
		require.NoError(t, err, "%q", text)
		assert.True(t, opened.Signed)
	}
}

func TestParseKeyRefusesWithoutRepeatingTheKey(t *testing.T) {
	for text, want := range map[string]error{
		"": hmacfile.ErrKeyEmpty, " \r\n": hmacfile.ErrKeyEmpty,
		"d8b1619": hmacfile.ErrKeyNotHex, "hunter2!": hmacfile.ErrKeyNotHex, "0xd8b1": hmacfile.ErrKeyNotHex, "Ünter2": hmacfile.ErrKeyNotHex,
	} {
		_, err := hmacfile.ParseKey(text)
		require.ErrorIs(t, err, want, "%q", text)
		if want == hmacfile.ErrKeyNotHex {
			assert.NotContains(t, err.Error(), text)
			assert.NotContains(t, fmt.Sprintf("%#v %+v", err, errors.Unwrap(err)), "hunter")
		}
	}
}

func TestKeyNeverPrints(t *testing.T) {
	k := key(t, "68756e746572322168756e7465723221") // "hunter2!hunter2!"
	type nested struct {
		Open   hmacfile.Key
		hidden hmacfile.Key
		list   []hmacfile.Key
		at     *hmacfile.Key
	}
	n := nested{k, k, []hmacfile.Key{k}, &k}
	text, err := json.Marshal(n)
	require.NoError(t, err)
	var printed strings.Builder
	printed.Write(text)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%o", "%b", "%t", "%p", "%c", "%U", "%e"} {
		fmt.Fprintf(&printed, verb+" "+verb+" "+verb+"\n", k, &k, n)
	}
	for _, secret := range []string{"hunter", "68756e74", "68756E74", "104 117 110", "0x68, 0x75", "150 165"} {
		assert.NotContains(t, printed.String(), secret)
	}
	assert.Contains(t, printed.String(), "********")
}

func testWeakKey(t *testing.T) {
	long := strings.Repeat("d8", 32)
	assert.False(t, key(t, long).Weak())
	assert.True(t, key(t, long[2:]).Weak())
}

func TestNewKeyIsStrongAndNew(t *testing.T) {
	a, b := hmacfile.NewKey(), hmacfile.NewKey()
	assert.NotEqual(t, a, b)
	assert.Regexp(t, "^[0-9a-f]{64}$", a)
	assert.False(t, key(t, a).Weak())
}
