import { randomStream } from '../../../core/random.ts';
import type { ImportanceEvaluator, Interaction } from '../importance.ts';
import { emptyReport, generalNotes, sharesOf, whyNothing, type AxisScore } from '../report.ts';
import { inOwnOrder, trialResults, type TrialResults } from '../trial-results.ts';
import { growForest } from './forest.ts';
import { mainVariance, marginalsOf, pairVariance, varianceOf, type Marginals } from './marginals.ts';
import { regressionData } from './regression-data.ts';
import type { RegressionTree } from './regression-tree.ts';

const FOREST = { trees: 64, mostDraws: 1_000 };
const SEED = 'fanova';
/** Pairs are looked at among so many of the parameters, those whose splits help the trees most. */
const MOST_PAIRED = 5;
/** … if that is no less than this part of all the help. */
const LEAST_HELP = 0.03;
const MOST_INTERACTIONS = 5;
/** An interaction below this is not worth telling. */
const LEAST_INTERACTION = 0.01;
/** Where the parameters bring less of the variance each by itself, their shares are not the whole story. */
const LITTLE_EXPLAINED = 0.5;

/**
 * A random forest learns the objective over the whole space, and its variance there is split into what each parameter brings by
 * itself (the variance of its marginal), what pairs bring beyond that, and the rest. Space is measured by the parameters'
 * distributions.
 *
 * F. Hutter, H. Hoos, K. Leyton-Brown, "An efficient approach for assessing hyperparameter importance", ICML 2014.
 */
export const fanova: ImportanceEvaluator = {
  name: 'fanova',
  summary:
    'fANOVA: what the objective follows in the whole search space, by a random forest; pairs of parameters as well.',
  meaning:
    'A share is the part of the variance that parameters bring each by itself which is brought by this one.',
  settings: [],
  isQuick: false,
  evaluate(problem, history) {
    const results = inOwnOrder(trialResults(problem, history));
    const nothing = (why: string): ReturnType<typeof emptyReport> => emptyReport(fanova.name, results, why);
    const why = whyNothing(results);
    if (why !== null) return nothing(why);
    const forest = growForest(regressionData(results), FOREST, randomStream(SEED));
    const trees = forest.map(analysed(results.axes.length)).filter(({ variance }) => variance > 0);
    const scores = results.axes.map((_, axis) => scoreOf(trees, axis));
    const explained = scores.reduce((sum, { score }) => sum + score, 0);
    if (!(explained > 0)) return nothing('No parameter by itself makes results better or worse.');
    return {
      evaluator: fanova.name,
      trials: results.losses.length,
      compared: null,
      importances: sharesOf(results, scores),
      explained: Math.min(1, explained),
      interactions: interactionsOf(results, trees),
      notes: [...explainedNotes(explained), ...generalNotes(results)],
    };
  },
};

/** A tree's variance over the space, in all and by each axis alone. */
interface AnalysedTree {
  readonly marginals: Marginals;
  readonly variance: number;
  readonly main: Float64Array;
  /** For each axis, by how much its splits have lessened the squared error. */
  readonly gains: Float64Array;
}

function analysed(axes: number): (tree: RegressionTree) => AnalysedTree {
  return ({ leaves, gains }) => {
    const marginals = marginalsOf(leaves, axes);
    const main = Float64Array.from({ length: axes }, (_, axis) => mainVariance(marginals, axis));
    return { marginals, variance: varianceOf(marginals), main, gains };
  };
}

/** The axis's part of the variance, averaged over the trees, and how its share differs between them. */
function scoreOf(trees: readonly AnalysedTree[], axis: number): AxisScore {
  const shareIn = ({ main }: AnalysedTree): number => {
    const total = main.reduce((sum, effect) => sum + effect, 0);
    return total > 0 ? (main[axis] ?? 0) / total : 0;
  };
  const mean = meanBy(trees, shareIn);
  return {
    score: meanBy(trees, ({ main, variance }) => (main[axis] ?? 0) / variance),
    deviation: Math.sqrt(meanBy(trees, (tree) => (shareIn(tree) - mean) ** 2)),
  };
}

/** What pairs bring beyond their main effects, as the average over the trees of its part of their variance. */
function interactionsOf({ axes }: TrialResults, trees: readonly AnalysedTree[]): Interaction[] {
  const gains = axes.map((_, axis) => meanBy(trees, (tree) => tree.gains[axis] ?? 0));
  const total = gains.reduce((sum, gain) => sum + gain, 0);
  const paired = [...axes.keys()]
    .filter((axis) => (gains[axis] ?? 0) >= LEAST_HELP * total)
    .sort((left, right) => (gains[right] ?? 0) - (gains[left] ?? 0) || left - right)
    .slice(0, MOST_PAIRED)
    .sort((left, right) => left - right);
  const nameOf = (axis: number): string => axes[axis]?.parameter.name ?? '';
  return paired
    .flatMap((first, place) => paired.slice(place + 1).map((second): [number, number] => [first, second]))
    .map(([first, second]): Interaction => {
      const share = meanBy(trees, ({ marginals, variance, main }) => {
        const together = pairVariance(marginals, [first, second]);
        return Math.max(0, together - (main[first] ?? 0) - (main[second] ?? 0)) / variance;
      });
      return { parameters: [nameOf(first), nameOf(second)], share };
    })
    .filter(({ share }) => share >= LEAST_INTERACTION)
    .sort((left, right) => right.share - left.share)
    .slice(0, MOST_INTERACTIONS);
}

function explainedNotes(explained: number): string[] {
  if (explained >= LITTLE_EXPLAINED) return [];
  const percent = Math.round(100 * explained);
  return [
    `The parameters bring ${percent} % of the variance each by itself; the rest lies in what they do together, or is noise.`,
  ];
}

function meanBy(trees: readonly AnalysedTree[], of: (tree: AnalysedTree) => number): number {
  return trees.reduce((sum, tree) => sum + of(tree), 0) / trees.length;
}
