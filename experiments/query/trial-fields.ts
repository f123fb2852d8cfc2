import { findCondition } from '../../core/conditions.ts';
import type { Experiment, Metric, MetricStrategyType, Objective } from '../../core/experiment.ts';
import { METRIC_STRATEGIES } from '../../core/experiment.ts';
import { EXPERIMENT_LABEL } from '../../core/labels.ts';
import { isMetricNumber, parseMetricValue } from '../../core/metric-value.ts';
import { metricText, objectiveStrategy, objectiveValue, UNAVAILABLE } from '../../core/objective.ts';
import { TRIAL_STATES, trialState, type StoredTrial } from '../../core/trial.ts';
import { exactNumber } from './exact-number.ts';
import { fieldTable, type Field, type FieldTable, type FieldValue } from './field-table.ts';
import { labelField, timeField } from './common-fields.ts';
import { readTime, secondsBetween } from './read-time.ts';

type TrialField = Field<StoredTrial>;

const FIXED: readonly TrialField[] = [
  { name: 'name', kind: { type: 'text' }, read: ({ metadata }) => metadata.name },
  { name: 'namespace', kind: { type: 'text' }, read: ({ metadata }) => metadata.namespace ?? null },
  {
    name: 'experiment',
    kind: { type: 'text' },
    read: ({ metadata }) => metadata.labels?.[EXPERIMENT_LABEL] ?? null,
  },
  { name: 'status', kind: { type: 'choice', choices: TRIAL_STATES }, read: trialState },
  {
    name: 'reason',
    kind: { type: 'text' },
    read: (trial) => findCondition(trial.status?.conditions, trialState(trial))?.reason ?? null,
  },
  {
    name: 'objective',
    kind: { type: 'number' },
    read: ({ spec, status }) => objectiveValue(spec.objective, status?.observation),
  },
  timeField('creationTime', ({ metadata }) => metadata.creationTimestamp),
  timeField('startTime', ({ status }) => status?.startTime),
  timeField('completionTime', ({ status }) => status?.completionTime),
  {
    name: 'durationSeconds',
    kind: { type: 'number' },
    read: ({ status }) => secondsBetween(readTime(status?.startTime), readTime(status?.completionTime)),
  },
];

/**
 * What trials can be filtered and sorted by: fixed fields, `params.NAME`, `metrics.NAME` (by the metric's strategy),
 * `metrics.NAME.min`, `.max` and `.latest`, and `labels.NAME`. With the trials' experiment, parameters and metrics that it
 * does not have are unknown fields; without, they are fields that no trial has.
 */
export function trialFields(experiment?: Pick<Experiment, 'spec'>): FieldTable<StoredTrial> {
  const parameters = experiment?.spec.parameters?.map(({ name }) => name);
  const objective = experiment?.spec.objective;
  const metrics = objective && [objective.objectiveMetricName, ...(objective.additionalMetricNames ?? [])];
  return fieldTable<StoredTrial>({
    fixed: FIXED,
    families: {
      params: (rest) => parameterField(rest.join('.'), parameters),
      metrics: (rest) => metricField(rest, metrics),
      labels: (rest) => labelField(rest.join('.')),
    },
    familyNames: [
      ...(parameters ?? ['NAME']).map((name) => `params.${name}`),
      ...(metrics ?? ['NAME']).map((name) => `metrics.${name}`),
      'labels.NAME',
    ],
    order: ['namespace', 'name'],
  });
}

function parameterField(name: string, known: readonly string[] | undefined): TrialField | undefined {
  if (known && !known.includes(name)) return undefined;
  return {
    name: `params.${name}`,
    kind: { type: 'mixed' },
    read({ spec }) {
      const text = spec.parameterAssignments.find((assignment) => assignment.name === name)?.value;
      return text === undefined ? null : exactNumber(text);
    },
  };
}

function metricField(
  segments: readonly string[],
  known: readonly string[] | undefined,
): TrialField | undefined {
  const whole = segments.join('.');
  const statistic = METRIC_STRATEGIES.find((strategy) => strategy === segments.at(-1));
  const isWhole = statistic === undefined || segments.length === 1 || known?.includes(whole) === true;
  const name = isWhole ? whole : segments.slice(0, -1).join('.');
  if (known && !known.includes(name)) return undefined;
  return {
    name: `metrics.${whole}`,
    kind: { type: 'mixed' },
    read({ spec, status }) {
      const metric = status?.observation?.metrics?.find((candidate) => candidate.name === name);
      if (!metric) return null;
      return metricValue(metric, isWhole ? metricStrategy(spec.objective, name) : statistic);
    },
  };
}

/** Which of the metric's values stands for the trial: the latest unless the experiment says something else. */
export function metricStrategy(objective: Objective, name: string): MetricStrategyType {
  if (name === objective.objectiveMetricName) return objectiveStrategy(objective);
  return objective.metricStrategies?.find((strategy) => strategy.name === name)?.value ?? 'latest';
}

/** A number, NaN and the infinities included; the text where the metric is none; null where it was never seen. */
export function metricValue(metric: Metric, strategy: MetricStrategyType): FieldValue {
  const text = metricText(metric, strategy);
  if (text === UNAVAILABLE) return null;
  return isMetricNumber(text) ? parseMetricValue(text) : text;
}
