import type { Experiment } from '../../core/experiment.ts';

/** What every trial runs, apart from the value that takes the place of the last argument. */
export const TRIVIAL_COMMAND = ['sh', '-c', 'echo loss=$0', '0.5'] as const;

export type TrivialKind = 'Job' | 'TFJob';

export interface TrivialOptions {
  trials: number;
  parallel: number;
  /** A batch Job where absent; a TFJob has one worker. */
  kind?: TrivialKind;
}

/** Trials that do nothing but print one value, so that all that is measured is what happens around them. */
export function trivialExperiment(
  name: string,
  { trials, parallel, kind = 'Job' }: TrivialOptions,
): Experiment {
  return {
    apiVersion: 'kubeflow.org/v1beta1',
    kind: 'Experiment',
    metadata: { name, namespace: 'default' },
    spec: {
      objective: { type: 'minimize', objectiveMetricName: 'loss' },
      algorithm: { algorithmName: 'random' },
      parallelTrialCount: Math.min(parallel, trials),
      maxTrialCount: trials,
      parameters: [{ name: 'x', parameterType: 'double', feasibleSpace: { min: '0', max: '1' } }],
      trialTemplate: {
        primaryContainerName: CONTAINER[kind],
        trialParameters: [{ name: 'x', reference: 'x' }],
        trialSpec: JOBS[kind](),
      },
    },
  };
}

/** A TFJob's own container is called so. */
const CONTAINER = { Job: 'main', TFJob: 'tensorflow' } as const;

const JOBS: Record<TrivialKind, () => Record<string, unknown>> = {
  Job: () => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    spec: { template: { spec: { restartPolicy: 'Never', containers: [container('Job')] } } },
  }),
  TFJob: () => ({
    apiVersion: 'kubeflow.org/v1',
    kind: 'TFJob',
    spec: {
      tfReplicaSpecs: {
        Worker: {
          replicas: 1,
          restartPolicy: 'Never',
          template: { spec: { containers: [container('TFJob')] } },
        },
      },
    },
  }),
};

function container(kind: TrivialKind): Record<string, unknown> {
  const command = [...TRIVIAL_COMMAND.slice(0, 3), '${trialParameters.x}'];
  return { name: CONTAINER[kind], image: 'none', command };
}
