import type { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { SpecError } from '../../core/errors.ts';
import { silentLogger } from '../../core/logger.ts';
import type { SearchProblem } from '../../core/search-space.ts';
import { createSuggestionService } from '../../suggestion/local-suggestion-service.ts';
import type {
  SearchTrial,
  SuggestionService,
  SuggestReply,
  SuggestRequest,
} from '../../suggestion/suggestion-service.ts';
import { categorical, double, int, problemOf } from '../algorithms/spaces.ts';

const open: SuggestionService[] = [];

function service(workers?: number): SuggestionService {
  const created = createSuggestionService({ logger: silentLogger, ...(workers && { workers }) });
  open.push(created);
  return created;
}

afterEach(async () => {
  process.removeAllListeners('worker');
  await Promise.all(open.splice(0).map((created) => created.close()));
});

const problem: SearchProblem = problemOf(
  int(1, 6),
  double(0.1, 0.5, { step: 0.1, decimals: 1 }),
  categorical('a', 'b'),
);

function requestOf(
  trials: readonly SearchTrial[],
  count: number,
  more: Partial<SuggestRequest> = {},
): SuggestRequest {
  return {
    searchId: 'uid',
    problem,
    algorithm: { algorithmName: 'random' },
    seed: 'seed',
    trials,
    firstIndex: trials.length,
    count,
    ...more,
  };
}

function trialsOf({ assignments, labels }: SuggestReply, first: number): SearchTrial[] {
  return assignments.map((parameterAssignments, offset) => ({
    name: `study-${first + offset}`,
    parameterAssignments,
    state: 'running',
    value: null,
    labels: labels?.[offset],
  }));
}

function finished(trial: SearchTrial, index: number): SearchTrial {
  return index % 3 === 0 ? { ...trial, state: 'failed' } : { ...trial, state: 'succeeded', value: index };
}

describe('the suggestion service', () => {
  it('answers with one assignment list per trial, in text', async () => {
    const { assignments, exhausted } = await service().suggest(requestOf([], 3));
    expect(exhausted).toBe(false);
    expect(assignments).toHaveLength(3);
    for (const [first, second, third] of assignments) {
      expect(first).toMatchObject({ name: 'p0', value: expect.stringMatching(/^[1-6]$/) as string });
      expect(second).toMatchObject({ name: 'p1', value: expect.stringMatching(/^0\.[1-5]$/) as string });
      expect(third).toMatchObject({ name: 'p2', value: expect.stringMatching(/^[ab]$/) as string });
    }
  });

  it.each(['random', 'grid', 'sobol'])('ends a finite space exactly, with %s', async (algorithmName) => {
    const suggestions = service();
    const algorithm = { algorithmName };
    const first = await suggestions.suggest(requestOf([], 59, { algorithm }));
    const trials = trialsOf(first, 0);
    const last = await suggestions.suggest(requestOf(trials, 3, { algorithm }));
    expect(last).toMatchObject({ exhausted: true, assignments: { length: 1 } });
    trials.push(...trialsOf(last, 59));
    const texts = trials.map(({ parameterAssignments }) => JSON.stringify(parameterAssignments));
    expect(new Set(texts).size).toBe(60);
    expect(await suggestions.suggest(requestOf(trials, 1, { algorithm }))).toEqual({
      assignments: [],
      exhausted: true,
    });
  });

  it.each(['random', 'grid', 'sobol'])(
    'gives the same answers after a restart as one that has run on, with %s',
    async (algorithmName) => {
      const old = service();
      const algorithm = { algorithmName };
      let trials: SearchTrial[] = [];
      for (let round = 0; round < 3; round++) {
        const request = requestOf(trials, 4, { algorithm });
        const reply = await old.suggest(request);
        const fresh = await service().suggest({ ...request, trials: trials.toReversed() });
        expect(fresh).toEqual(reply);
        trials = [...trials.map(finished), ...trialsOf(reply, trials.length)];
      }
    },
  );

  it.each<[string, Record<string, string>]>([
    ['hyperband', { resource_name: 'p0' }],
    ['asha', { resource_name: 'p0', sampler: 'tpe' }],
    ['pbt', { suggestion_trial_dir: '/c', n_population: '5', truncation_threshold: '0.2' }],
  ])('keeps all that it must know in the labels of trials, with %s', async (algorithmName, settings) => {
    const old = service();
    const algorithmSettings = Object.entries(settings).map(([name, value]) => ({ name, value }));
    const algorithm = { algorithmName, algorithmSettings };
    let trials: SearchTrial[] = [];
    for (let round = 0; round < 3; round++) {
      const request = requestOf(trials, 6, { algorithm });
      const reply = await old.suggest(request);
      const fresh = await service().suggest({ ...request, trials: trials.toReversed() });
      expect(fresh).toEqual(reply);
      expect(reply.labels ?? []).toHaveLength(reply.assignments.length);
      trials = [...trials.map(finished), ...trialsOf(reply, trials.length)];
    }
    const parents = trials.flatMap(({ labels = {} }) =>
      Object.entries(labels).flatMap(([label, name]) => (label.endsWith('/parent') ? [name] : [])),
    );
    expect(parents.length).toBeGreaterThan(0);
    for (const name of parents) expect(trials.map((trial) => trial.name)).toContain(name);
  });

  it('tells to which algorithm an automatic search left the request', async () => {
    const reply = await service().suggest(requestOf([], 2, { algorithm: { algorithmName: 'auto' } }));
    expect(reply.choice).toMatchObject({ algorithmName: 'bayesianoptimization' });
    expect(await service().suggest(requestOf([], 2))).not.toHaveProperty('choice');
  });

  it('is not confused by a trial that was deleted', async () => {
    const old = service();
    const trials = trialsOf(await old.suggest(requestOf([], 10)), 0);
    await old.suggest(requestOf(trials, 1));
    const rest = trials.filter((_, index) => index !== 4);
    const request = requestOf(rest, 5, { firstIndex: 10 });
    expect(await old.suggest(request)).toEqual(await service().suggest(request));
  });

  it('follows an experiment that is edited', async () => {
    const old = service();
    await old.suggest(requestOf([], 2));
    const edited = requestOf([], 2, { problem: problemOf(int(50, 60)) });
    const { assignments } = await old.suggest(edited);
    for (const [only] of assignments) expect(Number(only?.value)).toBeGreaterThanOrEqual(50);
  });

  it('lets random_state decide over the seed of the experiment', async () => {
    const suggestions = service();
    const seeded = (searchId: string, seed: string, state: string): Promise<SuggestReply> =>
      suggestions.suggest(
        requestOf([], 4, {
          searchId,
          seed,
          algorithm: {
            algorithmName: 'random',
            algorithmSettings: [{ name: 'random_state', value: state }],
          },
        }),
      );
    expect(await seeded('a', 'x', '1')).toEqual(await seeded('b', 'y', '1'));
    expect(await seeded('c', 'x', '2')).not.toEqual(await seeded('d', 'x', '1'));
  });

  it('answers many searches at once and more than it keeps', async () => {
    const suggestions = service(2);
    const ids = Array.from({ length: 100 }, (_, index) => `search ${index}`);
    const ask = (searchId: string): Promise<SuggestReply> =>
      suggestions.suggest(requestOf([], 3, { searchId, seed: searchId }));
    const first = await Promise.all(ids.map(ask));
    const second = await Promise.all(ids.map(ask));
    expect(second).toEqual(first);
    expect(new Set(first.map((reply) => JSON.stringify(reply))).size).toBeGreaterThan(90);
  });

  it('starts a forgotten search anew', async () => {
    const suggestions = service();
    const reply = await suggestions.suggest(requestOf([], 2));
    suggestions.forget('uid');
    suggestions.forget('never heard of');
    expect(await suggestions.suggest(requestOf([], 2))).toEqual(reply);
  });

  it('refuses what does not go together', async () => {
    const suggestions = service();
    const algorithm = { algorithmName: 'grid' };
    const continuous = problemOf(double(0, 1));
    expect(() => suggestions.validate(continuous, algorithm)).toThrow(SpecError);
    await expect(suggestions.suggest(requestOf([], 1, { problem: continuous, algorithm }))).rejects.toThrow(
      SpecError,
    );
  });
});

describe('a suggestion service whose worker is lost', () => {
  /** The worker threads that have been started, in order. */
  function observeWorkers(): Worker[] {
    const started: Worker[] = [];
    process.on('worker', (worker) => started.push(worker));
    return started;
  }

  it('starts another and repeats the request', async () => {
    const started = observeWorkers();
    const suggestions = service();
    // Enough work to be in the middle of it when the thread ends.
    const long = requestOf([], 10_000, { problem: problemOf(double(0, 1)) });
    const expected = await suggestions.suggest(long);
    const reply = suggestions.suggest(long);
    await started[0]?.terminate();
    expect(await reply).toEqual(expected);
    expect(started).toHaveLength(2);
  });

  it('starts another when one is lost between requests', async () => {
    const started = observeWorkers();
    const suggestions = service();
    const first = await suggestions.suggest(requestOf([], 5));
    await started[0]?.terminate();
    expect(await suggestions.suggest(requestOf([], 5))).toEqual(first);
    expect(started).toHaveLength(2);
  });

  it('gives up when the second is lost as well', async () => {
    process.on('worker', (worker) => void worker.terminate());
    await expect(service().suggest(requestOf([], 1))).rejects.toMatchObject({
      code: 'SUGGESTION_FAILED',
      message: expect.stringContaining('The algorithm random could not suggest a trial') as string,
    });
  });

  it('answers no more once it is closed', async () => {
    const suggestions = service();
    const waiting = suggestions.suggest(requestOf([], 1));
    const closed = suggestions.close();
    await expect(waiting).rejects.toMatchObject({ code: 'SUGGESTION_FAILED' });
    await closed;
    await expect(suggestions.suggest(requestOf([], 1))).rejects.toMatchObject({ code: 'SUGGESTION_FAILED' });
  });
});
