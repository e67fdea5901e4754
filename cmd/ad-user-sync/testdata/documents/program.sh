# Run by TestCommandsOfTheDocuments, with two domains in memory.

# README.md
ad-user-sync version
ad-user-sync attributes
ad-user-sync check export
ad-user-sync export --preview
ad-user-sync export
ad-user-sync match
ad-user-sync match --format csv --out accounts.csv
ad-user-sync check import
ad-user-sync import --dry-run
ad-user-sync import
ad-user-sync import --details

# docs/approval.md
cat >state/resolutions.json <<END
{"resolutions": [{"type": "join", "user": "Jane Doe", "group": "p-Admins", "accept": false,
  "timestamp": "2026-11-22T08:15:30Z", "anchor": "6f9619ff-8b86-d011-b42d-00cf4fc964ff"}]}
END
ad-user-sync resolutions list
ad-user-sync resolutions forget --anchor 6f9619ff-8b86-d011-b42d-00cf4fc964ff --type join --group p-Admins

# docs/operation.md
cp users.json before.json
ad-user-sync export --migrated-from former.json
grep '"from": "old.example"' users.json
grep '"by": "employeeID"' users.json
mv before.json users.json
cp import_config.yaml corp.yaml
ad-user-sync check import --config corp.yaml
ad-user-sync import --config corp.yaml --dry-run
mkdir handed
ad-user-sync embed --config import_config.yaml --out handed/ad-user-sync
ad-user-sync status
ad-user-sync status --check
ad-user-sync status --textfile FILE.prom
ad-user-sync report
ad-user-sync report --format html --output report.html

# examples/README.md
cp "$EXAMPLES/sample-users.json" .
AD_USER_SYNC_HMAC=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef ad-user-sync verify sample-users.json
head -n -1 sample-users.json | head -c -1 | openssl dgst -sha256 -mac HMAC -macopt hexkey:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
