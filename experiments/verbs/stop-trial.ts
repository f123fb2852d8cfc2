import { type Clock, systemClock } from '../../core/clock.ts';
import { EXPERIMENT_LABEL } from '../../core/labels.ts';
import type { StoredTrial } from '../../core/trial.ts';
import { killTrial } from '../../controller/trial/kill-trial.ts';
import { isApiError } from '../../kube/api-error.ts';
import type { KubeClient, ObjectRef } from '../../kube/client.ts';
import { EXPERIMENTS, TRIALS } from '../../kube/resource.ts';
import type { VerbResult } from './verb-result.ts';

const ATTEMPTS = 20;

/**
 * Ends one trial: it becomes Killed, as Katib calls it, and keeps what it has reported. It counts as one of
 * maxTrialCount, and as no failure; the experiment goes on. ApiError NotFound where there is no such trial.
 */
export async function stopTrial(
  client: KubeClient,
  ref: ObjectRef,
  clock: Clock = systemClock,
): Promise<VerbResult> {
  const { trial, changed } = await kill(client, ref, clock);
  const name = trial.metadata.labels?.[EXPERIMENT_LABEL] ?? '';
  const experiment = await client.get(EXPERIMENTS, { namespace: trial.metadata.namespace, name });
  return {
    experiment,
    changed,
    did: changed ? [`Trial ${trial.metadata.name} is killed; what it reported is kept.`] : [],
    left: [changed ? 'The experiment goes on.' : `Trial ${trial.metadata.name} has ended already.`],
  };
}

async function kill(
  client: KubeClient,
  ref: ObjectRef,
  clock: Clock,
): Promise<{ trial: StoredTrial; changed: boolean }> {
  for (let attempt = 1; ; attempt++) {
    const trial = await client.get(TRIALS, ref);
    try {
      return { trial, changed: await killTrial(client, trial, 'Trial was stopped by its owner', clock) };
    } catch (error) {
      if (!isApiError(error, 'Conflict') || attempt === ATTEMPTS) throw error;
    }
  }
}
