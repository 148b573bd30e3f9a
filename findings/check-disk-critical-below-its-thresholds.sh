#!/usr/bin/env bash
# check_disk of monitoring-plugins 2.3.3 (Debian 12)
#
# What one would guess: the state that check_disk prints follows from the figures that it prints beside it, value and thresholds.
#
# What happens instead: on a file system with a reserve for root, it says CRITICAL while its value is below both thresholds. The state compares what is available
# with used + available, as df does. The thresholds in the figures are percentages of the whole size, reserve included.
#
# Why it matters: a system that stores only the figures (a graph, a time-series database) and judges them by their own thresholds shows a healthy disk while
# nothing more can be written.
#
# What to do: keep the exit code as a value of its own, and judge that.
#
# Output seen on 28 November 2026:
#   DISK CRITICAL - free space: /tmp/tmp.zJS51K8AJh/disk 0MiB (0% inode=99%);| /tmp/tmp.zJS51K8AJh/disk=143654912B;151833804;170813030;0;189792256
#   exit code 2, but value 143654912 is below the warning threshold 151833804
#
# Needs root, mkfs.ext4 and monitoring-plugins.
set -euo pipefail

plugin=$(ls /usr/lib/nagios/plugins/check_disk /usr/lib64/nagios/plugins/check_disk 2>/dev/null | head -n 1 || true)
if [ -z "$plugin" ] || [ "$(id -u)" != 0 ] || ! command -v mkfs.ext4 >/dev/null; then
  echo "root, mkfs.ext4 and monitoring-plugins are needed: apt-get install monitoring-plugins-basic e2fsprogs"
  exit 1
fi
folder=$(mktemp -d)
trap 'umount "$folder/disk" 2>/dev/null || true; rm -rf "$folder"' EXIT
dd if=/dev/zero of="$folder/image" bs=1M count=200 status=none
mkfs.ext4 -q -m 20 "$folder/image"
mkdir "$folder/disk"
mount -o loop "$folder/image" "$folder/disk"
# Until nothing is left for anyone but root.
size=$(df --output=avail -k "$folder/disk" | tail -n 1)
dd if=/dev/zero of="$folder/disk/full" bs=1K count="$size" status=none
sync

code=0
output=$(LC_ALL=C "$plugin" -w 20% -c 10% -p "$folder/disk") || code=$?
echo "$output"
figures=${output##*=}
value=${figures%%B;*}
warning=$(cut -d ';' -f 2 <<<"$figures")
if [ "$code" != 2 ] || [ "$value" -ge "$warning" ]; then
  echo "changed: exit code $code, value $value, warning threshold $warning"
  exit 1
fi
echo "exit code $code, but value $value is below the warning threshold $warning"
