import { algorithmOf, parallelTrialCount } from '../../core/defaults.ts';
import { DESIRED_STATES, type StoredExperiment } from '../../core/experiment.ts';
import { summarizeExperiment, type ExperimentState, type TrialCounts } from '../summary.ts';
import { labelField, timeField } from './common-fields.ts';
import { fieldTable, type Field, type FieldTable } from './field-table.ts';
import { readTime, secondsBetween } from './read-time.ts';

type ExperimentField = Field<StoredExperiment>;

/** A record, so that the compiler finds a state that is missing here. */
const STATES: Readonly<Record<ExperimentState, true>> = {
  Created: true,
  Running: true,
  Paused: true,
  Restarting: true,
  Succeeded: true,
  Failed: true,
};
export const EXPERIMENT_STATES = Object.keys(STATES) as ExperimentState[];

const COUNTS: Readonly<Record<keyof TrialCounts, true>> = {
  total: true,
  running: true,
  pending: true,
  succeeded: true,
  failed: true,
  killed: true,
  earlyStopped: true,
  metricsUnavailable: true,
};
const COUNT_NAMES = Object.keys(COUNTS) as (keyof TrialCounts)[];

const FIXED: readonly ExperimentField[] = [
  { name: 'name', kind: { type: 'text' }, read: ({ metadata }) => metadata.name },
  { name: 'namespace', kind: { type: 'text' }, read: ({ metadata }) => metadata.namespace ?? null },
  {
    name: 'status',
    kind: { type: 'choice', choices: EXPERIMENT_STATES },
    read: (experiment) => summarizeExperiment(experiment).state,
  },
  {
    name: 'reason',
    kind: { type: 'text' },
    read: (experiment) => summarizeExperiment(experiment).reason || null,
  },
  {
    name: 'desiredState',
    kind: { type: 'choice', choices: DESIRED_STATES },
    read: ({ spec }) => spec.desiredState ?? 'Running',
  },
  {
    name: 'algorithm',
    kind: { type: 'text' },
    read: ({ spec }) => algorithmOf(spec).algorithmName,
  },
  { name: 'objectiveMetric', kind: { type: 'text' }, read: ({ spec }) => spec.objective.objectiveMetricName },
  {
    name: 'objective',
    kind: { type: 'number' },
    read: (experiment) => summarizeExperiment(experiment).best?.value ?? null,
  },
  { name: 'maxTrials', kind: { type: 'number' }, read: ({ spec }) => spec.maxTrialCount ?? null },
  { name: 'parallelTrials', kind: { type: 'number' }, read: ({ spec }) => parallelTrialCount(spec) },
  ...COUNT_NAMES.map((name): ExperimentField => ({
    name: `trials.${name}`,
    kind: { type: 'number' },
    read: (experiment) => summarizeExperiment(experiment).counts[name],
  })),
  timeField('creationTime', ({ metadata }) => metadata.creationTimestamp),
  timeField('startTime', ({ status }) => status?.startTime),
  timeField('completionTime', ({ status }) => status?.completionTime),
  {
    name: 'durationSeconds',
    kind: { type: 'number' },
    read: ({ status }) => secondsBetween(readTime(status?.startTime), readTime(status?.completionTime)),
  },
];

/** What experiments can be filtered and sorted by. `objective` is the value of the best trial so far. */
export const experimentFields: FieldTable<StoredExperiment> = fieldTable<StoredExperiment>({
  fixed: FIXED,
  families: { labels: (rest) => labelField(rest.join('.')) },
  familyNames: ['labels.NAME'],
  order: ['namespace', 'name'],
});
