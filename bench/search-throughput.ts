/*
 * How long a search takes to suggest one more trial, by the number of trials it knows. `node bench/search-throughput.ts`;
 * see bench/README.md.
 */
import { SEARCH_ALGORITHMS } from '../algorithms/registry.ts';
import { silentLogger } from '../core/logger.ts';
import type { Parameter, SearchProblem } from '../core/search-space.ts';
import { createSuggestionService } from '../suggestion/local-suggestion-service.ts';
import type { SearchTrial, SuggestionService } from '../suggestion/suggestion-service.ts';
import { inMs, measure, medianCost, report, type Cost } from './harness/measure.ts';

const HISTORY_SIZES = [10, 10_000, 100_000];
const REQUESTS = 15;
const DIMENSIONS = 5;

const parameters = Array.from({ length: DIMENSIONS }, (_, at): Parameter => ({
  kind: 'double',
  name: `x${at}`,
  min: 0,
  max: 1,
  step: null,
  decimals: 0,
  distribution: 'uniform',
}));
const problem: SearchProblem = { parameters, direction: 'minimize', maxTrials: null, parallelTrials: 1 };

for (const { name } of SEARCH_ALGORITHMS.filter(
  (algorithm) => algorithm.unsupported(problem, {}).length === 0,
)) {
  for (const size of HISTORY_SIZES) {
    const { first, next } = await measureSearch(name, size);
    const known = `${name}, ${size.toLocaleString('en')} trials known`;
    report(
      known,
      `next ${inMs(next.wallMs)}, CPU ${inMs(next.cpuMs)}; first, all told anew, ${inMs(first.wallMs)}`,
    );
  }
}

async function measureSearch(algorithmName: string, size: number): Promise<{ first: Cost; next: Cost }> {
  const service = createSuggestionService({ logger: silentLogger });
  const trials = Array.from({ length: size }, (_, index) => endedTrial(index));
  try {
    const first = await measure(() => suggest(service, algorithmName, trials));
    const rounds: Cost[] = [];
    for (let round = 0; round < REQUESTS; round++) {
      trials.push(endedTrial(trials.length));
      rounds.push(await measure(() => suggest(service, algorithmName, trials)));
    }
    return { first, next: medianCost(rounds) };
  } finally {
    await service.close();
  }
}

async function suggest(
  service: SuggestionService,
  algorithmName: string,
  trials: readonly SearchTrial[],
): Promise<void> {
  const firstIndex = trials.length;
  await service.suggest({
    ...{ searchId: 'bench', seed: '1', algorithm: { algorithmName } },
    ...{ problem, trials, firstIndex, count: 1 },
  });
}

function endedTrial(index: number): SearchTrial {
  const assignment = (at: number): string => String(((index + 1) * (at + 1) * 0.618) % 1);
  return {
    name: `bench-${index}`,
    parameterAssignments: parameters.map(({ name }, at) => ({ name, value: assignment(at) })),
    state: 'succeeded',
    value: (index * 0.314) % 1,
  };
}
