import { describe, expect, it } from 'vitest';
import { initialGaussian, updatedGaussian } from '../../../algorithms/cma-es/gaussian.ts';
import { strategyParameters } from '../../../algorithms/cma-es/strategy-parameters.ts';
import { normalQuantile } from '../../../algorithms/normal.ts';
import { randomStream } from '../../../core/random.ts';

/*
 * The same algorithm once more, written down line by line as the tutorial has it (arXiv 1604.00772, figure 6), with plain arrays and with roots of matrices
 * by Denman and Beavers' iteration instead of eigenvectors.
 */

type Matrix = number[][];

const apply = (a: Matrix, x: number[]): number[] =>
  a.map((row) => row.reduce((total, value, k) => total + value * (x[k] ?? 0), 0));
const norm = (x: number[]): number => Math.hypot(...x);
const unit = (n: number): Matrix =>
  Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_unused, j) => Number(i === j)));

const distance = (one: ArrayLike<number>, other: ArrayLike<number>): number =>
  Math.max(...Array.from(one, (value, at) => Math.abs(value - (other[at] ?? NaN)) / (1 + Math.abs(value))));

/** By Gauss and Jordan, with pivots. */
function inverse(matrix: Matrix): Matrix {
  const n = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...(unit(n)[i] ?? [])]);
  for (let k = 0; k < n; k++) {
    const pivot = rows
      .map((row, i) => ({ i, size: i < k ? -1 : Math.abs(row[k] ?? 0) }))
      .reduce((one, other) => (other.size > one.size ? other : one)).i;
    [rows[k], rows[pivot]] = [rows[pivot] ?? [], rows[k] ?? []];
    const scale = rows[k]?.[k] ?? 0;
    rows[k] = (rows[k] ?? []).map((value) => value / scale);
    for (let i = 0; i < n; i++) {
      if (i === k) continue;
      const factor = rows[i]?.[k] ?? 0;
      rows[i] = (rows[i] ?? []).map((value, j) => value - factor * (rows[k]?.[j] ?? 0));
    }
  }
  return rows.map((row) => row.slice(n));
}

function roots(matrix: Matrix): { root: Matrix; inverseRoot: Matrix } {
  let [root, inverseRoot] = [matrix, unit(matrix.length)];
  for (let step = 0; step < 40; step++) {
    const [ofInverse, ofRoot] = [inverse(inverseRoot), inverse(root)];
    const before = root;
    root = root.map((row, i) => row.map((value, j) => (value + (ofInverse[i]?.[j] ?? 0)) / 2));
    inverseRoot = inverseRoot.map((row, i) => row.map((value, j) => (value + (ofRoot[i]?.[j] ?? 0)) / 2));
    if (distance(before.flat(), root.flat()) < 1e-15) break;
  }
  return { root, inverseRoot };
}

class Reference {
  m: number[];
  sigma: number;
  c: Matrix;
  ps: number[];
  pc: number[];
  g = 0;

  constructor(m: number[], sigma: number) {
    this.m = m;
    this.sigma = sigma;
    this.c = unit(m.length);
    this.ps = m.map(() => 0);
    this.pc = m.map(() => 0);
  }

  /** `y` best first. */
  tell(y: number[][]): void {
    const n = this.m.length;
    const lambda = y.length;
    const mu = Math.floor(lambda / 2);
    const raw = y.map((_, i) => Math.log((lambda + 1) / 2) - Math.log(i + 1));
    const total = (list: number[]): number => list.reduce((sum, value) => sum + value, 0);
    const squares = (list: number[]): number => total(list.map((value) => value ** 2));
    const [plus, minus] = [raw.slice(0, mu), raw.slice(mu)];
    const muEff = total(plus) ** 2 / squares(plus);
    const muEffMinus = total(minus) ** 2 / squares(minus);
    const c1 = 2 / ((n + 1.3) ** 2 + muEff);
    const cmu = Math.min(1 - c1, (2 * (muEff - 2 + 1 / muEff)) / ((n + 2) ** 2 + muEff));
    const cc = (4 + muEff / n) / (n + 4 + (2 * muEff) / n);
    const cs = (muEff + 2) / (n + muEff + 5);
    const ds = 1 + 2 * Math.max(0, Math.sqrt((muEff - 1) / (n + 1)) - 1) + cs;
    const chi = Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n ** 2));
    const alpha = Math.min(1 + c1 / cmu, 1 + (2 * muEffMinus) / (muEff + 2), (1 - c1 - cmu) / (n * cmu));
    const w = raw.map((value) =>
      value >= 0 ? value / total(plus) : (alpha * value) / Math.abs(total(minus.filter((x) => x < 0))),
    );
    const { inverseRoot } = roots(this.c);
    const yw = this.m.map((_, k) => total(y.slice(0, mu).map((step, i) => (w[i] ?? 0) * (step[k] ?? 0))));
    const whitened = apply(inverseRoot, yw);
    this.m = this.m.map((value, k) => value + this.sigma * (yw[k] ?? 0));
    this.ps = this.ps.map(
      (value, k) => (1 - cs) * value + Math.sqrt(cs * (2 - cs) * muEff) * (whitened[k] ?? 0),
    );
    this.sigma *= Math.exp((cs / ds) * (norm(this.ps) / chi - 1));
    const h =
      norm(this.ps) / Math.sqrt(1 - (1 - cs) ** (2 * (this.g + 1))) < (1.4 + 2 / (n + 1)) * chi ? 1 : 0;
    this.pc = this.pc.map(
      (value, k) => (1 - cc) * value + h * Math.sqrt(cc * (2 - cc) * muEff) * (yw[k] ?? 0),
    );
    const wo = w.map((value, i) =>
      value >= 0 ? value : (value * n) / norm(apply(inverseRoot, y[i] ?? [])) ** 2,
    );
    const delta = (1 - h) * cc * (2 - cc);
    this.c = this.c.map((row, i) =>
      row.map(
        (value, j) =>
          (1 + c1 * delta - c1 - cmu * total(w)) * value +
          c1 * (this.pc[i] ?? 0) * (this.pc[j] ?? 0) +
          cmu * total(y.map((step, k) => (wo[k] ?? 0) * (step[i] ?? 0) * (step[j] ?? 0))),
      ),
    );
    this.g++;
  }
}

const ellipsoid = (x: number[]): number => x.reduce((sum, value, k) => sum + 10 ** k * (value - 0.3) ** 2, 0);
const rosenbrock = (x: number[]): number =>
  x.slice(1).reduce((sum, next, k) => sum + 100 * (next - (x[k] ?? 0) ** 2) ** 2 + (1 - (x[k] ?? 0)) ** 2, 0);

describe('the update of the distribution', () => {
  it.each([
    { name: 'ellipsoid', f: ellipsoid, n: 2, lambda: 6 },
    { name: 'ellipsoid', f: ellipsoid, n: 4, lambda: 9 },
    { name: 'Rosenbrock function', f: rosenbrock, n: 5, lambda: 8 },
    { name: 'Rosenbrock function', f: rosenbrock, n: 10, lambda: 10 },
    { name: 'ellipsoid with a large generation', f: ellipsoid, n: 3, lambda: 40 },
  ])('takes 50 generations on the $name in $n dimensions as the tutorial does', ({ f, n, lambda }) => {
    const random = randomStream(`draws ${n} ${lambda}`);
    const parameters = strategyParameters(n, lambda, false);
    const weights = {
      mean: parameters.weights.map((weight) => Math.max(0, weight)),
      covariance: parameters.weights,
    };
    const reference = new Reference(Array<number>(n).fill(0.7), 0.3);
    let gaussian = initialGaussian(new Float64Array(n).fill(0.7), 0.3, false);
    for (let generation = 0; generation < 50; generation++) {
      const { root } = roots(reference.c);
      const steps = Array.from({ length: lambda }, () =>
        apply(
          root,
          Array.from({ length: n }, () => normalQuantile(random.next())),
        ),
      )
        .map((step) => ({
          step,
          value: f(reference.m.map((m, k) => m + reference.sigma * (step[k] ?? 0))),
        }))
        .sort((left, right) => left.value - right.value)
        .map(({ step }) => step);
      reference.tell(steps);
      gaussian = updatedGaussian(
        gaussian,
        parameters,
        steps.map((step) => Float64Array.from(step)),
        weights,
      );
      expect(distance(reference.m, gaussian.mean)).toBeLessThan(1e-10);
      expect(Math.abs(reference.sigma / gaussian.sigma - 1)).toBeLessThan(1e-10);
      expect(distance(reference.c.flat(), gaussian.covariance.elements)).toBeLessThan(1e-10);
      expect(distance(reference.ps, gaussian.sigmaPath)).toBeLessThan(1e-9);
    }
    expect(gaussian.generation).toBe(50);
  });

  it('of a diagonal matrix is that of a whole one as long as nothing depends on anything', () => {
    const parameters = strategyParameters(3, 6, true);
    const weights = {
      mean: parameters.weights.map((weight) => Math.max(0, weight)),
      covariance: parameters.weights,
    };
    // Each step has one axis to itself, so that the products between axes vanish, but for those of the mean.
    const steps = [0, 1, 2, 0, 1, 2].map((axis, at) => {
      const step = new Float64Array(3);
      step[axis] = 0.4 + at / 5;
      return step;
    });
    const start = new Float64Array(3).fill(0.5);
    const whole = updatedGaussian(initialGaussian(start, 0.2, false), parameters, steps, weights);
    const diagonal = updatedGaussian(initialGaussian(start, 0.2, true), parameters, steps, weights);
    expect(distance(whole.mean, diagonal.mean)).toBeLessThan(1e-12);
    expect(diagonal.sigma).toBeCloseTo(whole.sigma, 12);
    expect(distance(whole.covariance.variances, diagonal.covariance.variances)).toBeLessThan(1e-12);
  });
});
