import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explore } from '../../../algorithms/population/explore.ts';
import { pbtSearch } from '../../../algorithms/population/pbt.ts';
import type { Settings, Suggested } from '../../../algorithms/search-algorithm.ts';
import { PBT_GENERATION_LABEL, PBT_MEMBER_LABEL, PBT_PARENT_LABEL } from '../../../core/labels.ts';
import { randomStream } from '../../../core/random.ts';
import type { Point } from '../../../core/search-space.ts';
import { copyOf, LoggedSearch, suggestionsElsewhere } from '../../contract/logged-search.ts';
import { documentsItsSettings } from '../../contract/search-algorithm.ts';
import { anyProblem, categorical, discrete, double, int, isFeasible, problemOf } from '../spaces.ts';

const PROBLEM = problemOf(double(0.001, 1), int(1, 64), categorical('a', 'b', 'c'));
const SETTINGS: Settings = {
  suggestion_trial_dir: '/checkpoints',
  n_population: '10',
  truncation_threshold: '0.2',
};

function start(workers: number, more: Settings = {}, seed = 's'): LoggedSearch {
  const searcher = pbtSearch.create(PROBLEM, { ...SETTINGS, ...more }, randomStream(seed));
  return new LoggedSearch(searcher, PROBLEM.parameters.length, workers);
}

const loss = ([x = 0, n = 0]: Point): number => Math.abs(x - 0.3) + n / 1000;
const generation = ({ labels }: Suggested): number => Number(labels?.[PBT_GENERATION_LABEL]);
const member = ({ labels }: Suggested): string | undefined => labels?.[PBT_MEMBER_LABEL];
const parent = ({ labels }: Suggested): string | undefined => labels?.[PBT_PARENT_LABEL];

describe('population based training', () => {
  documentsItsSettings(pbtSearch);

  it('begins with as many members as the population has, from nothing', () => {
    const begun = start(10).ask(10);
    expect(begun.map(generation)).toEqual(Array(10).fill(0));
    expect(new Set(begun.map(member)).size).toBe(10);
    expect(begun.map(parent)).toEqual(Array(10).fill(undefined));
    expect(new Set(begun.map(({ point }) => point[0])).size).toBe(10);
  });

  it('lets those in the middle go on as they are, and the worst from the checkpoints of the best', () => {
    const search = start(10);
    search.ask(10);
    search.endOldest(10, (_, trial) => trial);
    const next = search.ask(10);
    expect(next.map(generation)).toEqual(Array(10).fill(1));
    for (const [row, one] of next.slice(0, 8).entries()) {
      expect(parent(one)).toBe(`t-${row}`);
      expect(one.point).toEqual(search.byName(`t-${row}`).point);
    }
    for (const one of next.slice(8)) {
      expect(['t-0', 't-1']).toContain(parent(one));
      const donor = search.byName(parent(one) ?? '').point;
      expect((one.point[0] ?? 0) / (donor[0] ?? 1)).toSatisfy(
        (ratio: number) => Math.abs(ratio - 0.8) < 1e-9 || Math.abs(ratio - 1.2) < 1e-9 || one.point[0] === 1,
      );
      expect(one.point[1]).not.toBe(donor[1]);
    }
  });

  it('maximizes as it minimizes the negative', () => {
    const upwards = pbtSearch.create({ ...PROBLEM, direction: 'maximize' }, SETTINGS, randomStream('s'));
    const search = new LoggedSearch(upwards, 3, 4).run(60, (point) => -loss(point));
    expect(search.suggested).toEqual(start(4).run(60, loss).suggested);
  });

  it('replaces a trial that failed by one of the best, and lets nobody go on from it', () => {
    const search = start(5).run(100, (point, trial) => (trial % 4 === 0 ? Number.NaN : loss(point)));
    expect(search.leastRunning).toBe(5);
    for (const one of search.suggested) {
      const name = parent(one);
      if (name !== undefined) expect(Number(name.slice(2)) % 4).not.toBe(0);
    }
  });

  it('begins anew where a whole generation fails', () => {
    const search = start(10);
    search.ask(10);
    search.endOldest(10, () => Number.NaN);
    expect(search.ask(3).map(parent)).toEqual([undefined, undefined, undefined]);
  });

  it.each([1, 3, 5])('keeps each of %d workers busy, whatever does not end', (workers) => {
    const stuck = workers === 1 ? [] : [2];
    const search = start(workers).run(120, loss, { stuck });
    expect(search.leastRunning).toBe(workers);
    expect(Math.max(...search.suggested.map(generation))).toBeGreaterThan(5);
  });

  it('waits for half of the population, not for the last', () => {
    const search = start(10);
    search.ask(10);
    search.endOldest(4, loss);
    expect(search.ask(4)).toEqual([]);
    expect(search.isExhausted).toBe(false);
    search.endOldest(1, loss);
    expect(search.ask(5)).toHaveLength(5);
    expect(search.ask(1)).toEqual([]);
  });

  it('has one trial of each member in each generation', () => {
    const { suggested } = start(4).run(150, loss);
    const places = suggested.map((one) => `${member(one) ?? ''}/${generation(one)}`);
    expect(new Set(places).size).toBe(places.length);
  });

  it('comes nearer to the optimum from generation to generation', () => {
    const { suggested } = start(10).run(200, loss);
    const mean = (of: number): number =>
      suggested.filter((one) => generation(one) === of).reduce((sum, { point }) => sum + loss(point), 0) / 10;
    expect(mean(15)).toBeLessThan(mean(0) / 2);
  });

  it('answers from a replayed history as a searcher that has lived through it', () => {
    const lived = start(4);
    for (let step = 0; step < 30; step++) {
      const anew = start(4);
      anew.takeOver(copyOf(lived.history));
      expect(anew.ask(3)).toEqual(lived.ask(3));
      lived.endOldest(3, loss);
    }
  });

  it('gives the same points and labels in another process', () => {
    const { history } = start(4, {}, 'seed').run(40, loss);
    const rows = Array.from({ length: history.size }, (_, row) => ({
      point: [...history.point(row)],
      tag: history.tag(row),
      state: history.state(row),
      value: history.value(row),
    }));
    const searcher = pbtSearch.create(PROBLEM, SETTINGS, randomStream('seed'));
    const here = searcher.suggestLabelled?.(history, history.size, 6).suggestions;
    const there = suggestionsElsewhere({ name: 'pbt', problem: PROBLEM, settings: SETTINGS, rows });
    expect(there).toEqual(here?.map(({ point, labels }) => ({ point: [...point], labels })));
  });

  it.each([
    ['n_population', '4', 'Param(n_population) should be >= 5'],
    ['truncation_threshold', '1.5', 'Param(truncation_threshold) should be between 0 and 1, inclusive'],
    ['resample_probability', '-0.1', expect.stringMatching(/resample_probability.* between 0 and 1/)],
    ['suggestion_trial_dir', 'checkpoints', 'It must be an absolute path other than /.'],
  ])('refuses %s: %s in the words of Katib', (name, text, words) =>
    expect(pbtSearch.settings.find((setting) => setting.name === name)?.check(text)).toEqual(words),
  );

  it.each(['0', '0.25', '1'])('takes the probability %s', (text) =>
    expect(
      pbtSearch.settings.find(({ name }) => name === 'resample_probability')?.check(text),
    ).toBeUndefined(),
  );

  it('says which settings are missing', () =>
    expect(pbtSearch.unsupported(PROBLEM, { n_population: '10' })).toEqual([
      'Required params missing: suggestion_trial_dir, truncation_threshold',
    ]));
});

describe('exploring', () => {
  it('stays in the space, with and without resampling', () => {
    fc.assert(
      fc.property(anyProblem, fc.constantFrom(0, 0.5, 1), fc.integer(), ({ parameters }, share, seed) => {
        const random = randomStream(seed);
        const from = explore(parameters, new Float64Array(parameters.length), 1, random.fork('from'));
        const point = explore(parameters, from, share, random.fork('to'));
        for (const [axis, parameter] of parameters.entries())
          expect(isFeasible(parameter, point[axis] ?? Number.NaN)).toBe(true);
      }),
    );
  });

  it('moves whole numbers and lists by one value at least, where there is one', () => {
    const { parameters } = problemOf(int(1, 9), discrete('1', '5', '7'));
    for (let seed = 0; seed < 40; seed++) {
      const [n, d] = explore(parameters, Float64Array.of(2, 5), 0, randomStream(seed));
      expect([1, 3]).toContain(n);
      expect([1, 7]).toContain(d);
    }
  });

  it('draws every parameter anew with probability 1', () => {
    const { parameters } = problemOf(double(0, 1));
    const drawn = Array.from(
      { length: 50 },
      (_, seed) => explore(parameters, Float64Array.of(0.5), 1, randomStream(seed))[0],
    );
    expect(drawn.filter((value) => value === 0.4 || value === 0.6)).toEqual([]);
    expect(new Set(drawn).size).toBe(50);
  });
});
