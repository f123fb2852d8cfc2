import type { KubeClient, ObjectRef } from '../../kube/client.ts';
import { EXPERIMENTS } from '../../kube/resource.ts';
import { activeTrials, trials } from './sentences.ts';
import type { VerbResult } from './verb-result.ts';

/** Deletes an experiment with its trials, and all that they reported. ApiError NotFound where there is none. */
export async function deleteExperiment(client: KubeClient, ref: ObjectRef): Promise<VerbResult> {
  const experiment = await client.get(EXPERIMENTS, ref);
  const { uid } = experiment.metadata;
  await client.delete(EXPERIMENTS, ref, { propagationPolicy: 'Background', preconditions: { uid } });
  const active = activeTrials(experiment);
  const total = trials(experiment.status?.trials ?? 0);
  return {
    experiment,
    changed: true,
    did: [`The experiment is deleted, and ${total} with all that they reported.`],
    left: active === 0 ? [] : [`The processes of ${trials(active)} are being ended.`],
  };
}
