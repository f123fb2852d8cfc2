import type { Importance, ImportanceReport } from './importance.ts';
import { compareNames, type TrialResults } from './trial-results.ts';

/** With fewer trials than this, whatever looks important may be chance. */
const LEAST_TRIALS = 10;
/** So many trials for each parameter, and in all, let the shares settle. */
const ENOUGH_PER_PARAMETER = 10;
const ENOUGH_IN_ALL = 30;

/** Why nothing can be said, as a sentence; null where something can. */
export function whyNothing({ axes, losses }: TrialResults): string | null {
  if (axes.length === 0) return 'No parameter takes more than one value: there is nothing to compare.';
  if (losses.length < LEAST_TRIALS)
    return `${counted(losses.length, 'trial has', 'trials have')} a result, and at least ${LEAST_TRIALS} are needed.`;
  const isConstant = losses.every((loss) => loss === losses[0]);
  return isConstant ? 'All results are equal: nothing makes them better or worse.' : null;
}

/** A report without shares. */
export function emptyReport(evaluator: string, results: TrialResults, why: string): ImportanceReport {
  return {
    evaluator,
    trials: results.losses.length,
    compared: null,
    importances: [],
    explained: null,
    interactions: [],
    notes: [why, ...leftOutNotes(results)],
  };
}

/** A score of an axis; its deviation is that of the share which the score becomes. */
export interface AxisScore {
  readonly score: number;
  readonly deviation: number;
}

/** Shares of scores, one for each axis and at least one of them above 0; parameters with a single value have none. */
export function sharesOf({ axes, fixed }: TrialResults, scores: readonly AxisScore[]): Importance[] {
  const total = scores.reduce((sum, { score }) => sum + score, 0);
  const shares = axes.map(({ parameter }, axis) => {
    const { score, deviation } = scores[axis] ?? { score: 0, deviation: 0 };
    return { parameter: parameter.name, share: score / total, deviation };
  });
  return [...shares, ...fixed.map((parameter) => ({ parameter, share: 0, deviation: 0 }))].sort(
    (left, right) => right.share - left.share || compareNames(left.parameter, right.parameter),
  );
}

/** What to be careful of, whatever the evaluator. */
export function generalNotes(results: TrialResults): string[] {
  const { axes, fixed, losses } = results;
  const enough = Math.max(ENOUGH_IN_ALL, ENOUGH_PER_PARAMETER * axes.length);
  const few = `${losses.length} trials are few for ${counted(axes.length, 'parameter')}: the shares are rough until there are some ${enough}.`;
  return [
    ...(losses.length < enough ? [few] : []),
    ...(fixed.length > 0
      ? [`${fixed.join(', ')} ${fixed.length === 1 ? 'takes' : 'take'} a single value and cannot matter.`]
      : []),
    ...leftOutNotes(results),
  ];
}

function leftOutNotes({ earlyStopped, withoutResult }: TrialResults): string[] {
  return [
    ...(withoutResult > 0
      ? [
          `${counted(withoutResult, 'trial')} without a result ${withoutResult === 1 ? 'is' : 'are'} left out.`,
        ]
      : []),
    ...(earlyStopped > 0
      ? [
          `${counted(earlyStopped, 'trial')} that ${earlyStopped === 1 ? 'was' : 'were'} stopped early ${earlyStopped === 1 ? 'counts' : 'count'} with the result at that time.`,
        ]
      : []),
  ];
}

/** `1 trial`, `2 trials`. */
function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
