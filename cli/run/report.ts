import type { Output } from '../output/output.ts';
import { formatDuration } from '../duration.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { formatCounts, formatValue } from '../progress/format.ts';
import type { ExperimentSummary } from '../results/summary.ts';

/** How a run ended for its user, apart from what the experiments say themselves. */
export type RunEnd = 'finished' | 'timedOut' | 'interrupted';

/** The one object that `run -o json` prints for an experiment. */
export interface RunReport {
  experiment: string;
  namespace: string;
  status: string;
  reason: string;
  currentOptimalTrial: {
    bestTrialName: string;
    parameterAssignments: readonly { name: string; value: string }[];
    observation: object;
  } | null;
  trials: {
    total: number;
    succeeded: number;
    failed: number;
    earlyStopped: number;
    metricsUnavailable: number;
  };
  durationSeconds: number;
  /** Address of the page that shows the experiment; null where none is served. */
  dashboard: string | null;
}

export function runReport(experiment: ExperimentSummary, end: RunEnd, nowMs: number): RunReport {
  const { name, namespace, best, counts } = experiment;
  return {
    experiment: name,
    namespace,
    status: end === 'finished' ? experiment.state : RUN_END_STATUS[end],
    reason: experiment.reason,
    currentOptimalTrial: best && {
      bestTrialName: best.name,
      parameterAssignments: best.parameters,
      observation: best.observation,
    },
    trials: {
      total: counts.total,
      succeeded: counts.succeeded,
      failed: counts.failed,
      earlyStopped: counts.earlyStopped,
      metricsUnavailable: counts.metricsUnavailable,
    },
    durationSeconds: durationMs(experiment, nowMs) / 1000,
    dashboard: null,
  };
}

const RUN_END_STATUS: Record<Exclude<RunEnd, 'finished'>, string> = {
  timedOut: 'TimedOut',
  interrupted: 'Interrupted',
};

/** The result for people, and where to find the rest. */
export function printResult(
  output: Output,
  experiment: ExperimentSummary,
  dataDir: string,
  nowMs: number,
): void {
  const { name, objective, best } = experiment;
  output.out(`Experiment ${name}: ${experiment.state}. ${experiment.message}`);
  output.out(`Trials: ${formatCounts(experiment)}, in ${formatDuration(durationMs(experiment, nowMs))}`);
  if (best) {
    output.out(`Best ${objective.objectiveMetricName}: ${formatValue(best.value)} (${best.name})`);
    for (const parameter of best.parameters) output.out(`  ${parameter.name} = ${parameter.value}`);
  } else {
    output.out('No trial has a result.');
  }
  output.out(`Results are in ${dataDir}. See them again with:`);
  output.out(`  katydid get trials --experiment ${name}     all trials`);
  output.out(`  katydid describe ${best?.name ?? `${name}-0`}     one trial with its curve`);
  output.out(`  katydid export ${name} --what curves -o csv     every reported value`);
}

export function exitCodeOf(experiments: readonly ExperimentSummary[], end: RunEnd): ExitCode {
  if (end === 'timedOut') return EXIT.timedOut;
  if (end === 'interrupted') return EXIT.interrupted;
  return experiments.every(({ state }) => state === 'Succeeded') ? EXIT.ok : EXIT.failed;
}

function durationMs({ startedMs, completedMs }: ExperimentSummary, nowMs: number): number {
  return startedMs === null ? 0 : (completedMs ?? nowMs) - startedMs;
}
