import type { AlgorithmCatalog } from '../../core/validation/algorithm-catalog.ts';

/** A change of a document: the value at a dotted path, or undefined to remove the field. */
export type Changes = Readonly<Record<string, unknown>>;

/** A valid Experiment over two parameters as a plain document, changed at dotted paths (`spec.parameters.0.name`). */
export function experimentDocument(changes: Changes = {}): Record<string, unknown> {
  const document = structuredClone(VALID);
  for (const [path, value] of Object.entries(changes)) setAt(document, path.split('.'), value);
  return document;
}

/** Knows three algorithms and two early stoppers, and has nothing to say about their settings. */
export const lenientCatalog: AlgorithmCatalog = {
  names: () => ['auto', 'random', 'grid', 'tpe'],
  check: () => [],
  checkInitialTrials: () => [],
  stopperNames: () => ['medianstop', 'threshold'],
  checkStopper: () => [],
};

function setAt(target: Record<string, unknown>, [step = '', ...rest]: string[], value: unknown): void {
  if (rest.length > 0) {
    target[step] ??= {};
    setAt(target[step] as Record<string, unknown>, rest, value);
  } else if (value === undefined) Reflect.deleteProperty(target, step);
  else target[step] = value;
}

const VALID: Record<string, unknown> = {
  apiVersion: 'kubeflow.org/v1beta1',
  kind: 'Experiment',
  metadata: { name: 'digits', namespace: 'default' },
  spec: {
    objective: { type: 'minimize', goal: 0.001, objectiveMetricName: 'loss' },
    algorithm: { algorithmName: 'random' },
    parallelTrialCount: 3,
    maxTrialCount: 12,
    maxFailedTrialCount: 3,
    parameters: [
      { name: 'lr', parameterType: 'double', feasibleSpace: { min: '0.01', max: '0.05' } },
      { name: 'layers', parameterType: 'int', feasibleSpace: { min: '1', max: '4' } },
    ],
    trialTemplate: {
      primaryContainerName: 'training',
      trialParameters: [
        { name: 'learningRate', reference: 'lr' },
        { name: 'layers', reference: 'layers' },
      ],
      trialSpec: {
        apiVersion: 'batch/v1',
        kind: 'Job',
        spec: {
          template: {
            spec: {
              containers: [
                {
                  name: 'training',
                  image: 'example/train',
                  command: [
                    'train',
                    '--lr=${trialParameters.learningRate}',
                    '--layers=${trialParameters.layers}',
                  ],
                },
              ],
              restartPolicy: 'Never',
            },
          },
        },
      },
    },
  },
};
