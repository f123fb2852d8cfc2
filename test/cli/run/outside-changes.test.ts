import { describe, expect, it } from 'vitest';
import { createOutsideChanges } from '../../../cli/run/outside-changes.ts';
import type { ExperimentSpec, StoredExperiment } from '../../../core/experiment.ts';
import { experimentSpec } from '../../support/experiment-objects.ts';

const KEY = 'default/exp';

function experiment(spec: Partial<ExperimentSpec> = {}): StoredExperiment {
  const budget = { maxTrialCount: 12, parallelTrialCount: 3 };
  return {
    metadata: { name: 'exp', namespace: 'default' },
    spec: experimentSpec({ ...budget, ...spec }),
  } as StoredExperiment;
}

/** What is told when one look follows the other. */
function told(...looks: (StoredExperiment | undefined)[]): string[] {
  const lines: string[] = [];
  const changes = createOutsideChanges((line) => lines.push(line));
  for (const look of looks) changes.look(KEY, look);
  return lines;
}

describe('what is changed in an experiment from outside', () => {
  it.each<[what: string, looks: (StoredExperiment | undefined)[], lines: string[]]>([
    ['is nothing at first look', [experiment({ desiredState: 'Paused' })], []],
    ['is nothing where nothing changed', [experiment(), experiment({ desiredState: 'Running' })], []],
    [
      'may be a pause, and its end',
      [experiment(), experiment({ desiredState: 'Paused' }), experiment()],
      ['Experiment exp is paused: no trial starts until "katydid resume exp".', 'Experiment exp goes on.'],
    ],
    [
      'may be a stop',
      [experiment(), experiment({ desiredState: 'Stopped' })],
      ['Experiment exp is stopped: it ends with the last of the trials that run.'],
    ],
    [
      'may be a stop at once',
      [experiment(), experiment({ desiredState: 'Cancelled' })],
      ['Experiment exp is stopped: the trials that run are killed.'],
    ],
    [
      'may be its budget',
      [experiment(), experiment({ maxTrialCount: 40, maxFailedTrialCount: 2 })],
      ['Experiment exp has a new budget: 40 trials, 3 at a time, at most 2 failed.'],
    ],
    ['may be its end, told once', [experiment(), undefined, undefined], ['Experiment exp was deleted.']],
  ])('%s', (_, looks, lines) => expect(told(...looks)).toEqual(lines));
});
