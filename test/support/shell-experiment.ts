import { stringify } from 'yaml';

/**
 * An experiment over x in [0, 1] whose trials run a shell script. The script finds the value in `$X`; what it prints
 * as `loss=…` counts.
 */
export function shellExperiment(options: {
  name: string;
  trials: number;
  script: string;
  parallel?: number;
  maxFailed?: number;
  resumePolicy?: 'Never' | 'LongRunning';
}): string {
  const { name, trials, script, parallel = 2, maxFailed, resumePolicy = 'Never' } = options;
  const container = {
    name: 'main',
    image: 'none',
    command: ['sh', '-c', `X=\${trialParameters.x}\n${script}`],
  };
  return stringify({
    apiVersion: 'kubeflow.org/v1beta1',
    kind: 'Experiment',
    metadata: { name },
    spec: {
      objective: { type: 'minimize', objectiveMetricName: 'loss' },
      algorithm: { algorithmName: 'random' },
      parallelTrialCount: parallel,
      maxTrialCount: trials,
      ...(maxFailed !== undefined && { maxFailedTrialCount: maxFailed }),
      resumePolicy,
      parameters: [{ name: 'x', parameterType: 'double', feasibleSpace: { min: '0', max: '1' } }],
      trialTemplate: {
        primaryContainerName: 'main',
        trialParameters: [{ name: 'x', reference: 'x' }],
        trialSpec: {
          apiVersion: 'batch/v1',
          kind: 'Job',
          spec: { backoffLimit: 0, template: { spec: { restartPolicy: 'Never', containers: [container] } } },
        },
      },
    },
  });
}
