import type { Settings, SettingSpec } from '../search-algorithm.ts';
import { Curves, type Curve } from './curves.ts';
import type { CurveReport, StoppingDecision, StoppingProblem, StoppingRule } from './early-stopper.ts';
import { PeerScores } from './peer-scores.ts';
import { valueOf } from './score.ts';
import { requiredNumber } from './stopping-settings.ts';

/** How a rule compares a trial with the others at the same step. */
export interface StepComparison {
  readonly rule: string;
  /** What of the others counts. */
  readonly peerScore: (curve: Curve, standing: number) => number;
  /** The share of the others, from the best on, whose score is the threshold. */
  readonly share: number;
  /** What the threshold is, in words, of so many others. */
  readonly describe: (peers: string) => string;
  readonly minTrials: SettingSpec;
  readonly startStep: SettingSpec;
}

/**
 * Stops a trial that is strictly worse than a quantile of the other trials at the same step. Others are all trials that
 * reported at that step, whatever has become of them. Checked at every step from the start step on.
 */
export function compareAtSteps(
  problem: StoppingProblem,
  settings: Settings,
  comparison: StepComparison,
): StoppingRule {
  const curves = new Curves(problem);
  const others = new PeerScores();
  const minTrials = requiredNumber(settings, comparison.minTrials);
  const startStep = requiredNumber(settings, comparison.startStep);
  return {
    report(report: CurveReport): StoppingDecision | null {
      const curve = curves.take(report);
      if (!curve || curve.steps < startStep) return null;
      const standing = curves.standing(curve);
      const values = others.at(curve.step);
      const peers = values.size;
      const threshold = peers < minTrials ? null : values.quantile(comparison.share);
      others.add(report.trial, curve.step, comparison.peerScore(curve, standing));
      return decide(problem, comparison, { step: curve.step, standing, threshold, peers });
    },
    forget(trial) {
      curves.forget(trial);
      others.forget(trial);
    },
  };
}

interface Compared {
  step: number;
  standing: number;
  /** Null where there are too few others. */
  threshold: number | null;
  peers: number;
}

function decide(
  { metric, direction }: StoppingProblem,
  { rule, describe }: StepComparison,
  { step, standing, threshold, peers }: Compared,
): StoppingDecision {
  // A trial without a single number is stopped even where the others are no better.
  const stop = threshold !== null && (standing > threshold || standing === Infinity);
  const value = valueOf(direction, standing);
  const limit = threshold === null || threshold === Infinity ? null : valueOf(direction, threshold);
  const others = `${peers} other ${peers === 1 ? 'trial' : 'trials'}`;
  return {
    stop,
    rule,
    step,
    value,
    threshold: limit,
    peers,
    reason: stop ? reasonOf(metric, value, limit, describe(others)) : '',
  };
}

function reasonOf(metric: string, value: number, threshold: number | null, what: string): string {
  if (Number.isNaN(value)) return `${metric} has not been a number.`;
  return `${metric} ${value} is worse than ${threshold ?? 'nothing'}, ${what}.`;
}
