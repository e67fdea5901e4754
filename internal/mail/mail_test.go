package mail_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/adtest/mailbox"
	"ad-user-sync/internal/mail"
)

func account(b *mailbox.Box) mail.Account {
	return mail.Account{Server: b.Address, CAFile: b.CAFile, Username: mailbox.Username, Password: mailbox.Password, From: "sync@plant.example"}
}

var message = mail.Message{To: []string{"anna@plant.example", "it@plant.example"}, Subject: "3 questions wait", Text: "Grüße.\n"}

func TestEachRecipientGetsALetter(t *testing.T) {
	for name, tls := range map[string]bool{"STARTTLS": false, "TLS": true} {
		t.Run(name, func(t *testing.T) {
			box := mailbox.Open(t, mailbox.Options{TLS: tls})
			a := account(box)
			a.TLS = tls
			sent, err := mail.Send(t.Context(), a, message)
			require.NoError(t, err)
			assert.Equal(t, 2, sent)
			got := box.Take()
			require.Len(t, got, 2)
			for i, m := range got {
				assert.Equal(t, message.To[i], m.To)
				assert.Equal(t, message.Subject, m.Subject)
				assert.Equal(t, message.Text, m.Text)
				assert.Equal(t, "auto-generated", m.Header.Get("Auto-Submitted"))
			}
		})
	}
}

func TestWhoIsUnknownKeepsNoOtherFromALetter(t *testing.T) {
	box := mailbox.Open(t, mailbox.Options{Stranger: "anna@plant.example"})
	sent, err := mail.Send(t.Context(), account(box), message)
	assert.Equal(t, 1, sent)
	require.ErrorContains(t, err, "anna@plant.example")
	require.ErrorContains(t, err, "no such user")
	assert.Len(t, box.Take(), 1)
}

// A server may end the connection after each letter, or where it refuses one.
func TestAServerThatEndsTheConnectionIsAskedAgain(t *testing.T) {
	three := message
	three.To = []string{"anna@plant.example", "it@plant.example", "max@plant.example"}
	for stranger, want := range map[string]int{"": 3, "anna@plant.example": 2, "it@plant.example": 2} {
		box := mailbox.Open(t, mailbox.Options{Once: true, Stranger: stranger})
		sent, err := mail.Send(t.Context(), account(box), three)
		assert.Equal(t, want, sent, "%v", err)
		assert.Len(t, box.Take(), want, "none comes twice")
		if stranger != "" {
			require.ErrorContains(t, err, "no such user")
		} else {
			require.NoError(t, err)
		}
	}
}

// Nothing is sent to a server that is not proved, or in plain text.
func TestNothingGoesToAServerThatIsNotProved(t *testing.T) {
	for name, c := range map[string]struct {
		options mailbox.Options
		change  func(*mail.Account)
		want    string
	}{
		"no STARTTLS":         {options: mailbox.Options{Plain: true}, want: "does not support STARTTLS"},
		"no TLS":              {options: mailbox.Options{Plain: true}, change: func(a *mail.Account) { a.TLS = true }, want: "tls"},
		"another name":        {options: mailbox.Options{Name: "mail.other.example"}, want: "certificate"},
		"unknown authority":   {change: func(a *mail.Account) { a.CAFile = "" }, want: "certificate"},
		"no certificate file": {change: func(a *mail.Account) { a.CAFile = "nowhere.pem" }, want: "notify.ca_file"},
		"wrong password":      {change: func(a *mail.Account) { a.Password = "S3cret-wrong" }, want: "535"},
		"header in address":   {change: func(a *mail.Account) { a.From = "a@b.example\r\nBcc: x@y.example" }, want: "notify.from"},
	} {
		t.Run(name, func(t *testing.T) {
			box := mailbox.Open(t, c.options)
			a := account(box)
			if c.change != nil {
				c.change(&a)
			}
			sent, err := mail.Send(t.Context(), a, message)
			require.ErrorContains(t, err, c.want)
			assert.NotContains(t, err.Error(), a.Password)
			assert.Zero(t, sent)
			assert.Empty(t, box.Take())
		})
	}
}

func TestAServerThatSaysNothingIsLeft(t *testing.T) {
	for _, stage := range mailbox.Stages {
		t.Run(stage, func(t *testing.T) {
			t.Parallel()
			box := mailbox.Open(t, mailbox.Options{Hangs: stage})
			ctx, stop := context.WithTimeout(t.Context(), time.Second)
			defer stop()
			began := time.Now()
			sent, err := mail.Send(ctx, account(box), message)
			require.Error(t, err)
			assert.Zero(t, sent)
			assert.Less(t, time.Since(began), 5*time.Second)
		})
	}
}

// Whoever got a letter is not sent it once more since another one had to wait.
func TestWhoWasServedInTimeIsCounted(t *testing.T) {
	box := mailbox.Open(t, mailbox.Options{Slow: 2 * time.Second})
	ctx, stop := context.WithTimeout(t.Context(), 3*time.Second)
	defer stop()
	sent, err := mail.Send(ctx, account(box), message)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	assert.Equal(t, 1, sent)
}

func TestAServerIsAnAddress(t *testing.T) {
	for _, server := range []string{"::1", "[::1]", "[::1]:587"} {
		_, err := mail.Send(t.Context(), mail.Account{Server: server, From: "sync@plant.example"}, message)
		assert.ErrorContains(t, err, "dial tcp [::1]:587", server)
	}
}
