import { describe, expect, it } from 'vitest';
import { compareMerits, meritOf, selectionWeights, type Merit } from '../../../algorithms/cma-es/ranking.ts';
import { strategyParameters } from '../../../algorithms/cma-es/strategy-parameters.ts';
import { HISTORY_STATE } from '../../../algorithms/trial-history.ts';
import { historyOfResults } from '../spaces.ts';

const { running, succeeded, failed, earlyStopped } = HISTORY_STATE;
const done = (value: number): Merit => ({ tier: 0, value });
const lost: Merit = { tier: 2, value: 0 };

describe('the order of trials', () => {
  const rows = historyOfResults(
    [succeeded, 3],
    [succeeded, -Infinity],
    [earlyStopped, -5],
    [failed, -9],
    [running, 1],
    [succeeded, NaN],
    [earlyStopped, 8],
    [succeeded, Infinity],
  );
  const order = (sign: 1 | -1): number[] =>
    Array.from({ length: rows.size }, (_, row) => ({ row, merit: meritOf(rows, row, sign) }))
      .flatMap(({ row, merit }) => (merit ? [{ row, merit }] : []))
      .sort((left, right) => compareMerits(left.merit, right.merit) || left.row - right.row)
      .map(({ row }) => row);

  it('puts those that went through first, those without a result last, and leaves running ones out', () =>
    expect(order(1)).toEqual([1, 0, 7, 2, 6, 3, 5]));

  it('turns round within each kind where more is better', () =>
    expect(order(-1)).toEqual([7, 0, 1, 6, 2, 3, 5]));

  it('takes equal infinities for equal', () => expect(compareMerits(done(Infinity), done(Infinity))).toBe(0));
});

describe('what trials count', () => {
  const { weights } = strategyParameters(5, 8, false);
  const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

  it('is what their ranks have where all differ', () => {
    const selection = selectionWeights([1, 2, 3, 4, 5, 6, 7, 8].map(done), weights);
    expect(selection.covariance).toEqual(weights);
    expect(selection.mean).toEqual(weights.map((weight) => Math.max(0, weight)));
  });

  it('is shared by equal trials', () => {
    const { mean, covariance } = selectionWeights([1, 2, 2, 2, 2, 6, 6, 8].map(done), weights);
    expect(new Set(mean.subarray(1, 5)).size).toBe(1);
    expect(new Set(covariance.subarray(5, 7)).size).toBe(1);
    expect(sum(mean)).toBeCloseTo(1, 12);
    expect(sum(covariance)).toBeCloseTo(sum(weights), 12);
  });

  it('is nothing for the mean where a trial has no result', () => {
    const { mean, covariance } = selectionWeights([done(1), ...Array<Merit>(7).fill(lost)], weights);
    expect([...mean]).toEqual([weights[0], 0, 0, 0, 0, 0, 0, 0]);
    expect(Math.max(...covariance.subarray(1))).toBeLessThanOrEqual(0);
  });
});
