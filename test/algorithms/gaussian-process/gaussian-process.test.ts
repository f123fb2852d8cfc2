import { describe, expect, it } from 'vitest';
import { axesOf } from '../../../algorithms/axes.ts';
import { gapsOf } from '../../../algorithms/gaussian-process/covariance.ts';
import { negativeLogPosterior } from '../../../algorithms/gaussian-process/fit-hyperparameters.ts';
import { gaussianProcess } from '../../../algorithms/gaussian-process/gaussian-process.ts';
import { fitSurrogate } from '../../../algorithms/gaussian-process/surrogate.ts';
import { randomStream } from '../../../core/random.ts';
import { categorical, double, problemOf } from '../spaces.ts';

const AXES = axesOf(problemOf(double(0, 1), double(0, 1), categorical('a', 'b')).parameters);
const random = randomStream('places');
const PLACES = Array.from({ length: 12 }, () =>
  Float64Array.of(random.next(), random.next(), random.integer(2)),
);
const f = ([x = 0, y = 0, kind = 0]: Float64Array): number => Math.sin(5 * x) + y * y - 0.5 * kind;
const Y = Float64Array.from(PLACES, f);
const GIVEN = { weights: Float64Array.of(4, 2, 0.5), variance: 1, noise: 1e-6 };
const WITH_ADDITIVE = {
  ...GIVEN,
  variance: 0.4,
  additive: { weights: Float64Array.of(9, 3, 2), variance: 0.6 },
};

describe.each([
  ['a Gaussian process', GIVEN],
  ['a Gaussian process with functions of one axis each', WITH_ADDITIVE],
])('%s', (_, given) => {
  const process = gaussianProcess(AXES, PLACES, Y, given);

  it('goes through what was measured, and is sure there', () => {
    PLACES.forEach((place, row) => {
      const { mean, variance } = process.predict(place);
      expect(mean).toBeCloseTo(Y[row] ?? NaN, 3);
      expect(variance).toBeLessThan(1e-4);
    });
  });

  it('has the slopes of its differences', () => {
    const slopes = { mean: new Float64Array(3), variance: new Float64Array(3) };
    const place = Float64Array.of(0.31, 0.62, 1);
    process.predictWithSlopes(place, slopes);
    const h = 1e-6;
    for (const axis of [0, 1]) {
      const moved = [h, -h].map((by) =>
        process.predict(place.map((at, number) => at + (number === axis ? by : 0))),
      );
      const by = (of: 'mean' | 'variance'): number =>
        ((moved[0]?.[of] ?? NaN) - (moved[1]?.[of] ?? NaN)) / (2 * h);
      expect(slopes.mean[axis]).toBeCloseTo(by('mean'), 5);
      expect(slopes.variance[axis]).toBeCloseTo(by('variance'), 5);
    }
    expect([slopes.mean[2], slopes.variance[2]]).toEqual([0, 0]);
  });

  it('bears the same place twice with different values', () => {
    const place = Float64Array.of(0.5, 0.5, 0);
    const { mean } = gaussianProcess(AXES, [place, place], Float64Array.of(1, 2), given).predict(place);
    expect(mean).toBeCloseTo(1.5, 3);
  });
});

describe('a Gaussian process', () => {
  it('knows nothing far from everything', () => {
    const { mean, variance } = gaussianProcess(AXES, PLACES, Y, GIVEN).predict(Float64Array.of(40, -40, 0));
    expect([mean, variance]).toEqual([expect.closeTo(0, 9), expect.closeTo(1, 9)]);
  });
});

describe('hyperparameters', () => {
  const gaps = gapsOf(AXES, PLACES);

  it.each([
    ['of the joint part', [0.7, -0.4, -1, 0.2, -3]],
    ['of both parts', [0.7, -0.4, -1, 0.2, -3, 1.1, 0.3, -0.6, -0.2]],
  ])('have a likelihood whose gradient is that of its differences, %s', (_, logs) => {
    const objective = negativeLogPosterior(gaps, Y);
    const at = Float64Array.from(logs);
    const gradient = new Float64Array(at.length);
    objective(at, gradient);
    const h = 1e-5;
    const unused = new Float64Array(at.length);
    for (let number = 0; number < at.length; number++) {
      const moved = (by: number): Float64Array =>
        at.map((value, other) => value + (other === number ? by : 0));
      const difference = (objective(moved(h), unused) - objective(moved(-h), unused)) / (2 * h);
      expect(gradient[number]).toBeCloseTo(difference, 4);
    }
  });

  it('tell an axis that matters from one that does not', () => {
    const axes = AXES.slice(0, 2);
    const places = PLACES.map((place) => place.slice(0, 2));
    const { hyperparameters } = fitSurrogate(
      axes,
      places,
      Float64Array.from(places, ([x = 0]) => Math.sin(6 * x)),
    );
    const [matters = 0, not = 0] = hyperparameters.weights;
    expect(matters).toBeGreaterThan(10 * not);
  });
});

describe('a surrogate', () => {
  it('sees that each axis acts for itself, and that axes act together', () => {
    const axes = axesOf(problemOf(double(0, 1), double(0, 1), double(0, 1)).parameters);
    const stream = randomStream('surrogate');
    const places = Array.from({ length: 40 }, () => Float64Array.from(axes, () => stream.next()));
    const surrogateOf = (of: (place: Float64Array) => number): ReturnType<typeof fitSurrogate> =>
      fitSurrogate(axes, places, Float64Array.from(places, of));
    const apart = surrogateOf(([x = 0, y = 0, z = 0]) => Math.sin(9 * x) + Math.cos(7 * y) + Math.sin(8 * z));
    const together = surrogateOf(([x = 0, y = 0, z = 0]) => Math.sin(5 * (x + y + z)));
    expect(apart.hyperparameters.additive?.variance).toBeGreaterThan(5 * apart.hyperparameters.variance);
    expect(together.hyperparameters.additive?.variance ?? 0).toBeLessThan(together.hyperparameters.variance);
  });
});
