import { nearest } from '../core/did-you-mean.ts';
import type { StoredExperiment } from '../core/experiment.ts';
import type { KubeObject, Stored } from '../core/kubernetes-object.ts';
import { EXPERIMENT_LABEL } from '../core/labels.ts';
import type { StoredTrial } from '../core/trial.ts';
import { isApiError } from '../kube/api-error.ts';
import type { KubeClient, ObjectRef } from '../kube/client.ts';
import { EXPERIMENTS, TRIALS, type ResourceType } from '../kube/resource.ts';
import { Problem } from './problem/problem.ts';

/** Parameters of the paths of objects. */
export type PathParameters = Readonly<Record<string, string>>;

export function experimentRef({ namespace = '', experiment = '' }: PathParameters): {
  namespace: string;
  name: string;
} {
  return { namespace, name: experiment };
}

/** The experiment of the path. @throws Problem REST_NOT_FOUND that names a similar one. */
export async function findExperiment(client: KubeClient, params: PathParameters): Promise<StoredExperiment> {
  const ref = experimentRef(params);
  return (await find(client, EXPERIMENTS, ref)) ?? (await refuse(client, ref));
}

/** The trial of the path, which must be one of its experiment. @throws Problem REST_NOT_FOUND */
export async function findTrial(client: KubeClient, params: PathParameters): Promise<StoredTrial> {
  const { namespace = '', experiment = '', trial = '' } = params;
  const found = await find(client, TRIALS, { namespace, name: trial });
  if (found?.metadata.labels?.[EXPERIMENT_LABEL] === experiment) return found;
  await findExperiment(client, params);
  const message = `Experiment ${namespace}/${experiment} has no trial ${JSON.stringify(trial)}.`;
  throw new Problem('REST_NOT_FOUND', message, { hint: 'GET the trials of the experiment for their names.' });
}

async function find<T extends KubeObject>(
  client: KubeClient,
  resource: ResourceType<T>,
  ref: ObjectRef,
): Promise<Stored<T> | undefined> {
  try {
    return await client.get(resource, ref);
  } catch (error) {
    if (isApiError(error, 'NotFound')) return undefined;
    throw error;
  }
}

async function refuse(
  client: KubeClient,
  { namespace, name }: { namespace: string; name: string },
): Promise<never> {
  const { items } = await client.list(EXPERIMENTS);
  const names = items
    .filter(({ metadata }) => metadata.namespace === namespace)
    .map(({ metadata }) => metadata.name);
  const elsewhere = items.find(({ metadata }) => metadata.name === name)?.metadata.namespace;
  const near = nearest(name, names);
  const hint =
    elsewhere !== undefined
      ? `There is one of this name in namespace ${elsewhere}.`
      : near !== undefined
        ? `Did you mean "${near}"?`
        : 'GET /api/v1/experiments lists all.';
  throw new Problem(
    'REST_NOT_FOUND',
    `There is no experiment ${JSON.stringify(name)} in namespace ${namespace}.`,
    { hint },
  );
}
