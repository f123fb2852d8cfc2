import { setImmediate } from 'node:timers/promises';
import { EARLY_STOPPERS } from '../algorithms/early-stopping/registry.ts';
import {
  replaying,
  type PastTrial,
  type Replay,
  type ReplayedTrial,
} from '../algorithms/early-stopping/replay.ts';
import type { AlgorithmSpec, StoredExperiment } from '../core/experiment.ts';
import type { StoredTrial } from '../core/trial.ts';
import type { ObservationStore } from '../db/observation-store.ts';
import { createStoppingRule, stoppingProblem } from '../suggestion/early-stopping.ts';

/** What an early stopper would have done to the trials of an experiment, as commands and REST tell it. */
export interface ReplayView {
  rule: string;
  settings: Record<string, string>;
  /** Trials that have reported the objective. */
  trials: number;
  stopped: number;
  reports: number;
  reportsSaved: number;
  secondsSaved: number;
  /** The best trial, and where it would have been stopped; null where no trial has a number. */
  best: { trial: string; value: number | null; stoppedAtStep: number | null } | null;
  /** The best trial would have been stopped before it was as good as it became. */
  isBestLost: boolean;
  /** The best value with the rule; null where there is none. */
  bestValue: number | null;
  stops: ReplayedStop[];
}

export interface ReplayedStop {
  trial: string;
  step: number;
  /** What was compared; null where the trial had reported no number. */
  value: number | null;
  threshold: number | null;
  peers: number;
  reason: string;
  reports: number;
  reportsSaved: number;
  secondsSaved: number;
  /** What stood for the trial in the end, without the rule. */
  finalValue: number | null;
}

/** Trials that are read before others get their turn. */
const READ_AT_ONCE = 50;

/** The rule asked for; where none is, the experiment's own and all others that need no setting. */
export function rulesToReplay({ spec }: StoredExperiment, asked: AlgorithmSpec | null): AlgorithmSpec[] {
  if (asked) return [asked];
  const own = spec.earlyStopping ? [spec.earlyStopping] : [];
  const others = EARLY_STOPPERS.filter(
    (stopper) => stopper.name !== spec.earlyStopping?.algorithmName && stopper.problems({}).length === 0,
  );
  return [...own, ...others.map(({ name }) => ({ algorithmName: name }))];
}

/** Settings that were given as name=value, later ones in place of earlier ones of the same name. */
export function ruleOf(
  algorithmName: string,
  settings: readonly (readonly [string, string])[],
): AlgorithmSpec {
  const algorithmSettings = [...new Map(settings)].map(([name, value]) => ({ name, value }));
  return { algorithmName, algorithmSettings };
}

/** `trials` in the order of their index. SpecError where a rule does not exist or does not take its settings. */
export async function replayRules(
  observations: ObservationStore,
  { spec: { objective } }: StoredExperiment,
  trials: readonly StoredTrial[],
  specs: readonly AlgorithmSpec[],
): Promise<ReplayView[]> {
  const rules = specs.map((spec) => ({ spec, rule: createStoppingRule(spec, objective) }));
  const past = await pastTrials(observations, trials, objective.objectiveMetricName);
  const views: ReplayView[] = [];
  for (const { spec, rule } of rules) {
    const steps = replaying(rule, stoppingProblem(objective), past);
    let step = steps.next();
    while (step.done !== true) {
      await setImmediate();
      step = steps.next();
    }
    views.push(viewOf(spec, step.value));
  }
  return views;
}

/** Those that have reported the objective. */
async function pastTrials(
  observations: ObservationStore,
  trials: readonly StoredTrial[],
  metric: string,
): Promise<PastTrial[]> {
  const past: PastTrial[] = [];
  for (const [index, { metadata }] of trials.entries()) {
    if (index % READ_AT_ONCE === READ_AT_ONCE - 1) await setImmediate();
    const series = await observations.series(metadata.uid, { metric });
    const reports = series.map(({ step, value, timeMs }) => ({ step, value, timeMs }));
    if (reports.length > 0) past.push({ name: metadata.name, reports });
  }
  return past;
}

function viewOf({ algorithmName, algorithmSettings = [] }: AlgorithmSpec, replay: Replay): ReplayView {
  const { best } = replay;
  const stops = replay.trials.flatMap(stopOf);
  return {
    rule: algorithmName,
    settings: Object.fromEntries(algorithmSettings.map(({ name, value }) => [name, value])),
    trials: replay.trials.length,
    stopped: stops.length,
    reports: replay.reports,
    reportsSaved: replay.reportsSaved,
    secondsSaved: replay.msSaved / 1_000,
    best: best && {
      trial: best.name,
      value: numberOrNull(best.value),
      stoppedAtStep: best.decision?.step ?? null,
    },
    isBestLost: replay.isBestLost,
    bestValue: numberOrNull(replay.bestValue),
    stops,
  };
}

function stopOf({ name, decision, reports, reportsSaved, msSaved, value }: ReplayedTrial): ReplayedStop[] {
  if (!decision) return [];
  const { step, threshold, peers, reason } = decision;
  return [
    {
      trial: name,
      step,
      value: numberOrNull(decision.value),
      threshold,
      peers,
      reason,
      reports,
      reportsSaved,
      secondsSaved: msSaved / 1_000,
      finalValue: numberOrNull(value),
    },
  ];
}

function numberOrNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
