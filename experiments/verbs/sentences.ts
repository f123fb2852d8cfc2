import type { StoredExperiment } from '../../core/experiment.ts';
import { endingCondition } from '../../controller/experiment/conditions.ts';

/** `1 trial`, `3 trials`. */
export function trials(count: number): string {
  return `${count} ${count === 1 ? 'trial' : 'trials'}`;
}

/** How many trials run or wait for their turn. */
export function activeTrials({ status }: StoredExperiment): number {
  return (status?.trialsRunning ?? 0) + (status?.trialsPending ?? 0);
}

/** `3 trials that run go on to their end.`, or that none runs. */
export function whatRunsGoesOn(experiment: StoredExperiment): string {
  const active = activeTrials(experiment);
  if (active === 0) return 'No trial runs.';
  return active === 1
    ? '1 trial that runs goes on to its end.'
    : `${trials(active)} that run go on to their end.`;
}

/** `It has ended: Experiment has succeeded because …`; null while it goes on. */
export function howItEnded({ status }: StoredExperiment): string | null {
  const ending = endingCondition(status?.conditions);
  return ending ? `It has ended: ${(ending.message ?? ending.type).replace(/\.?$/, '.')}` : null;
}
