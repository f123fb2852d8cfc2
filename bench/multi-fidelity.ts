/*
 * `npm run bench:multi-fidelity [-- [--seeds 20] [--no-results]]`: how near searches in rungs come to the optimum for the same number of
 * epochs. See bench/README.md.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import prettier from 'prettier';
import { ashaSearch } from '../algorithms/multi-fidelity/asha.ts';
import { bohbSearch } from '../algorithms/multi-fidelity/bohb.ts';
import { hyperbandSearch } from '../algorithms/multi-fidelity/hyperband.ts';
import type { SearchAlgorithm, Settings } from '../algorithms/search-algorithm.ts';
import { EPOCHS } from './early-stopping/training.ts';
import { describeMachine } from './harness/machine.ts';
import { median } from './harness/statistics.ts';
import { simulate, type Simulated } from './multi-fidelity/simulate.ts';

const BUDGETS = [810, 2_430];
const EPOCHS_IN_ALL = 2_430;
/** What a model must reach with four trials at a time. */
const GOAL = 0.006;

interface Search {
  name: string;
  algorithm: SearchAlgorithm;
  settings?: Settings;
  /** Whether trials go on from the checkpoint of their parent. */
  resume?: boolean;
  workers: readonly number[];
}

const ALL_WORKERS = [1, 4, 16];
const SEARCHES: readonly Search[] = [
  { name: '`asha`, gp', algorithm: ashaSearch, settings: { sampler: 'gp' }, workers: [4] },
  { name: '`asha`, tpe', algorithm: ashaSearch, settings: { sampler: 'tpe' }, workers: [4] },
  { name: '`asha`, random', algorithm: ashaSearch, settings: { sampler: 'random' }, workers: ALL_WORKERS },
  { name: '`hyperband`', algorithm: hyperbandSearch, workers: ALL_WORKERS },
  { name: '`hyperband`, no checkpoints', algorithm: hyperbandSearch, resume: false, workers: ALL_WORKERS },
  { name: '`bohb`', algorithm: bohbSearch, workers: [4] },
];

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '20' }, 'no-results': { type: 'boolean', default: false } },
});
const seeds = Array.from({ length: Number(values.seeds) }, (_, seed) => seed);

function runs({ algorithm, settings, resume = true }: Search, workers: number): Simulated[] {
  const all = { resource_name: 'epochs', ...settings };
  return seeds.map((seed) => simulate(algorithm, all, { workers, epochs: EPOCHS_IN_ALL, seed, resume }));
}

const regret = (list: readonly Simulated[], budget: number): number =>
  median(list.map(({ regrets }) => regrets[budget - 1] ?? NaN));

const gains: number[] = [];
const rows = SEARCHES.map((search) => {
  const byWorkers = ALL_WORKERS.map((workers) =>
    search.workers.includes(workers) ? runs(search, workers) : null,
  );
  const four = byWorkers[1] ?? [];
  if (search.settings?.['sampler'] === 'gp') gains.push(regret(four, EPOCHS_IN_ALL));
  const cells = byWorkers.flatMap((list) =>
    BUDGETS.map((budget) => (list ? regret(list, budget).toFixed(4) : '')),
  );
  const tried = median(four.map(({ configurations }) => configurations));
  const whole = median(four.map((run) => run.whole));
  console.log([search.name, ...cells].join(' '));
  return [search.name, ...cells, `${tried} (${whole})`, String(median(four.map(({ time }) => time)))];
});
const isMet = gains.every((gain) => gain <= GOAL);
const head = [
  '',
  ...ALL_WORKERS.flatMap((workers) => BUDGETS.map((budget) => `${workers} at a time, ${budget}`)),
  'Configurations, whole ones',
  'Time',
];

const page = [
  '# Searches in rungs',
  '',
  `Networks with four hyperparameters, whose curves fall by a power of the epoch and cross; a whole training takes ${EPOCHS} epochs. The columns say how many trials`,
  'run at a time and how many epochs all of them train together. What stands there is how far the recommended trial is from the optimum after a whole',
  `training (median of ${seeds.length} seeds): less is better. Recommended is the trial with the least value of those that had all epochs. The last two columns are`,
  'for 4 at a time and the greater budget; time is in epochs.',
  '',
  `Measured ${new Date().toISOString().slice(0, 10)} on ${describeMachine()}.`,
  '',
  ...[head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`),
  '',
  `Target for a model, 4 at a time, ${EPOCHS_IN_ALL} epochs: at most ${GOAL}: ${isMet ? 'met' : 'MISSED'}.`,
  '',
].join('\n');
console.log(page);
if (!values['no-results']) {
  const file = fileURLToPath(new URL('results/multi-fidelity.md', import.meta.url));
  writeFileSync(file, await prettier.format(page, { parser: 'markdown' }));
}
process.exitCode = isMet ? 0 : 1;
