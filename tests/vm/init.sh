#!/bin/busybox sh
# First process of the guest: mounts the host's root, which it can read but not change, and goes there.
export PATH=/bin
/bin/busybox --install -s /bin
mount -t proc proc /proc
for word in $(cat /proc/cmdline); do
    case $word in guest.*) eval "${word#guest.}" ;; esac
done
while read -r module; do insmod "/modules/$module"; done </modules/order
mount -t 9p -o trans=virtio,version=9p2000.L,ro,msize=262144,cache=loose host /lower
mount -t tmpfs tmpfs /upper
mkdir /upper/changes /upper/work
mount -t overlay -o lowerdir=/lower,upperdir=/upper/changes,workdir=/upper/work overlay /root
mount -t proc proc /root/proc
mount -t sysfs sysfs /root/sys
mount -t devtmpfs devtmpfs /root/dev
mount -t tmpfs tmpfs /root/run
mkdir -p /root/var/lib/bluetooth
PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root chroot /root /bin/sh -c \
    "cd $root && PYTHONDONTWRITEBYTECODE=1 $python -m tests.vm.guest $packages"
poweroff -f
