import type { Tally } from './attempts.ts';
import type { Attempt, BatchJobSpec } from './types.ts';

/** A pod to be created: its number and, for an Indexed job, the index that it works on. */
export interface Start {
  readonly number: number;
  readonly completionIndex: number | null;
}

/** How many pods should be active now. */
function activeWanted({ parallelism, completions }: BatchJobSpec, { succeeded, active }: Tally): number {
  if (completions !== null) return Math.min(parallelism, completions - succeeded);
  // A work queue: once a pod has succeeded the work is done, and the others only finish theirs.
  return succeeded > 0 ? Math.min(active.length, parallelism) : parallelism;
}

/** The active pods that are too many, youngest first. */
export function surplusAttempts(spec: BatchJobSpec, counts: Tally): Attempt[] {
  const surplus = counts.active.length - activeWanted(spec, counts);
  return surplus > 0 ? [...counts.active].reverse().slice(0, surplus) : [];
}

/** The pods that are missing. */
export function startWanted(spec: BatchJobSpec, counts: Tally): Start[] {
  const occupied = [...counts.active, ...counts.terminating];
  const missing = Math.max(0, activeWanted(spec, counts) - occupied.length);
  const indexes = spec.completionMode === 'Indexed' ? openIndexes(spec, counts, occupied) : null;
  const count = indexes ? Math.min(missing, indexes.length) : missing;
  return Array.from({ length: count }, (_, offset) => {
    return { number: counts.next + offset, completionIndex: indexes?.[offset] ?? null };
  });
}

/** Indexes that are neither done nor being worked on, smallest first. */
function openIndexes(
  { completions }: BatchJobSpec,
  { completedIndexes }: Tally,
  occupied: readonly Attempt[],
): number[] {
  const taken = new Set(occupied.map(({ completionIndex }) => completionIndex));
  const all = Array.from({ length: completions ?? 0 }, (_, index) => index);
  return all.filter((index) => !completedIndexes.has(index) && !taken.has(index));
}
