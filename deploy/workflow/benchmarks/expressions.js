// Prints how long npm's jsonata takes to parse and evaluate each expression of a file that
// ExpressionSpeed prepared, in microseconds, one a line: node expressions.js JSONATA.JS FILE
const jsonata = require(require('path').resolve(process.argv[2]));
const cases = JSON.parse(require('fs').readFileSync(process.argv[3], 'utf8'));
const ROUNDS = 9;

// What Step Functions adds to JSONata.
const own = {
  partition: (array, size) => {
    const chunks = [];
    for (let i = 0; i < array.length; i += size) chunks.push(array.slice(i, i + size));
    return chunks;
  },
  range: (first, last, step) => {
    const numbers = [];
    for (let i = first; i <= last; i += step) numbers.push(i);
    return numbers;
  },
  parse: text => JSON.parse(text),
};

// CPU time of the whole process in microseconds: the machine may be busy.
function cpu() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

async function evaluated(one) {
  try {
    return await jsonata(one.expression).evaluate(undefined, { states: one.states, ...one.variables, ...own });
  } catch (e) {
    return e;
  }
}

async function microseconds(one) {
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = cpu();
    let times = 0;
    while (cpu() - start < 100_000) {
      for (let i = 0; i < 50; i++, times++) await evaluated(one);
    }
    rounds.push((cpu() - start) / times);
  }
  return rounds.sort((a, b) => a - b)[ROUNDS >> 1];
}

(async () => {
  for (const one of cases) await microseconds(one); // Warms up.
  for (const one of cases) console.log((await microseconds(one)).toFixed(3));
})();
