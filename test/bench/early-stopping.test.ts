import { describe, expect, it } from 'vitest';
import { earlyStopper } from '../../algorithms/early-stopping/registry.ts';
import type { Settings } from '../../algorithms/search-algorithm.ts';
import { randomStream } from '../../core/random.ts';
import { katibMedian } from '../../bench/early-stopping/katib-median.ts';
import { regretAfter, shareSaved } from '../../bench/early-stopping/scores.ts';
import { simulate, type Judge, type Simulated } from '../../bench/early-stopping/simulate.ts';
import { EPOCHS, LATE_BLOOMERS, NETWORKS, type TrainingFamily } from '../../bench/early-stopping/training.ts';
import { LOSS } from '../contract/early-stopper.ts';

const BUDGET = 2_430;
const SEEDS = Array.from({ length: 40 }, (_, seed) => seed);

function runs(create: () => Judge, family: TrainingFamily = NETWORKS, seeds = SEEDS): Simulated[] {
  return seeds.map((seed) => simulate(family, create(), { workers: 4, epochs: BUDGET, seed }));
}

function judge(name: string, settings: Settings = {}): () => Judge {
  return () => {
    const rule = earlyStopper(name)?.create(LOSS, settings);
    return (report) => rule?.report(report)?.stop === true;
  };
}

const without = runs(() => () => false);

describe('the simulated trainings', () => {
  it('come as near to the optimum as their formula says, and no nearer', () => {
    expect(NETWORKS.optimum).toBeCloseTo(0.0733, 4);
    for (const family of [NETWORKS, LATE_BLOOMERS])
      for (let seed = 0; seed < 200; seed++)
        expect(family.draw(randomStream(seed)).error(EPOCHS)).toBeGreaterThan(family.optimum);
  });

  it('are the same for every rule', () => {
    const [first] = runs(judge('medianstop'));
    expect(first?.regrets.slice(0, 12)).toEqual(without[0]?.regrets.slice(0, 12));
  });

  it('are whole ones where nothing stops them', () => {
    for (const { configurations, whole } of without) expect([configurations, whole]).toEqual([32, 28]);
  });
});

describe('random searches with early stopping, 4 at a time and 2,430 epochs', () => {
  const asha = runs(judge('asha', { max_resource: '81' }));
  const median = runs(judge('medianstop'));

  it('come nearer to the optimum than without', () => {
    expect(regretAfter(median, BUDGET)).toBeLessThan(0.8 * regretAfter(without, BUDGET));
    expect(regretAfter(asha, BUDGET)).toBeLessThan(0.0107);
    expect(shareSaved(asha, without)).toBeGreaterThan(0.65);
  });

  it("come nearer than with Katib's rule", () => {
    expect(regretAfter(median, BUDGET)).toBeLessThan(regretAfter(runs(katibMedian), BUDGET));
  });

  it('lose nothing to trainings that begin late', () => {
    const few = SEEDS.slice(0, 15);
    const late = runs(judge('asha', { max_resource: '81' }), LATE_BLOOMERS, few);
    const whole = runs(() => () => false, LATE_BLOOMERS, few);
    expect(regretAfter(late, BUDGET)).toBeLessThan(1.2 * regretAfter(whole, BUDGET));
  });
});
