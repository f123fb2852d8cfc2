import type { Tally } from './attempts.ts';
import { formatIndexes } from './index-ranges.ts';
import type { BatchJobSpec, BatchJobStatus } from './types.ts';

/** The status with everything that the tally says. Other fields stay. */
export function withCounts(status: BatchJobStatus, spec: BatchJobSpec, counts: Tally): BatchJobStatus {
  return defined<BatchJobStatus>({
    ...status,
    active: unlessZero(counts.active.length),
    terminating: unlessZero(counts.terminating.length),
    succeeded: unlessZero(counts.succeeded),
    failed: unlessZero(counts.failed),
    completedIndexes: spec.completionMode === 'Indexed' ? formatIndexes(counts.completedIndexes) : undefined,
  });
}

export function withActive(status: BatchJobStatus, active: number): BatchJobStatus {
  return defined<BatchJobStatus>({ ...status, active: unlessZero(active) });
}

function unlessZero(count: number): number | undefined {
  return count === 0 ? undefined : count;
}

/** The fields that have a value: in a stored object, absent and undefined must not be two things. */
function defined<T extends object>(fields: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}
