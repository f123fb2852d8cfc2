import { describe, expect, it } from 'vitest';
import { minimizeInBox, type Differentiable } from '../../algorithms/bounded-lbfgs.ts';

const rosenbrock: Differentiable = (at, gradient) => {
  const [x = 0, y = 0] = at;
  gradient[0] = -400 * x * (y - x * x) - 2 * (1 - x);
  gradient[1] = 200 * (y - x * x);
  return 100 * (y - x * x) ** 2 + (1 - x) ** 2;
};

/** Steep in one direction, with its minimum at (3, -2). */
const bowl: Differentiable = (at, gradient) => {
  const [x = 0, y = 0] = at;
  gradient[0] = 2 * (x - 3);
  gradient[1] = 2_000 * (y + 2);
  return (x - 3) ** 2 + 1_000 * (y + 2) ** 2;
};

const OPTIONS = { maxIterations: 200, gradientTolerance: 1e-8 };

describe('minimizing in a box', () => {
  it.each([
    {
      what: 'finds the end of a bent valley',
      f: rosenbrock,
      from: [-1.2, 1],
      lower: [-5, -5],
      upper: [5, 5],
      to: [1, 1],
    },
    { what: 'finds a minimum inside', f: bowl, from: [0, 0], lower: [-9, -9], upper: [9, 9], to: [3, -2] },
    {
      what: 'stops at a bound, and goes on along it',
      f: bowl,
      from: [0, 0],
      lower: [-1, -1],
      upper: [1, 5],
      to: [1, -1],
    },
    {
      what: 'leaves a bound that it begins at',
      f: bowl,
      from: [9, 9],
      lower: [-9, -9],
      upper: [9, 9],
      to: [3, -2],
    },
  ])('$what', ({ f, from, lower, upper, to }) => {
    const x = Float64Array.from(from);
    const bounds = { lower: Float64Array.from(lower), upper: Float64Array.from(upper) };
    const value = minimizeInBox(f, x, bounds, OPTIONS);
    x.forEach((at, index) => expect(at).toBeCloseTo(to[index] ?? NaN, 4));
    expect(value).toBeCloseTo(f(Float64Array.from(to), new Float64Array(2)), 6);
  });

  it('stays where it is where the function has no value next to it', () => {
    const x = Float64Array.of(0.5);
    const only: Differentiable = (at, gradient) => {
      gradient[0] = 1;
      return at[0] === 0.5 ? 0 : Infinity;
    };
    minimizeInBox(only, x, { lower: Float64Array.of(0), upper: Float64Array.of(1) }, OPTIONS);
    expect(x[0]).toBe(0.5);
  });
});
