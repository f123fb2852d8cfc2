import type { Condition } from '../core/kubernetes-object.ts';
import { TRIAL_CONDITION, type StoredTrial } from '../core/trial.ts';

/** Shared values are remembered up to this number; then the memory begins anew. */
const MAX_SHARED = 1_000;

/**
 * What the controllers keep of a trial: all of it while it is active; without its job and its past once everything about it
 * is settled, for these are most of a trial's size. What trials of an experiment have in common is kept once.
 *
 * Whoever writes such a trial back as a whole, or its status, would lose this: finished trials are only patched.
 */
export function createTrialKeeper(): (trial: StoredTrial) => StoredTrial {
  const shared = createSharing();
  return (trial) => {
    if (trial.status?.completionTime == null) return trial;
    const { apiVersion, kind } = trial.spec.runSpec ?? {};
    const { metadata, spec, status } = trial;
    return {
      ...trial,
      status: { ...status, conditions: status.conditions?.filter(isTrue) },
      metadata: {
        ...metadata,
        ...(metadata.ownerReferences && { ownerReferences: shared(metadata.ownerReferences) }),
        ...(metadata.labels && { labels: shared(metadata.labels) }),
        ...(metadata.finalizers && { finalizers: shared(metadata.finalizers) }),
        managedFields: undefined,
      },
      spec: {
        objective: shared(spec.objective),
        parameterAssignments: spec.parameterAssignments,
        // The kind says in which cache the job is looked for.
        ...(spec.runSpec && { runSpec: shared({ apiVersion, kind }) }),
        ...(spec.retainRun !== undefined && { retainRun: spec.retainRun }),
        ...(spec.successCondition !== undefined && { successCondition: shared(spec.successCondition) }),
        ...(spec.failureCondition !== undefined && { failureCondition: shared(spec.failureCondition) }),
      },
    };
  };
}

/** What was true of it before is history. */
function isTrue({ type, status }: Condition): boolean {
  return status === 'True' && type !== TRIAL_CONDITION.created;
}

/** Of equal values, one. */
function createSharing(): <T>(value: T) => T {
  const known = new Map<string, unknown>();
  return <T>(value: T): T => {
    const text = JSON.stringify(value);
    const found = known.get(text);
    if (found !== undefined) return found as T;
    if (known.size >= MAX_SHARED) known.clear();
    known.set(text, value);
    return value;
  };
}
