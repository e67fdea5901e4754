package text

import "ad-user-sync/schema"

// named is a person of the report.
type named struct {
	user string
	schema.Subject
}

// key tells people apart: by the account, before there is one by the person of
// the source, else by the common name.
func (w named) key() string {
	switch {
	case w.ObjectGUID != "":
		return w.ObjectGUID
	case w.Anchor != "":
		return w.Anchor
	}
	return w.user
}

// called is the common name, with the account name.
func called(w named) string {
	if w.AccountName == "" || w.AccountName == w.user {
		return w.user
	}
	return w.user + " (" + w.AccountName + ")"
}
