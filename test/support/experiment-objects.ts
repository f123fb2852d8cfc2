import type { ExperimentSpec, StoredExperiment } from '../../core/experiment.ts';
import type { Condition, StoredMeta } from '../../core/kubernetes-object.ts';
import { EXPERIMENT_LABEL, TRIAL_FINALIZER } from '../../core/labels.ts';
import type { StoredSuggestion, SuggestionSpec, SuggestionStatus } from '../../core/suggestion.ts';
import type {
  EarlyStoppingRecord,
  StoredTrial,
  TrialSpec,
  TrialState,
  TrialStatus,
} from '../../core/trial.ts';

/** Objects as the API would return them, with as little in them as a test needs. */

export const NOW_MS = Date.UTC(2026, 0, 1, 12);
export const NOW = '2026-01-01T12:00:00Z';
export const EXPERIMENT_UID = 'uid-exp';

function meta(name: string, more: Partial<StoredMeta> = {}): StoredMeta {
  return {
    name,
    namespace: 'default',
    uid: `uid-${name}`,
    resourceVersion: '1',
    creationTimestamp: '2026-01-01T00:00:00Z',
    ...more,
  };
}

export function condition(
  type: string,
  status: Condition['status'] = 'True',
  reason = '',
  message = '',
): Condition {
  return { type, status, reason, message, lastUpdateTime: NOW, lastTransitionTime: NOW };
}

export const JOB_TEMPLATE = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  spec: {
    template: {
      spec: {
        containers: [{ name: 'training', image: 'train:1', command: ['train', '--x=${trialParameters.x}'] }],
        restartPolicy: 'Never',
      },
    },
  },
};

export function experimentSpec(more: Partial<ExperimentSpec> = {}): ExperimentSpec {
  return {
    objective: { type: 'minimize', objectiveMetricName: 'loss' },
    algorithm: { algorithmName: 'random' },
    parameters: [{ name: 'x', parameterType: 'double', feasibleSpace: { min: '0', max: '1' } }],
    parallelTrialCount: 2,
    maxTrialCount: 6,
    trialTemplate: {
      primaryContainerName: 'training',
      trialParameters: [{ name: 'x', reference: 'x' }],
      trialSpec: JOB_TEMPLATE,
    },
    ...more,
  };
}

export function experiment(
  spec: Partial<ExperimentSpec> = {},
  status?: StoredExperiment['status'],
): StoredExperiment {
  return {
    apiVersion: 'kubeflow.org/v1beta1',
    kind: 'Experiment',
    metadata: meta('exp'),
    spec: experimentSpec(spec),
    ...(status && { status }),
  };
}

export function suggestion(status: SuggestionStatus, spec: Partial<SuggestionSpec> = {}): StoredSuggestion {
  return {
    apiVersion: 'kubeflow.org/v1beta1',
    kind: 'Suggestion',
    metadata: meta('exp', { uid: 'uid-suggestion' }),
    spec: { algorithm: { algorithmName: 'random' }, ...spec },
    status,
  };
}

/** What an early stopper writes of a trial that it ends. */
export const STOPPING_RECORD: EarlyStoppingRecord = {
  rule: 'medianstop',
  metric: 'loss',
  step: 4,
  value: '2',
  threshold: '1',
  peers: 3,
  reason: 'Because.',
  time: NOW,
};

export interface TrialFixture {
  index: number;
  state?: TrialState;
  /** Latest, smallest and largest value of the objective. */
  loss?: number | string;
  meta?: Partial<StoredMeta>;
  spec?: Partial<TrialSpec>;
  status?: TrialStatus;
}

export function trial({
  index,
  state = 'Pending',
  loss,
  meta: more,
  spec,
  status,
}: TrialFixture): StoredTrial {
  const name = `exp-${index}`;
  const text = String(loss);
  return {
    apiVersion: 'kubeflow.org/v1beta1',
    kind: 'Trial',
    metadata: meta(name, { labels: { [EXPERIMENT_LABEL]: 'exp' }, finalizers: [TRIAL_FINALIZER], ...more }),
    spec: {
      objective: { type: 'minimize', objectiveMetricName: 'loss' },
      parameterAssignments: [{ name: 'x', value: String(index) }],
      primaryContainerName: 'training',
      runSpec: { ...JOB_TEMPLATE, metadata: { name, namespace: 'default' } },
      ...spec,
    },
    status: status ?? {
      conditions: state === 'Pending' ? [condition('Created')] : [condition('Created'), condition(state)],
      ...(loss !== undefined && {
        observation: { metrics: [{ name: 'loss', min: text, max: text, latest: text }] },
      }),
    },
  };
}
