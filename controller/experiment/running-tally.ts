import type { Objective } from '../../core/experiment.ts';
import type { StoredTrial } from '../../core/trial.ts';
import { addTrial, closeTally, copyTally, emptyTally, type TrialTally } from './tally.ts';

/** `tallyTrials`, or something that gives the same. */
export type TallyFunction = (trials: readonly StoredTrial[], objective: Objective) => TrialTally;

/**
 * `tallyTrials` with a memory, for the trials of one experiment: of a list that begins with the same objects as the one
 * before, only the rest is looked at. A cache lists what changed last at the end, so that a pass over ten thousand
 * trials costs little more than those that are active. Any other list is counted whole.
 */
export function createRunningTally(): TallyFunction {
  let seen: readonly StoredTrial[] = [];
  let type: Objective['type'] | undefined;
  let kept = emptyTally();
  let keptLength = 0;
  return (trials, objective) => {
    const same = commonStart(seen, trials);
    if (same < keptLength || objective.type !== type) {
      kept = emptyTally();
      keptLength = 0;
    }
    for (const trial of trials.slice(keptLength, same)) addTrial(kept, trial, objective);
    [seen, type, keptLength] = [trials, objective.type, same];
    const whole = copyTally(kept);
    for (const trial of trials.slice(same)) addTrial(whole, trial, objective);
    return closeTally(whole);
  };
}

/** How many objects both lists begin with. */
function commonStart(a: readonly StoredTrial[], b: readonly StoredTrial[]): number {
  const end = Math.min(a.length, b.length);
  let at = 0;
  while (at < end && a[at] === b[at]) at++;
  return at;
}
