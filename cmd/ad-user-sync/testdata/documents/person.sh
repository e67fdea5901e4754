# Not run as they are. What is typed to ad-user-sync is held against its parser.

# Asks a person: init_linux_test.go has a terminal for it.
ad-user-sync init export
ad-user-sync init import

# Names a plan that a person has read: observe_test.go has one.
ad-user-sync import --start DIGEST

# Ends in the page: demo_unix_test.go runs it with --no-browser.
ad-user-sync demo

# Needs a person and a browser: session_test.go and crossing_test.go have both.
ad-user-sync import --interactive
ad-user-sync import --interactive --accept-file SHA256

# Needs both, too: adopt_test.go.
ad-user-sync import --adopt accounts.csv

# Needs Red Hat or SUSE: TestRelease compares the .rpm with the .deb, which it installs.
dnf install ./ad-user-sync-VERSION-linux-amd64.rpm

# Needs a Samba domain and its administrator: rights_test.go of internal/adtest runs it.
kinit Administrator
./delegate.py -H ldap://dc1.plant.example --use-kerberos=required --container "OU=Managed,DC=plant,DC=example" --group "CN=p-Viewers,OU=Groups,DC=plant,DC=example" --guarded-group "CN=p-Administrators,OU=Groups,DC=plant,DC=example" --unattended svc-import --approvers import-approvers --show

# Need them, too: internal/adtest makes its accounts with samba-tool.
samba-tool ou create "OU=Managed,DC=plant,DC=example" -H ldap://dc1.plant.example --use-kerberos=required
samba-tool user create svc-import -H ldap://dc1.plant.example --use-kerberos=required
samba-tool group add import-approvers -H ldap://dc1.plant.example --use-kerberos=required
samba-tool group addmembers import-approvers jane -H ldap://dc1.plant.example --use-kerberos=required

# Built elsewhere by the same files: .ci/run and the tests themselves.
go run ./cmd/ad-user-sync demo
make build
make release
make install test
