import { findCondition, isConditionTrue } from '../conditions.ts';
import { withDefaults } from '../defaults.ts';
import type { SpecIssue } from '../errors.ts';
import {
  type Experiment,
  EXPERIMENT_CONDITION,
  EXPERIMENT_REASON,
  type ExperimentSpec,
} from '../experiment.ts';
import { isJsonObject } from '../json.ts';
import { type Issues, specIssue } from './issue.ts';

const CHANGEABLE: readonly string[] = [
  'parallelTrialCount',
  'maxTrialCount',
  'maxFailedTrialCount',
  'desiredState',
];

/**
 * What forbids the change from one valid experiment to another: only the three counts and the desired state may change
 * (and resumePolicy, from Never to LongRunning), the limit must leave room for a trial, and an experiment that has ended
 * must be one that can restart. Defaults that are written
 * out, or left out again, are no change. The status is read from `stored`.
 */
export function validateExperimentUpdate(stored: Experiment, changed: Experiment): SpecIssue[] {
  return [...checkUpdate(stored, changed)];
}

function* checkUpdate(stored: Experiment, changed: Experiment): Issues {
  const fields = changedFields(withDefaults(stored).spec, withDefaults(changed).spec);
  for (const field of fields.filter((name) => !mayChange(name, stored, changed))) {
    const message = `${field} differs from the experiment that exists.`;
    const remedy = `Only ${CHANGEABLE.join(', ')} can be changed. Give the experiment another name to run it anew.`;
    yield specIssue('SPEC_FIELD_IMMUTABLE', ['spec', field], message, remedy);
  }
  if (fields.length === 0) return;
  const trials = stored.status?.trials ?? 0;
  const { maxTrialCount } = changed.spec;
  if (fields.includes('maxTrialCount') && maxTrialCount !== undefined && maxTrialCount <= trials) {
    const message = `maxTrialCount is ${maxTrialCount}, and ${trials} trials exist already.`;
    const remedy = `Write ${trials + 1} or more.`;
    yield specIssue('SPEC_MAX_TRIALS_TOO_LOW', ['spec', 'maxTrialCount'], message, remedy);
  }
  yield* checkRestart(stored, changed);
}

/** A policy that lets an experiment be extended takes nothing from anybody; the way back would. */
function mayChange(field: string, stored: Experiment, changed: Experiment): boolean {
  if (field !== 'resumePolicy') return CHANGEABLE.includes(field);
  return (stored.spec.resumePolicy ?? 'Never') === 'Never' && changed.spec.resumePolicy === 'LongRunning';
}

function changedFields(before: ExperimentSpec, after: ExperimentSpec): string[] {
  const was: Readonly<Record<string, unknown>> = before;
  const is: Readonly<Record<string, unknown>> = after;
  const fields = new Set([...Object.keys(was), ...Object.keys(is)]);
  return [...fields].filter((field) => !sameJson(was[field], is[field]));
}

/** Order of keys does not count; order of lists does. */
function sameJson(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
  }
  if (!isJsonObject(a) || !isJsonObject(b)) return Object.is(a, b);
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => sameJson(a[key], b[key]));
}

const { maxTrialsReached: MAX_TRIALS_REACHED, ...OTHER_REASONS } = EXPERIMENT_REASON;
/** Ends that the experiment's owner brought about, or may take back. */
const RESUMABLE: readonly (string | undefined)[] = Object.values(OTHER_REASONS);

function* checkRestart(stored: Experiment, changed: Experiment): Issues {
  const conditions = stored.status?.conditions;
  const hasFailed = isConditionTrue(conditions, EXPERIMENT_CONDITION.failed);
  const hasSucceeded = isConditionTrue(conditions, EXPERIMENT_CONDITION.succeeded);
  if (!hasFailed && !hasSucceeded) return;
  const policy = changed.spec.resumePolicy ?? 'Never';
  const { succeeded, failed } = EXPERIMENT_CONDITION;
  const reason = findCondition(conditions, hasFailed ? failed : succeeded)?.reason;
  if (RESUMABLE.includes(reason)) return;
  if (hasSucceeded && !hasFailed && policy !== 'Never' && reason === MAX_TRIALS_REACHED) return;
  const why = hasFailed
    ? 'has failed'
    : reason === MAX_TRIALS_REACHED
      ? 'has ended, and its resumePolicy is Never'
      : 'has ended because it reached its goal or its end';
  const message = `The experiment ${why}, so it cannot take up work again.`;
  const remedy = 'Give it another name to run it anew; resumePolicy: LongRunning lets one be extended.';
  yield specIssue('SPEC_NOT_RESTARTABLE', ['spec'], message, remedy);
}
