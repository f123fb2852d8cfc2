import { describe, expect, it } from 'vitest';
import { bohbSearch } from '../../../algorithms/multi-fidelity/bohb.ts';
import { hyperbandBrackets } from '../../../algorithms/multi-fidelity/hyperband-schedule.ts';
import { hyperbandSearch } from '../../../algorithms/multi-fidelity/hyperband.ts';
import { BRACKET_LABEL } from '../../../core/labels.ts';
import { randomStream } from '../../../core/random.ts';
import { LoggedSearch } from '../../contract/logged-search.ts';
import {
  lossOf,
  RUNG_PROBLEM,
  RUNG_SETTINGS,
  RUNGS,
  rungOf,
  rungSearchContract,
} from '../../contract/rung-search.ts';

rungSearchContract(hyperbandSearch);
rungSearchContract(bohbSearch);

describe('brackets', () => {
  it('are those of the paper for R = 81 and eta = 3', () => {
    const brackets = hyperbandBrackets({ place: 0, values: [1, 3, 9, 27, 81], eta: 3 });
    expect(brackets).toEqual([
      { firstRung: 0, sizes: [81, 27, 9, 3, 1] },
      { firstRung: 1, sizes: [34, 11, 3, 1] },
      { firstRung: 2, sizes: [15, 5, 1] },
      { firstRung: 3, sizes: [8, 2] },
      { firstRung: 4, sizes: [5] },
    ]);
  });

  it('never grow from rung to rung, and cost about the same', () => {
    const values = [1, 3, 9, 27, 81];
    const budgets = hyperbandBrackets({ place: 0, values, eta: 3 }).map(({ firstRung, sizes }) =>
      sizes.reduce((sum, size, k) => sum + size * (values[firstRung + k] ?? 0), 0),
    );
    for (const budget of budgets) {
      expect(budget).toBeGreaterThan(0.7 * 5 * 81);
      expect(budget).toBeLessThan(1.4 * 5 * 81);
    }
  });
});

describe.each([hyperbandSearch, bohbSearch])('the rungs of $name', (algorithm) => {
  const run = (workers: number): LoggedSearch =>
    new LoggedSearch(algorithm.create(RUNG_PROBLEM, RUNG_SETTINGS, randomStream('s')), 4, workers).run(
      300,
      lossOf,
    );

  it.each([1, 4, 30])('have the sizes of their brackets, with %d workers', (workers) => {
    const brackets = hyperbandBrackets({ place: 3, values: RUNGS, eta: 3 });
    const { suggested } = run(workers);
    const sizes = new Map<string, number>();
    for (const one of suggested) {
      const key = `${one.labels?.[BRACKET_LABEL] ?? ''}/${rungOf(one)}`;
      sizes.set(key, (sizes.get(key) ?? 0) + 1);
    }
    // The first four brackets have ended by then.
    for (const [number, { firstRung, sizes: expected }] of brackets.entries())
      expect(expected.map((_, k) => sizes.get(`${number}/${firstRung + k}`))).toEqual(expected);
  });

  it('are given to the best of the rung below', () => {
    const { suggested, history } = run(5);
    const ofBracket = suggested.flatMap((one, row) =>
      one.labels?.[BRACKET_LABEL] === '0' ? [{ row, rung: rungOf(one), x: one.point[0] }] : [],
    );
    for (let rung = 1; rung < RUNGS.length; rung++) {
      const below = ofBracket.filter((one) => one.rung === rung - 1);
      const here = ofBracket.filter((one) => one.rung === rung);
      below.sort((a, b) => history.value(a.row) - history.value(b.row));
      const best = below.slice(0, here.length).map(({ x }) => x);
      expect(here.map(({ x }) => x).sort()).toEqual(best.sort());
    }
  });
});
