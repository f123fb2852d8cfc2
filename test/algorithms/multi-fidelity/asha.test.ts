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

  it.each([1, 4, 16])(
    'goes to none but the best third of a rung at that time, with %d workers',
    (workers) => {
      const search = start(workers);
      search.ask(workers);
      let promotions = 0;
      for (let step = 0; step < 200; step++) {
        search.endOldest(1, lossOf);
        const { history, suggested } = search;
        const over = suggested.map((one, row) => ({ row, rung: rungOf(one), value: history.value(row) }));
        const [next] = search.ask(1);
        const parent = next?.labels?.[PARENT_LABEL];
        if (!next || parent === undefined) continue;
        const rung = over.filter((one) => one.rung === rungOf(next) - 1 && !Number.isNaN(one.value));
        const own = rung.find(({ row }) => `t-${row}` === parent)?.value ?? Infinity;
        expect(rung.filter(({ value }) => value < own).length).toBeLessThan(Math.floor(rung.length / 3));
        promotions++;
      }
      expect(promotions).toBeGreaterThan(30);
    },
  );
});

/** How good the configurations are that a search begins, whatever it trains them for, in their order. */
function begunBy(sampler: string, seed: string): number[] {
  const searcher = ashaSearch.create(RUNG_PROBLEM, { ...RUNG_SETTINGS, sampler }, randomStream(seed));
  const { suggested } = new LoggedSearch(searcher, 4, 4).run(80, lossOf);
  const begun = suggested.filter(({ labels }) => labels?.[PARENT_LABEL] === undefined);
  return begun.map(({ point: [x = 0, kind = 0, rate = 0] }) => lossOf(Float64Array.of(x, kind, rate, 1e9)));
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

describe('a model', () => {
  it('of Parzen estimators begins better configurations than random draws do', () => {
    const last = (sampler: string): number => median(begunBy(sampler, 's').slice(-20));
    expect(last('tpe')).toBeLessThan(0.8 * last('random'));
  });

  it('of a Gaussian process finds a better configuration than random draws do', () => {
    const best = (sampler: string): number =>
      median(['a', 'b', 'c'].map((seed) => Math.min(...begunBy(sampler, seed))));
    expect(best('gp')).toBeLessThan(best('random'));
  }, 60_000);

  it('begins them at the lowest rung until it has learnt of higher ones', () => {
    const settings = { ...RUNG_SETTINGS, sampler: 'tpe' };
    const searcher = ashaSearch.create(RUNG_PROBLEM, settings, randomStream('s'));
    const { suggested } = new LoggedSearch(searcher, 4, 4).run(150, lossOf);
    const begun = suggested.filter(({ labels }) => labels?.[PARENT_LABEL] === undefined).map(rungOf);
    expect(new Set(begun.slice(0, 6))).toEqual(new Set([0]));
    expect(Math.max(...begun)).toBeGreaterThan(0);
  });
});
