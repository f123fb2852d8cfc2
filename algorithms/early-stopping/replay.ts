import type { StoppingDecision, StoppingProblem, StoppingRule } from './early-stopper.ts';
import { Curves } from './curves.ts';
import { valueOf } from './score.ts';

/** One report of a trial of the past. */
export interface PastReport {
  readonly step: number | null;
  readonly value: number;
  /** When it was made, in any unit from any beginning. */
  readonly timeMs: number;
}

export interface PastTrial {
  readonly name: string;
  /** In the order in which the trial made them. */
  readonly reports: readonly PastReport[];
}

export interface ReplayedTrial {
  readonly name: string;
  /** Why and where the rule would have stopped the trial; null where it would not. */
  readonly decision: StoppingDecision | null;
  readonly reports: number;
  /** Reports that would not have been made. */
  readonly reportsSaved: number;
  /** Time between the stop and the trial's last report. */
  readonly msSaved: number;
  /** What stands for the trial in the end, without the rule; NaN where it never was a number. */
  readonly value: number;
  /** What would have stood for it with the rule. */
  readonly valueAtStop: number;
}

/** What a rule would have done to past trials. */
export interface Replay {
  /** In the order given. */
  readonly trials: readonly ReplayedTrial[];
  readonly reports: number;
  readonly reportsSaved: number;
  readonly msSaved: number;
  /** The best trial; null where none has a number. Among equals the first. */
  readonly best: ReplayedTrial | null;
  /** The best trial would have been stopped before it was as good as it became. */
  readonly isBestLost: boolean;
  /** The best value of all trials with the rule; NaN where there is none. */
  readonly bestValue: number;
}

interface Place {
  trial: number;
  report: number;
  timeMs: number;
}

/** Reports that are put to the rule before others get their turn. */
const REPORTS_AT_ONCE = 10_000;

/**
 * Puts the reports of past trials to a rule that has seen none, in the order of their times. A trial that the rule stops
 * makes no further reports. Trials that would have begun earlier, since others were stopped, begin when they did.
 */
export function replay(rule: StoppingRule, problem: StoppingProblem, past: readonly PastTrial[]): Replay {
  const steps = replaying(rule, problem, past);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** The same a piece at a time, for whoever has something else to do in between. */
export function* replaying(
  rule: StoppingRule,
  problem: StoppingProblem,
  past: readonly PastTrial[],
): Generator<undefined, Replay> {
  const stops = past.map((): { decision: StoppingDecision; at: number } | null => null);
  for (const [index, { trial, report }] of inOrder(past).entries()) {
    if (index % REPORTS_AT_ONCE === REPORTS_AT_ONCE - 1) yield;
    const { name, reports } = past[trial] ?? { name: '', reports: [] };
    const made = reports[report];
    if (!made || stops[trial]) continue;
    const decision = rule.report({ trial: name, step: made.step, value: made.value });
    if (decision?.stop === true) stops[trial] = { decision, at: report };
  }
  const trials = past.map((trial, index) => replayed(problem, trial, stops[index] ?? null));
  return summarize(problem, trials);
}

/** All reports by time; those of one trial in its own order, whatever their times. */
function inOrder(past: readonly PastTrial[]): Place[] {
  const places: Place[] = [];
  past.forEach(({ reports }, trial) => {
    let timeMs = -Infinity;
    reports.forEach((made, report) => {
      timeMs = Math.max(timeMs, made.timeMs);
      places.push({ trial, report, timeMs });
    });
  });
  return places.sort((a, b) => a.timeMs - b.timeMs || a.trial - b.trial || a.report - b.report);
}

function replayed(
  problem: StoppingProblem,
  { name, reports }: PastTrial,
  stop: { decision: StoppingDecision; at: number } | null,
): ReplayedTrial {
  const last = stop?.at ?? reports.length - 1;
  const lastMs = reports.reduce((latest, { timeMs }) => Math.max(latest, timeMs), -Infinity);
  return {
    name,
    decision: stop?.decision ?? null,
    reports: reports.length,
    reportsSaved: reports.length - 1 - last,
    msSaved: stop ? Math.max(0, lastMs - (reports[stop.at]?.timeMs ?? lastMs)) : 0,
    ...standings(problem, reports, last),
  };
}

/** What stands for a trial in the end, and after the report `last`. */
function standings(
  problem: StoppingProblem,
  reports: readonly PastReport[],
  last: number,
): Pick<ReplayedTrial, 'value' | 'valueAtStop'> {
  const curves = new Curves(problem);
  let [score, scoreAtStop] = [Infinity, Infinity];
  for (const [index, { value }] of reports.entries()) {
    // Without a step every report is a new one, and its curve is at hand.
    const curve = curves.take({ trial: '', step: null, value });
    if (curve) score = curves.standing(curve);
    if (index === last) scoreAtStop = score;
  }
  const { direction } = problem;
  return { value: valueOf(direction, score), valueAtStop: valueOf(direction, scoreAtStop) };
}

function summarize({ direction }: StoppingProblem, trials: readonly ReplayedTrial[]): Replay {
  const isBetter = (value: number, than: number): boolean =>
    Number.isNaN(than) || (direction === 'maximize' ? value > than : value < than);
  const bestBy = (value: (trial: ReplayedTrial) => number): ReplayedTrial | null =>
    trials.reduce<ReplayedTrial | null>((best, trial) => {
      if (Number.isNaN(value(trial))) return best;
      return best === null || isBetter(value(trial), value(best)) ? trial : best;
    }, null);
  const sum = (count: (trial: ReplayedTrial) => number): number =>
    trials.reduce((total, trial) => total + count(trial), 0);
  const best = bestBy((trial) => trial.value);
  return {
    trials,
    reports: sum((trial) => trial.reports),
    reportsSaved: sum((trial) => trial.reportsSaved),
    msSaved: sum((trial) => trial.msSaved),
    best,
    isBestLost: best !== null && best.decision !== null && best.valueAtStop !== best.value,
    bestValue: bestBy((trial) => trial.valueAtStop)?.valueAtStop ?? Number.NaN,
  };
}
