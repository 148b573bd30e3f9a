#!/usr/bin/env bash
# systeminformation 5.33.26 (npm) on Node.js 20.20.2, Linux.
#
# What one would guess: currentLoad() says how busy the CPUs are, and its documented field currentLoadSteal says what the hypervisor took away. The shares
# are shares of the time that passed, as in top.
#
# What happens instead: currentLoadSteal (and currentLoadGuest) is 0 whatever the kernel counts, and the time that was stolen, spent in waiting for disks, or spent in
# software interrupts is missing from the whole. A machine that lost half of its time to its neighbours is "80 % idle". A router that
# spends half of its time on packets has a load of 0 %. A machine that waits for its disk and computes for a tenth of the time has 50 %.
# Two reasons. os.cpus() of Node.js has only user, nice, sys, idle and irq. The library reads the rest from /proc/stat and takes it only if the
# number of lines is the number of CPUs, but it also counts the empty text after the last line break, so the numbers are never the same.
#
# Why it matters: steal is the number that tells a noisy neighbour, or spent CPU credits of a small cloud machine, from one's own load. A dashboard
# of it is a flat line at 0, which looks like good news. Alarms on currentLoad are too high with slow disks and too low with much network traffic.
#
# What to do: on Linux, read the first line of /proc/stat yourself: all of its first eight numbers together are the time that passed. Programs that compute a
# load from os.cpus() have the same wrong whole.
#
# The script gives one CPU's line in /proc/stat known numbers, in a mount namespace of its own: the machine does not notice.
#
# Output seen on 28 November 2026:
#   user 10 %, steal 50 %, idle 40 %: currentLoad 20, currentLoadIdle 80, currentLoadSteal 0
#   user 10 %, iowait 80 %, idle 10 %: currentLoad 50, currentLoadIdle 50, currentLoadSteal 0
#   softirq 50 %, idle 50 %: currentLoad 0, currentLoadIdle 100, currentLoadSteal 0
#   user 10 %, idle 90 %: currentLoad 10, currentLoadIdle 90, currentLoadSteal 0
# Needs Linux, Node.js and npm, and root or the right to make user namespaces.
set -euo pipefail

if ! unshare -rm true 2>/dev/null; then
  echo "root or the right to make user namespaces is needed"
  exit 1
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix "$folder" systeminformation@5.33.26

cat > load.js <<'JS'
const fs = require('fs');
const { setTimeout: sleep } = require('timers/promises');
const si = require('systeminformation');

const FIELDS = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal', 'guest', 'guest_nice'];
const ticks = [1000, 0, 1000, 10000, 0, 0, 0, 0, 0, 0];

function write() {
  const times = ticks.join(' ');
  // In place, because this file is what is mounted.
  fs.writeFileSync('stat', `cpu  ${times}\ncpu0 ${times}\nintr 0\nctxt 1\nbtime 1795800000\nprocesses 1\nprocs_running 1\nprocs_blocked 0\n`);
}

async function show(spent) {
  write();
  await sleep(250); // younger results are repeated
  await si.currentLoad();
  for (const [field, percent] of Object.entries(spent)) {
    ticks[FIELDS.indexOf(field)] += percent * 10; // of 1000 ticks
  }
  write();
  await sleep(250);
  const load = await si.currentLoad();
  const truth = Object.entries(spent).map(([field, percent]) => `${field} ${percent} %`).join(', ');
  console.log(
    `${truth}: currentLoad ${Math.round(load.currentLoad)}, currentLoadIdle ${Math.round(load.currentLoadIdle)}, `
      + `currentLoadSteal ${Math.round(load.currentLoadSteal)}`);
}

(async () => {
  await show({ user: 10, steal: 50, idle: 40 });
  await show({ user: 10, iowait: 80, idle: 10 });
  await show({ softirq: 50, idle: 50 });
  await show({ user: 10, idle: 90 });
})();
JS

echo "cpu 0" > stat
unshare -rm sh -c 'mount --bind stat /proc/stat && node load.js' >output || { cat output; echo "CHANGED: the program does not run any more."; exit 1; }
cat output

if ! grep -qx 'user 10 %, idle 90 %: currentLoad 10, currentLoadIdle 90, currentLoadSteal 0' output; then
  echo "CHANGED: the plain case is not what the header says."
  exit 1
fi
if ! grep -qx 'user 10 %, steal 50 %, idle 40 %: currentLoad 20, currentLoadIdle 80, currentLoadSteal 0' output; then
  echo "CHANGED: stolen time is seen, or counted in another way."
  exit 1
fi
if ! grep -qx 'user 10 %, iowait 80 %, idle 10 %: currentLoad 50, currentLoadIdle 50, currentLoadSteal 0' output \
  || ! grep -qx 'softirq 50 %, idle 50 %: currentLoad 0, currentLoadIdle 100, currentLoadSteal 0' output; then
  echo "CHANGED: time in iowait or softirq is counted in another way."
  exit 1
fi
echo "As described: steal is always 0, and steal, iowait and softirq are missing from the whole."
