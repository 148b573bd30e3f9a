#!/usr/bin/env bash
# hdr-histogram-js 3.0.1 (npm) on Node.js 20.20.2.
#
# What one would guess: bitBucketSize of 16 saves memory against the default of 32. If a count does not fit any more, the histogram throws, as HdrHistogram 2.2.2
# for Java does with 16 bits ("would overflow short integer count"), or the count stays at its largest value.
#
# What happens instead: the count starts again at 0. From the 65,536th occurrence of one value on (the 256th with 8), the counts together are less than
# totalCount. The search for a high percentile does not find enough and answers 0, in the JSON summary, too. Lower percentiles are wrong, for example 250 for p33.
# maxValue and totalCount stay right. The WebAssembly version does the same.
# The library has the check and the message, but it looks for a negative count, and its arrays hold unsigned numbers.
#
# Why it matters: most answers of a healthy service take the same few milliseconds, so one bucket gets most of the counts, and 65,536 are reached within
# minutes. The graph of p99 then falls to 0, the best value ever, while every fiftieth request takes a quarter of a second. In a test with less traffic all is well.
#
# What to do: leave bitBucketSize at 32, or use 'packed' where memory matters. Treat a percentile below the smallest value that you recorded as an error.
#
# Output seen on 28 November 2026:
#   bitBucketSize 16, 50000 requests: p50 3, p99 250, p99.9 250, max 250, total count 50000
#   bitBucketSize 16, 100000 requests: p50 0, p99 0, p99.9 0, max 250, total count 100000
#   bitBucketSize 16 in WebAssembly, 100000 requests: p50 0, p99 0, p99.9 0, max 250, total count 100000
#   bitBucketSize 32, 100000 requests: p50 3, p99 250, p99.9 250, max 250, total count 100000
#   bitBucketSize packed, 100000 requests: p50 3, p99 250, p99.9 250, max 250, total count 100000
# Needs Node.js and npm.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix "$folder" hdr-histogram-js@3.0.1

cat > percentiles.js <<'JS'
const hdr = require('hdr-histogram-js');

/** Of 100 requests, 80 take 3 ms, 18 take 4 ms and 2 take 250 ms. */
function show(bitBucketSize, useWebAssembly, requests) {
  const histogram = hdr.build({ bitBucketSize, useWebAssembly });
  for (let i = 0; i < requests; i++) {
    const place = i % 100;
    histogram.recordValue(place < 80 ? 3 : place < 98 ? 4 : 250);
  }
  const [p50, p99, p999] = [50, 99, 99.9].map((p) => histogram.getValueAtPercentile(p));
  console.log(
    `bitBucketSize ${bitBucketSize}${useWebAssembly ? ' in WebAssembly' : ''}, ${requests} requests: `
      + `p50 ${p50}, p99 ${p99}, p99.9 ${p999}, max ${histogram.maxValue}, total count ${histogram.totalCount}`);
}

(async () => {
  await hdr.initWebAssembly();
  show(16, false, 50000);
  show(16, false, 100000);
  show(16, true, 100000);
  show(32, false, 100000);
  show('packed', false, 100000);
})();
JS

node percentiles.js >output 2>&1 || { cat output; echo "CHANGED: a count that does not fit is an error."; exit 1; }
cat output

for right in '16, 50000' '32, 100000' 'packed, 100000'; do
  if ! grep -q "bitBucketSize $right requests: p50 3, p99 250, p99.9 250, max 250" output; then
    echo "CHANGED: bitBucketSize $right requests no longer has the right percentiles."
    exit 1
  fi
done
if ! grep -q 'bitBucketSize 16, 100000 requests: p50 0, p99 0, p99.9 0, max 250' output \
  || ! grep -q 'bitBucketSize 16 in WebAssembly, 100000 requests: p50 0, p99 0, p99.9 0, max 250' output; then
  echo "CHANGED: with more than 65535 equal values the percentiles are no longer 0."
  exit 1
fi
echo "As described: with 16 bits, 80000 equal values turn the percentiles to 0."
