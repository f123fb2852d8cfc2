import type { ParameterAssignment } from '../../core/experiment.ts';
import { formatDuration } from '../duration.ts';
import type { ExperimentSummary } from '../../experiments/summary.ts';

/** A metric's value for people: six significant digits, plain zeros dropped. */
export function formatValue(value: number | null): string {
  return value === null ? '-' : String(Number(value.toPrecision(6)));
}

/** `lr=0.0138496 optimizer=sgd`: fractions with six significant digits, everything else as it is. */
export function formatParameters(parameters: readonly ParameterAssignment[]): string {
  return parameters.map(({ name, value }) => `${name}=${shortFraction(value)}`).join(' ');
}

function shortFraction(text: string): string {
  const isFraction = /^[-+]?\d*\.\d+(e[-+]?\d+)?$/i.test(text);
  const short = formatValue(Number(text));
  return isFraction && short.length < text.length ? short : text;
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
    [counts.pending, 'waiting'],
  ];
  const parts = [`${counts.running} running`, `${counts.succeeded} succeeded`];
  return [...parts, ...rare.filter(([count]) => count > 0).map(([count, name]) => `${count} ${name}`)].join(
    ', ',
  );
}

export function formatEta(remainingMs: number | null): string {
  return remainingMs === null ? '' : `ETA ${formatDuration(remainingMs)}`;
}
