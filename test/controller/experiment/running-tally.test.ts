import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Objective } from '../../../core/experiment.ts';
import { TRIAL_STATES, type StoredTrial, type TrialState } from '../../../core/trial.ts';
import { createRunningTally } from '../../../controller/experiment/running-tally.ts';
import { tallyTrials } from '../../../controller/experiment/tally.ts';
import { condition, STOPPING_RECORD, trial } from '../../support/experiment-objects.ts';

const MINIMIZE: Objective = { type: 'minimize', objectiveMetricName: 'loss' };

/** What may happen to the list of a cache between two passes. */
const step = fc.record({
  what: fc.constantFrom('add', 'change', 'remove', 'nothing'),
  at: fc.nat(1_000),
  state: fc.constantFrom(...TRIAL_STATES, 'closing' as const),
  objective: fc.option(fc.integer({ min: 0, max: 3 })),
});

function someTrial(index: number, state: TrialState | 'closing', objective: number | null): StoredTrial {
  if (state === 'closing')
    return trial({
      index,
      status: { conditions: [condition('EarlyStopped')], earlyStopping: STOPPING_RECORD },
    });
  return trial({ index, state, ...(objective !== null && { loss: objective }) });
}

describe('a running tally', () => {
  it('is the tally of the whole list, whatever happens to it', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.boolean(), (steps, maximizesLater) => {
        const tallyOf = createRunningTally();
        let trials: StoredTrial[] = [];
        steps.forEach(({ what, at, state, objective }, round) => {
          const index = trials.length === 0 ? 0 : at % trials.length;
          if (what === 'add') trials = [...trials, someTrial(round, state, objective)];
          if (what === 'remove') trials = trials.toSpliced(index, 1);
          // A cache moves what changed to the end.
          if (what === 'change' && trials.length > 0)
            trials = [...trials.toSpliced(index, 1), someTrial(1_000 + round, state, objective)];
          const type = maximizesLater && round > 30 ? 'maximize' : 'minimize';
          const wanted: Objective = { ...MINIMIZE, type };
          expect(tallyOf(trials, wanted)).toEqual(tallyTrials(trials, wanted));
        });
      }),
    );
  });

  let comparisons = 0;
  const counting: Objective = {
    ...MINIMIZE,
    get type() {
      comparisons++;
      return 'minimize' as const;
    },
  };

  it('compares only what is new', () => {
    const trials = Array.from({ length: 50 }, (_, index) => someTrial(index, 'Succeeded', index));
    const tallyOf = createRunningTally();
    tallyOf(trials, counting);
    tallyOf(trials, counting);
    comparisons = 0;
    expect(tallyOf([...trials, someTrial(50, 'Succeeded', 50)], counting).total).toBe(51);
    expect(comparisons).toBeLessThan(10);
  });

  it('does not count the finished ones again when an active one among them ends', () => {
    const finished = Array.from({ length: 50 }, (_, index) => someTrial(index, 'Succeeded', index));
    const later = [51, 52].map((index) => someTrial(index, 'Succeeded', index));
    const tallyOf = createRunningTally();
    const trials = [...finished, someTrial(50, 'Running', null), ...later];
    tallyOf(trials, counting);
    tallyOf(trials, counting);
    comparisons = 0;
    expect(tallyOf([...finished, ...later, someTrial(50, 'Succeeded', 50)], counting).total).toBe(53);
    expect(comparisons).toBeLessThan(10);
  });
});
