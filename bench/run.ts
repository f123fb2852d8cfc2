/*
 * `npm run bench [-- [--quick] [--no-results] [NAME…]]`: measures what Katydid costs, prints the figures and writes them to bench/results.
 * See bench/README.md.
 */
import { parseArgs } from 'node:util';
import { measureCollector } from './collector.ts';
import { measureManyExperiments } from './many-experiments.ts';
import { publish, type Findings } from './harness/results.ts';
import { measureStores } from './store-throughput.ts';
import { measureTenThousand } from './ten-thousand.ts';
import { measureTrialOverhead } from './trial-overhead.ts';

/** Each by its name on the command line; `quick` is a tenth or so of the work, for a look and not for the record. */
const BENCHMARKS: Readonly<Record<string, (quick: boolean) => Promise<Findings>>> = {
  'trial-overhead': (quick) => measureTrialOverhead({ trials: quick ? 50 : 300 }),
  stores: (quick) => measureStores({ operations: quick ? 2_000 : 20_000 }),
  collector: (quick) => measureCollector({ mebibytes: quick ? 20 : 200 }),
  'many-experiments': (quick) => measureManyExperiments({ experiments: quick ? 20 : 200 }),
  'ten-thousand-trials': (quick) => measureTenThousand({ trials: quick ? 500 : 10_000 }),
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, 'no-results': { type: 'boolean', default: false } },
});
const names = positionals.length > 0 ? positionals : Object.keys(BENCHMARKS);
const unknown = names.filter((name) => BENCHMARKS[name] === undefined);
if (unknown.length > 0) {
  console.error(
    `There is no benchmark ${unknown.join(', ')}; there are ${Object.keys(BENCHMARKS).join(', ')}.`,
  );
  process.exit(2);
}
let allMet = true;
for (const name of names) {
  const findings = await BENCHMARKS[name]?.(values.quick);
  if (findings) allMet = (await publish(findings, !values.quick && !values['no-results'])) && allMet;
}
process.exitCode = allMet ? 0 : 1;
