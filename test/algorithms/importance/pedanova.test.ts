import { describe, expect, it } from 'vitest';
import { pedAnova } from '../../../algorithms/importance/pedanova/pedanova.ts';
import { cellsOf } from '../../../algorithms/importance/pedanova/cells.ts';
import { divergenceBeyondChance } from '../../../algorithms/importance/pedanova/divergence.ts';
import {
  kernelMasses,
  scottBandwidth,
  separateMasses,
} from '../../../algorithms/importance/pedanova/smoothing.ts';
import { axesOf, type Axis } from '../../../algorithms/axes.ts';
import type { Parameter } from '../../../core/search-space.ts';
import { evaluate, randomTrials, shareOf } from '../../contract/importance-evaluator.ts';
import { categorical, discrete, double, int, problemOf } from '../spaces.ts';

const PROBLEM = problemOf(
  double(0, 1),
  double(1e-4, 1, { distribution: 'logUniform' }),
  categorical('a', 'b', 'c'),
);

function axisOf(parameter: Parameter): Axis {
  const [axis] = axesOf([parameter]);
  if (!axis) throw new Error('one point');
  return axis;
}

describe('pedanova', () => {
  it.each<[string, (value: number) => number]>([
    ['a factor', (value) => value * 1e12],
    ['a small factor', (value) => value * 1e-12],
    ['a sum', (value) => value + 1e9],
    ['an exponential', (value) => Math.exp(value)],
  ])('cares for the order of results only: %s changes nothing', (_, changed) => {
    const plain = randomTrials(PROBLEM, 150, ([a = 0, b = 0]) => Math.round(1e4 * (a + b)) / 1e4);
    const other = plain.map(({ point, value }) => ({ point, value: changed(value) }));
    expect(evaluate(pedAnova, PROBLEM, other)).toEqual(evaluate(pedAnova, PROBLEM, plain));
  });

  it('looks at what makes trials the best, not at what ruins the others', () => {
    const objective = ([a = 0, b = 0]: readonly number[]): number => (b > 0.5 ? 100 + b : Math.abs(a - 0.2));
    const trials = randomTrials(PROBLEM, 400, objective);
    const all = evaluate(pedAnova, PROBLEM, trials);
    expect(all.importances[0]?.parameter).toBe('p0');
    const good = evaluate(pedAnova, PROBLEM, trials, { target: 0.1, region: 0.45 });
    expect(shareOf(good, 'p0')).toBeGreaterThan(0.95);
    expect([good.trials, good.compared]).toEqual([400, { good: 40, all: 180 }]);
    const half = evaluate(pedAnova, PROBLEM, trials, { target: 0.5, region: 1 });
    expect(half.importances[0]?.parameter).toBe('p1');
  });

  it('gives parameters that do not matter little, however few the trials are', () => {
    const seeds = Array.from({ length: 20 }, (_, seed) => `seed ${seed}`);
    const shares = seeds.map((seed) => {
      const trials = randomTrials(PROBLEM, 30, ([a = 0]) => a, seed);
      return shareOf(evaluate(pedAnova, PROBLEM, trials), 'p0');
    });
    expect(shares.reduce((sum, share) => sum + share, 0) / shares.length).toBeGreaterThan(0.85);
  });

  it('knows how far its shares are off', () => {
    const seeds = Array.from({ length: 60 }, (_, seed) => `seed ${seed}`);
    const found = seeds.map((seed) => {
      const trials = randomTrials(PROBLEM, 200, ([a = 0, b = 0]) => (a - 0.4) ** 2 + (b - 0.6) ** 2, seed);
      return evaluate(pedAnova, PROBLEM, trials).importances.find(({ parameter }) => parameter === 'p0');
    });
    const shares = found.map((importance) => importance?.share ?? NaN);
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    const spread = Math.sqrt(shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / shares.length);
    const told = found.reduce((sum, importance) => sum + (importance?.deviation ?? NaN), 0) / found.length;
    expect(mean).toBeGreaterThan(0.45);
    expect(mean).toBeLessThan(0.55);
    expect(told).toBeGreaterThan(spread / 2);
    expect(told).toBeLessThan(spread * 2);
  });

  it('counts equal results alike, and says so', () => {
    const trials = randomTrials(PROBLEM, 100, ([a = 0]) => Number(a > 0.3));
    const { notes, importances } = evaluate(pedAnova, PROBLEM, trials);
    const best = trials.filter(({ value }) => value === 0).length;
    expect(notes).toEqual([
      `${best} of 100 trials count as good, not 10: their results are equal or better.`,
    ]);
    expect(importances[0]?.parameter).toBe('p0');
  });

  it('has nothing to compare where the whole region has one result', () => {
    const trials = randomTrials(PROBLEM, 100, ([a = 0]) => Number(a > 0.6));
    const { importances, notes } = evaluate(pedAnova, PROBLEM, trials, { target: 0.1, region: 0.3 });
    expect(importances).toEqual([]);
    expect(notes[0]).toMatch(/^The best \d+ results are equal/);
  });
});

describe('the divergence', () => {
  const cells = 4;
  const trials = [0, 0, 1, 1, 1, 2, 3, 3];
  const kernels = kernelMasses(cellsOf(axisOf(int(1, 4))), 0.2);
  const countsOf = (places: readonly number[]): Float64Array => {
    const counts = new Float64Array(cells);
    for (const place of places) counts[place] = (counts[place] ?? 0) + 1;
    return counts;
  };

  it.each([
    ['kernels', kernels],
    ['categories', separateMasses(cells)],
  ])('is 0 on average over all ways to choose the good trials by chance: %s', (_, masses) => {
    const all = countsOf(trials);
    const found = subsets(trials, 3).map(
      (good) => divergenceBeyondChance({ good: countsOf(good), all }, masses).value,
    );
    expect(found).toHaveLength(56);
    expect(Math.max(...found)).toBeGreaterThan(0.1);
    expect(found.reduce((sum, value) => sum + value, 0) / found.length).toBeCloseTo(0, 12);
  });

  it('is that of Pearson, less what chance brings', () => {
    const all = countsOf(trials);
    const good = countsOf([3, 3]);
    const p = all.map((count) => count / 8);
    const pearson = p.reduce((sum, inAll, cell) => sum + inAll * ((good[cell] ?? 0) / 2 / inAll - 1) ** 2, 0);
    // Of chi-squared: 3 degrees of freedom, 2 of 8 without replacement.
    const chance = (3 * (8 - 2)) / (2 * (8 - 1));
    expect(divergenceBeyondChance({ good, all }, separateMasses(cells)).value).toBeCloseTo(
      pearson - chance,
      12,
    );
  });

  it('is 0 where no trial differs', () =>
    expect(
      divergenceBeyondChance({ good: countsOf([1, 1]), all: countsOf([1, 1, 1]) }, kernels).value,
    ).toBeCloseTo(0, 12));
});

function subsets(of: readonly number[], size: number): number[][] {
  if (size === 0) return [[]];
  return of.flatMap((first, at) => subsets(of.slice(at + 1), size - 1).map((rest) => [first, ...rest]));
}

describe('cells', () => {
  it.each<[string, Parameter, number]>([
    ['a category each', categorical('a', 'b', 'c'), 3],
    ['a listed number each', discrete('1', '10', '500'), 3],
    ['a whole number each', int(1, 30), 30],
    ['a step each', double(0, 1, { step: 0.1, decimals: 1 }), 11],
    ['a whole number each, on a logarithmic scale', int(1, 30, { distribution: 'logUniform' }), 30],
    ['fifty of many whole numbers', int(1, 1000), 50],
    ['fifty of a continuous range', double(-1, 1), 50],
    ['fifty of a normal distribution', double(0, 1, { distribution: 'normal' }), 50],
  ])('are %s', (_, parameter, count) => {
    const cells = cellsOf(axisOf(parameter));
    expect([cells.count, cells.edges.length]).toEqual([count, count + 1]);
    expect([cells.edges[0], cells.edges[count]]).toEqual([0, 1]);
    expect([...cells.edges]).toEqual([...cells.edges].toSorted((left, right) => left - right));
    if (parameter.kind === 'int' || parameter.kind === 'double')
      expect([cells.indexOf(parameter.min), cells.indexOf(parameter.max)]).toEqual([0, count - 1]);
  });
});

describe('smoothing', () => {
  const cells = cellsOf(axisOf(double(0, 1)));
  const counts = Float64Array.from({ length: 50 }, (_, cell) => (cell >= 10 && cell < 40 ? 2 : 0));

  it('takes the smaller of deviation and quartiles', () => {
    const deviation =
      Math.sqrt((Array.from({ length: 30 }, (_, at) => (at - 14.5) ** 2).reduce((a, b) => a + b) * 2) / 59) /
      50;
    const quartiles = 0.3 / 1.34;
    expect(scottBandwidth(cells, counts)).toBeCloseTo(
      1.059 * Math.min(deviation, quartiles) * 60 ** -0.2,
      12,
    );
    const withOutlier = counts
      .with(0, 1)
      .with(49, 1)
      .map((count, cell) => (cell === 25 ? 200 : count));
    expect(scottBandwidth(cells, withOutlier)).toBeCloseTo(0.5 / 1.64 / 50, 12);
  });

  it('leaves nine tenths of a trial in its cell at least', () => {
    const lone = new Float64Array(50).with(20, 7);
    const masses = kernelMasses(cells, scottBandwidth(cells, lone));
    expect(masses[20 * 50 + 20]).toBeGreaterThan(0.89);
  });

  it('gives each kernel 1 in all cells together, at the ends of the axis as well', () => {
    for (const bandwidth of [0.006, 0.1, 3]) {
      const masses = kernelMasses(cells, bandwidth);
      for (let from = 0; from < 50; from++)
        expect(masses.subarray(from * 50, (from + 1) * 50).reduce((sum, mass) => sum + mass, 0)).toBeCloseTo(
          1,
          12,
        );
      expect(masses[0]).toBeGreaterThanOrEqual(masses[1] ?? 0);
    }
  });
});
