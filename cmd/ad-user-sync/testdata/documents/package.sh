# Run by TestRelease in a new Debian, with the version in place of VERSION.

systemctl() { [ "$1" != enable ] || command systemctl enable "${@: -1}"; } # no systemd runs there

# README.md
apt install ./ad-user-sync-VERSION-linux-amd64.deb

# docs/operation.md
cd /etc/ad-user-sync
touch import_config.yaml hmac.key # as init does
systemctl start ad-user-sync-export.service
journalctl -u ad-user-sync-export.service
systemctl enable --now ad-user-sync-export.timer
touch /var/spool/ad-user-sync/users.json # as the courier does
chmod g+r /var/spool/ad-user-sync/users.json
rm /var/spool/ad-user-sync/users.json
chgrp ad-user-sync * && chmod 0640 *
systemctl start ad-user-sync-import.service
journalctl -u ad-user-sync-import.service
systemctl enable --now ad-user-sync-import.timer

# docs/operation.md, two folders
cd /root
touch import_config.yaml hmac.key import.password ca.pem
install -d -o root -g ad-user-sync -m 0750 /etc/ad-user-sync
install -o root -g ad-user-sync -m 0640 import_config.yaml hmac.key import.password ca.pem /etc/ad-user-sync/
install -d -o ad-user-sync -g ad-user-sync -m 0700 /var/lib/ad-user-sync

# docs/operation.md, from one folder to two
mv /etc/ad-user-sync/* /var/lib/ad-user-sync/
systemctl stop ad-user-sync-import.timer
install -d -o root -g ad-user-sync -m 0750 /etc/ad-user-sync
cd /var/lib/ad-user-sync
mv import_config.* hmac.key import.password ca.pem /etc/ad-user-sync/
chown root:ad-user-sync /etc/ad-user-sync/* && chmod 0640 /etc/ad-user-sync/*
test "$(stat -c '%a %U:%G' /etc/ad-user-sync/hmac.key)" = "640 root:ad-user-sync"
rm /etc/ad-user-sync/*
