import { EXIT, type ExitCode } from '../exit-code.ts';
import type { ExperimentSummary } from '../../experiments/summary.ts';
import type { Outcomes } from './outcome.ts';

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

/** The object for an experiment of which nothing is left. */
export function deletedReport(key: string): RunReport {
  const [namespace = '', name = ''] = key.split('/');
  return {
    experiment: name,
    namespace,
    status: 'Deleted',
    reason: 'ExperimentDeleted',
    currentOptimalTrial: null,
    trials: { total: 0, succeeded: 0, failed: 0, earlyStopped: 0, metricsUnavailable: 0 },
    durationSeconds: 0,
    dashboard: null,
  };
}

const RUN_END_STATUS: Record<Exclude<RunEnd, 'finished'>, string> = {
  timedOut: 'TimedOut',
  interrupted: 'Interrupted',
};

export function exitCodeOf({ found, deleted }: Outcomes, end: RunEnd): ExitCode {
  if (end === 'timedOut') return EXIT.timedOut;
  if (end === 'interrupted') return EXIT.interrupted;
  const haveSucceeded = found.every(({ experiment }) => experiment.state === 'Succeeded');
  return haveSucceeded && deleted.length === 0 ? EXIT.ok : EXIT.failed;
}

/** Since the experiment began, until it ended or until now. */
export function durationMs({ startedMs, completedMs }: ExperimentSummary, nowMs: number): number {
  return startedMs === null ? 0 : Math.max(0, (completedMs ?? nowMs) - startedMs);
}
