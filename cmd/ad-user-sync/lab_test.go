package main

import (
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adtest"
)

// TestLabScripts runs the built program against two real domains. Every script
// has an organizational unit of its own in each.
func TestLabScripts(t *testing.T) {
	lab := adtest.Lab(t)
	scripts, err := filepath.Glob("testdata/lab/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, scripts)
	for _, script := range scripts {
		t.Run(strings.TrimSuffix(filepath.Base(script), ".txtar"), func(t *testing.T) {
			t.Parallel()
			source, target := newPlace(t, lab.Source), newPlace(t, lab.Target)
			testscript.Run(t, testscript.Params{
				Files: []string{script},
				Setup: func(env *testscript.Env) error {
					source.setenv(env, "SOURCE")
					target.setenv(env, "TARGET")
					env.Setenv("CA", lab.CAFile)
					env.Setenv("TARGET_UNATTENDED", lab.Target.PasswordFile("svc-import"))
					env.Setenv("NOW", time.Now().UTC().Format(time.RFC3339))
					env.Setenv("LATER", time.Now().Add(time.Minute).UTC().Format(time.RFC3339)) // within the clocks' tolerance
					env.Setenv("OLDER", time.Now().UTC().Format("2006-01-02T15:04:05.999999"))
					env.Setenv("UNTIL", time.Now().AddDate(0, 0, 30).Format(time.DateOnly))
					env.Setenv("CORP", lab.Source.Name)
					env.Setenv("ID", uuid.NewString()[:8]) // begins this script's source anchors
					return prepare(env)
				},
				Cmds: labCommands(source, target),
			})
		})
	}
}

// place is a part of a domain that belongs to one test.
type place struct {
	adtest.Domain
	*adtest.Admin
	ou   string
	mark string // makes account names unique
	pass string // file with the administrator's password
}

func newPlace(t testing.TB, d adtest.Domain) *place {
	p := &place{Domain: d, Admin: d.Admin(t), mark: mark(), pass: d.PasswordFile("Administrator")}
	p.ou = p.OU()
	return p
}

func mark() string { return strings.ToLower(rand.Text()[:8]) }

func (p *place) setenv(env *testscript.Env, name string) {
	env.Setenv(name, p.URL())
	env.Setenv(name+"_OU", p.ou)
	env.Setenv(name+"_MARK", p.mark)
	env.Setenv(name+"_ADMIN", "Administrator@"+p.Name)
	env.Setenv(name+"_PASSWORD", p.pass)
	env.Setenv(name+"_PASSWORDS", filepath.Dir(p.pass)) // NAME.password of each service account
}

// dn is where an object of the place is.
func (p *place) dn(cn string) string {
	ou, _ := ad.ParseDN(p.ou) // made by adtest
	return ou.Child("CN", cn).String()
}

// objects is the update number of everything in the place.
func (p *place) objects() map[string]string { return p.Find(p.ou, "(objectClass=*)", "uSNChanged") }

func labCommands(source, target *place) map[string]func(*testscript.TestScript, bool, []string) {
	at := map[string]*place{"source": source, "target": target}
	all := commands(target.objects)
	maps.Copy(all, map[string]func(*testscript.TestScript, bool, []string){
		// group source|target NAME [MEMBER...]
		"group": func(_ *testscript.TestScript, _ bool, args []string) {
			p := at[args[0]]
			dn := p.dn(args[1])
			p.Add(dn, map[string][]string{"objectClass": {"group"}, "sAMAccountName": {args[1] + p.mark}})
			for _, member := range args[2:] {
				p.Join(dn, p.dn(member))
			}
		},
		// user source|target CN ACCOUNT
		"user": func(_ *testscript.TestScript, _ bool, args []string) {
			p := at[args[0]]
			p.User(p.dn(args[1]), args[2]+p.mark, "Str0ng-enough.Password", nil)
		},
		// set source|target CN ATTRIBUTE [VALUE...]
		"set": func(_ *testscript.TestScript, _ bool, args []string) {
			p := at[args[0]]
			p.Replace(p.dn(args[1]), args[2], args[3:]...)
		},
		// has source|target CN ATTRIBUTE VALUE
		"has": func(ts *testscript.TestScript, neg bool, args []string) {
			p := at[args[0]]
			values := p.Read(p.dn(args[1]), args[2])[args[2]]
			if found := strings.Contains("\n"+strings.Join(values, "\n")+"\n", "\n"+args[3]+"\n"); found == neg {
				ts.Fatalf("%s of %s is %q", args[2], args[1], values)
			}
		},
		// managed: MANAGED becomes a unit where svc-import and svc-approver have
		// their rights.
		"managed": func(ts *testscript.TestScript, _ bool, _ []string) {
			dn := "OU=" + target.mark + ",OU=Managed," + target.Base
			target.Add(dn, map[string][]string{"objectClass": {"organizationalUnit"}})
			ts.Defer(func() { target.Delete(dn) })
			ts.Setenv("MANAGED", dn)
		},
		// digest: PLAN becomes what the last report names.
		"digest": func(ts *testscript.TestScript, _ bool, _ []string) {
			ts.Setenv("PLAN", found(ts, "stdout", `--confirm-plan ([0-9a-f]{64})`))
		},
		// accepted: SHA256 becomes what the user file has.
		"accepted": func(ts *testscript.TestScript, _ bool, _ []string) {
			ts.Setenv("SHA256", fmt.Sprintf("%x", sha256.Sum256([]byte(ts.ReadFile("users.json")))))
		},
	})
	return all
}

// found is the first group of a pattern in a file.
func found(ts *testscript.TestScript, file, pattern string) string {
	match := regexp.MustCompile(pattern).FindStringSubmatch(ts.ReadFile(file))
	if match == nil {
		ts.Fatalf("%s does not match %s", file, pattern)
	}
	return match[1]
}
