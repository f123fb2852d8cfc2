/** Keeps the learning rates of the two covariance updates below 1 together. */
const LEAST_MEMORY = 1e-8;

/** The constants of a search: they depend on the number of dimensions and on the size of a generation. */
export interface StrategyParameters {
  readonly dimensions: number;
  /** λ, the points of a generation. */
  readonly populationSize: number;
  /** One weight for each rank, best first: the better half sums to 1, the others are negative. */
  readonly weights: Float64Array;
  /** The variance effective selection mass: as many points as carry the mean. */
  readonly muEff: number;
  /** Learning rate of the rank-one update. */
  readonly c1: number;
  /** Learning rate of the rank-μ update. */
  readonly cMu: number;
  /** How fast the path of the covariance forgets. */
  readonly cC: number;
  /** How fast the path of the step size forgets. */
  readonly cSigma: number;
  /** Damping of the step size. */
  readonly dSigma: number;
  /** E‖N(0, I)‖. */
  readonly expectedNorm: number;
}

/** λ where nobody sets it: 4 + ⌊3 ln n⌋, equation 48. */
export function defaultPopulationSize(dimensions: number): number {
  return 4 + Math.floor(3 * Math.log(Math.max(1, dimensions)));
}

/**
 * The defaults of N. Hansen, "The CMA evolution strategy: a tutorial" (2016, arXiv 1604.00772), table 1, equations 49 to 58. With a diagonal
 * covariance there is less to learn, and it is learnt (n + 2)/3 times as fast: R. Ros, N. Hansen, "A simple modification in CMA-ES achieving linear time and
 * space complexity", PPSN 2008. `dimensions` and `populationSize` are at least 1 and 2.
 */
export function strategyParameters(
  dimensions: number,
  populationSize: number,
  isSeparable: boolean,
): StrategyParameters {
  const n = dimensions;
  const raw = Float64Array.from(
    { length: populationSize },
    (_, rank) => Math.log((populationSize + 1) / 2) - Math.log(rank + 1),
  );
  const muEff = effectiveMass(raw.filter((weight) => weight > 0));
  const faster = isSeparable ? (n + 2) / 3 : 1;
  const c1 = Math.min(1 - LEAST_MEMORY, (faster * 2) / ((n + 1.3) ** 2 + muEff));
  const cMu = Math.min(
    1 - c1 - LEAST_MEMORY,
    (faster * 2 * (muEff - 2 + 1 / muEff)) / ((n + 2) ** 2 + muEff),
  );
  const cSigma = (muEff + 2) / (n + muEff + 5);
  return {
    dimensions,
    populationSize,
    weights: scaledWeights(raw, negativeSum(raw, { n, muEff, c1, cMu })),
    muEff,
    c1,
    cMu,
    cC: isSeparable ? 4 / (n + 4) : (4 + muEff / n) / (n + 4 + (2 * muEff) / n),
    cSigma,
    dSigma: 1 + 2 * Math.max(0, Math.sqrt((muEff - 1) / (n + 1)) - 1) + cSigma,
    expectedNorm: Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n)),
  };
}

/** (Σ w)² / Σ w². */
function effectiveMass(weights: Float64Array): number {
  const sum = total(weights);
  return (sum * sum) / total(weights.map((weight) => weight * weight));
}

/** What the negative weights sum to, at most: equations 50 to 52. The covariance stays positive definite. */
function negativeSum(
  raw: Float64Array,
  { n, muEff, c1, cMu }: { n: number; muEff: number; c1: number; cMu: number },
): number {
  const muEffOfWorse = effectiveMass(raw.filter((weight) => weight < 0));
  const bySelection = 1 + (2 * muEffOfWorse) / (muEff + 2);
  return cMu > 0 ? Math.min(1 + c1 / cMu, bySelection, (1 - c1 - cMu) / (n * cMu)) : bySelection;
}

/** Equation 53. */
function scaledWeights(raw: Float64Array, negative: number): Float64Array {
  const better = total(raw.filter((weight) => weight > 0));
  const worse = -total(raw.filter((weight) => weight < 0));
  return raw.map((weight) => (weight >= 0 ? weight / better : (weight * negative) / worse));
}

function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
