import type { ParameterAssignment } from '../../core/experiment.ts';
import { formatDuration } from '../duration.ts';
import { finishedTrials, type ExperimentSummary } from '../results/summary.ts';

/** A metric's value for people: six significant digits, plain zeros dropped. */
export function formatValue(value: number | null): string {
  return value === null ? '-' : String(Number(value.toPrecision(6)));
}

export function formatParameters(parameters: readonly ParameterAssignment[]): string {
  return parameters.map(({ name, value }) => `${name}=${value}`).join(' ');
}

/** `best accuracy=0.9722 (digits-3)`, or nothing before the first result. */
export function formatBest({ best, objective }: ExperimentSummary): string {
  if (!best) return '';
  return `best ${objective.objectiveMetricName}=${formatValue(best.value)} (${best.name})`;
}

/** `2 running, 5 succeeded, 1 failed`: running and succeeded always, the others where there are any. */
export function formatCounts({ counts }: ExperimentSummary): string {
  const rare: [number, string][] = [
    [counts.failed, 'failed'],
    [counts.metricsUnavailable, 'without metrics'],
    [counts.earlyStopped, 'stopped early'],
    [counts.killed, 'killed'],
  ];
  const parts = [`${counts.running} running`, `${counts.succeeded} succeeded`];
  return [...parts, ...rare.filter(([count]) => count > 0).map(([count, name]) => `${count} ${name}`)].join(
    ', ',
  );
}

/**
 * Time until the last trial, in milliseconds, from the pace so far; null before the first finished trial of this run
 * and where the number of trials is not known.
 */
export function estimateRemainingMs(
  experiment: ExperimentSummary,
  finishedBefore: number,
  elapsedMs: number,
): number | null {
  const finished = finishedTrials(experiment.counts);
  const finishedNow = finished - finishedBefore;
  if (experiment.maxTrials === null || finishedNow <= 0) return null;
  return (elapsedMs / finishedNow) * Math.max(0, experiment.maxTrials - finished);
}

export function formatEta(remainingMs: number | null): string {
  return remainingMs === null ? '' : `ETA ${formatDuration(remainingMs)}`;
}
