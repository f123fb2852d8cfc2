/*
 * The normal distribution to double accuracy, also far out in the tails, where probabilities underflow and only their
 * logarithms are left.
 */

const SQRT2 = Math.SQRT2;
const SQRT_PI = Math.sqrt(Math.PI);
const LOG_SQRT_2PI = 0.5 * Math.log(2 * Math.PI);
/** Below this the power series of erf has few terms, and above 1 − erfc(x) has all digits. */
const SERIES_LIMIT = 0.5;
/** exp(−x²) is 0 from here on. */
const VANISHED = 28;
/** Below this logarithm exp() begins to lose its last digits to underflow. */
const LOG_SMALLEST = -700;

/** The error function, relative error about 1e-15. */
export function erf(x: number): number {
  if (Math.abs(x) < SERIES_LIMIT) return erfSeries(x);
  return x > 0 ? 1 - erfc(x) : erfc(-x) - 1;
}

/** 1 − erf(x), to a relative error of about 1e-15 as long as the result is a normal number (x < 26.5). */
export function erfc(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x < 0) return 1 + erf(-x);
  if (x < SERIES_LIMIT) return 1 - erfSeries(x);
  return expMinusSquare(x) * scaledErfc(x);
}

/** exp(x²) erfc(x) for x ≥ 0. */
function scaledErfc(x: number): number {
  return x < TABLE_END ? fromTable(x) : 1 / (SQRT_PI * erfcDenominator(x));
}

/** 2/√π · exp(−x²) · Σ 2ⁿ x²ⁿ⁺¹ / (2n+1)!!: all terms have one sign, so that nothing cancels. */
function erfSeries(x: number): number {
  const square = 2 * x * x;
  let term = x;
  let sum = x;
  for (let odd = 3; Math.abs(term) > Math.abs(sum) * 1e-17; odd += 2) {
    term *= square / odd;
    sum += term;
  }
  return (2 / SQRT_PI) * expMinusSquare(x) * sum;
}

/** 1/(√π exp(x²) erfc(x)) for x ≥ 1 by the continued fraction x + (1/2)/(x + (2/2)/(x + (3/2)/(x + …))), evaluated from its end. */
function erfcDenominator(x: number): number {
  if (x === Infinity) return Infinity;
  const depth = 12 + Math.ceil(150 / (x * x));
  let denominator = x;
  for (let k = depth; k > 0; k--) denominator = x + k / 2 / denominator;
  return denominator;
}

const TABLE_STEPS = 16;
const TABLE_END = 6;
/** Coefficients of a polynomial: what is left out is less than rounding. */
const TERMS = 10;
const TABLE = scaledErfcTable();

/** The Taylor polynomials of y(x) = exp(x²) erfc(x) around each step: y⁽ⁿ⁺¹⁾ = 2x y⁽ⁿ⁾ + 2n y⁽ⁿ⁻¹⁾, where y′ = 2x y − 2/√π. */
function scaledErfcTable(): Float64Array {
  const table = new Float64Array((TABLE_END * TABLE_STEPS + 1) * TERMS);
  for (let step = 0; step * TERMS < table.length; step++) {
    const x = step / TABLE_STEPS;
    let before = x < 1.2 ? Math.exp(x * x) * (1 - erfSeries(x)) : 1 / (SQRT_PI * erfcDenominator(x));
    let derivative = 2 * x * before - 2 / SQRT_PI;
    table[step * TERMS] = before;
    for (let n = 1, factorial = 1; n < TERMS; n++, factorial *= n) {
      table[step * TERMS + n] = derivative / factorial;
      [before, derivative] = [derivative, 2 * x * derivative + 2 * n * before];
    }
  }
  return table;
}

function fromTable(x: number): number {
  const step = Math.round(x * TABLE_STEPS);
  const beside = x - step / TABLE_STEPS;
  let value = 0;
  for (let at = (step + 1) * TERMS - 1; at >= step * TERMS; at--)
    value = value * beside + (TABLE[at] as number);
  return value;
}

/** exp(−x²) without the error that rounding x² would bring: the square of the leading 24 bits is exact. */
function expMinusSquare(x: number): number {
  const leading = Math.fround(x);
  // Far out the rest of the bits alone would overflow.
  if (!(Math.abs(leading) < VANISHED)) return 0;
  return Math.exp(-leading * leading) * Math.exp((leading - x) * (leading + x));
}

/** Φ(x), the standard normal's distribution function. */
export function normalCdf(x: number): number {
  return 0.5 * erfc(-x / SQRT2);
}

/** Mills' ratio (1 − Φ(x)) / φ(x) of the standard normal, for x ≥ 0; does not underflow. */
export function millsRatio(x: number): number {
  return (SQRT_PI / SQRT2) * scaledErfc(x / SQRT2);
}

/** ln Φ(x), exact where Φ(x) itself underflows. */
export function logNormalCdf(x: number): number {
  if (x > 0) return Math.log1p(-normalCdf(-x));
  const z = -x / SQRT2;
  return Math.log(0.5 * scaledErfc(z)) - z * z;
}

/** x with ln Φ(x) = `logProbability`; −Infinity and Infinity at the ends of the probabilities. */
export function normalQuantileOfLog(logProbability: number): number {
  if (logProbability > LOG_SMALLEST) return normalQuantile(Math.exp(logProbability));
  if (logProbability === -Infinity) return -Infinity;
  let x = -Math.sqrt(-2 * (logProbability + LOG_SQRT_2PI + 0.5 * Math.log(-2 * logProbability)));
  for (let step = 0; step < 4; step++) {
    const logCdf = logNormalCdf(x);
    // Newton's step: d/dx ln Φ(x) = φ(x)/Φ(x).
    x -= (logCdf - logProbability) * Math.exp(logCdf + 0.5 * x * x + LOG_SQRT_2PI);
  }
  return x;
}

/**
 * The standard normal's inverse distribution function, relative error about 1e-16: algorithm AS 241 (PPND16) of
 * M. J. Wichura, "The percentage points of the normal distribution", Applied Statistics 37 (1988).
 */
export function normalQuantile(probability: number): number {
  const q = probability - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(CENTRE_P, r)) / polynomial(CENTRE_Q, r);
  }
  const tail = q < 0 ? probability : 1 - probability;
  if (!(tail > 0)) return tail === 0 ? Math.sign(q) * Infinity : Number.NaN;
  const r = Math.sqrt(-Math.log(tail));
  const magnitude =
    r <= 5
      ? polynomial(MIDDLE_P, r - 1.6) / polynomial(MIDDLE_Q, r - 1.6)
      : polynomial(TAIL_P, r - 5) / polynomial(TAIL_Q, r - 5);
  return q < 0 ? -magnitude : magnitude;
}

/**
 * The inverse distribution function of the standard normal truncated to [low, high], at `q` in [0, 1]. Never leaves
 * [low, high].
 */
export function truncatedNormalQuantile(q: number, low: number, high: number): number {
  if (low + high > 0) return -truncatedNormalQuantile(1 - q, -high, -low);
  const logLow = logNormalCdf(low);
  const logHigh = logNormalCdf(high);
  // ln(Φ(low) + q (Φ(high) − Φ(low))), with Φ(high), the greater one, taken out.
  const logProbability = logHigh + Math.log(q + (1 - q) * Math.exp(logLow - logHigh));
  return Math.min(high, Math.max(low, normalQuantileOfLog(logProbability)));
}

/** The truncated normal's distribution function at `x` in [low, high]: the inverse of `truncatedNormalQuantile`. */
export function truncatedNormalCdf(x: number, low: number, high: number): number {
  if (low + high > 0) return 1 - truncatedNormalCdf(-x, -high, -low);
  const logHigh = logNormalCdf(high);
  const below = Math.exp(logNormalCdf(low) - logHigh);
  return (Math.exp(logNormalCdf(x) - logHigh) - below) / (1 - below);
}

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduceRight((sum, coefficient) => sum * x + coefficient, 0);
}

const CENTRE_P = [
  3.387132872796366608, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125,
  45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727,
];
const CENTRE_Q = [
  1, 42.313330701600911252, 687.1870074920579083, 5394.1960214247511077, 21213.794301586595867,
  39307.89580009271061, 28729.085735721942674, 5226.495278852854561,
];
const MIDDLE_P = [
  1.42343711074968357734, 4.6303378461565452959, 5.7694972214606914055, 3.64784832476320460504,
  1.27045825245236838258, 0.24178072517745061177, 0.0227238449892691845833, 7.7454501427834140764e-4,
];
const MIDDLE_Q = [
  1, 2.05319162663775882187, 1.6763848301838038494, 0.68976733498510000455, 0.14810397642748007459,
  0.0151986665636164571966, 5.475938084995344946e-4, 1.05075007164441684324e-9,
];
const TAIL_P = [
  6.6579046435011037772, 5.4637849111641143699, 1.7848265399172913358, 0.29656057182850489123,
  0.026532189526576123093, 0.0012426609473880784386, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
];
const TAIL_Q = [
  1, 0.59983220655588793769, 0.13692988092273580531, 0.0148753612908506148525, 7.868691311456132591e-4,
  1.8463183175100546818e-5, 1.4215117583164458887e-7, 2.04426310338993978564e-15,
];
