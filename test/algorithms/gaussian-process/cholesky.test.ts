import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  factorize,
  inverseOf,
  solveLower,
  solveUpper,
} from '../../../algorithms/gaussian-process/cholesky.ts';
import { randomStream } from '../../../core/random.ts';

/** B Bᵀ + I of a random B. */
function positiveDefinite(n: number, seed: string): Float64Array {
  const random = randomStream(seed);
  const b = Float64Array.from({ length: n * n }, () => random.next() - 0.5);
  return Float64Array.from({ length: n * n }, (_, at) => {
    const [row, column] = [Math.floor(at / n), at % n];
    let sum = Number(row === column);
    for (let k = 0; k < n; k++) sum += (b[row * n + k] ?? 0) * (b[column * n + k] ?? 0);
    return sum;
  });
}

const sizes = fc.integer({ min: 1, max: 25 });

describe('the Cholesky factor', () => {
  it('solves the equations of its matrix', () => {
    fc.assert(
      fc.property(sizes, fc.string(), (n, seed) => {
        const matrix = positiveDefinite(n, seed);
        const factor = Float64Array.from(matrix);
        expect(factorize(factor, n)).toBe(true);
        const x = Float64Array.from({ length: n }, (_, index) => index - 2);
        const b = Float64Array.from(x, (_, row) =>
          x.reduce((sum, value, column) => sum + (matrix[row * n + column] ?? 0) * value, 0),
        );
        solveLower(factor, n, b);
        solveUpper(factor, n, b);
        b.forEach((value, index) => expect(value).toBeCloseTo(x[index] ?? NaN, 8));
      }),
    );
  });

  it('gives the inverse', () => {
    fc.assert(
      fc.property(sizes, fc.string(), (n, seed) => {
        const matrix = positiveDefinite(n, seed);
        const factor = Float64Array.from(matrix);
        factorize(factor, n);
        const inverse = inverseOf(factor, n);
        const at = (row: number, column: number): number =>
          inverse[Math.max(row, column) * n + Math.min(row, column)] ?? NaN;
        for (let row = 0; row < n; row++) {
          for (let column = 0; column < n; column++) {
            let sum = 0;
            for (let k = 0; k < n; k++) sum += (matrix[row * n + k] ?? 0) * at(k, column);
            expect(sum).toBeCloseTo(Number(row === column), 8);
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  it('is refused to a matrix that is not positive definite', () => {
    expect(factorize(Float64Array.of(1, 2, 2, 1), 2)).toBe(false);
    expect(factorize(Float64Array.of(NaN), 1)).toBe(false);
  });
});
