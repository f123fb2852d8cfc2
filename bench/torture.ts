/*
 * Whether anything is lost or done twice when the service is killed again and again (kill -9) while it works on an
 * experiment: `npm run torture [-- --kills 200 --trials 500 --parallel 8 --seed text]`; see docs/durability.md. Fails
 * where anything is not as it would be without a kill, and leaves the data for a look then.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findings } from './torture/findings.ts';
import { torture, type Kill } from './torture/torture.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    trials: { type: 'string', default: '500' },
    parallel: { type: 'string', default: '8' },
    seed: { type: 'string', default: 'torture' },
  },
});
const count = (name: 'kills' | 'trials' | 'parallel'): number => {
  const number = Number(values[name]);
  if (Number.isInteger(number) && number > 0) return number;
  console.error(`--${name} is ${JSON.stringify(values[name])}; write a whole number of at least 1.`);
  process.exit(2);
};
const options = {
  trials: count('trials'),
  parallel: count('parallel'),
  kills: count('kills'),
  seed: values.seed,
};

const folder = mkdtempSync(join(tmpdir(), 'katydid-torture-'));
const onKill = ({ number, completed, afterMs }: Kill): void => {
  if (number % 10 === 0) console.log(`kill ${number}: ${completed} trials, ${afterMs} ms after the start`);
};
const tortured = await torture({ folder, ...options, onKill });
const found = await findings(tortured, options.trials);

const { ledger, kills, wallMs } = tortured;
console.log(`${options.trials} trials, ${options.parallel} at a time, seed ${JSON.stringify(options.seed)}`);
console.log(
  `killed ${kills} times while it worked, of ${options.kills} tries, in ${Math.round(wallMs / 1000)} s`,
);
console.log(
  `trainings that ran to their end: ${ledger.length}, ${ledger.length - new Set(ledger).size} of them again`,
);
for (const finding of found) console.log(`WRONG: ${finding}`);
console.log(
  found.length === 0 ? 'Nothing is lost, nothing was counted twice.' : `The data are in ${folder}.`,
);
if (found.length === 0) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
process.exitCode = found.length === 0 ? 0 : 1;
