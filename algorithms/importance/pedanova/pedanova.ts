import type { Axis } from '../../axes.ts';
import type { ImportanceEvaluator, ImportanceSettings } from '../importance.ts';
import { emptyReport, generalNotes, sharesOf, whyNothing, type AxisScore } from '../report.ts';
import { trialResults } from '../trial-results.ts';
import { cellsOf } from './cells.ts';
import { divergenceBeyondChance, type Divergence } from './divergence.ts';
import { kernelMasses, scottBandwidth, separateMasses } from './smoothing.ts';

/** Fewer good trials than this have no density to speak of. */
const LEAST_GOOD = 5;
/** Of anything between 0 and 1. */
const MOST_DEVIATION = 0.5;
/** Divergences below this are rounding. */
const NEGLIGIBLE = 1e-9;

/**
 * A parameter matters where the best trials have other values than all trials: the variance of the indicator "among the
 * best" that it explains is (γ'/γ)² times Pearson's divergence of its density among the best γ' of the trials from that
 * among the best γ. Only the order of the results counts. Both densities are smoothed alike, with the bandwidth of the best
 * trials, so that their quotient is bounded and no prior is needed; what chance would bring is taken off.
 *
 * S. Watanabe, A. Bansal, F. Hutter, "PED-ANOVA: efficiently quantifying hyperparameter importance in arbitrary subspaces",
 * IJCAI 2023, equation 16 (theorem 1).
 */
export const pedAnova: ImportanceEvaluator = {
  name: 'pedanova',
  summary: 'PED-ANOVA: what the best trials have in common. The default.',
  meaning:
    'A share is the part of what sets the best trials apart from all that lies in the values of this parameter.',
  settings: ['target', 'region'],
  isQuick: true,
  evaluate(problem, history, settings) {
    const results = trialResults(problem, history);
    const nothing = (why: string): ReturnType<typeof emptyReport> => emptyReport(pedAnova.name, results, why);
    const why = whyNothing(results);
    if (why !== null) return nothing(why);
    const { good, all } = split(results.losses, settings);
    if (good.count === all.count)
      return nothing(
        `The best ${all.count} results are equal: no trial is better than those it is compared with.`,
      );
    const found = results.axes.map((axis, number) => {
      const column = results.columns[number] ?? new Float64Array(0);
      return divergence(axis, column, results.losses, { good: good.worst, all: all.worst });
    });
    if (found.every(({ value }) => value === 0))
      return nothing(
        'The best trials have the same values as all others: no parameter stands out from chance.',
      );
    return {
      evaluator: pedAnova.name,
      trials: results.losses.length,
      compared: { good: good.count, all: all.count },
      importances: sharesOf(results, scoresOf(found)),
      explained: null,
      interactions: [],
      notes: [...tieNotes(good, results.losses.length), ...generalNotes(results)],
    };
  },
};

/** The trials whose loss is no greater than `worst`. */
interface BestTrials {
  /** So many were wanted. */
  readonly wanted: number;
  /** So many there are: equal results are all in or all out. */
  readonly count: number;
  readonly worst: number;
}

function split(
  losses: Float64Array,
  { target, region }: ImportanceSettings,
): { good: BestTrials; all: BestTrials } {
  const sorted = losses.slice().sort();
  const best = (wanted: number): BestTrials => {
    const worst = sorted[wanted - 1] ?? 0;
    let count = wanted;
    while (count < sorted.length && sorted[count] === worst) count++;
    return { wanted, count, worst };
  };
  const compared = Math.max(2 * LEAST_GOOD, Math.ceil(region * losses.length));
  return { good: best(Math.max(LEAST_GOOD, Math.ceil(target * losses.length))), all: best(compared) };
}

function divergence(
  axis: Axis,
  column: Float64Array,
  losses: Float64Array,
  worst: { good: number; all: number },
): Divergence {
  const cells = cellsOf(axis);
  const [good, all] = [new Float64Array(cells.count), new Float64Array(cells.count)];
  for (let row = 0; row < losses.length; row++) {
    const loss = losses[row] ?? 0;
    if (loss > worst.all) continue;
    const cell = cells.indexOf(column[row] ?? 0);
    all[cell] = (all[cell] ?? 0) + 1;
    if (loss <= worst.good) good[cell] = (good[cell] ?? 0) + 1;
  }
  const masses =
    axis.kind === 'category' ? separateMasses(cells.count) : kernelMasses(cells, scottBandwidth(cells, good));
  const found = divergenceBeyondChance({ good, all }, masses);
  return found.value > NEGLIGIBLE ? found : { ...found, value: 0 };
}

/** The deviations of v/Σv to first order, as if the divergences of two parameters did not depend on each other. */
function scoresOf(found: readonly Divergence[]): AxisScore[] {
  const total = found.reduce((sum, { value }) => sum + value, 0);
  const variances = found.reduce((sum, { variance }) => sum + variance, 0);
  return found.map(({ value, variance }) => {
    const share = value / total;
    const others = Math.max(0, variances - variance);
    const spread = (1 - share) ** 2 * variance + share ** 2 * others;
    return { score: value, deviation: Math.min(MOST_DEVIATION, Math.sqrt(spread) / total) };
  });
}

function tieNotes({ wanted, count }: BestTrials, trials: number): string[] {
  if (count <= wanted) return [];
  return [`${count} of ${trials} trials count as good, not ${wanted}: their results are equal or better.`];
}
