import { stringify } from 'yaml';

export const EXPERIMENT = 'torture';

/** Values of the objective that each training reports, one a step. */
export const REPORTED = 3;

/** Trials that end at once. Each training that reaches its end adds its trial's name to the ledger, a file outside. */
export function experimentYaml(options: {
  trials: number;
  parallel: number;
  ledger: string;
  mark: string;
}): string {
  const { trials, parallel, ledger, mark } = options;
  const steps = Array.from({ length: REPORTED }, (_, index) => index + 1).join(' ');
  const script = [
    `: ${mark}`,
    `for step in ${steps}; do echo "step=$step loss=\${trialParameters.x}"; done`,
    `echo \${trialParameters.trial} >> ${ledger}`,
  ].join('\n');
  return stringify({
    apiVersion: 'kubeflow.org/v1beta1',
    kind: 'Experiment',
    metadata: { name: EXPERIMENT },
    spec: {
      objective: { type: 'minimize', objectiveMetricName: 'loss' },
      algorithm: { algorithmName: 'random' },
      parallelTrialCount: parallel,
      maxTrialCount: trials,
      maxFailedTrialCount: 0,
      parameters: [{ name: 'x', parameterType: 'double', feasibleSpace: { min: '0', max: '1' } }],
      trialTemplate: {
        primaryContainerName: 'main',
        trialParameters: [
          { name: 'x', reference: 'x' },
          { name: 'trial', reference: '${trialSpec.Name}' },
        ],
        trialSpec: {
          apiVersion: 'batch/v1',
          kind: 'Job',
          spec: {
            backoffLimit: 0,
            template: {
              spec: {
                restartPolicy: 'Never',
                containers: [{ name: 'main', image: 'none', command: ['sh', '-c', script] }],
              },
            },
          },
        },
      },
    },
  });
}
