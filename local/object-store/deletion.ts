import { isDeepStrictEqual } from 'node:util';
import { parseTime, rfc3339Seconds } from '../../core/time.ts';
import { ApiError } from '../../kube/api-error.ts';
import type { DeleteOptions, PropagationPolicy } from '../../kube/client.ts';
import { isRecord, type StoredDocument } from './document.ts';

/** Holds an owner until the dependents that block its deletion are gone. */
export const FOREGROUND_FINALIZER = 'foregroundDeletion';
/** Holds an owner until its dependents have been released from it. */
export const ORPHAN_FINALIZER = 'orphan';
/** Holds a Namespace until nothing is left in it. */
export const NAMESPACE_FINALIZER = 'kubernetes';

const DEFAULT_GRACE_SECONDS = 30;

/** What a deletion comes to: `object` is the state to store, or the last one. */
export interface Deletion {
  readonly outcome: 'removed' | 'marked' | 'unchanged';
  readonly object: StoredDocument;
}

/** Decides what `delete` does to an object, by the rules of Kubernetes' registry. BadRequest for a negative grace period. */
export function planDeletion(old: StoredDocument, options: DeleteOptions, nowMs: number): Deletion {
  const finalizers = finalizersForDeletion(old, options.propagationPolicy);
  const graceSeconds = gracePeriod(old, options);
  const object = markedForDeletion(old, finalizers, graceSeconds, nowMs);
  if (isReadyToGo(object)) return { outcome: 'removed', object };
  return { outcome: isDeepStrictEqual(object, old) ? 'unchanged' : 'marked', object };
}

/** Nothing holds the deletion back any more. */
export function isReadyToGo(object: StoredDocument): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds, finalizers } = object.metadata;
  return deletionTimestamp != null && !deletionGracePeriodSeconds && !finalizers?.length;
}

export function hasFinalizer(object: StoredDocument, finalizer: string): boolean {
  return object.metadata.finalizers?.includes(finalizer) ?? false;
}

/** The object without one finalizer; an empty list is left out. */
export function withoutFinalizer(object: StoredDocument, finalizer: string): StoredDocument {
  return withFinalizers(object, object.metadata.finalizers?.filter((entry) => entry !== finalizer) ?? []);
}

function withFinalizers(object: StoredDocument, finalizers: readonly string[]): StoredDocument {
  const metadata = { ...object.metadata, finalizers: [...finalizers] };
  if (finalizers.length === 0) Reflect.deleteProperty(metadata, 'finalizers');
  return { ...object, metadata };
}

function finalizersForDeletion(old: StoredDocument, policy: PropagationPolicy | undefined): string[] {
  const present = old.metadata.finalizers ?? [];
  const others = present.filter((entry) => entry !== FOREGROUND_FINALIZER && entry !== ORPHAN_FINALIZER);
  if (old.kind === 'Namespace' && old.metadata.deletionTimestamp == null) others.push(NAMESPACE_FINALIZER);
  // Without a policy, what an earlier deletion or a writer asked for stands.
  if (policy === undefined) return [...new Set([...present, ...others])];
  if (policy === 'Foreground') return [...others, FOREGROUND_FINALIZER];
  return policy === 'Orphan' ? [...others, ORPHAN_FINALIZER] : others;
}

/** Only Pods that may have processes end gracefully: bound to a node and not finished. */
function gracePeriod(old: StoredDocument, options: DeleteOptions): number {
  const asked = options.gracePeriodSeconds;
  if (asked !== undefined && !(Number.isInteger(asked) && asked >= 0)) {
    throw new ApiError(
      'BadRequest',
      `gracePeriodSeconds: ${asked} is not a whole number of 0 or more seconds`,
    );
  }
  if (old.apiVersion !== 'v1' || old.kind !== 'Pod' || !mayHaveProcesses(old)) return 0;
  const before = old.metadata.deletionGracePeriodSeconds ?? undefined;
  if (before === undefined) return asked ?? specifiedGrace(old);
  // A later deletion can only be in more of a hurry.
  return Math.min(before, asked ?? before);
}

function mayHaveProcesses(pod: StoredDocument): boolean {
  const phase = isRecord(pod['status']) ? pod['status']['phase'] : undefined;
  const nodeName = isRecord(pod['spec']) ? pod['spec']['nodeName'] : undefined;
  return Boolean(nodeName) && phase !== 'Succeeded' && phase !== 'Failed';
}

function specifiedGrace(pod: StoredDocument): number {
  const seconds = isRecord(pod['spec']) ? pod['spec']['terminationGracePeriodSeconds'] : undefined;
  return typeof seconds === 'number' ? seconds : DEFAULT_GRACE_SECONDS;
}

function markedForDeletion(
  old: StoredDocument,
  finalizers: readonly string[],
  graceSeconds: number,
  nowMs: number,
): StoredDocument {
  const { generation, deletionTimestamp, deletionGracePeriodSeconds: before } = old.metadata;
  // The timestamp is when the grace period ends; shortening the period brings it forward.
  const startMs = deletionTimestamp == null ? nowMs : parseTime(deletionTimestamp) - (before ?? 0) * 1000;
  const marked = {
    ...old.metadata,
    deletionTimestamp: rfc3339Seconds(startMs + graceSeconds * 1000),
    deletionGracePeriodSeconds: graceSeconds,
    ...(generation !== undefined && deletionTimestamp == null && { generation: generation + 1 }),
  };
  const object = withFinalizers({ ...old, metadata: marked }, finalizers);
  return old.kind === 'Namespace' ? { ...object, status: { phase: 'Terminating' } } : object;
}
