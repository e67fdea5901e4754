#!/bin/sh
# Configuration, keys, ledger and what was answered stay, and so does the account
# that they belong to; folders without anything in them go.
set -e
case "$1" in purge | 0)
    left=
    for folder in /etc/ad-user-sync /var/lib/ad-user-sync /var/spool/ad-user-sync; do
        rmdir "$folder" 2>/dev/null || true
        if [ -d "$folder" ]; then left="$left $folder"; fi
    done
    if [ -n "$left" ]; then
        echo "ad-user-sync leaves$left: keys, passwords and configuration, and the ledger, by which alone an import knows the accounts that it made."
        echo "To remove them for good, with the account that they belong to:"
        echo "    rm -r$left; userdel ad-user-sync; groupdel ad-user-sync-courier"
    fi ;;
esac
if [ -d /run/systemd/system ]; then systemctl daemon-reload; fi
