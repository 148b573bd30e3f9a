#!/usr/bin/env bash
# psutil 7.2.2 (Python) on Linux.
#
# What one would guess: psutil.disk_io_counters() is what the machine's disks read and wrote. Its source takes care to leave partitions out, since their
# disk has counted them, so a byte counts once.
#
# What happens instead: a byte counts once for each layer of block devices that it passes. Only partitions are left out. Loop devices,
# LVM volumes, LUKS containers and software RAID have their own entries in /sys/block, and all of them are added to the disks below them.
# A write of 50 MiB to a loop device is 100 MiB. On LVM over LUKS over a mirror of two disks it would be 250 MiB (computed from the source, not run):
# two disks, the mirror, the container and the volume. The function that tells disks from partitions has a switch for virtual devices, which is fixed to "with".
#
# Why it matters: several distributions install on LVM by default, so the total is twice the truth on such a server and right on the one beside it. Comparisons between
# machines, and thresholds from a disk's data sheet, are wrong by a whole factor, and no number looks strange by itself.
#
# What to do: call disk_io_counters(perdisk=True) and add up the names that have a "device" in /sys/block/NAME. That is the hardware, or what the
# hypervisor shows as such. Devices of a layer are useful one by one, not in a sum.
#
# The script copies /proc/diskstats before and after the write and shows psutil these copies, so that all sums are of one moment.
#
# Output seen on 28 November 2026:
#   written to loop0: 50 MiB, which are in a file on a disk
#   disk_io_counters(perdisk=True): loop0 50 MiB, vda 51 MiB
#   disk_io_counters(): 101 MiB
#   names with a "device" only: 51 MiB
# Needs Linux, root (for a loop device), Python 3 with pip, and a temporary folder on a real disk (not tmpfs).
set -euo pipefail

if [ "$(id -u)" != 0 ] || ! command -v losetup >/dev/null; then
  echo "root and losetup are needed"
  exit 1
fi
folder=$(mktemp -d)
loop=
trap '[ -z "$loop" ] || losetup -d "$loop"; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$folder/lib" psutil==7.2.2

cat > total.py <<'PYTHON'
import os
import sys

import psutil

MIB = 1024 * 1024


def read(snapshot):
    psutil.PROCFS_PATH = snapshot
    return psutil.disk_io_counters(nowrap=False).write_bytes, {
        name: disk.write_bytes for name, disk in psutil.disk_io_counters(perdisk=True, nowrap=False).items()}


(total_before, disks_before), (total_after, disks_after) = read('before'), read('after')
written = {name: after - disks_before[name] for name, after in disks_after.items()}
whole = {name: count for name, count in written.items() if os.path.exists('/sys/block/' + name) and count >= MIB}
hardware = sum(count for name, count in written.items() if os.path.exists('/sys/block/' + name + '/device'))
total = total_after - total_before
print('disk_io_counters(perdisk=True): ' + ', '.join(f'{name} {count / MIB:.0f} MiB' for name, count in whole.items()))
print(f'disk_io_counters(): {total / MIB:.0f} MiB')
print(f'names with a "device" only: {hardware / MIB:.0f} MiB')
if hardware < 50 * MIB:
    sys.exit('the temporary folder is not on a disk: set TMPDIR')
if total - hardware < 50 * MIB:
    sys.exit('CHANGED: the loop device is no longer added to the disk below it.')
PYTHON

truncate -s 64M image
dd if=/dev/zero of=image bs=1M count=64 conv=fsync status=none # so that the blocks of the file exist
loop=$(losetup --find --show image)
sync
mkdir before after
cat /proc/diskstats >before/diskstats
dd if=/dev/urandom of="$loop" bs=1M count=50 oflag=direct status=none
sync -f image
cat /proc/diskstats >after/diskstats
echo "written to ${loop#/dev/}: 50 MiB, which are in a file on a disk"
PYTHONPATH="$folder/lib" python3 total.py
echo "As described: what goes through two layers counts twice."
