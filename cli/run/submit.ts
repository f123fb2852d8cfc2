import type { Experiment, StoredExperiment } from '../../core/experiment.ts';
import { formatPath, KatydidError } from '../../core/errors.ts';
import type { KubeObject, Stored } from '../../core/kubernetes-object.ts';
import { validateExperimentUpdate } from '../../core/validation/validate-experiment-update.ts';
import { isApiError } from '../../kube/api-error.ts';
import type { KubeClient } from '../../kube/client.ts';
import { EXPERIMENTS, type ResourceType } from '../../kube/resource.ts';

/** What became of a submitted experiment. */
export type Submission = 'created' | 'resumed' | 'changed';

/**
 * Stores the experiment, or takes up the one of that name that is there already: unchanged, or with its budget
 * (the three counts) raised or lowered to what the file says.
 *
 * @throws KatydidError EXPERIMENT_DIFFERS when the stored one is not the same experiment.
 */
export async function submitExperiment(client: KubeClient, experiment: Experiment): Promise<Submission> {
  try {
    await client.create(EXPERIMENTS, experiment);
    return 'created';
  } catch (error) {
    if (!isApiError(error, 'AlreadyExists')) throw error;
  }
  const stored = await client.get(EXPERIMENTS, refOf(experiment));
  return takeUp(client, stored, experiment);
}

async function takeUp(
  client: KubeClient,
  stored: StoredExperiment,
  experiment: Experiment,
): Promise<Submission> {
  if (sameJson(stored.spec, experiment.spec)) return 'resumed';
  const issues = validateExperimentUpdate(stored, experiment);
  if (issues.length > 0) {
    const name = experiment.metadata.name ?? '';
    const where = issues.map(({ path, message }) => `${formatPath(path)}: ${message}`).join(' ');
    throw new KatydidError(
      'EXPERIMENT_DIFFERS',
      `Experiment "${name}" is there already and differs. ${where}`,
      {
        remedy: 'Give the new one another metadata.name, or keep it apart with --data-dir.',
      },
    );
  }
  await client.update(EXPERIMENTS, { ...stored, spec: experiment.spec });
  return 'changed';
}

/** Stores an object that an experiment needs beside it (ConfigMap, Secret, claim …), replacing an older one. */
export async function applyObject<T extends KubeObject>(
  client: KubeClient,
  resource: ResourceType<T>,
  object: T,
): Promise<Stored<T>> {
  try {
    return await client.create(resource, object);
  } catch (error) {
    if (!isApiError(error, 'AlreadyExists')) throw error;
    return client.update(resource, object);
  }
}

function refOf({ metadata }: KubeObject): { namespace: string | undefined; name: string } {
  return { namespace: metadata.namespace, name: metadata.name ?? '' };
}

/** Both come from JSON-like data; the order of keys does not count. */
function sameJson(left: unknown, right: unknown): boolean {
  return canonical(left) === canonical(right);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
