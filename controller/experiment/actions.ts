import { algorithmOf } from '../../core/defaults.ts';
import { KUBEFLOW_V1BETA1, type StoredExperiment } from '../../core/experiment.ts';
import type { Clock } from '../../core/clock.ts';
import { controllerReference, type ObjectMeta } from '../../core/kubernetes-object.ts';
import type { StoredSuggestion, Suggestion } from '../../core/suggestion.ts';
import type { StoredTrial } from '../../core/trial.ts';
import { isApiError } from '../../kube/api-error.ts';
import type { KubeClient, ObjectRef } from '../../kube/client.ts';
import { PERSISTENT_VOLUME_CLAIMS, SUGGESTIONS, TRIALS } from '../../kube/resource.ts';
import { checkpointClaimManifest } from './checkpoint-claim.ts';
import type { ExperimentAction } from './plan.ts';
import { killTrial } from '../trial/kill-trial.ts';
import { templateLoader, type LoadTemplate } from './template.ts';
import { trialManifest } from './trial-manifest.ts';

/**
 * Carries out the actions of a plan, one after the other, until `signal` is aborted. Each may be repeated without
 * effect. SpecError where the trial template cannot be rendered; ApiError for everything that may be tried again.
 */
export async function performActions(
  client: KubeClient,
  experiment: StoredExperiment,
  actions: readonly ExperimentAction[],
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const loadTemplate = templateLoader(client, experiment);
  for (const action of actions) {
    if (signal.aborted) return;
    await perform(client, experiment, loadTemplate, action, clock);
  }
}

async function perform(
  client: KubeClient,
  experiment: StoredExperiment,
  loadTemplate: LoadTemplate,
  action: ExperimentAction,
  clock: Clock,
): Promise<void> {
  switch (action.type) {
    case 'createSuggestion':
      await ignoring(
        'AlreadyExists',
        client.create(SUGGESTIONS, suggestionManifest(experiment, action.requests)),
      );
      break;
    case 'raiseRequests':
      await raiseRequests(client, action.suggestion, action.requests);
      break;
    case 'createTrial': {
      const trial = trialManifest(experiment, await loadTemplate(), action.assignment);
      const claim = checkpointClaimManifest(experiment);
      if (claim) await ignoring('AlreadyExists', client.create(PERSISTENT_VOLUME_CLAIMS, claim));
      await ignoring('AlreadyExists', client.create(TRIALS, trial));
      break;
    }
    case 'deleteTrial':
      await deleteTrial(client, action.trial);
      break;
    case 'killTrial':
      await killTrial(client, action.trial, 'Trial was killed because its experiment was cancelled', clock);
      break;
  }
}

async function ignoring(reason: 'AlreadyExists' | 'NotFound', call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!isApiError(error, reason)) throw error;
  }
}

/** Labels and annotations of the experiment go along, as in Katib. */
function suggestionManifest(
  { metadata, spec, ...experiment }: StoredExperiment,
  requests: number,
): Suggestion {
  const { name, namespace, labels, annotations } = metadata;
  const meta: ObjectMeta = {
    name,
    ...(namespace !== undefined && { namespace }),
    ...(labels && { labels }),
    ...(annotations && { annotations }),
    ownerReferences: [controllerReference({ ...experiment, metadata })],
  };
  return {
    apiVersion: KUBEFLOW_V1BETA1,
    kind: 'Suggestion',
    metadata: meta,
    spec: {
      algorithm: algorithmOf(spec),
      ...(spec.earlyStopping && { earlyStopping: spec.earlyStopping }),
      requests,
      ...(spec.resumePolicy && { resumePolicy: spec.resumePolicy }),
    },
  };
}

/**
 * Without a version check: every number ever computed keeps to the limit on trials, whatever has happened since, and
 * the suggestion's status is written too often for one.
 */
async function raiseRequests(
  client: KubeClient,
  { metadata }: StoredSuggestion,
  requests: number,
): Promise<void> {
  await client.patch(SUGGESTIONS, refOf(metadata), { type: 'merge', body: { spec: { requests } } });
}

async function deleteTrial(client: KubeClient, { metadata }: StoredTrial): Promise<void> {
  await ignoring(
    'NotFound',
    client.delete(TRIALS, refOf(metadata), { preconditions: { uid: metadata.uid } }),
  );
}

function refOf({ namespace, name }: { namespace?: string | undefined; name: string }): ObjectRef {
  return { namespace, name };
}
