/*
 * `npm run bench:early-stopping [-- [--seeds 40] [--no-results]]`: how near random searches come to the optimum with each
 * early stopper and without, for the same number of epochs. See bench/README.md.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import prettier from 'prettier';
import type { StoppingProblem } from '../algorithms/early-stopping/early-stopper.ts';
import { earlyStopper } from '../algorithms/early-stopping/registry.ts';
import type { Settings } from '../algorithms/search-algorithm.ts';
import { endedMedian } from './early-stopping/ended-median.ts';
import { katibMedian } from './early-stopping/katib-median.ts';
import { regretAfter, shareSaved } from './early-stopping/scores.ts';
import { simulate, type Judge, type Simulated } from './early-stopping/simulate.ts';
import { EPOCHS, LATE_BLOOMERS, NETWORKS, type TrainingFamily } from './early-stopping/training.ts';
import { describeMachine } from './harness/machine.ts';
import { median } from './harness/statistics.ts';

const PROBLEM: StoppingProblem = { metric: 'error', direction: 'minimize', standing: 'best' };
const BUDGETS = [810, 2_430];
const WORKERS = [1, 4, 16];

interface Rule {
  name: string;
  create: () => Judge;
}

function rule(stopper: string, settings: Settings, name = stopper): Rule {
  return {
    name,
    create() {
      const created = earlyStopper(stopper)?.create(PROBLEM, settings);
      return (report) => created?.report(report)?.stop === true;
    },
  };
}

const NONE: Rule = { name: 'none', create: () => () => false };
const RULES: readonly Rule[] = [
  NONE,
  { name: "Katib's own medianstop", create: katibMedian },
  rule('medianstop', {}, '`medianstop`'),
  { name: '`medianstop` with ended trials alone', create: endedMedian },
  rule('percentile', {}, '`percentile`'),
  rule('plateau', {}, '`plateau`'),
  rule('asha', { max_resource: String(EPOCHS) }, '`asha`'),
  rule('asha', { max_resource: String(EPOCHS), brackets: '2' }, '`asha`, 2 brackets'),
  rule('asha', { max_resource: String(EPOCHS), min_resource: '9' }, '`asha`, min_resource 9'),
];

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '40' }, 'no-results': { type: 'boolean', default: false } },
});
const seeds = Array.from({ length: Number(values.seeds) }, (_, seed) => seed);

function runs(family: TrainingFamily, { create }: Rule, workers: number, epochs: number): Simulated[] {
  return seeds.map((seed) => simulate(family, create(), { workers, epochs, seed }));
}

function table(family: TrainingFamily): string[] {
  const budget = BUDGETS.at(-1) ?? 0;
  const without = runs(family, NONE, 4, budget);
  const rows = RULES.map((one) => {
    const byWorkers = WORKERS.map((workers) => runs(family, one, workers, budget));
    const four = byWorkers[1] ?? [];
    const cells = byWorkers.flatMap((list) => BUDGETS.map((epochs) => regretAfter(list, epochs).toFixed(4)));
    const tried = median(four.map(({ configurations }) => configurations));
    const whole = median(four.map((run) => run.whole));
    const share = one === NONE ? '' : `${(100 * shareSaved(four, without)).toFixed(0)} %`;
    return [one.name, ...cells, `${tried} (${whole})`, share];
  });
  const head = [
    '',
    ...WORKERS.flatMap((workers) => BUDGETS.map((epochs) => `${workers} at a time, ${epochs}`)),
    'Trials, whole ones',
    'Epochs saved',
  ];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}

/** Microseconds for each report of 10,000 trials with 100 reports each. */
function costs(): string[] {
  const [trials, reports] = [10_000, 100];
  return ['medianstop', 'asha', 'percentile', 'plateau'].map((name) => {
    const judge = rule(name, {}).create();
    const before = performance.now();
    for (let trial = 0; trial < trials; trial++)
      for (let step = 1; step <= reports; step++)
        judge({ trial: `t-${trial}`, step, value: ((trial * 7_919) % 10_007) / step });
    const micros = ((performance.now() - before) * 1_000) / (trials * reports);
    return `| \`${name}\` | ${micros.toFixed(1)} µs |`;
  });
}

const page = [
  '# Early stopping',
  '',
  `Random searches; of each trial one value is measured after each of ${EPOCHS} epochs. The columns say how many trials run at a time and how many epochs all of them`,
  `take together. What stands there is how far the recommended trial is from the optimum after a whole training (median of ${seeds.length} seeds): less is better. The`,
  'last two are for 4 at a time and the greater budget; saved are epochs that are not needed to come as near as without a rule.',
  '',
  `Measured ${new Date().toISOString().slice(0, 10)} on ${describeMachine()}.`,
  '',
  ...[NETWORKS, LATE_BLOOMERS].flatMap((family) => [
    `## ${family.name[0]?.toUpperCase() ?? ''}${family.name.slice(1)}`,
    '',
    family.description,
    '',
    ...table(family),
    '',
  ]),
  '## What a report costs',
  '',
  'CPU for each of a million reports: 10,000 trials with 100 reports each.',
  '',
  '| Rule | A report |',
  '| --- | --- |',
  ...costs(),
  '',
].join('\n');
console.log(page);
if (!values['no-results']) {
  const file = fileURLToPath(new URL('results/early-stopping.md', import.meta.url));
  writeFileSync(file, await prettier.format(page, { parser: 'markdown' }));
}
