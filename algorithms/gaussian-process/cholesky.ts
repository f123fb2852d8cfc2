/*
 * Symmetric positive definite matrices as flat arrays, row by row. Factors are lower triangular; what lies above their
 * diagonal is never read. The work is done on two rows and two columns at a time: each number that is read is used twice, and
 * four sums grow side by side.
 */

/** Replaces the lower half of an n × n matrix by its Cholesky factor. False where it is not positive definite. */
export function factorize(matrix: Float64Array, n: number): boolean {
  for (let row = 0; row < n; row += 2) {
    const next = Math.min(row + 1, n - 1);
    for (let column = 0; column < row; column += 2) factorizeTile(matrix, n, row, next, column);
    multiplyRows(matrix, row * n, next * n, matrix, row * n, next * n, 0, row);
    const rest = (matrix[row * n + row] as number) - (sums[0] as number);
    if (!(rest > 0)) return false;
    const diagonal = Math.sqrt(rest);
    matrix[row * n + row] = diagonal;
    if (next === row) break;
    const beside = ((matrix[next * n + row] as number) - (sums[2] as number)) / diagonal;
    matrix[next * n + row] = beside;
    const nextRest = (matrix[next * n + next] as number) - (sums[3] as number) - beside * beside;
    if (!(nextRest > 0)) return false;
    matrix[next * n + next] = Math.sqrt(nextRest);
  }
  return true;
}

/** Two rows of the factor at the columns `column` and the one behind it. */
function factorizeTile(matrix: Float64Array, n: number, row: number, next: number, column: number): void {
  const left = column * n;
  const right = left + n;
  multiplyRows(matrix, row * n, next * n, matrix, left, right, 0, column);
  const diagonal = matrix[left + column] as number;
  const beside = matrix[right + column] as number;
  const nextDiagonal = matrix[right + column + 1] as number;
  for (let at = row * n + column, half = 0; half <= next - row; at += n, half++) {
    const value = ((matrix[at] as number) - (sums[2 * half] as number)) / diagonal;
    matrix[at] = value;
    const rest = (matrix[at + 1] as number) - (sums[2 * half + 1] as number) - value * beside;
    matrix[at + 1] = rest / nextDiagonal;
  }
}

/** What `multiplyRows` found last: first row by left, first by right, second by left, second by right. */
const sums = new Float64Array(4);

/** The sums of the products of two rows of `a` and two of `b`, which begin at these places, over the columns from…to − 1. */
function multiplyRows(
  a: Float64Array,
  first: number,
  second: number,
  b: Float64Array,
  left: number,
  right: number,
  from: number,
  to: number,
): void {
  let firstLeft = 0;
  let firstRight = 0;
  let secondLeft = 0;
  let secondRight = 0;
  for (let k = from; k < to; k++) {
    const inFirst = a[first + k] as number;
    const inSecond = a[second + k] as number;
    const inLeft = b[left + k] as number;
    const inRight = b[right + k] as number;
    firstLeft += inFirst * inLeft;
    firstRight += inFirst * inRight;
    secondLeft += inSecond * inLeft;
    secondRight += inSecond * inRight;
  }
  sums[0] = firstLeft;
  sums[1] = firstRight;
  sums[2] = secondLeft;
  sums[3] = secondRight;
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

/** The lower half of the inverse of the matrix with this factor: L⁻ᵀ L⁻¹. */
export function inverseOf(factor: Float64Array, n: number): Float64Array {
  const upper = transposedInverseOfLower(factor, n);
  const inverse = new Float64Array(n * n);
  for (let row = 0; row < n; row += 2) {
    const next = Math.min(row + 1, n - 1);
    for (let column = 0; column <= row; column += 2) {
      const beside = Math.min(column + 1, n - 1);
      multiplyRows(upper, row * n, next * n, upper, column * n, beside * n, row, n);
      inverse[row * n + column] = sums[0] as number;
      inverse[row * n + beside] = sums[1] as number;
      inverse[next * n + column] = sums[2] as number;
      inverse[next * n + beside] = sums[3] as number;
    }
  }
  return inverse;
}

/** L⁻ᵀ, row by row; 0 below its diagonal. */
export function transposedInverseOfLower(factor: Float64Array, n: number): Float64Array {
  const upper = new Float64Array(n * n);
  for (let column = 0; column < n; column += 2) {
    const beside = Math.min(column + 1, n - 1);
    upper[column * n + column] = 1 / (factor[column * n + column] as number);
    if (beside > column) {
      upper[beside * n + beside] = 1 / (factor[beside * n + beside] as number);
      upper[column * n + beside] =
        -(factor[beside * n + column] as number) *
        (upper[column * n + column] as number) *
        (upper[beside * n + beside] as number);
    }
    for (let row = column + 2; row < n; row += 2) invertTile(factor, upper, n, row, column);
  }
  return upper;
}

/** Two rows of L⁻¹ at the columns `column` and the one behind it, which are columns and rows of its transpose. */
function invertTile(factor: Float64Array, upper: Float64Array, n: number, row: number, column: number): void {
  const next = Math.min(row + 1, n - 1);
  multiplyRows(factor, row * n, next * n, upper, column * n, (column + 1) * n, column, row);
  const diagonal = factor[row * n + row] as number;
  const beside = factor[next * n + row] as number;
  const nextDiagonal = factor[next * n + next] as number;
  for (let at = column * n, half = 0; half < 2; at += n, half++) {
    const value = -(sums[half] as number) / diagonal;
    upper[at + row] = value;
    if (next > row) upper[at + next] = -((sums[2 + half] as number) + beside * value) / nextDiagonal;
  }
}

/** The transpose of an n × n matrix. */
export function transposeOf(matrix: Float64Array, n: number): Float64Array {
  const transposed = new Float64Array(n * n);
  for (let row = 0; row < n; row++)
    for (let column = 0; column < n; column++)
      transposed[column * n + row] = matrix[row * n + column] as number;
  return transposed;
}

/** Puts L x into `product`, of a lower triangular L. */
export function multiplyLower(lower: Float64Array, n: number, x: Float64Array, product: Float64Array): void {
  for (let row = 0; row < n; row += 2) multiplyTwoRows(lower, n, row, x, 0, row + 1, product);
}

/** Puts U x into `product`, of an upper triangular U whose lower half is 0. */
export function multiplyUpper(upper: Float64Array, n: number, x: Float64Array, product: Float64Array): void {
  for (let row = 0; row < n; row += 2) multiplyTwoRows(upper, n, row, x, row, n - 1, product);
}

/** Two rows by x, over the columns from…to, both included, as far as there are any. */
function multiplyTwoRows(
  matrix: Float64Array,
  n: number,
  row: number,
  x: Float64Array,
  from: number,
  to: number,
  product: Float64Array,
): void {
  const hasNext = row + 1 < n;
  const first = row * n;
  const second = hasNext ? first + n : first;
  const end = Math.min(to, n - 1);
  let one = 0;
  let other = 0;
  for (let k = from; k <= end; k++) {
    const factor = x[k] as number;
    one += (matrix[first + k] as number) * factor;
    other += (matrix[second + k] as number) * factor;
  }
  product[row] = one;
  if (hasNext) product[row + 1] = other;
}
