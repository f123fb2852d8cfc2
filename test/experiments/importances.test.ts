import { describe, expect, it } from 'vitest';
import { fanova } from '../../algorithms/importance/fanova/fanova.ts';
import { DEFAULT_IMPORTANCE_SETTINGS } from '../../algorithms/importance/importance.ts';
import { pedAnova } from '../../algorithms/importance/pedanova/pedanova.ts';
import type { StoredTrial } from '../../core/trial.ts';
import { importanceOf } from '../../experiments/importance/importance-of.ts';
import { importanceRequest } from '../../experiments/importance/importance-request.ts';
import { createImportances } from '../../experiments/importance/importances.ts';
import { experiment, trial } from '../support/experiment-objects.ts';

const EXPERIMENT = experiment({
  parameters: ['a', 'b'].map((name) => ({
    name,
    parameterType: 'double' as const,
    feasibleSpace: { min: '0', max: '1' },
  })),
});
const request = (
  evaluator: typeof fanova,
): { evaluator: typeof fanova; settings: typeof DEFAULT_IMPORTANCE_SETTINGS } => ({
  evaluator,
  settings: DEFAULT_IMPORTANCE_SETTINGS,
});

/** The loss is `a`; places follow from the index. */
function ended(index: number, parameters = ['a', 'b']): StoredTrial {
  const place = (factor: number): number => (index * factor) % 1;
  return trial({
    index,
    state: 'Succeeded',
    loss: place(0.618034),
    spec: {
      parameterAssignments: parameters.map((name, axis) => ({
        name,
        value: String(place(axis === 0 ? 0.618034 : 0.754878)),
      })),
    },
  });
}

const TRIALS = Array.from({ length: 60 }, (_, index) => ended(index));

describe.each([pedAnova, fanova])('importances by $name', (evaluator) => {
  it('are the same in a thread of their own as here', async () => {
    const report = await createImportances().of(EXPERIMENT, TRIALS, request(evaluator));
    expect(report).toEqual(importanceOf(EXPERIMENT, TRIALS, request(evaluator)));
    expect(report.importances[0]).toMatchObject({ parameter: 'a' });
    expect(report.importances[0]?.share).toBeGreaterThan(0.9);
  });

  it('are kept until another trial has ended', async () => {
    const importances = createImportances();
    const first = await importances.of(EXPERIMENT, TRIALS, request(evaluator));
    const running = trial({ index: 99, state: 'Running' });
    expect(await importances.of(EXPERIMENT, [...TRIALS, running], request(evaluator))).toBe(first);
    const more = await importances.of(EXPERIMENT, [...TRIALS, ended(99)], request(evaluator));
    expect(more.trials).toBe(61);
  });

  it('are those of each experiment', async () => {
    const importances = createImportances();
    const first = await importances.of(EXPERIMENT, TRIALS, request(evaluator));
    const other = { ...EXPERIMENT, metadata: { ...EXPERIMENT.metadata, uid: 'other' } };
    expect(await importances.of(other, TRIALS, request(evaluator))).not.toBe(first);
  });

  it('leave out trials that are no points of the space, or brought nothing', () => {
    const strangers = [
      ended(70, ['a']),
      ended(71, ['c', 'd']),
      trial({ index: 72, state: 'Failed' }),
      trial({ index: 73, state: 'Succeeded', loss: 'nan' }),
      trial({ index: 74, state: 'MetricsUnavailable' }),
      trial({ index: 75, state: 'Running', loss: 3 }),
    ];
    const report = importanceOf(EXPERIMENT, [...TRIALS, ...strangers], request(evaluator));
    expect(report.trials).toBe(60);
    expect(report.notes).toEqual(['5 trials without a result are left out.']);
  });
});

describe('what holds nobody up', () => {
  const many = Array.from({ length: 26_000 }, (_, index) => ended(index));

  it.each([
    ['a quick evaluator with few trials', pedAnova, TRIALS, 0],
    ['a quick evaluator with many trials', pedAnova, many, 1],
    ['one that takes long', fanova, TRIALS, 1],
  ])(
    '%s takes as many threads as it needs, however often it is asked at once',
    async (_, evaluator, trials, threads) => {
      let started = 0;
      const count = (): number => started++;
      process.on('worker', count);
      const importances = createImportances();
      const reports = await Promise.all(
        [1, 2, 3].map(() => importances.of(EXPERIMENT, trials, request(evaluator))),
      );
      process.off('worker', count);
      expect(started).toBe(threads);
      expect(reports.map((report) => report.trials)).toEqual([1, 2, 3].map(() => trials.length));
    },
  );

  it('many trials are read in pieces', async () => {
    let turns = 0;
    let isDone = false;
    const turn = (): void => {
      turns++;
      if (!isDone) setImmediate(turn);
    };
    turn();
    await createImportances().of(EXPERIMENT, many.slice(0, 20_000), request(pedAnova));
    isDone = true;
    expect(turns).toBeGreaterThan(150);
  });
});

describe('a request', () => {
  it('has defaults', () =>
    expect(importanceRequest(pedAnova, {})).toEqual({
      evaluator: pedAnova,
      settings: { target: 0.1, region: 1 },
    }));

  it.each([
    [pedAnova, { target: 0.5, region: 0.5 }, 'target', 'The target 0.5 is not below the region 0.5.'],
    [pedAnova, { region: 0.1 }, 'target', 'The target 0.1 is not below the region 0.1.'],
    [fanova, { target: 0.2 }, 'target', 'fanova looks at all trials alike: it has no target.'],
    [fanova, { region: 1 }, 'region', 'fanova looks at all trials alike: it has no region.'],
  ])('of $0.name refuses %j', (evaluator, given, setting, message) => {
    expect(importanceRequest(evaluator, given)).toMatchObject({ refusal: { setting, message } });
  });
});
