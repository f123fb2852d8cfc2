import { describe, expect, it } from 'vitest';
import {
  afterRun,
  firstRegime,
  nextRegime,
  NOTHING_SPENT,
  type Regime,
} from '../../../algorithms/cma-es/restarts.ts';
import { randomStream } from '../../../core/random.ts';

/** Regimes of `count` restarts, where a run takes 50 generations. */
function regimes(strategy: 'ipop' | 'bipop', count: number): Regime[] {
  const random = randomStream('restarts');
  const all = [firstRegime(10)];
  let spent = NOTHING_SPENT;
  for (let restart = 0; restart < count; restart++) {
    const last = all.at(-1) ?? firstRegime(10);
    spent = afterRun(spent, last, 50 * last.populationSize, restart === 0);
    const next = nextRegime(strategy, 10, spent, random);
    spent = next.spent;
    all.push(next.regime);
  }
  return all;
}

describe('restarts', () => {
  it('of ipop double the generation each time', () =>
    expect(regimes('ipop', 5).map(({ populationSize }) => populationSize)).toEqual([
      10, 20, 40, 80, 160, 320,
    ]));

  it('of bipop double the large generations, and have small ones of at most half the last large one between', () => {
    const all = regimes('bipop', 30);
    const large = all.filter(({ isLarge }) => isLarge).map(({ populationSize }) => populationSize);
    expect(large).toEqual(large.map((_, at) => 10 * 2 ** at));
    let last = 10;
    for (const { isLarge, populationSize, sigmaShare } of all) {
      if (isLarge) {
        last = populationSize;
        expect(sigmaShare).toBe(1);
      } else {
        expect(populationSize).toBeGreaterThanOrEqual(10);
        expect(populationSize).toBeLessThanOrEqual(Math.max(10, last / 2));
        expect(sigmaShare).toBeGreaterThan(0.0099);
        expect(sigmaShare).toBeLessThanOrEqual(1);
      }
    }
  });

  it('of bipop give both kinds as many trials', () => {
    const spent = { large: 0, small: 0 };
    for (const { isLarge, populationSize } of regimes('bipop', 60).slice(1))
      spent[isLarge ? 'large' : 'small'] += 50 * populationSize;
    expect(spent.small / spent.large).toBeGreaterThan(0.3);
    expect(spent.small / spent.large).toBeLessThan(1.3);
  });
});
