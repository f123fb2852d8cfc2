import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { initialGaussian } from '../../../algorithms/cma-es/gaussian.ts';
import {
  centred,
  deviationOf,
  drawInCell,
  initialMutability,
  marginOf,
  withMargin,
} from '../../../algorithms/cma-es/integer-margin.ts';
import { cellAt, cmaSpace, type LineAxis } from '../../../algorithms/cma-es/space.ts';
import { normalCdf } from '../../../algorithms/normal.ts';
import { randomStream } from '../../../core/random.ts';
import type { Parameter } from '../../../core/search-space.ts';
import { discrete, double, int } from '../spaces.ts';

function lineOf(parameter: Parameter): LineAxis {
  const [line] = cmaSpace([parameter]).lines;
  if (!line) throw new Error('no line');
  return line;
}

const FIVE = lineOf(int(1, 5));

interface Corrected {
  mean: number;
  stretch: number;
  rate: number;
  /** The probability of another value than that of the mean before. */
  leaving: number;
}

/** The axis alone, its mean at `mean` with the deviation `sigma`. */
function corrected(
  line: LineAxis,
  {
    mean,
    sigma,
    margin,
    hasMutant = true,
  }: { mean: number; sigma: number; margin: number; hasMutant?: boolean },
): Corrected {
  const before = initialGaussian(Float64Array.of(mean), sigma, false);
  const { gaussian, mutability } = withMargin(before, initialMutability(1), [line], margin, [hasMutant]);
  const [newMean = NaN] = gaussian.mean;
  const deviation = deviationOf(gaussian, mutability, 0);
  const { low, high } = cellAt(line, mean);
  return {
    mean: newMean,
    stretch: mutability.stretch[0] ?? NaN,
    rate: mutability.rates[0] ?? NaN,
    leaving: normalCdf((low - newMean) / deviation) + normalCdf((newMean - high) / deviation),
  };
}

describe('the margin', () => {
  it.each([
    [1, 0.27],
    [2, 0.1456],
    [6, 0.0511],
  ])('of %i discrete parameters leaves the same chance of no mutation', (count, margin) =>
    expect(marginOf(count)).toBeCloseTo(margin, 3),
  );

  it('is there on every axis with cells, wherever the mean and however narrow the distribution', () => {
    const parameters = fc.constantFrom<Parameter>(
      int(1, 5),
      int(1, 64, { distribution: 'logUniform' }),
      int(-3, 60, { distribution: 'normal' }),
      discrete('1', '10', '100'),
      double(0, 1, { step: 0.125, decimals: 3 }),
    );
    fc.assert(
      fc.property(
        parameters,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: -9, max: 0, noNaN: true }),
        fc.double({ min: 0.01, max: 0.3, noNaN: true }),
        fc.boolean(),
        (parameter, mean, logSigma, margin, hasMutant) => {
          const line = lineOf(parameter);
          const after = corrected(line, { mean, sigma: 10 ** logSigma, margin, hasMutant });
          expect(after.leaving).toBeGreaterThanOrEqual(margin * (1 - 1e-6));
          expect(after.leaving).toBeCloseTo(after.rate, 6);
          expect(cellAt(line, after.mean)).toEqual(cellAt(line, mean));
        },
      ),
    );
  });

  it('has half of it on each side where the mean lies within', () => {
    const after = corrected(FIVE, { mean: 0.43, sigma: 1e-5, margin: 0.1 });
    // The threshold has a twentieth of the probability beyond it, which begins 1.645 deviations from the mean.
    expect(after).toMatchObject({
      mean: expect.closeTo(0.5, 6) as number,
      leaving: expect.closeTo(0.1, 9) as number,
    });
    expect(after.stretch * 1e-5 * 1.6448536269514722).toBeCloseTo(0.1, 9);
  });

  it('lets the mean be at the value itself in the last cell', () => {
    const after = corrected(FIVE, { mean: 0.99, sigma: 1e-5, margin: 0.1 });
    expect(after.mean).toBeCloseTo(0.9, 6);
    expect(after.leaving).toBeCloseTo(0.1, 9);
  });

  it('changes nothing where the distribution is much wider than a cell', () => {
    const thousand = lineOf(int(1, 1_000_000_000));
    const after = corrected(thousand, { mean: 0.4321, sigma: 0.2, margin: 0.1 });
    expect(after).toMatchObject({ mean: 0.4321, stretch: 1 });
  });

  it('grows where another value than the mean’s was good, and only there', () => {
    const start = initialGaussian(Float64Array.of(0.5), 0.3, false);
    const rates = Float64Array.of(0.2);
    const mutability = { stretch: Float64Array.of(1), rates };
    const still = withMargin(start, mutability, [FIVE], 0.1, [false]).mutability.rates[0] ?? NaN;
    const moved = withMargin(start, mutability, [FIVE], 0.1, [true]).mutability.rates[0] ?? NaN;
    expect(still).toBeCloseTo(0.2, 9);
    expect(moved).toBeGreaterThan(0.5);
  });

  it('leaves continuous axes alone', () => {
    const line = lineOf(double(0, 1));
    const start = initialGaussian(Float64Array.of(0.1), 1e-9, false);
    const { gaussian, mutability } = withMargin(start, initialMutability(1), [line], 0.1, [true]);
    expect([...gaussian.mean, ...mutability.stretch]).toEqual([0.1, 1]);
  });
});

describe('a coordinate within a cell', () => {
  it('is drawn as the distribution has it there', () => {
    const cell = cellAt(FIVE, 0.5);
    const random = randomStream('cells');
    const drawn = Array.from({ length: 4_000 }, () => drawInCell(cell, 0.35, 0.1, random));
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0.4);
    expect(Math.max(...drawn)).toBeLessThanOrEqual(0.6);
    const whole = normalCdf(2.5) - normalCdf(0.5);
    const share = drawn.filter((coordinate) => coordinate < 0.45).length / drawn.length;
    expect(share).toBeCloseTo((normalCdf(1) - normalCdf(0.5)) / whole, 1);
  });

  it('of an end has no outer limit, and far from the mean lies at the near end', () => {
    const random = randomStream('ends');
    const beyond = Array.from({ length: 200 }, () => drawInCell(cellAt(FIVE, 1), 0.9, 0.2, random));
    expect(Math.max(...beyond)).toBeGreaterThan(1);
    expect(drawInCell(cellAt(FIVE, 1), 0.1, 1e-4, random)).toBeCloseTo(0.8, 4);
  });
});

describe('integer centring', () => {
  it('takes other values than the mean’s to the middle of their cells, and what stays gives way', () => {
    const { coordinates, hasMutant } = centred(FIVE, Float64Array.of(0.62, 0.45, 0.58), 0.5);
    expect(hasMutant).toBe(true);
    // The first moves by 0.08 to 0.7; the third, which alone can move back, by all that it has.
    expect([...coordinates].map((value) => value.toFixed(3))).toEqual(['0.700', '0.450', '0.500']);
  });

  it('gives back no more than was taken', () => {
    const before = Float64Array.of(0.69, 0.58, 0.59);
    const { coordinates } = centred(FIVE, before, 0.5);
    const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
    expect(sum(coordinates)).toBeCloseTo(sum(before), 12);
  });

  it('changes nothing where all have the value of the mean', () => {
    const before = Float64Array.of(0.41, 0.59);
    expect(centred(FIVE, before, 0.5)).toEqual({ coordinates: before, hasMutant: false });
  });
});
