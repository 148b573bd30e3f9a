#!/usr/bin/env bash
# Powertools for AWS Lambda (TypeScript): @aws-lambda-powertools/metrics 2.36.0
#
# What one would guess: a function adds a dimension once, adds as many values as it likes, and publishes at the end. All values have this dimension. The
# documentation says that an object of the embedded metric format holds 100 metrics and that the rest goes to a new object "for your convenience".
#
# What happens instead: the new object has lost everything that was set for this invocation: the dimension, the metadata and the timestamp of setTimestamp.
# The library publishes by itself at 100 metrics, and also at 100 values of one metric, by calling publishStoredMetrics(), which ends with clearing them.
# Nothing is logged. Default dimensions stay.
#
# Why it matters: 150 messages in one batch, one value each, and CloudWatch gets two series: 100 values under {service, queue} and 50 under {service}. An alarm on the
# first misses a third of the data, on busy days only, and nobody looks at the second, which costs as much as another custom metric. With setTimestamp, the last 50
# values are also stored at the wrong time.
#
# What to do: set such dimensions with setDefaultDimensions() at the start of each invocation. Where the metadata or the time matters, call publishStoredMetrics()
# before the hundredth value and set everything again.
#
# Output seen on 28 November 2026:
#   added: 150 values of "age" with the dimension "queue", the metadata "run" and a time one hour ago
#   object 1: 100 values, dimensions ["service","queue"], run "r1", 60 minutes old
#   object 2: 50 values, dimensions ["service"], run undefined, 0 minutes old
#   with setDefaultDimensions:
#   object 1: 100 values, dimensions ["service","queue"], run "r1", 60 minutes old
#   object 2: 50 values, dimensions ["service","queue"], run undefined, 0 minutes old
# Needs Node.js 20 or newer and npm.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix "$folder" @aws-lambda-powertools/metrics@2.36.0

cat > batch.js <<'JS'
const { Metrics } = require('@aws-lambda-powertools/metrics');

const metrics = new Metrics({ namespace: 'shop', serviceName: 'orders' });
if (process.argv[2] === 'default') {
  metrics.setDefaultDimensions({ queue: 'paid' });
} else {
  metrics.addDimension('queue', 'paid');
}
metrics.addMetadata('run', 'r1');
metrics.setTimestamp(Date.now() - 3600000);
for (let i = 0; i < 150; i++) {
  metrics.addMetric('age', 'Milliseconds', i);
}
metrics.publishStoredMetrics();
JS

cat > show.js <<'JS'
const lines = require('fs').readFileSync(0, 'utf8').trim().split('\n');
lines.map(JSON.parse).forEach((object, i) => {
  const minutes = Math.round((Date.now() - object._aws.Timestamp) / 60000);
  const dimensions = JSON.stringify(object._aws.CloudWatchMetrics[0].Dimensions[0]);
  const run = JSON.stringify(object.run);
  console.log(`object ${i + 1}: ${object.age.length} values, dimensions ${dimensions}, run ${run}, ${minutes} minutes old`);
});
JS

echo 'added: 150 values of "age" with the dimension "queue", the metadata "run" and a time one hour ago'
node batch.js added | node show.js | tee added
echo "with setDefaultDimensions:"
node batch.js default | node show.js | tee default

if ! grep -qF 'object 1: 100 values, dimensions ["service","queue"], run "r1", 60 minutes old' added; then
  echo "CHANGED: the first object is not what the header says."
  exit 1
fi
if ! grep -qF 'object 2: 50 values, dimensions ["service"], run undefined, 0 minutes old' added; then
  echo "CHANGED: the object after the first hundred values keeps what was set."
  exit 1
fi
if ! grep -qF 'object 2: 50 values, dimensions ["service","queue"]' default; then
  echo "CHANGED: default dimensions no longer stay."
  exit 1
fi
echo "As described: from the 101st value on, dimension, metadata and time are lost."
