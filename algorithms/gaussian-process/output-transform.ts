/** Values of the objective on the scale on which they are modelled: their mean is 0, their variance 1. */
export interface TransformedOutput {
  values: Float64Array;
  /** Σ ln |d transformed / d value|: what densities on the two scales differ by. */
  logJacobian: number;
}

/** Plainly shifted and scaled. Values that are all equal become 0. */
export function standardized(y: Float64Array): TransformedOutput {
  const { mean, deviation } = momentsOf(y);
  return {
    values: y.map((value) => (value - mean) / deviation),
    logJacobian: -y.length * Math.log(deviation),
  };
}

/**
 * Raised to the power that makes them most like a normal distribution, so that a few very bad values do not hide the
 * differences between the good ones: Box and Cox's where all are positive, Yeo and Johnson's otherwise.
 *
 * G. Box and D. Cox, "An analysis of transformations" (1964); I.-K. Yeo and R. Johnson, "A new family of power transformations to
 * improve normality or symmetry" (2000).
 */
export function powerTransformed(y: Float64Array): TransformedOutput {
  const { deviation: scale } = momentsOf(y);
  const z = y.map((value) => value / scale);
  const power = z.every((value) => value > 0) ? boxCox : yeoJohnson;
  const lambda = minimize((at) => negativeLogLikelihood(z, power, at), -2, 2);
  const raised = z.map((value) => power.at(value, lambda));
  const { mean, deviation } = momentsOf(raised);
  // Powers of numbers next to 0 can be beyond all numbers.
  if (!Number.isFinite(mean)) return standardized(y);
  const slopes = z.reduce((sum, value) => sum + power.logSlope(value, lambda), 0);
  return {
    values: raised.map((value) => (value - mean) / deviation),
    logJacobian: slopes - y.length * (Math.log(deviation) + Math.log(scale)),
  };
}

interface PowerFamily {
  at: (value: number, lambda: number) => number;
  /** ln of the derivative by the value. */
  logSlope: (value: number, lambda: number) => number;
}

function raise(base: number, lambda: number): number {
  return Math.abs(lambda) < 1e-9 ? Math.log(base) : (base ** lambda - 1) / lambda;
}

const boxCox: PowerFamily = {
  at: raise,
  logSlope: (value, lambda) => (lambda - 1) * Math.log(value),
};

const yeoJohnson: PowerFamily = {
  at: (value, lambda) => (value >= 0 ? raise(value + 1, lambda) : -raise(1 - value, 2 - lambda)),
  logSlope: (value, lambda) =>
    value >= 0 ? (lambda - 1) * Math.log1p(value) : (1 - lambda) * Math.log1p(-value),
};

/** Up to a constant, for normally distributed transformed values. */
function negativeLogLikelihood(z: Float64Array, power: PowerFamily, lambda: number): number {
  const { mean, deviation } = momentsOf(z.map((value) => power.at(value, lambda)));
  if (!Number.isFinite(mean)) return Infinity;
  const slopes = z.reduce((sum, value) => sum + power.logSlope(value, lambda), 0);
  return z.length * Math.log(deviation) - slopes;
}

/** Values whose spread is less than this share of their size differ by rounding. */
const LEAST_SPREAD = 1e-12;

/** The mean, and the standard deviation, which is 1 where all values are equal. */
function momentsOf(values: Float64Array): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / values.length);
  const size = values.reduce((most, value) => Math.max(most, Math.abs(value)), Number.MIN_VALUE);
  return { mean, deviation: deviation > LEAST_SPREAD * size ? deviation : 1 };
}

const GOLDEN = (Math.sqrt(5) - 1) / 2;
const SECTIONS = 40;

/** Golden-section search for a minimum between two places. */
function minimize(f: (x: number) => number, from: number, to: number): number {
  let [low, high] = [from, to];
  let [left, right] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
  let [atLeft, atRight] = [f(left), f(right)];
  for (let section = 0; section < SECTIONS; section++) {
    if (atLeft < atRight) {
      [high, right, atRight] = [right, left, atLeft];
      left = high - GOLDEN * (high - low);
      atLeft = f(left);
    } else {
      [low, left, atLeft] = [left, right, atRight];
      right = low + GOLDEN * (high - low);
      atRight = f(right);
    }
  }
  return (low + high) / 2;
}
