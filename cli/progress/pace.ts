/** How fast trials of one experiment finish. Times are milliseconds on one clock. */
export interface Pace {
  /**
   * Time until the last trial; null before this run's first finished trial and where the number of trials is not known.
   * Between two trials it counts down.
   */
  remainingMs(finished: number, total: number | null, nowMs: number): number | null;
}

/** `finishedBefore` trials had ended when the run began. */
export function startPace(startedMs: number, finishedBefore: number): Pace {
  let last = { finished: finishedBefore, atMs: startedMs };
  return {
    remainingMs(finished, total, nowMs) {
      if (finished !== last.finished) last = { finished, atMs: nowMs };
      const finishedNow = finished - finishedBefore;
      if (total === null || finishedNow <= 0) return null;
      const perTrialMs = (last.atMs - startedMs) / finishedNow;
      return Math.max(0, perTrialMs * (total - finished) - (nowMs - last.atMs));
    },
  };
}
