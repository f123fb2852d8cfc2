import { commonStart } from '../../core/common-start.ts';
import type { Objective } from '../../core/experiment.ts';
import { isTerminal, type StoredTrial } from '../../core/trial.ts';
import { trialFacts } from '../trial-facts.ts';
import { addTrial, closeTally, copyTally, emptyTally, type TrialTally } from './tally.ts';

/** `tallyTrials`, or something that gives the same. */
export type TallyFunction = (trials: readonly StoredTrial[], objective: Objective) => TrialTally;

/**
 * `tallyTrials` with a memory, for the trials of one experiment: of a list that begins with the same finished trials as the
 * one before, only the rest is looked at. A cache lists what changed last at the end, so that a pass over ten thousand
 * trials costs little more than those that are active. Any other list is counted whole.
 */
export function createRunningTally(): TallyFunction {
  let seen: readonly StoredTrial[] = [];
  let type: Objective['type'] | undefined;
  let kept = emptyTally();
  let keptLength = 0;
  return (trials, objective) => {
    const common = commonStart(seen, trials);
    if (common < keptLength || objective.type !== type) {
      kept = emptyTally();
      keptLength = 0;
    }
    const finished = finishedStart(trials.slice(keptLength, common));
    for (const trial of finished) addTrial(kept, trial, objective);
    keptLength += finished.length;
    [seen, type] = [trials, objective.type];
    const whole = copyTally(kept);
    for (const trial of trials.slice(keptLength)) addTrial(whole, trial, objective);
    return closeTally(whole);
  };
}

/** The finished trials that the list begins with. Others change: kept, they would soon have to be taken back. */
function finishedStart(trials: readonly StoredTrial[]): readonly StoredTrial[] {
  const unfinished = trials.findIndex((trial) => {
    const { state, closing } = trialFacts(trial);
    return !isTerminal(state) || closing;
  });
  return unfinished < 0 ? trials : trials.slice(0, unfinished);
}
