/*
 * Symmetric positive definite matrices as flat arrays, row by row. Factors are lower triangular; what lies above their
 * diagonal is never read.
 */

/** Replaces the lower half of an n × n matrix by its Cholesky factor. False where it is not positive definite. */
export function factorize(matrix: Float64Array, n: number): boolean {
  for (let row = 0; row < n; row++) {
    const at = row * n;
    for (let column = 0; column <= row; column++) {
      const other = column * n;
      let rest = matrix[at + column] as number;
      for (let k = 0; k < column; k++) rest -= (matrix[at + k] as number) * (matrix[other + k] as number);
      if (column < row) matrix[at + column] = rest / (matrix[other + column] as number);
      else {
        if (!(rest > 0)) return false;
        matrix[at + row] = Math.sqrt(rest);
      }
    }
  }
  return true;
}

/** Solves L x = b in place. */
export function solveLower(factor: Float64Array, n: number, b: Float64Array): void {
  for (let row = 0; row < n; row++) {
    const at = row * n;
    let rest = b[row] as number;
    for (let k = 0; k < row; k++) rest -= (factor[at + k] as number) * (b[k] as number);
    b[row] = rest / (factor[at + row] as number);
  }
}

/** Solves Lᵀ x = b in place. */
export function solveUpper(factor: Float64Array, n: number, b: Float64Array): void {
  for (let row = n - 1; row >= 0; row--) {
    const at = row * n;
    const value = (b[row] as number) / (factor[at + row] as number);
    b[row] = value;
    for (let k = 0; k < row; k++) b[k] = (b[k] as number) - (factor[at + k] as number) * value;
  }
}

/** The lower half of the inverse of the matrix with this factor. */
export function inverseOf(factor: Float64Array, n: number): Float64Array {
  const lower = inverseOfLower(factor, n);
  const inverse = new Float64Array(n * n);
  for (let k = 0; k < n; k++) {
    for (let row = 0; row <= k; row++) {
      const scale = lower[k * n + row] as number;
      for (let column = 0; column <= row; column++)
        inverse[row * n + column] =
          (inverse[row * n + column] as number) + scale * (lower[k * n + column] as number);
    }
  }
  return inverse;
}

/** L⁻¹, which is lower triangular too. */
function inverseOfLower(factor: Float64Array, n: number): Float64Array {
  const lower = new Float64Array(n * n);
  for (let row = 0; row < n; row++) {
    const at = row * n;
    const diagonal = factor[at + row] as number;
    for (let k = 0; k < row; k++) {
      const scale = (factor[at + k] as number) / diagonal;
      for (let column = 0; column <= k; column++)
        lower[at + column] = (lower[at + column] as number) - scale * (lower[k * n + column] as number);
    }
    lower[at + row] = 1 / diagonal;
  }
  return lower;
}
