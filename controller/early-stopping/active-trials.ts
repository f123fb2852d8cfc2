import { isTerminal, trialState, type StoredTrial, type Trial } from '../../core/trial.ts';
import type { ObjectCache } from '../../kube/object-cache.ts';

const ACTIVE_INDEX = 'activeUid';

/** Index for a cache of Trials: by the uid of those that are not over. */
export const activeTrialIndexes = {
  [ACTIVE_INDEX]: (trial: StoredTrial): readonly string[] =>
    isTerminal(trialState(trial)) ? [] : [trial.metadata.uid],
};

/** The trial that reports under the uid; undefined where it is over or was never seen. */
export function activeTrial(trials: ObjectCache<Trial>, uid: string): StoredTrial | undefined {
  return trials.byIndex(ACTIVE_INDEX, uid)[0];
}
