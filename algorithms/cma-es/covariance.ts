import { eigendecomposition } from './eigendecomposition.ts';

/** An axis of a distribution that is narrower than this share of the widest one is taken for that wide. */
const NARROWEST = 1e-9;

/** One term of an update: weight · step stepᵀ. */
export interface RankOne {
  weight: number;
  step: Float64Array;
}

/** C, a symmetric positive definite n × n matrix that never changes: an update makes another one, of the same kind. */
export interface Covariance {
  /** All elements, row by row; of a diagonal matrix those of the diagonal. */
  readonly elements: Float64Array;
  /** The diagonal. */
  readonly variances: Float64Array;
  /** The greatest eigenvalue over the least. */
  readonly condition: number;
  /** ln det C. */
  readonly logDeterminant: number;
  /** Of a vector with covariance I one with covariance C: B D z, equation 39. */
  coloured(z: Float64Array): Float64Array;
  /** C^(−1/2) y. */
  whitened(y: Float64Array): Float64Array;
  /** ‖C^(−1/2) y‖². */
  squaredLength(y: Float64Array): number;
  /** factor · C + the sum of the terms. */
  updated(factor: number, terms: readonly RankOne[]): Covariance;
  /** With the elements of C replaced, at the same places. */
  withElements(of: (element: number, at: number) => number): Covariance;
  /** C^(−1/2) M C^(−1/2) for a symmetric M, given and returned as `elements`. */
  whitenedBothSides(elements: Float64Array): Float64Array;
}

/** The unit matrix: a whole one, or its diagonal only, which costs n instead of n² and knows of no dependence. */
export function unitCovariance(n: number, isSeparable: boolean): Covariance {
  if (isSeparable) return diagonalCovariance(new Float64Array(n).fill(1));
  const matrix = new Float64Array(n * n);
  for (let k = 0; k < n; k++) matrix[k * n + k] = 1;
  return fullCovariance(matrix, n);
}

function diagonalCovariance(variances: Float64Array): Covariance {
  const deviations = variances.map(Math.sqrt);
  return {
    elements: variances,
    variances,
    get condition() {
      return greatest(variances) / -greatest(variances.map((variance) => -variance));
    },
    get logDeterminant() {
      return variances.reduce((sum, variance) => sum + Math.log(variance), 0);
    },
    coloured: (z) => z.map((value, k) => value * (deviations[k] as number)),
    whitened: (y) => y.map((value, k) => value / (deviations[k] as number)),
    squaredLength: (y) => y.reduce((sum, value, k) => sum + (value * value) / (variances[k] as number), 0),
    updated(factor, terms) {
      const updated = variances.map((variance) => factor * variance);
      for (const { weight, step } of terms) {
        for (let k = 0; k < updated.length; k++)
          updated[k] = (updated[k] as number) + weight * (step[k] as number) ** 2;
      }
      return diagonalCovariance(positive(updated));
    },
    withElements: (of) => diagonalCovariance(positive(variances.map(of))),
    whitenedBothSides: (elements) => elements.map((element, k) => element / (variances[k] as number)),
  };
}

function positive(variances: Float64Array): Float64Array {
  const least = greatest(variances) * NARROWEST ** 2;
  return variances.map((variance) => Math.max(variance, least));
}

/** Decomposed when that is first needed. */
function fullCovariance(matrix: Float64Array, n: number): Covariance {
  let known: Roots | undefined;
  const roots = (): Roots => (known ??= rootsOf(matrix, n));
  return {
    elements: matrix,
    variances: Float64Array.from({ length: n }, (_, k) => matrix[k * n + k] as number),
    get condition() {
      const { deviations } = roots();
      return (greatest(deviations) / -greatest(deviations.map((deviation) => -deviation))) ** 2;
    },
    get logDeterminant() {
      return roots().deviations.reduce((sum, deviation) => sum + 2 * Math.log(deviation), 0);
    },
    coloured(z) {
      const { vectors, deviations } = roots();
      return times(
        vectors,
        z.map((value, k) => value * (deviations[k] as number)),
      );
    },
    whitened(y) {
      const { vectors, deviations } = roots();
      return times(
        vectors,
        transposedTimes(vectors, y).map((value, k) => value / (deviations[k] as number)),
      );
    },
    squaredLength(y) {
      const { vectors, deviations } = roots();
      return transposedTimes(vectors, y).reduce(
        (sum, value, k) => sum + (value / (deviations[k] as number)) ** 2,
        0,
      );
    },
    updated: (factor, terms) => fullCovariance(updatedMatrix(matrix, n, factor, terms), n),
    withElements: (of) => fullCovariance(matrix.map(of), n),
    whitenedBothSides(elements) {
      const whitening = inverseRootOf(roots(), n);
      // Both matrices are their own transposes.
      return productWithTransposed(productWithTransposed(whitening, elements, n), whitening, n);
    },
  };
}

interface Roots {
  /** B, eigenvectors as columns. */
  vectors: Float64Array;
  /** The diagonal of D. */
  deviations: Float64Array;
}

function rootsOf(matrix: Float64Array, n: number): Roots {
  const { values, vectors } = eigendecomposition(matrix, n);
  const least = greatest(values) * NARROWEST ** 2;
  return { vectors, deviations: values.map((value) => Math.sqrt(Math.max(value, least))) };
}

/** C^(−1/2) = B D⁻¹ Bᵀ. */
function inverseRootOf({ vectors, deviations }: Roots, n: number): Float64Array {
  const scaled = vectors.map((element, at) => element / (deviations[at % n] as number));
  return productWithTransposed(scaled, vectors, n);
}

/** Computes one half and mirrors it, so that the matrix stays symmetric to the last bit. */
function updatedMatrix(
  matrix: Float64Array,
  n: number,
  factor: number,
  terms: readonly RankOne[],
): Float64Array {
  const updated = matrix.map((element) => factor * element);
  for (const { weight, step } of terms) {
    for (let row = 0; row < n; row++) {
      const scaled = weight * (step[row] as number);
      const start = row * n;
      for (let column = 0; column <= row; column++)
        updated[start + column] = (updated[start + column] as number) + scaled * (step[column] as number);
    }
  }
  for (let row = 0; row < n; row++)
    for (let column = 0; column < row; column++)
      updated[column * n + row] = updated[row * n + column] as number;
  return updated;
}

/** M x. */
function times(matrix: Float64Array, x: Float64Array): Float64Array {
  const n = x.length;
  const result = new Float64Array(n);
  for (let row = 0; row < n; row++) {
    let sum = 0;
    for (let column = 0; column < n; column++)
      sum += (matrix[row * n + column] as number) * (x[column] as number);
    result[row] = sum;
  }
  return result;
}

/** Mᵀ x. */
function transposedTimes(matrix: Float64Array, x: Float64Array): Float64Array {
  const n = x.length;
  const result = new Float64Array(n);
  for (let row = 0; row < n; row++) {
    const scale = x[row] as number;
    for (let column = 0; column < n; column++)
      result[column] = (result[column] as number) + scale * (matrix[row * n + column] as number);
  }
  return result;
}

/** L Rᵀ. */
function productWithTransposed(left: Float64Array, right: Float64Array, n: number): Float64Array {
  const product = new Float64Array(n * n);
  for (let row = 0; row < n; row++) {
    for (let column = 0; column < n; column++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += (left[row * n + k] as number) * (right[column * n + k] as number);
      product[row * n + column] = sum;
    }
  }
  return product;
}

function greatest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, value), -Infinity);
}
