import type { RandomStream } from '../../../core/random.ts';
import type { RegressionData } from './regression-data.ts';
import { growTree, type RegressionTree } from './regression-tree.ts';

export interface ForestSize {
  readonly trees: number;
  /** A tree learns from so many draws at most, however many trials there are. */
  readonly mostDraws: number;
}

/**
 * Trees that each learn from trials drawn with replacement, as many as there are or `mostDraws`.
 *
 * L. Breiman, "Random forests", Machine Learning 45 (2001).
 */
export function growForest(
  data: RegressionData,
  { trees, mostDraws }: ForestSize,
  random: RandomStream,
): RegressionTree[] {
  const trials = data.values.length;
  return Array.from({ length: trees }, (_, tree) => {
    const stream = random.fork(tree);
    const weights = new Uint32Array(trials);
    for (let draw = Math.min(trials, mostDraws); draw > 0; draw--) {
      const row = stream.integer(trials);
      weights[row] = (weights[row] ?? 0) + 1;
    }
    return growTree(data, weights);
  });
}
