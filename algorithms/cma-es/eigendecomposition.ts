/*
 * Eigenvalues and eigenvectors of symmetric matrices, which are flat arrays, row by row. The matrix is made tridiagonal by Householder's
 * reflections and then diagonal by QL steps with implicit shifts: G. H. Golub, C. F. Van Loan, "Matrix computations", sections 8.3.1 and 8.3.3.
 */

/** More steps than any eigenvalue needs: three are usual. */
const MOST_STEPS = 60;

export interface Eigendecomposition {
  /** In no particular order. */
  values: Float64Array;
  /** n × n; column k belongs to the eigenvalue k, all columns are orthonormal. */
  vectors: Float64Array;
}

/** A = B diag(values) Bᵀ of a symmetric n × n matrix, which is left as it is. */
export function eigendecomposition(matrix: Float64Array, n: number): Eigendecomposition {
  const vectors = identity(n);
  const { diagonal, beside } = tridiagonalize(Float64Array.from(matrix), n, vectors);
  diagonalize(diagonal, beside, n, vectors);
  return { values: diagonal, vectors };
}

function identity(n: number): Float64Array {
  const matrix = new Float64Array(n * n);
  for (let k = 0; k < n; k++) matrix[k * n + k] = 1;
  return matrix;
}

interface Tridiagonal {
  diagonal: Float64Array;
  /** `beside[k]` couples k and k + 1; the last one is 0. */
  beside: Float64Array;
}

/** Reflects column after column onto its first element below the diagonal; `vectors` takes part. Destroys `a`. */
function tridiagonalize(a: Float64Array, n: number, vectors: Float64Array): Tridiagonal {
  const beside = new Float64Array(n);
  const v = new Float64Array(n);
  for (let k = 0; k < n - 1; k++) {
    beside[k] = reflector(a, n, k, v);
    // Without a reflector the column is fine as it is.
    if (v[k + 1] !== 0) {
      reflectBothSides(a, n, k + 1, v);
      reflectColumns(vectors, n, k + 1, v);
    }
  }
  return { diagonal: Float64Array.from({ length: n }, (_, k) => a[k * n + k] as number), beside };
}

/**
 * Writes into `v[k + 1 …]` the vector, of length √2, whose reflection I − v vᵀ takes column k below the diagonal to a multiple of the first unit
 * vector, and returns that multiple.
 */
function reflector(a: Float64Array, n: number, k: number, v: Float64Array): number {
  let scale = 0;
  for (let row = k + 1; row < n; row++) scale = Math.max(scale, Math.abs(a[row * n + k] as number));
  const first = a[(k + 1) * n + k] as number;
  v.fill(0);
  let below = 0;
  // Divided by the greatest, the squares neither overflow nor vanish.
  for (let row = k + 2; row < n; row++) below += ((a[row * n + k] as number) / scale) ** 2;
  if (!(below > 0)) return first;
  const norm = Math.sqrt((first / scale) ** 2 + below);
  // Of the two possible signs the one with which nothing cancels.
  const sign = first < 0 ? -1 : 1;
  const head = first / scale + sign * norm;
  const length = Math.sqrt(norm * Math.abs(head));
  v[k + 1] = head / length;
  for (let row = k + 2; row < n; row++) v[row] = (a[row * n + k] as number) / scale / length;
  return -sign * norm * scale;
}

/** A ← (I − v vᵀ) A (I − v vᵀ) on rows and columns from `start` on: A − v wᵀ − w vᵀ with w = A v − (vᵀ A v / 2) v. */
function reflectBothSides(a: Float64Array, n: number, start: number, v: Float64Array): void {
  const w = new Float64Array(n);
  let along = 0;
  for (let row = start; row < n; row++) {
    let sum = 0;
    for (let column = start; column < n; column++)
      sum += (a[row * n + column] as number) * (v[column] as number);
    w[row] = sum;
    along += sum * (v[row] as number);
  }
  for (let row = start; row < n; row++) w[row] = (w[row] as number) - (along / 2) * (v[row] as number);
  for (let row = start; row < n; row++) {
    const vRow = v[row] as number;
    const wRow = w[row] as number;
    for (let column = start; column < n; column++) {
      const at = row * n + column;
      a[at] = (a[at] as number) - vRow * (w[column] as number) - wRow * (v[column] as number);
    }
  }
}

/** B ← B (I − v vᵀ). */
function reflectColumns(vectors: Float64Array, n: number, start: number, v: Float64Array): void {
  for (let row = 0; row < n; row++) {
    let along = 0;
    for (let column = start; column < n; column++)
      along += (vectors[row * n + column] as number) * (v[column] as number);
    for (let column = start; column < n; column++)
      vectors[row * n + column] = (vectors[row * n + column] as number) - along * (v[column] as number);
  }
}

/** Makes all elements beside the diagonal vanish, one after the other. */
function diagonalize(d: Float64Array, e: Float64Array, n: number, vectors: Float64Array): void {
  for (let first = 0; first < n; first++) {
    for (let step = 0; step < MOST_STEPS; step++) {
      const last = endOfBlock(d, e, first, n);
      if (last === first) break;
      stepOfQl(d, e, { first, last }, n, vectors);
    }
  }
}

/** The last row of the block from `first` on whose elements beside the diagonal matter. */
function endOfBlock(d: Float64Array, e: Float64Array, first: number, n: number): number {
  for (let row = first; row < n - 1; row++) {
    const around = Math.abs(d[row] as number) + Math.abs(d[row + 1] as number);
    if (Math.abs(e[row] as number) <= Number.EPSILON * around) return row;
  }
  return n - 1;
}

/** One QL step with Wilkinson's shift: a rotation brings in what does not fit, and others chase it out of the block. */
function stepOfQl(
  d: Float64Array,
  e: Float64Array,
  { first, last }: { first: number; last: number },
  n: number,
  vectors: Float64Array,
): void {
  const at = (array: Float64Array, index: number): number => array[index] as number;
  const ratio = (at(d, first + 1) - at(d, first)) / (2 * at(e, first));
  const root = Math.hypot(ratio, 1);
  const shift = at(d, first) - at(e, first) / (ratio + (ratio < 0 ? -root : root));
  let [sine, cosine, carried] = [1, 1, 0];
  let head = at(d, last) - shift;
  for (let row = last - 1; row >= first; row--) {
    const bulge = sine * at(e, row);
    const kept = cosine * at(e, row);
    const length = Math.hypot(bulge, head);
    e[row + 1] = length;
    if (length === 0) {
      // The block has come apart in the middle.
      d[row + 1] = at(d, row + 1) - carried;
      e[last] = 0;
      return;
    }
    sine = bulge / length;
    cosine = head / length;
    const upper = at(d, row + 1) - carried;
    const turned = (at(d, row) - upper) * sine + 2 * cosine * kept;
    carried = sine * turned;
    d[row + 1] = upper + carried;
    head = cosine * turned - kept;
    rotateColumns(vectors, n, row, { sine, cosine });
  }
  d[first] = at(d, first) - carried;
  e[first] = head;
  e[last] = 0;
}

function rotateColumns(
  vectors: Float64Array,
  n: number,
  column: number,
  { sine, cosine }: { sine: number; cosine: number },
): void {
  for (let at = column; at < n * n; at += n) {
    const left = vectors[at] as number;
    const right = vectors[at + 1] as number;
    vectors[at + 1] = sine * left + cosine * right;
    vectors[at] = cosine * left - sine * right;
  }
}
