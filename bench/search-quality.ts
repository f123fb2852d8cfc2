/*
 * `npm run bench:search [-- [--seeds 20] [--settings '{"n_EI_candidates":"64"}'] [--no-results] [ALGORITHM…]]`: how near searches of 100 trials come to
 * the optimum of sixteen functions, beside what other optimisers reached. See bench/README.md.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import prettier from 'prettier';
import { searchAlgorithm, SEARCH_ALGORITHMS } from '../algorithms/registry.ts';
import type { SearchAlgorithm, Settings } from '../algorithms/search-algorithm.ts';
import { describeMachine } from './harness/machine.ts';
import { median } from './harness/statistics.ts';
import { TEST_FUNCTIONS, type TestFunction } from './search/functions.ts';
import { BUDGETS, PEERS, randomRegret, type Budget } from './search/peers.ts';
import { score } from './search/score.ts';
import { simulate, type Simulation } from './search/simulate.ts';

const TRIALS = 100;

interface Column {
  name: string;
  cell: (problem: string, budget: Budget) => number | null;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: 'string', default: '20' },
    settings: { type: 'string', default: '{}' },
    'no-results': { type: 'boolean', default: false },
  },
});
const settings = JSON.parse(values.settings) as Settings;
const seeds = Array.from({ length: Number(values.seeds) }, (_, seed) => seed);

const searched = algorithms(positionals).map((algorithm) => ({
  algorithm,
  runs: new Map(TEST_FUNCTIONS.map((problem) => [problem.name, runsOf(algorithm, problem)])),
}));
const columns: Column[] = [
  ...searched.map(({ algorithm, runs }) => ({
    name: `**${algorithm.name}**`,
    cell: (problem: string, budget: Budget) =>
      median((runs.get(problem) ?? []).map(({ regrets }) => regrets[budget - 1] ?? NaN)),
  })),
  ...PEERS.map(({ name, median: cell }) => ({ name, cell })),
];
const page = [
  '# The search, beside others',
  '',
  `Searches of ${TRIALS} trials, one after the other, ${seeds.length} seeds for each function; of the others what was measured once with the versions named and their`,
  'defaults. Regret is the best value tried so far (without noise) above the optimum.',
  '',
  `Measured ${new Date().toISOString().slice(0, 10)} on ${describeMachine()}.`,
  '',
  ...scoreTable(),
  ...BUDGETS.flatMap(regretTable),
].join('\n');
console.log(page);
if (!values['no-results'] && positionals.length === 0) {
  const file = fileURLToPath(new URL('results/search.md', import.meta.url));
  mkdirSync(new URL('results', import.meta.url), { recursive: true });
  writeFileSync(file, await prettier.format(page, { parser: 'markdown' }));
}

function algorithms(names: readonly string[]): SearchAlgorithm[] {
  // The others do not run in spaces without steps, or want a resource.
  if (names.length === 0)
    return SEARCH_ALGORITHMS.filter(({ name, labelsTrials }) => name !== 'grid' && !labelsTrials);
  return names.map((name) => {
    const algorithm = searchAlgorithm(name);
    if (algorithm) return algorithm;
    console.error(
      `There is no algorithm ${name}; there are ${SEARCH_ALGORITHMS.map((one) => one.name).join(', ')}.`,
    );
    process.exit(2);
  });
}

function runsOf(algorithm: SearchAlgorithm, problem: TestFunction): Simulation[] {
  return seeds.map((seed) => simulate(algorithm, settings, problem, { trials: TRIALS, seed }));
}

function scoreTable(): string[] {
  const rows = searched.map(({ algorithm, runs }) => {
    const means = BUDGETS.map((budget) =>
      mean(
        [...runs].map(([problem, list]) =>
          mean(list.map(({ regrets }) => score(regrets[budget - 1] ?? NaN, randomRegret(problem, budget)))),
        ),
      ),
    );
    const cpu = mean([...runs.values()].flat().map(({ cpuMs }) => cpuMs / TRIALS));
    return [`**${algorithm.name}**`, ...means.map((value) => value.toFixed(3)), `${cpu.toFixed(2)} ms`];
  });
  const text =
    'The score of a search is 0 where it is no better than random search, and 1 where it has the optimum.';
  return [
    text,
    '',
    ...table(['', ...BUDGETS.map((budget) => `S@${budget}`), 'CPU per suggestion'], rows),
    '',
  ];
}

function regretTable(budget: Budget): string[] {
  const rows = TEST_FUNCTIONS.map(({ name }) => [
    name,
    ...columns.map(({ cell }) => cell(name, budget)?.toPrecision(3) ?? ''),
  ]);
  return [
    `## Median regret after ${budget} trials`,
    '',
    ...table(['', ...columns.map(({ name }) => name)], rows),
    '',
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
