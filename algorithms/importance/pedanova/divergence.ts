/** Trials counted in cells: the good ones, and all with which they are compared, the good ones among them. */
export interface CountedTrials {
  readonly good: Float64Array;
  readonly all: Float64Array;
}

export interface Divergence {
  /** 0 on average where the good trials are good by chance; may be below. */
  readonly value: number;
  /** Of the value, over other good trials that there might have been. */
  readonly variance: number;
}

/**
 * Pearson's divergence Σ p (q/p − 1)² of the good trials' density q from the density p of all, both smoothed by the same
 * kernels, less what it is on average for as many trials taken from all by chance: so that a parameter that does not
 * matter has 0 on average, and not the more the fewer trials there are.
 *
 * For q of m trials drawn from n without replacement, with K(k, i) what trial i has in cell k, the average of
 * (q(k) − p(k))² is (n − m) / (m (n − 1)) · (mean of K(k, i)² − p(k)²). The variance is that of the linear part of the
 * divergence in q, whose slope along K(·, i) is 2 Σ (q(k)/p(k) − 1) K(k, i).
 */
export function divergenceBeyondChance({ good, all }: CountedTrials, masses: Float64Array): Divergence {
  const cells = all.length;
  const [m, n] = [sumOf(good), sumOf(all)];
  const chance = (n - m) / (m * (n - 1));
  const slopes = new Float64Array(cells);
  let value = 0;
  for (let cell = 0; cell < cells; cell++) {
    let q = 0;
    let p = 0;
    let squares = 0;
    for (let from = 0; from < cells; from++) {
      const mass = masses[from * cells + cell] ?? 0;
      const inAll = (all[from] ?? 0) / n;
      q += ((good[from] ?? 0) / m) * mass;
      p += inAll * mass;
      squares += inAll * mass * mass;
    }
    // The good trials are among all: where p is 0, so is q.
    if (!(p > 0)) continue;
    value += ((q - p) * (q - p) - chance * (squares - p * p)) / p;
    for (let from = 0; from < cells; from++)
      slopes[from] = (slopes[from] ?? 0) + 2 * (q / p - 1) * (masses[from * cells + cell] ?? 0);
  }
  return { value, variance: ((1 - m / n) * spreadOf(slopes, good, m)) / Math.max(1, m - 1) };
}

/** The variance of values of which each counts so often, `total` times in all. */
function spreadOf(values: Float64Array, counts: Float64Array, total: number): number {
  const mean = values.reduce((sum, value, at) => sum + value * (counts[at] ?? 0), 0) / total;
  return values.reduce((sum, value, at) => sum + (value - mean) ** 2 * (counts[at] ?? 0), 0) / total;
}

function sumOf(counts: Float64Array): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
