import type { StoredExperiment } from '../core/experiment.ts';
import { controllerOf } from '../core/kubernetes-object.ts';
import { EXPERIMENT_LABEL } from '../core/labels.ts';
import type { StoredTrial, Trial } from '../core/trial.ts';
import type { KubeClient } from '../kube/client.ts';
import type { ObjectCache } from '../kube/object-cache.ts';
import { TRIALS } from '../kube/resource.ts';

const OWNER_INDEX = 'ownerUid';

/**
 * Index for a cache of Trials. By uid and not by label, so that what is left of a deleted experiment is not taken for
 * the trials of a new one with the same name.
 */
export const trialIndexes = {
  [OWNER_INDEX]: (trial: StoredTrial): readonly string[] => {
    const owner = controllerOf(trial);
    return owner ? [owner.uid] : [];
  },
};

export function ownedTrials(trials: ObjectCache<Trial>, { metadata }: StoredExperiment): StoredTrial[] {
  return trials.byIndex(OWNER_INDEX, metadata.uid);
}

/** The same from the API itself. */
export async function listOwnedTrials(
  client: KubeClient,
  { metadata }: StoredExperiment,
): Promise<StoredTrial[]> {
  const { items } = await client.list(TRIALS, {
    namespace: metadata.namespace,
    labelSelector: `${EXPERIMENT_LABEL}=${metadata.name}`,
  });
  return items.filter((trial) => controllerOf(trial)?.uid === metadata.uid);
}
