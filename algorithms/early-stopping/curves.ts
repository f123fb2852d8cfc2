import type { CurveReport, Standing, StoppingProblem } from './early-stopper.ts';
import { scoreOf } from './score.ts';

/** What is known of one trial's curve. All scores: less is better, Infinity is no result. */
export interface Curve {
  /** Reports so far. */
  reports: number;
  /** Steps so far: a report at a step that was there already does not count. */
  steps: number;
  /** The last step. */
  step: number;
  /** The last value. */
  latest: number;
  /** The best value. */
  best: number;
  /** The worst value that is a number; Infinity where none is. */
  worst: number;
  /** Mean of all values that are numbers; Infinity where none is. Never better than `best`. */
  mean: number;
  /** How many of the values are numbers. */
  numbers: number;
}

/** The curves of an experiment's trials, in constant space for each. */
export class Curves {
  readonly #problem: StoppingProblem;
  readonly #curves = new Map<string, Curve>();

  constructor(problem: StoppingProblem) {
    this.#problem = problem;
  }

  /**
   * Takes in a report; the curve with it, or null where the step is not a new one. A training may report several times
   * within a step, and then the first report is what trials are compared by: no other is sure to be there in each.
   */
  take({ trial, step, value }: CurveReport): Curve | null {
    const curve = this.#curves.get(trial) ?? newCurve();
    this.#curves.set(trial, curve);
    curve.reports++;
    addScore(curve, scoreOf(this.#problem.direction, value));
    const at = step ?? curve.reports;
    if (at <= curve.step) return null;
    curve.step = at;
    curve.steps++;
    return curve;
  }

  forget(trial: string): void {
    this.#curves.delete(trial);
  }

  /** The score that stands for the trial. */
  standing(curve: Curve): number {
    return standingOf(curve, this.#problem.standing);
  }
}

function newCurve(): Curve {
  return {
    reports: 0,
    steps: 0,
    step: -Infinity,
    latest: Infinity,
    best: Infinity,
    worst: Infinity,
    mean: Infinity,
    numbers: 0,
  };
}

function addScore(curve: Curve, score: number): void {
  curve.latest = score;
  if (score === Infinity) return;
  curve.numbers++;
  const isFirst = curve.numbers === 1;
  curve.best = Math.min(curve.best, score);
  curve.worst = isFirst ? score : Math.max(curve.worst, score);
  const mean = isFirst ? score : curve.mean + (score - curve.mean) / curve.numbers;
  // Rounding must not make a trial worse than the mean of trials that are no better.
  curve.mean = Math.max(mean, curve.best);
}

function standingOf({ best, worst, latest }: Curve, standing: Standing): number {
  switch (standing) {
    case 'best':
      return best;
    case 'worst':
      return worst;
    case 'latest':
      return latest;
  }
}
