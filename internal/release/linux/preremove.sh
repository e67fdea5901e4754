#!/bin/sh
# An update stops nothing: dpkg says "remove" and rpm says 0 only where the
# package goes.
set -e
case "$1" in remove | 0)
    if [ -d /run/systemd/system ]; then
        systemctl disable --now ad-user-sync-export.timer ad-user-sync-import.timer
    fi ;;
esac
