package importer

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"ad-user-sync/hmacfile"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
	"ad-user-sync/schema/userfile"
)

func (s *scene) anchor(who string) string {
	sum := sha256.Sum256([]byte(who + s.suffix))
	guid, _ := adrules.GUIDFromBytes(sum[:16])
	return guid.String()
}

func (s *scene) person(cn string, change ...func(*schema.User)) schema.User {
	first, _, _ := strings.Cut(cn, " ")
	u := schema.User{CN: cn, SAMAccountName: s.name(strings.ToLower(first)), ObjectGUID: s.anchor(cn),
		Attributes: schema.AttributesOf(map[string]schema.Value{"displayName": {List: []string{cn}}})}
	for _, f := range change {
		f(&u)
	}
	return u
}

func in(groups ...string) func(*schema.User) {
	return func(u *schema.User) { u.MemberOf = append(u.MemberOf, groups...) }
}

func has(attribute, value string) func(*schema.User) {
	return func(u *schema.User) { u.Attributes.Set(attribute, schema.Value{List: []string{value}}) }
}

func disabled(u *schema.User) { u.Disabled = true }

var corp = &schema.Source{Domain: "corp.example", Scope: "5c09e", Tool: "test"}

func (s *scene) file(users ...schema.User) *Input {
	s.stamp = s.stamp.Add(time.Minute)
	return s.fileOf(userfile.Head{Timestamp: s.stamp, Source: cmp.Or(s.source, corp)}, users...)
}

func (s *scene) fileOf(head userfile.Head, users ...schema.User) *Input {
	s.t.Helper()
	var text bytes.Buffer
	w := userfile.NewWriter(&text, head)
	for _, u := range users {
		require.NoError(s.t, w.Write(u))
	}
	complete := &schema.Complete{Users: len(users), Searches: []schema.SearchResult{{Base: "OU=People,DC=corp,DC=example", Filter: "(objectClass=user)", Entries: len(users)}}}
	require.NoError(s.t, w.Close(complete))
	var keys []hmacfile.Key
	if s.key != nil {
		keys = []hmacfile.Key{*s.key}
	}
	var sealed bytes.Buffer
	sealer := hmacfile.NewSealer(&sealed, s.key)
	_, err := sealer.Write(text.Bytes())
	require.NoError(s.t, err)
	require.NoError(s.t, sealer.Close())
	in, err := Open("users.json", sealed.Bytes(), keys)
	require.NoError(s.t, err)
	return in
}
