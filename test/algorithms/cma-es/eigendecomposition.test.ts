import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eigendecomposition } from '../../../algorithms/cma-es/eigendecomposition.ts';

const sorted = (values: Float64Array): number[] => [...values].sort((left, right) => left - right);

/** A symmetric matrix of the numbers, which are its lower half row by row. */
function symmetric(n: number, half: readonly number[]): Float64Array {
  const at = (row: number, column: number): number => half[(row * (row + 1)) / 2 + column] ?? 0;
  return Float64Array.from({ length: n * n }, (_, place) => {
    const [row, column] = [Math.floor(place / n), place % n];
    return row >= column ? at(row, column) : at(column, row);
  });
}

/** X diag(d) Yᵀ. */
function product(x: Float64Array, d: Float64Array, y: Float64Array, n: number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, place) => {
    const [row, column] = [Math.floor(place / n), place % n];
    let sum = 0;
    for (let k = 0; k < n; k++) sum += (x[row * n + k] ?? 0) * (d[k] ?? 0) * (y[column * n + k] ?? 0);
    return sum;
  });
}

function transposed(x: Float64Array, n: number): Float64Array {
  return x.map((_, place) => x[(place % n) * n + Math.floor(place / n)] ?? 0);
}

const greatestDifference = (left: Float64Array, right: Float64Array): number =>
  left.reduce((most, value, at) => Math.max(most, Math.abs(value - (right[at] ?? NaN))), 0);

describe('the eigendecomposition', () => {
  it.each([
    { what: 'nothing', n: 0, matrix: [], values: [] },
    { what: 'a number', n: 1, matrix: [-3], values: [-3] },
    { what: 'a diagonal matrix', n: 3, matrix: [5, 0, 0, 0, -1, 0, 0, 0, 2], values: [-1, 2, 5] },
    { what: 'two coupled axes', n: 2, matrix: [2, 1, 1, 2], values: [1, 3] },
    { what: 'a matrix of ones', n: 4, matrix: Array<number>(16).fill(1), values: [0, 0, 0, 4] },
    { what: 'a matrix of zeros', n: 3, matrix: Array<number>(9).fill(0), values: [0, 0, 0] },
    {
      what: 'a chain of springs, 2 − 2 cos(kπ/(n + 1))',
      n: 6,
      matrix: [...symmetric(6, [2, -1, 2, 0, -1, 2, 0, 0, -1, 2, 0, 0, 0, -1, 2, 0, 0, 0, 0, -1, 2])],
      values: Array.from({ length: 6 }, (_, k) => 2 - 2 * Math.cos(((k + 1) * Math.PI) / 7)),
    },
  ])('of $what has the known eigenvalues', ({ n, matrix, values }) => {
    const found = sorted(eigendecomposition(Float64Array.from(matrix), n).values);
    expect(found).toHaveLength(values.length);
    found.forEach((value, at) => expect(value).toBeCloseTo(values[at] ?? NaN, 13));
  });

  it('gives any symmetric matrix back, from orthonormal vectors', () => {
    const matrices = fc.integer({ min: 1, max: 24 }).chain((n) =>
      fc.tuple(
        fc.constant(n),
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), {
          minLength: (n * (n + 1)) / 2,
          maxLength: (n * (n + 1)) / 2,
        }),
        fc.constantFrom(1e-200, 1e-12, 1, 1e9, 1e200),
      ),
    );
    fc.assert(
      fc.property(matrices, ([n, half, scale]) => {
        const matrix = symmetric(
          n,
          half.map((value) => value * scale),
        );
        const kept = Float64Array.from(matrix);
        const { values, vectors } = eigendecomposition(matrix, n);
        expect(matrix).toEqual(kept);
        const rebuilt = product(vectors, values, vectors, n);
        expect(greatestDifference(rebuilt, matrix)).toBeLessThanOrEqual(1e-12 * scale);
        const identity = Float64Array.from({ length: n * n }, (_, at) => Number(at % (n + 1) === 0));
        const rows = transposed(vectors, n);
        expect(
          greatestDifference(product(rows, new Float64Array(n).fill(1), rows, n), identity),
        ).toBeLessThanOrEqual(1e-12);
      }),
    );
  });

  it('finds the eigenvalues of a matrix that is nearly singular', () => {
    const values = [1e-10, 1e-5, 1, 1e3];
    const turn = eigendecomposition(symmetric(4, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), 4).vectors;
    const matrix = product(turn, Float64Array.from(values), turn, 4);
    const found = sorted(eigendecomposition(matrix, 4).values);
    found.forEach((value, at) => expect(Math.abs(value - (values[at] ?? NaN))).toBeLessThan(1e-12 * 1e3));
  });
});
