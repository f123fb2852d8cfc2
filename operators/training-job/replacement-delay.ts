import { asWritten, earliest, type MomentOf } from '../job-times.ts';
import { finishedAtMs } from '../pod-facts.ts';
import { recreationOf } from './recreations.ts';
import type { ReplicaPod } from './types.ts';

const BASE_MS = 10_000;
const CAP_MS = 300_000;

/**
 * The failed pods whose replacement is due, and when the next one is. The first replacement comes at once; after that
 * the wait grows as the kubelet's between restarts does, so that a program that dies at its start does not keep the
 * computer busy.
 */
export function splitByDelay(
  failed: readonly ReplicaPod[],
  nowMs: number,
  momentOf: MomentOf = asWritten,
): { due: ReplicaPod[]; nextAtMs: number | undefined } {
  const due = failed.filter((replica) => dueAt(replica, nowMs, momentOf) <= nowMs);
  const waiting = failed.filter((replica) => !due.includes(replica));
  return { due, nextAtMs: earliest(...waiting.map((replica) => dueAt(replica, nowMs, momentOf))) };
}

function dueAt(replica: ReplicaPod, nowMs: number, momentOf: MomentOf): number {
  const before = recreationOf(replica);
  if (before === 0) return nowMs;
  const endedMs = finishedAtMs(replica.pod);
  return endedMs === undefined ? nowMs : momentOf(endedMs) + Math.min(CAP_MS, BASE_MS * 2 ** (before - 1));
}
