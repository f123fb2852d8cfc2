/** With fewer pairs than this nothing is known of the slope. */
const LEAST_PAIRS = 5;
/** Who was better before stays better, if by little. */
const LEAST_SLOPE = 0.2;

export interface Line {
  at(x: number): number;
}

/**
 * The line through pairs of numbers with the least squared deviations, its slope kept from 0.2 to 1: differences at a rung are
 * smaller at the next, but do not turn round. Above the greatest x it goes on with slope 1, since nothing says that what is worse
 * than all pairs catches up with them. Without pairs, y = x.
 */
export function leastSquares(pairs: readonly (readonly [x: number, y: number])[]): Line {
  if (pairs.length === 0) return { at: (x) => x };
  const mean = (of: (pair: readonly [number, number]) => number): number =>
    pairs.reduce((sum, pair) => sum + of(pair), 0) / pairs.length;
  const [meanX, meanY] = [mean(([x]) => x), mean(([, y]) => y)];
  const variance = mean(([x]) => (x - meanX) ** 2);
  const covariance = mean(([x, y]) => (x - meanX) * (y - meanY));
  const isKnown = pairs.length >= LEAST_PAIRS && variance > 0;
  const slope = isKnown ? Math.min(1, Math.max(LEAST_SLOPE, covariance / variance)) : 1;
  const greatest = Math.max(...pairs.map(([x]) => x));
  return {
    at(x) {
      const inside = Math.min(x, greatest);
      return meanY + slope * (inside - meanX) + (x - inside);
    },
  };
}
