import { desiredState, EXPERIMENT_REASON, type StoredExperiment } from '../../core/experiment.ts';
import { parseTime } from '../../core/time.ts';
import { resumedAtMs } from './breaker.ts';
import { endingCondition } from './conditions.ts';
import type { TrialTally } from './tally.ts';

/**
 * Whether an experiment that has ended goes on: its limit on trials ended it and has room again (Katib's rule), its owner
 * had ended it and wants it to run again, or it was told to go on after its trials had failed alike.
 */
export function mayRestart(experiment: StoredExperiment, tally: TrialTally): boolean {
  const ending = endingCondition(experiment.status?.conditions);
  const { spec } = experiment;
  if (!ending || desiredState(spec) === 'Stopped' || desiredState(spec) === 'Cancelled') return false;
  switch (ending.reason) {
    case EXPERIMENT_REASON.maxTrialsReached:
      return keepsSearch(experiment) && hasRoom(experiment, tally);
    case EXPERIMENT_REASON.stopped:
    case EXPERIMENT_REASON.cancelled:
      return true;
    case EXPERIMENT_REASON.trialsFailAlike:
      return (resumedAtMs(experiment) ?? -Infinity) >= parseTime(ending.lastTransitionTime ?? '');
    default:
      return false;
  }
}

function keepsSearch({ spec }: StoredExperiment): boolean {
  return spec.resumePolicy === 'LongRunning' || spec.resumePolicy === 'FromVolume';
}

function hasRoom({ spec }: StoredExperiment, tally: TrialTally): boolean {
  return spec.maxTrialCount === undefined || spec.maxTrialCount > tally.completed;
}
