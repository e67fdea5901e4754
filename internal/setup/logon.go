package setup

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/files"
)

// otherLogon reports whether --set has another way to log on.
func otherLogon(w *wizard) bool {
	auth := w.draft.given["directory.auth"]
	return auth == string(ad.AuthIntegrated) || w.draft.given["directory.ccache"] != ""
}

func offerUsername(w *wizard) offer {
	if w.found.own != "" {
		w.console.say("\n  The domain knows whoever runs this as " + w.found.own + "; no name is needed where the task runs as this account.")
	}
	return offer{needed: w.found.own == ""}
}

func takeUsername(w *wizard, text string) (any, error) {
	switch {
	case text == "" && w.found.own == "":
		return nil, fmt.Errorf("the domain does not know the running user, so an account is needed, as %s\\svc-%s", strings.ToUpper(firstLabel(w.draft.text("directory.domain"))), w.draft.side)
	case text == "":
		return nil, nil
	case !strings.ContainsAny(text, `\@=`):
		return nil, errors.New(`write it as DOMAIN\name or name@domain`)
	}
	w.sealed("directory")
	return text, nil
}

// sealed says that only Kerberos seals, where that is how the connection is
// protected.
func (w *wizard) sealed(directory string) {
	if w.draft.text("directory.security") == string(ad.SecuritySeal) && w.draft.given[directory+".auth"] == "" {
		w.draft.put(directory+".auth", string(ad.AuthKerberos), "")
	}
}

func firstLabel(domain string) string {
	label, _, _ := strings.Cut(domain, ".")
	return label
}

func noPassword(w *wizard) bool {
	return w.draft.text("directory.username") == "" || w.draft.given["directory.keytab"] != ""
}

func offerPassword(w *wizard) offer {
	if name := w.draft.side + ".password"; files.Exists(w.draft.inFolder(name)) {
		return offer{standard: name}
	}
	return offer{}
}

// takePassword takes the name of a file. Without one, a person may type the
// password, which is written to a file only where that is wanted.
func takePassword(w *wizard, text string) (any, error) {
	if text != "" {
		path := w.draft.inFolder(text)
		if !files.Exists(path) && w.draft.given["directory.password_file"] == "" {
			return nil, errors.New("there is no such file. This asks for the name of a file, and shows what is typed; for the password itself press Enter, and it is asked for unseen")
		}
		password, err := w.program.ReadSecret("password_file", path)
		if err != nil {
			return nil, err
		}
		return text, w.connectAs(password)
	}
	if password, set := os.LookupEnv(w.program.PasswordVariable); set {
		return nil, w.connectAs(password)
	}
	if w.yes {
		return nil, fmt.Errorf("no password: give --set directory.password_file=FILE, or the environment variable %s", w.program.PasswordVariable)
	}
	password, err := w.console.hidden("Password of " + w.draft.text("directory.username") + ": ")
	if err != nil {
		return nil, err
	}
	if err := w.connectAs(password); err != nil {
		return nil, err
	}
	return w.keepPassword(password)
}

func (w *wizard) keepPassword(password string) (any, error) {
	name := w.draft.side + ".password"
	if files.Exists(w.draft.inFolder(name)) {
		w.console.say("  " + name + " exists with another password, and is not replaced; the job will need the environment variable " + w.program.PasswordVariable)
		return nil, nil
	}
	keep, err := w.console.agree("Write the password to " + name + ", which is not for everybody to read, so that the job can run unattended?")
	if err != nil || !keep {
		return nil, err
	}
	w.draft.later = append(w.draft.later, func() error { return writeSecret(w.draft.inFolder(name), password) })
	return name, nil
}

// writeSecret never replaces a file.
func writeSecret(path, text string) error {
	if files.Exists(path) {
		return fmt.Errorf("%s exists by now, and is not replaced", path)
	}
	return files.Replace(path, 0o600, func(w io.Writer) error {
		_, err := io.WriteString(w, text+"\n")
		return err
	})
}

// connectAs logs on; a refusal leads back to the account's name.
func (w *wizard) connectAs(password string) error {
	o := w.draft.directory()
	o.Username, o.Password, o.Auth = w.draft.text("directory.username"), ad.Password(password), ad.Auth(cmp.Or(w.draft.text("directory.auth"), w.draft.given["directory.auth"]))
	o.Keytab, o.CCache, o.KRB5Conf = w.draft.inFolder(w.draft.given["directory.keytab"]), w.draft.inFolder(w.draft.given["directory.ccache"]), w.draft.inFolder(w.draft.given["directory.krb5_conf"])
	o.NeedWritable = w.draft.side == "import"
	dir, err := ad.Connect(w.ctx, o)
	if errors.Is(err, ad.ErrCredentials) {
		return again{"directory.username", err}
	}
	if err != nil {
		return err
	}
	w.dir, w.password = dir, password
	w.console.say(fmt.Sprintf("  %s was accepted by %s", dir.Domain().Identity, dir.Domain().Controller))
	return nil
}

// ownAuth is how the running user logs on.
func ownAuth() string {
	if runtime.GOOS == "windows" {
		return string(ad.AuthIntegrated)
	}
	return string(ad.AuthKerberos)
}
