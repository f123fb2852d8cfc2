import { describe, expect, it } from 'vitest';
import { ashaSearch } from '../../../algorithms/multi-fidelity/asha.ts';
import { PARENT_LABEL } from '../../../core/labels.ts';
import { randomStream } from '../../../core/random.ts';
import { LoggedSearch } from '../../contract/logged-search.ts';
import {
  lossOf,
  RUNG_PROBLEM,
  RUNG_SETTINGS,
  rungOf,
  rungSearchContract,
} from '../../contract/rung-search.ts';

rungSearchContract(ashaSearch, { sampler: 'random' });
rungSearchContract(ashaSearch, { sampler: 'tpe' });

describe('promotion', () => {
  const start = (workers: number): LoggedSearch => {
    const settings = { ...RUNG_SETTINGS, sampler: 'random' };
    return new LoggedSearch(ashaSearch.create(RUNG_PROBLEM, settings, randomStream('s')), 4, workers);
  };

  it('is given to the best of three as soon as the third has ended, while others run', () => {
    const search = start(8);
    search.ask(8);
    search.endOldest(2, (_, trial) => trial);
    expect(search.ask(1).map(rungOf)).toEqual([0]);
    search.endOldest(1, () => -1);
    const [promoted] = search.ask(1);
    expect(promoted?.labels?.[PARENT_LABEL]).toBe('t-2');
    expect(promoted?.point[3]).toBe(3);
    expect(search.ask(1).map(rungOf)).toEqual([0]);
  });

  it('prefers the highest rung', () => {
    const search = start(1);
    const rungs: number[] = [];
    for (let step = 0; step < 13; step++) {
      rungs.push(...search.ask(1).map(rungOf));
      search.endOldest(1, (_, trial) => trial);
    }
    expect(rungs).toEqual([0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 2]);
  });

  it.each([1, 4, 16])('leaves at most a third of each rung to the next, with %d workers', (workers) => {
    const search = start(workers).run(400, lossOf);
    const sizes = [0, 1, 2, 3].map((rung) => search.suggested.filter((one) => rungOf(one) === rung).length);
    expect(sizes[3]).toBeGreaterThan(5);
    for (let rung = 1; rung < 4; rung++) expect(sizes[rung]).toBeLessThanOrEqual((sizes[rung - 1] ?? 0) / 3);
  });
});

describe.each(['gp', 'tpe'])('the model %s', (sampler) => {
  it('finds better configurations than random draws, with as much training', () => {
    const bestOf = (used: string, seed: string): number => {
      const settings = { ...RUNG_SETTINGS, sampler: used };
      const searcher = ashaSearch.create(RUNG_PROBLEM, settings, randomStream(seed));
      const search = new LoggedSearch(searcher, 4, 4).run(90, lossOf);
      const whole = search.suggested.filter((one) => rungOf(one) === 3);
      return Math.min(...whole.map(({ point }) => lossOf(point)));
    };
    const total = (used: string): number =>
      ['a', 'b', 'c'].reduce((sum, seed) => sum + bestOf(used, seed), 0);
    expect(total(sampler)).toBeLessThan(total('random'));
  });
});
