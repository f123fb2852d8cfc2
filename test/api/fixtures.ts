import type { Experiment, ExperimentSpec, StoredExperiment } from '../../core/experiment.ts';
import type { StoredTrial } from '../../core/trial.ts';
import type { KubeClient } from '../../kube/client.ts';
import { EXPERIMENTS, TRIALS } from '../../kube/resource.ts';
import { experimentSpec, trial, type TrialFixture } from '../support/experiment-objects.ts';

export const EXPERIMENTS_PATH = '/api/v1/namespaces/default/experiments';
export const EXPERIMENT_PATH = `${EXPERIMENTS_PATH}/exp`;
export const TRIALS_PATH = `${EXPERIMENT_PATH}/trials`;

export function experimentObject(name = 'exp', spec: Partial<ExperimentSpec> = {}): Experiment {
  return {
    apiVersion: 'kubeflow.org/v1beta1',
    kind: 'Experiment',
    metadata: { name, namespace: 'default' },
    spec: experimentSpec(spec),
  };
}

export function storeExperiment(
  client: KubeClient,
  name = 'exp',
  spec: Partial<ExperimentSpec> = {},
): Promise<StoredExperiment> {
  return client.create(EXPERIMENTS, experimentObject(name, spec));
}

/** Stores a trial of experiment `exp` with its status. */
export async function storeTrial(client: KubeClient, fixture: TrialFixture): Promise<StoredTrial> {
  const { status, ...object } = trial(fixture);
  const stored = await client.create(TRIALS, {
    ...object,
    metadata: { ...object.metadata, uid: undefined, resourceVersion: undefined, finalizers: [] },
  });
  return status ? client.updateStatus(TRIALS, { ...stored, status }) : stored;
}
