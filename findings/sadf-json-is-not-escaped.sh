#!/usr/bin/env bash
# sysstat 12.6.1 (Debian 12): sadf -j
#
# What one would guess: sadf -j prints JSON, so that a parser can read whatever was recorded.
#
# What happens instead: texts are printed as they are. A comment with a quote (sadc -C 'say "hi"'), printed with -C, ends its own string. So does a
# mount point with a quote or a backslash in its name (sadf -j FILE -- -F MOUNT), which nobody had to ask for: one such mount makes the
# report of all file systems of that day unreadable.
#
# Why it matters: a collector that reads disks from day files loses all of them, because of a directory that any user who may mount, or a container
# runtime, has named.
#
# What to do: read file systems in a call of their own, so that CPU, memory and network survive, and say which file could not be read. Do not ask for
# comments (-C).
#
# Output seen on 28 November 2026:
#   comment:     "comment": {"date": "2026-11-28", "time": "07:41:37", "utc": 1, "com": "say "hi""} is not JSON
#   mount point: {"mountpoint": "/tmp/tmp.w1MgmxRJRT/a"b", "MBfsfree": 17, "MBfsused": 0, ...} is not JSON
#
# Needs sysstat and Python 3; the second part needs root and mkfs.ext4, and is left out without.
set -euo pipefail

sadc=$(ls /usr/lib/sysstat/sadc /usr/lib64/sa/sadc /usr/lib/sa/sadc 2>/dev/null | head -n 1 || true)
if [ -z "$sadc" ] || ! command -v sadf >/dev/null || ! command -v python3 >/dev/null; then
  echo "sysstat and Python 3 are needed: apt-get install sysstat python3"
  exit 1
fi
folder=$(mktemp -d)
mounted=
trap '[ -z "$mounted" ] || umount "$mounted"; rm -rf "$folder"' EXIT

is_json() { python3 -c 'import json, sys; json.load(sys.stdin)' 2>/dev/null; }

"$sadc" -C 'say "hi"' "$folder/comment"
"$sadc" 1 2 "$folder/comment" >/dev/null
if sadf -j "$folder/comment" -- -u -C | is_json; then
  echo "changed: a comment with a quote is printed as JSON"
  exit 1
fi
echo "comment:     $(sadf -j "$folder/comment" -- -u -C | grep '"com"' | tr -d '\t') is not JSON"

if [ "$(id -u)" != 0 ] || ! command -v mkfs.ext4 >/dev/null; then
  echo "mount point: left out, because it needs root and mkfs.ext4"
  exit 0
fi
dd if=/dev/zero of="$folder/image" bs=1M count=20 status=none
mkfs.ext4 -q "$folder/image"
mkdir "$folder/a\"b"
if ! mount -o loop "$folder/image" "$folder/a\"b" 2>/dev/null; then
  echo "mount point: left out, because nothing can be mounted here"
  exit 0
fi
mounted="$folder/a\"b"
"$sadc" -S XDISK 1 2 "$folder/disks" >/dev/null
if sadf -j "$folder/disks" -- -F MOUNT | is_json; then
  echo "changed: a mount point with a quote is printed as JSON"
  exit 1
fi
echo "mount point: $(sadf -j "$folder/disks" -- -F MOUNT | grep 'a"b' | head -n 1 | tr -d '\t') is not JSON"
