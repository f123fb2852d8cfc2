import type { Experiment } from '../../core/experiment.ts';

/** What every trial runs, apart from the value that takes the place of the last argument. */
export const TRIVIAL_COMMAND = ['sh', '-c', 'echo loss=$0', '0.5'] as const;

/** Trials that do nothing but print one value, so that all that is measured is what happens around them. */
export function trivialExperiment(
  name: string,
  maxTrialCount: number,
  parallelTrialCount: number,
): Experiment {
  const command = [...TRIVIAL_COMMAND.slice(0, 3), '${trialParameters.x}'];
  const containers = [{ name: 'main', image: 'none', command }];
  return {
    apiVersion: 'kubeflow.org/v1beta1',
    kind: 'Experiment',
    metadata: { name, namespace: 'default' },
    spec: {
      objective: { type: 'minimize', objectiveMetricName: 'loss' },
      algorithm: { algorithmName: 'random' },
      parallelTrialCount,
      maxTrialCount,
      parameters: [{ name: 'x', parameterType: 'double', feasibleSpace: { min: '0', max: '1' } }],
      trialTemplate: {
        primaryContainerName: 'main',
        trialParameters: [{ name: 'x', reference: 'x' }],
        trialSpec: {
          apiVersion: 'batch/v1',
          kind: 'Job',
          spec: { template: { spec: { restartPolicy: 'Never', containers } } },
        },
      },
    },
  };
}
