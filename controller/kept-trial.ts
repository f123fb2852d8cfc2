import type { Condition } from '../core/kubernetes-object.ts';
import { TRIAL_CONDITION, type StoredTrial } from '../core/trial.ts';

/** Shared values are remembered up to this number; then the memory begins anew. */
const MAX_SHARED = 1_000;

/**
 * What the controllers keep of a trial: all of it while it is active; without its job and its past once everything about it
 * is settled, for these are most of a trial's size. What trials of an experiment have in common is kept once. The trial is
 * the keeper's own from then on.
 *
 * Whoever writes such a trial back as a whole, or its status, would lose this: finished trials are only patched.
 */
export function createTrialKeeper(): (trial: StoredTrial) => StoredTrial {
  const shared = createSharing();
  const sharedTexts = createTextSharing();
  return (trial) => {
    if (trial.status?.completionTime == null) return trial;
    const { apiVersion, kind } = trial.spec.runSpec ?? {};
    const { metadata, spec, status } = trial;
    const { earlyStopping } = status;
    return sharedTexts({
      ...trial,
      status: {
        ...status,
        conditions: status.conditions?.filter(isTrue),
        // Its sentence is in the condition.
        ...(earlyStopping && { earlyStopping: { ...earlyStopping, reason: '' } }),
      },
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
    });
  };
}

/** What was true of it before is history. */
function isTrue({ type, status }: Condition): boolean {
  return status === 'True' && type !== TRIAL_CONDITION.created;
}

/** Of equal values, one. */
function createSharing(): <T>(value: T) => T {
  const known = new Map<string, unknown>();
  return <T>(value: T): T => one(known, JSON.stringify(value), value) as T;
}

/**
 * Makes equal texts within values one text: moments, reasons, values of metrics. Changes the value, which keeps the shape
 * that the parser gave it: a copy would take more memory than is saved.
 */
function createTextSharing(): <T>(value: T) => T {
  const known = new Map<string, string>();
  const share = (value: unknown): unknown => {
    if (typeof value === 'string') return one(known, value, value);
    if (typeof value !== 'object' || value === null) return value;
    const parts = value as Record<string, unknown>;
    for (const name of Object.keys(parts)) parts[name] = share(parts[name]);
    return value;
  };
  return <T>(value: T): T => share(value) as T;
}

/** What is known by the key; else `value`, which is known from now on. */
function one<T>(known: Map<string, T>, key: string, value: T): T {
  const found = known.get(key);
  if (found !== undefined) return found;
  if (known.size >= MAX_SHARED) known.clear();
  known.set(key, value);
  return value;
}
