# Run by TestRelease in a new Debian, once the package is purged.

# docs/operation.md, taking it all away
rm -rf /etc/ad-user-sync /var/lib/ad-user-sync /var/spool/ad-user-sync
userdel ad-user-sync; groupdel ad-user-sync-courier
