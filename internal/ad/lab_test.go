package ad_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adtest"
)

// options to reach a domain of the lab as an account of it.
func options(t *testing.T, lab *adtest.TwoDomains, d adtest.Domain, account string) ad.Options {
	return ad.Options{
		Servers: []string{d.URL()}, CAFile: lab.CAFile, Timeout: 20 * time.Second,
		Username: d.Account(account), Password: ad.Password(d.Password(t, account)),
	}
}

func connect(t *testing.T, o ad.Options) *ad.Client {
	t.Helper()
	client, err := ad.Connect(context.Background(), o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, client.Close()) })
	return client
}

// all collects a search.
func all(t *testing.T, client *ad.Client, search ad.Search) []ad.Entry {
	t.Helper()
	var entries []ad.Entry
	summary, err := client.Search(context.Background(), search, func(e ad.Entry) error {
		entries = append(entries, e)
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, len(entries), summary.Entries)
	return entries
}

func dn(t *testing.T, text string) ad.DN {
	t.Helper()
	name, err := ad.ParseDN(text)
	require.NoError(t, err)
	return name
}
