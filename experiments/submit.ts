import type { Experiment, StoredExperiment } from '../core/experiment.ts';
import { objectKey, type KubeObject, type Stored } from '../core/kubernetes-object.ts';
import { validateExperimentUpdate } from '../core/validation/validate-experiment-update.ts';
import { isApiError } from '../kube/api-error.ts';
import type { KubeClient } from '../kube/client.ts';
import { EXPERIMENTS, type ResourceType } from '../kube/resource.ts';
import type { CompanionObject } from './companion-object.ts';
import { isFinished, summarizeExperiment } from './summary.ts';
import { changeRefused, namedTwice } from './submission-error.ts';

/** What becomes of a submitted experiment; one of that name may be there already. */
export type Submission = 'created' | 'resumed' | 'changed' | 'finished';

export interface Submitted {
  experiment: StoredExperiment;
  submission: Submission;
}

/** What is to be done for an experiment of a file. */
type SubmissionPlan =
  | { submission: 'created'; experiment: Experiment }
  | { submission: 'changed' | 'resumed' | 'finished'; experiment: StoredExperiment };

/**
 * Stores the experiments, and the objects that they need beside them (ConfigMaps, Secrets, claims …). Takes up those
 * that are there already: unchanged, or with their budget (the three counts) raised or lowered to what the files say.
 * Everything is checked first: with an error, nothing has been stored.
 *
 * @throws KatydidError EXPERIMENT_DIFFERS when a stored one is not the same experiment, or cannot be changed like this.
 */
export async function submitAll(
  client: KubeClient,
  experiments: readonly Experiment[],
  objects: readonly CompanionObject[],
): Promise<Submitted[]> {
  const plans: SubmissionPlan[] = [];
  for (const experiment of withoutRepeats(experiments)) plans.push(await planSubmission(client, experiment));
  for (const { resource, object } of objects) await applyObject(client, resource, object);
  const submitted: Submitted[] = [];
  for (const plan of plans) submitted.push(await carryOut(client, plan));
  return submitted;
}

/** A file that is given twice does no harm. */
function withoutRepeats(experiments: readonly Experiment[]): Experiment[] {
  const kept = new Map<string, Experiment>();
  const unnamed = experiments.filter(({ metadata }) => !metadata.name);
  for (const experiment of experiments) {
    if (!experiment.metadata.name) continue;
    const before = kept.get(objectKey(experiment));
    if (before && !sameJson(before.spec, experiment.spec)) throw namedTwice(experiment);
    kept.set(objectKey(experiment), experiment);
  }
  return [...kept.values(), ...unnamed];
}

async function planSubmission(client: KubeClient, experiment: Experiment): Promise<SubmissionPlan> {
  const { namespace, name } = experiment.metadata;
  // A generated name is a new one each time.
  const stored = name ? await find(client, { namespace, name }) : undefined;
  if (!stored) return { submission: 'created', experiment };
  if (sameJson(stored.spec, experiment.spec)) {
    const submission = isFinished(summarizeExperiment(stored)) ? 'finished' : 'resumed';
    return { submission, experiment: stored };
  }
  const issues = validateExperimentUpdate(stored, experiment);
  if (issues.length > 0) throw changeRefused(stored, issues);
  return { submission: 'changed', experiment: { ...stored, spec: experiment.spec } };
}

async function find(
  client: KubeClient,
  ref: { namespace: string | undefined; name: string },
): Promise<StoredExperiment | undefined> {
  try {
    return await client.get(EXPERIMENTS, ref);
  } catch (error) {
    if (isApiError(error, 'NotFound')) return undefined;
    throw error;
  }
}

async function carryOut(client: KubeClient, plan: SubmissionPlan): Promise<Submitted> {
  switch (plan.submission) {
    case 'created':
      return { submission: 'created', experiment: await client.create(EXPERIMENTS, plan.experiment) };
    case 'changed':
      return { submission: 'changed', experiment: await client.update(EXPERIMENTS, plan.experiment) };
    case 'resumed':
    case 'finished':
      return plan;
  }
}

/** Stores an object, replacing an older one. */
async function applyObject<T extends KubeObject>(
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
