# Run by TestRelease in a new Debian without the package, in the folder of the
# .tar.gz.

systemctl() { [ "$1" != enable ] || command systemctl enable "${@: -1}"; } # no systemd runs there

# examples/README.md
ad-user-sync() { touch import_config.yaml hmac.key; } # in place of init, which asks
useradd --system --home-dir /var/lib/ad-user-sync --shell /usr/sbin/nologin ad-user-sync
install -d -o root -g ad-user-sync -m 0750 /etc/ad-user-sync
install -d -o ad-user-sync -g ad-user-sync -m 0700 /var/lib/ad-user-sync
groupadd --system ad-user-sync-courier && usermod -aG ad-user-sync-courier ad-user-sync
install -d -o root -g ad-user-sync-courier -m 2770 /var/spool/ad-user-sync
install -m 755 ad-user-sync /usr/local/bin/
install -m 644 examples/systemd/ad-user-sync-import.* examples/systemd/ad-user-sync-failed@.service /etc/systemd/system/
cd /etc/ad-user-sync && ad-user-sync init import
chgrp ad-user-sync /etc/ad-user-sync/* && chmod 0640 /etc/ad-user-sync/*
systemctl daemon-reload && systemctl enable --now ad-user-sync-import.timer
test "$(stat -c '%a %U:%G' /etc/ad-user-sync/hmac.key)" = "640 root:ad-user-sync"
systemd-analyze verify --man=no --recursive-errors=one ad-user-sync-import.service ad-user-sync-import.timer

# docs/operation.md, two users of one machine
userdel ad-user-sync
useradd svc-import; useradd jane
groupadd ad-user-sync
usermod -aG ad-user-sync svc-import; usermod -aG ad-user-sync jane
install -d -o svc-import -g ad-user-sync -m 2770 /var/lib/ad-user-sync
runuser -u svc-import -- touch /var/lib/ad-user-sync/resolutions.json
chmod g+rw /var/lib/ad-user-sync/resolutions.*
runuser -u jane -- sh -c 'echo {} >/var/lib/ad-user-sync/resolutions.json'
