#!/bin/sh
set -e
systemd-sysusers ad-user-sync.conf
systemd-tmpfiles --create ad-user-sync.conf
if [ -d /run/systemd/system ]; then systemctl daemon-reload; fi
