import { randomStream } from '../../core/random.ts';
import { wholeNumberSetting } from '../settings.ts';
import { Curves } from './curves.ts';
import type { EarlyStopper, StoppingDecision, StoppingProblem } from './early-stopper.ts';
import { PeerScores } from './peer-scores.ts';
import { valueOf } from './score.ts';
import type { SortedValues } from './sorted-values.ts';
import { numberIn, requiredNumber } from './stopping-settings.ts';

const MOST_BRACKETS = 10;

const ETA = wholeNumberSetting({
  name: 'eta',
  description: 'At each rung the best of so many trials goes on, and the next rung is so many times as far.',
  defaultValue: '3',
  least: 2,
});
const MIN_RESOURCE = wholeNumberSetting({
  name: 'min_resource',
  description: 'The step of the first rung, as the training counts its steps.',
  defaultValue: '1',
  least: 1,
});
const MAX_RESOURCE = wholeNumberSetting({
  name: 'max_resource',
  description: 'The step at which a training ends; from there on nothing is decided. Absent: at any step.',
  defaultValue: null,
  least: 1,
});
const BRACKETS = wholeNumberSetting({
  name: 'brackets',
  description:
    'Groups of trials that are compared among themselves, each with its first rung eta times later than the one before and 1/eta of its trials: with 2, trials that start slowly have a chance.',
  defaultValue: '1',
  least: 1,
});

/**
 * Asynchronous successive halving, the stopping variant: at the rungs `min_resource · eta^k` a trial goes on where it is
 * among the best ⌊n/eta⌋, at least 1, of the n trials that have come there so far, itself included. A trial whose
 * reports skip rungs counts at the last one that it has passed.
 *
 * L. Li et al., "A System for Massively Parallel Hyperparameter Tuning" (2020), with the stopping of Syne Tune's and
 * Optuna's implementations; brackets as in L. Li et al., "Hyperband" (2018).
 */
export const asha: EarlyStopper = {
  name: 'asha',
  summary: 'Asynchronous successive halving: at steps further and further apart only the best 1/eta go on.',
  settings: [ETA, MIN_RESOURCE, MAX_RESOURCE, BRACKETS],
  problems(settings) {
    const brackets = requiredNumber(settings, BRACKETS);
    const first = requiredNumber(settings, MIN_RESOURCE) * requiredNumber(settings, ETA) ** (brackets - 1);
    const max = numberIn(settings, MAX_RESOURCE) ?? Infinity;
    if (brackets > MOST_BRACKETS) return [`brackets is ${brackets}; more than ${MOST_BRACKETS} have no use.`];
    if (max > first) return [];
    return [
      `max_resource is ${max}, which is not beyond the first rung of the last bracket, ${first}: nothing would be decided there.`,
    ];
  },
  create(problem, settings) {
    const curves = new Curves(problem);
    const eta = requiredNumber(settings, ETA);
    const min = requiredNumber(settings, MIN_RESOURCE);
    const max = numberIn(settings, MAX_RESOURCE) ?? Infinity;
    const brackets = Array.from({ length: requiredNumber(settings, BRACKETS) }, () => new PeerScores());
    const climbs = new Map<string, Climb>();
    const climbOf = (trial: string): Climb => {
      const climb = climbs.get(trial) ?? { bracket: bracketOf(trial, brackets.length, eta), rung: 0 };
      climbs.set(trial, climb);
      return climb;
    };
    return {
      report(report) {
        const { trial } = report;
        const curve = curves.take(report);
        if (!curve || curve.step >= max) return null;
        const climb = climbOf(trial);
        const rung = rungAt(curve.step, min * eta ** climb.bracket, eta);
        if (rung === null || rung <= climb.rung) return null;
        climb.rung = rung;
        const scores = brackets[climb.bracket] ?? new PeerScores();
        const standing = curves.standing(curve);
        scores.add(trial, rung, standing);
        return decide(problem, eta, { step: curve.step, rung, standing, scores: scores.at(rung) });
      },
      forget(trial) {
        curves.forget(trial);
        brackets[climbOf(trial).bracket]?.forget(trial);
        climbs.delete(trial);
      },
    };
  },
};

/** Where a trial is. */
interface Climb {
  readonly bracket: number;
  /** The step of the last rung that it has come to; 0 before the first. */
  rung: number;
}

/** The last rung that the step has passed; null before the first. */
function rungAt(step: number, first: number, eta: number): number | null {
  if (step < first) return null;
  let rung = first;
  while (rung * eta <= step) rung *= eta;
  return rung;
}

/** Which bracket the trial belongs to, by its name alone: the same in any process. */
function bracketOf(trial: string, brackets: number, eta: number): number {
  if (brackets === 1) return 0;
  const weights = Array.from({ length: brackets }, (_, bracket) => eta ** -bracket);
  let left = randomStream(`bracket/${trial}`).next() * weights.reduce((sum, weight) => sum + weight, 0);
  return Math.max(
    0,
    weights.findIndex((weight) => (left -= weight) < 0),
  );
}

interface AtRung {
  step: number;
  rung: number;
  standing: number;
  /** Of the trials of the bracket that came to the rung, the trial's own included. */
  scores: SortedValues;
}

function decide(
  { metric, direction }: StoppingProblem,
  eta: number,
  { step, rung, standing, scores: values }: AtRung,
): StoppingDecision {
  const kept = Math.max(1, Math.floor(values.size / eta));
  const threshold = values.at(kept - 1);
  const stop = standing > threshold || standing === Infinity;
  const value = valueOf(direction, standing);
  const limit = threshold === Infinity ? null : valueOf(direction, threshold);
  const why =
    limit === null || Number.isNaN(value)
      ? `${metric} has not been a number.`
      : `${metric} ${value} is worse than ${limit}: not among the best ${kept} of the ${values.size} trials that came to rung ${rung}.`;
  return {
    stop,
    rule: 'asha',
    step,
    value,
    threshold: limit,
    peers: values.size - 1,
    reason: stop ? why : '',
  };
}
